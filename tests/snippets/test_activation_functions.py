"""activation_functions against difference quotients, quadrature and known values."""

from math import erf, exp, pi, sqrt

import numpy as np
import pytest
from matplotlib.figure import Figure

from activation_functions import FAMILY, SPREADS, averages, figure

RIGHT_FLAT = {"sigmoid", "tanh"}
LEFT_ALIVE = {"leaky"}
GAUSS, WEIGHT = np.polynomial.hermite_e.hermegauss(120)
SMOOTH = sorted({"sigmoid", "tanh", "softplus", "gelu", "swish"})


def numeric_slope(f, z, h=1e-5):
    return (f(z + h) - f(z - h)) / (2 * h)


@pytest.mark.parametrize("name", FAMILY)
def test_slope_agrees_with_a_central_difference(name):
    f, slope = FAMILY[name]
    z = np.linspace(-6, 6, 48)  # no point at the kink
    # O(h²) = 1e-10, and rounding 1e-15 / 1e-5
    np.testing.assert_allclose(slope(z), numeric_slope(f, z), rtol=0, atol=1e-9)


@pytest.mark.parametrize("x", [-3.0, -0.5, 0.0, 1.7])
def test_values_are_those_of_the_definitions(x):
    expected = {
        "softplus": np.log(1 + exp(x)),
        "gelu": x * (1 + erf(x / sqrt(2))) / 2,
        "swish": x / (1 + exp(-x)),
        "elu": x if x > 0 else exp(x) - 1,
        "leaky": x if x > 0 else 0.01 * x,
        "relu": max(x, 0),
        "tanh": (exp(x) - exp(-x)) / (exp(x) + exp(-x)),
        "sigmoid": 1 / (1 + exp(-x)),
    }
    got = {name: float(FAMILY[name][0](np.array([x]))[0]) for name in FAMILY}
    assert got == pytest.approx(expected, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("name", FAMILY)
def test_far_out_nothing_overflows(name):
    z = np.array([-1e4, 1e4])  # pytest makes warnings errors
    value, slope = (f(z) for f in FAMILY[name])
    assert np.all(np.isfinite(value)) and np.all(np.isfinite(slope))


@pytest.mark.parametrize("name", FAMILY)
def test_it_saturates_on_the_sides_that_the_page_names(name):
    left, right = np.abs(FAMILY[name][1](np.array([-20.0, 20.0])))
    assert (left < 1e-6) == (name not in LEFT_ALIVE)
    assert (right < 1e-6) == (name in RIGHT_FLAT)


def test_relu_is_exactly_flat_on_the_whole_negative_side():
    z = -np.geomspace(1e-300, 1e300, 50)
    assert np.all(FAMILY["relu"][1](z) == 0)
    assert np.all(FAMILY["leaky"][1](z) == 0.01)


def test_elu_has_slope_exp_and_tends_to_minus_one():
    facts = figure(Figure(), activation="elu")
    assert facts["slope_at_minus_5"] == pytest.approx(exp(-5), rel=1e-12)
    assert round(facts["slope_at_minus_5"], 4) == 0.0067
    assert facts["lowest_value"] == pytest.approx(-1, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "mean"), [("relu", 0.5), ("tanh", 0.605706), ("sigmoid", 0.2066)]
)
def test_mean_slopes_of_standard_normal_inputs(name, mean):
    assert averages(name, 1)["mean_slope"] == pytest.approx(mean, abs=1e-4)


@pytest.mark.parametrize("name", SMOOTH)
def test_averages_agree_with_gauss_hermite_quadrature(name):
    value, slope = (f(GAUSS) for f in FAMILY[name])
    share = WEIGHT / WEIGHT.sum()
    found = averages(name, 1)
    # tanh has poles at ±iπ/2, which leaves 120 points some 1e-6 of error
    assert found["mean_output"] == pytest.approx(value @ share, abs=1e-5)
    assert found["mean_slope"] == pytest.approx(slope @ share, abs=1e-5)
    assert found["rms_slope"] == pytest.approx(sqrt(slope**2 @ share), abs=1e-5)


@pytest.mark.parametrize("std", SPREADS)
def test_relu_meets_the_same_slopes_at_every_spread(std):
    found = averages("relu", std)
    assert found["rms_slope"] == pytest.approx(sqrt(0.5), rel=1e-12)
    assert found["mean_output"] == pytest.approx(std / sqrt(2 * pi), rel=1e-5)
    assert found["flat_share"] == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize("name", FAMILY)
@pytest.mark.parametrize("std", [0.25, 1, 8])
def test_flat_share_counts_draws_near_slope_zero(name, std):
    z = np.random.default_rng(2).normal(0, std, 200_000)
    counted = np.mean(np.abs(FAMILY[name][1](z)) < 0.05)
    # one standard error is at most 0.0011, a grid cell at most 0.001
    assert averages(name, std)["flat_share"] == pytest.approx(counted, abs=0.005)


@pytest.mark.parametrize("name", ["gelu", "swish"])
def test_gelu_and_swish_fall_and_rise_again(name):
    z = np.linspace(-10, 0, 1001)
    value = FAMILY[name][0](z)
    lowest = value.argmin()
    assert 0 < lowest < 1000 and np.all(np.diff(value)[:lowest] < 0)
    assert np.all(np.diff(value)[lowest:] > 0)


@pytest.mark.parametrize(("name", "least"), [("gelu", -0.129), ("swish", -0.100)])
def test_extreme_slopes_of_gelu_and_swish(name, least):
    facts = figure(Figure(), activation=name)
    assert round(facts["least_slope"], 3) == least
    # f(z) − f(−z) = z for both, so slopes at ±z add up to 1
    assert facts["largest_slope"] == pytest.approx(1 - facts["least_slope"], abs=1e-12)


def test_gelu_is_steepest_at_root_two():
    slope = FAMILY["gelu"][1]
    z = np.linspace(1, 2, 100_001)
    assert z[slope(z).argmax()] == pytest.approx(sqrt(2), abs=1e-5)


@pytest.mark.parametrize("name", sorted(set(FAMILY) - {"gelu", "swish"}))
def test_all_others_never_fall_and_stay_within_slope_one(name):
    slope = FAMILY[name][1](np.linspace(-30, 30, 60_000))
    assert slope.min() >= 0 and slope.max() <= 1


def test_only_tanh_gives_outputs_of_mean_zero():
    centered = [n for n in FAMILY if abs(averages(n, 1)["mean_output"]) < 0.1]
    assert centered == ["tanh"]


def test_wide_inputs_make_the_smooth_relatives_look_like_relu():
    wide = [averages(n, 8)["rms_slope"] for n in ("elu", "gelu", "swish", "softplus")]
    assert wide == pytest.approx([sqrt(0.5)] * 4, abs=0.05)
    assert averages("tanh", 8)["rms_slope"] < 0.3


def test_narrow_inputs_see_a_straight_line():
    z = np.array([-0.01, 0.01])
    assert FAMILY["elu"][1](z) == pytest.approx([1, 1], abs=0.011)
    for name in ("gelu", "swish", "softplus"):
        assert FAMILY[name][1](z) == pytest.approx([0.5, 0.5], abs=0.011)


def test_outputs_of_one_sign_give_weight_gradients_of_one_sign():
    z = np.random.default_rng(0).normal(size=50)
    assert np.unique(np.sign(-0.3 * FAMILY["sigmoid"][0](z))).tolist() == [-1]
    assert np.unique(np.sign(-0.3 * FAMILY["tanh"][0](z))).tolist() == [-1, 1]


@pytest.mark.parametrize("name", FAMILY)
def test_figure_draws_the_value_and_its_slope(name):
    fig = Figure()
    figure(fig, activation=name)
    value, slope = (line.get_xydata().T for line in fig.axes[1].lines)
    inner = np.abs(value[0]) > 0.1  # away from the kink
    f = FAMILY[name][0]
    np.testing.assert_array_equal(value[1], f(value[0]))
    np.testing.assert_allclose(
        slope[1][inner], numeric_slope(f, slope[0])[inner], rtol=0, atol=1e-9
    )


def test_bars_are_the_root_mean_squares_and_the_chosen_one_stands_out():
    fig = Figure()
    facts = figure(fig, activation="elu", input_std=2)
    bars = fig.axes[3].patches
    assert [b.get_alpha() for b in bars] == [0.3] * 4 + [1] + [0.3] * 3
    assert bars[4].get_width() == facts["rms_slope"]
    expected = [averages(name, 2)["rms_slope"] for name in FAMILY]
    assert [b.get_width() for b in bars] == expected


def test_gray_covers_the_nearly_flat_part():
    fig = Figure()
    figure(fig, activation="sigmoid")
    edge = np.arccosh(1 / (2 * sqrt(0.05))) * 2  # σ(1 − σ) = 1 / (4 cosh²(z/2))
    pieces = [p.vertices[:, 0] for p in fig.axes[1].collections[0].get_paths()]
    inner = sorted((pieces[0].max(), pieces[1].min()))
    assert inner == pytest.approx([-edge, edge], abs=0.021)  # a point every 0.02
