"""sigmoid_derivatives against facts that do not come from its own formulas."""

from decimal import Decimal, localcontext
from math import erf, nextafter, sqrt

import numpy as np
import pytest
from matplotlib.figure import Figure

from sigmoid_derivatives import (
    curvature,
    depth_bound,
    figure,
    sigmoid,
    slope,
    through_layers,
)

X = np.linspace(-6, 6, 49)
EPS = np.finfo(float).eps


def central(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


def exact_sigmoid(x):
    """With 60 digits, rounded once to a float."""
    with localcontext() as context:
        context.prec = 60
        return float(1 / (1 + (-Decimal(x)).exp()))


@pytest.mark.parametrize("x", [-745.0, -37.0, -3.5, 0.0, 0.7, 20.0, 800.0])
def test_sigmoid_agrees_with_sixty_digits(x):
    # one rounding each for exp, sum and quotient; 5e-324 is the last subnormal
    assert sigmoid(x) == pytest.approx(exact_sigmoid(x), rel=4 * EPS, abs=5e-324)


def test_sigmoid_neither_overflows_nor_warns_at_the_ends():
    with np.errstate(over="raise", invalid="raise"):
        assert sigmoid(np.array([-np.inf, -1e6, 1e6, np.inf])).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_sigmoid_keeps_the_precision_of_its_input(kind):
    assert sigmoid(np.zeros(3, kind)).dtype == kind


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_slope_keeps_the_shape_of_its_input(shape):
    assert slope(np.zeros(shape)).shape == shape


def test_slope_agrees_with_a_central_difference():
    # off by h² σ‴/6 < 3e-12 and by rounding, eps/h ≈ 2e-11
    np.testing.assert_allclose(slope(X), central(sigmoid, X), rtol=0, atol=1e-10)


def test_curvature_agrees_with_a_central_difference_of_the_slope():
    np.testing.assert_allclose(curvature(X), central(slope, X), rtol=0, atol=1e-10)


def test_slope_is_exactly_a_quarter_at_zero():
    assert slope(0.0) == 0.25


def test_no_slope_exceeds_a_quarter():
    assert slope(np.linspace(-40, 40, 80_001)).max() == 0.25


def test_slope_is_half_its_maximum_at_the_edge_of_the_band():
    edge = figure(Figure())["half_slope_at"]
    low, high = 0.0, 5.0  # bisect where σ, not the formula, falls to 1/8
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0.125 else (low, middle)
    assert edge == pytest.approx(low, rel=1e-14)  # bisected to the last bits


def test_edge_of_the_band_is_about_1_763():
    assert round(figure(Figure())["half_slope_at"], 3) == 1.763


def test_curvature_is_largest_at_minus_log_of_two_plus_root_three():
    x = np.linspace(-6, 6, 1_200_001)  # spacing 1e-5
    assert x[np.argmax(curvature(x))] == pytest.approx(-np.log(2 + sqrt(3)), abs=1e-5)


def test_largest_curvature_is_one_over_six_root_three():
    x = np.linspace(-2, -1, 100_001)
    # a grid of spacing h misses the peak by less than h² ≈ 1e-10
    assert curvature(x).max() == pytest.approx(1 / (6 * sqrt(3)), abs=1e-10)


def test_slope_is_a_sixth_where_the_curvature_is_largest():
    assert slope(np.log(2 + sqrt(3))) == pytest.approx(1 / 6, rel=4 * EPS)


def test_far_out_each_step_divides_the_slope_by_nearly_e():
    # σ′(x) = e⁻ˣ (1 + O(e⁻ˣ)), and e⁻¹⁰ ≈ 5e-5
    assert slope(10.0) / slope(11.0) == pytest.approx(np.e, rel=1e-4)


def test_tanh_is_a_stretched_sigmoid():
    # σ ≤ 1 is right to 2 eps; doubling and subtracting keep that absolute error
    np.testing.assert_allclose(2 * sigmoid(2 * X) - 1, np.tanh(X), rtol=0, atol=5 * EPS)


def test_tanh_has_slope_one_at_zero_which_is_four_times_the_sigmoids():
    assert 4 * slope(2 * 0.0) == pytest.approx(central(np.tanh, 0.0), abs=1e-10)


@pytest.mark.parametrize("gain", [0.5, 1, 4])
def test_area_under_the_slope_is_one_for_every_gain(gain):
    x = np.linspace(-90, 90, 18_001)  # beyond ±90 · 0.5 lies less than 1e-19
    area = np.sum(gain * slope(gain * x)) * (x[1] - x[0])
    assert area == pytest.approx(1, abs=1e-12)


def test_a_step_of_one_in_the_middle_outdoes_a_step_of_five_in_the_tail():
    middle, tail = sigmoid(1.0) - sigmoid(0.0), sigmoid(10.0) - sigmoid(5.0)
    assert (round(middle, 3), round(tail, 4)) == (0.231, 0.0066)


def test_slope_at_five_is_about_0_0066_and_a_quarter_is_38_times_that():
    facts = figure(Figure(), x0=5.0)
    assert (round(facts["slope_at"], 4), round(facts["below_max"])) == (0.0066, 38)


@pytest.mark.parametrize(
    ("kind", "first"), [(np.float64, 37), (np.float32, 17)], ids=["double", "single"]
)
def test_first_whole_number_with_a_sigmoid_of_one(kind, first):
    assert (sigmoid(kind(first - 1)) < 1, sigmoid(kind(first)) == 1) == (True, True)


def test_facts_name_the_first_whole_numbers_with_a_sigmoid_of_one():
    facts = figure(Figure())
    assert (facts["first_one_float64"], facts["first_one_float32"]) == (37, 17)


def test_saturation_starts_where_exp_drops_to_half_the_spacing_above_one():
    edge = 53 * np.log(2)
    # exp may be off by an ulp, 2e-16, which moves the edge by as much
    assert sigmoid(edge - 1e-13) < 1 == sigmoid(edge + 1e-13)


def test_the_exact_sigmoid_of_37_rounds_to_the_float_below_one():
    assert (exact_sigmoid(37), exact_sigmoid(38)) == (nextafter(1, 0), 1)


def test_the_other_end_reaches_zero_only_below_minus_745():
    assert sigmoid(-745.0) > 0 == sigmoid(-746.0)


def test_two_thirds_of_standard_normal_inputs_fall_within_one():
    share = figure(Figure(), x0=0.0)["share_within_one"]
    # the sum over a grid of 4e-4 misses an edge by at most half a cell: 5e-5 each
    assert share == pytest.approx(erf(1 / sqrt(2)), abs=1e-4)


def test_share_in_band_counts_normal_inputs_also_off_center():
    facts = figure(Figure(), x0=4.0, input_std=4)
    edge = 2 * np.log(1 + sqrt(2))
    high, low = (edge - 4) / 4, (-edge - 4) / 4
    expected = (erf(high / sqrt(2)) - erf(low / sqrt(2))) / 2
    assert facts["share_in_band"] == pytest.approx(expected, abs=2e-4)


def test_mean_slope_of_standard_normal_inputs_is_0_2066():
    # Gauss-Hermite quadrature instead of a grid
    t, weight = np.polynomial.hermite_e.hermegauss(80)
    expected = weight @ slope(t) / weight.sum()
    mean = figure(Figure(), x0=0.0)["mean_slope"]
    assert (round(mean, 4), mean) == (0.2066, pytest.approx(expected, abs=1e-8))


def test_root_mean_square_slope_agrees_with_a_million_draws():
    draws = slope(np.random.default_rng(1).normal(size=1_000_000))
    rms = figure(Figure(), x0=0.0)["rms_slope"]
    # one standard error of the mean square is 2e-5, of its root 4e-5
    assert rms == pytest.approx(np.sqrt(np.mean(draws**2)), abs=2e-4)


def test_even_all_inputs_in_the_band_leave_the_slope_below_a_quarter():
    edge = figure(Figure())["half_slope_at"]
    inside = slope(np.linspace(-edge, edge, 1001))
    assert (round(inside.min(), 12), inside.max()) == (0.125, 0.25)


def network(weights, a):
    for w in weights:
        a = sigmoid(w @ a)
    return a


def test_gradient_through_layers_agrees_with_a_difference_quotient():
    scale, n, width, h = 3.0, 3, 6, 1e-5
    rng = np.random.default_rng(0)  # the draws of through_layers
    a = rng.normal(size=width)
    weights = rng.normal(0, scale / width**0.5, (n, width, width))
    columns = [
        (network(weights, a + e) - network(weights, a - e)) / (2 * h)
        for e in h * np.eye(width)
    ]
    expected = np.linalg.norm(columns) / width**0.5
    # each difference is off by O(h²) ≈ 1e-10 times weights of size 3
    assert through_layers(scale, n, width)[-1, 0] == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("scale", [1, 2])
def test_gradient_never_exceeds_its_bound(scale):
    gradient, bound, _ = through_layers(scale).T
    assert np.all(gradient <= bound)


def test_slopes_alone_never_exceed_a_quarter_per_layer():
    slopes = through_layers(1)[:, 2]
    assert np.all(slopes <= 0.25 ** np.arange(21))


def test_bound_counts_the_largest_singular_values():
    rng = np.random.default_rng(0)
    rng.normal(size=64)
    weights = rng.normal(0, 2 / 64**0.5, (20, 64, 64))
    top = np.sqrt([np.linalg.eigvalsh(w @ w.T)[-1] for w in weights])
    # eigenvalues carry 64 eps of relative error each, 20 are multiplied
    assert through_layers(2)[-1, 1] == pytest.approx(np.prod(top / 4), rel=1e-11)


def test_gradient_vanishes_at_scale_1_and_grows_at_scale_20_with_smaller_slopes():
    small, large = through_layers(1)[-1], through_layers(20)[-1]
    assert small[0] < 1e-11 and large[0] > 1 and large[2] < small[2]


def test_factor_per_layer_is_about_0_23_at_scale_1():
    # 0.02 is the spread over seeds and depths at this width
    per_layer = depth_bound(Figure(), weight_scale=1)["per_layer"]
    assert per_layer == pytest.approx(0.23, abs=0.02)


def test_gradient_and_slopes_part_further_with_every_step_of_the_scale():
    ends = np.array([through_layers(scale)[-1] for scale in range(1, 21)])
    apart = ends[:, 0] / ends[:, 2]
    # at scale 1 the two differ only by the luck of the draw, within a factor of 2
    assert 0.5 < apart[0] < 2 and np.all(np.diff(apart) > 0)


def test_most_units_are_saturated_at_scale_11():
    rng = np.random.default_rng(0)
    a = rng.normal(size=64)
    far = []
    for w in rng.normal(0, 11 / 64**0.5, (20, 64, 64)):
        far.append(np.abs(w @ a) > 2 * np.arccosh(sqrt(2)))
        a = sigmoid(w @ a)
    assert np.mean(far) > 0.5


def test_twenty_layers_of_quarters_are_quoted_as_the_bound():
    assert depth_bound(Figure())["bound"] == 2.0**-40


@pytest.mark.parametrize("x0", [-6.0, 0.0, 3.0])
def test_tangent_touches_the_sigmoid_with_its_slope(x0):
    fig = Figure()
    figure(fig, x0=x0)
    (left, below), (right, above) = fig.axes[1].lines[2].get_xydata()
    rise = (above - below) / (right - left)
    here = below + rise * (x0 - left)
    assert (here, rise) == pytest.approx(
        (exact_sigmoid(x0), central(sigmoid, x0)), abs=1e-10
    )


def test_hollow_circle_sits_at_the_quoted_mean_slope():
    fig = Figure()
    facts = figure(fig, x0=-3.0, input_std=4)
    assert fig.axes[2].lines[-1].get_xydata().tolist() == [[-3, facts["mean_slope"]]]


@pytest.mark.parametrize("std", [0.25, 4])
def test_gray_hill_has_the_deviation_and_the_center_of_the_inputs(std):
    fig = Figure()
    figure(fig, x0=-3.0, input_std=std)
    x, height = fig.axes[0].collections[0].get_paths()[0].vertices.T
    inner = height > np.exp(-0.5)  # a normal density falls to this at one deviation
    edges = x[inner].min(), x[inner].max()
    # the outline has a point every 0.08 deviations
    assert edges == pytest.approx((-3 - std, -3 + std), abs=0.1 * std)


def test_title_says_the_share_of_inputs_in_the_band():
    fig = Figure()
    share = figure(fig, x0=0.0)["share_in_band"]
    assert f"{100 * share:.1f}%" in fig.axes[0].get_title()


def test_band_is_shaded_between_the_half_slope_points():
    fig = Figure()
    edge = figure(fig)["half_slope_at"]
    for ax in fig.axes:
        band = ax.patches[0].get_extents().transformed(ax.transData.inverted())
        assert (band.x0, band.x1) == pytest.approx((-edge, edge))


def test_depth_figure_draws_each_curve_under_its_own_name():
    fig = Figure()
    depth_bound(fig, weight_scale=5)
    gradient, bound, slopes = through_layers(5).T
    drawn = dict(
        zip(
            [text.get_text() for text in fig.axes[0].get_legend().get_texts()],
            [line.get_ydata() for line in fig.axes[0].lines],
            strict=True,
        )
    )
    expected = {
        "gradient": gradient,
        "≤ 0.25ⁿ × weight norms": bound,
        "slopes alone": slopes,
        "≤ 0.25ⁿ": 4.0 ** -np.arange(21),
    }
    assert {k: v.tolist() for k, v in drawn.items()} == {
        k: v.tolist() for k, v in expected.items()
    }


@pytest.mark.parametrize("scale", [1, 20])
def test_depth_curves_stay_inside_the_axes(scale):
    fig = Figure()
    depth_bound(fig, weight_scale=scale)
    ax = fig.axes[0]
    low, high = ax.get_ylim()
    drawn = np.concatenate([line.get_ydata() for line in ax.lines])
    assert low < drawn.min() and drawn.max() < high
