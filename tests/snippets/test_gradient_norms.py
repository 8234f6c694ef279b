"""gradient_norms against theory for wide random networks and plain counting."""

from functools import reduce

import numpy as np
import pytest
from matplotlib.figure import Figure

from deep_network import backward, forward, initialize
from gradient_norms import figure, measure, sign_growth, small_entries


def factor(activation, scale, depth=30, extra="none"):
    by_outputs = measure(activation, scale, depth, extra)[0]
    return (by_outputs[0] / by_outputs[-1]) ** (1 / depth)


def facts(**knobs):
    return figure(Figure(), **knobs)


# Width 128, depth 30: over seeds the factors scatter by about 0.01.
@pytest.mark.parametrize(
    ("activation", "scale", "expected"),
    [
        ("linear", 1.0, 1.0),
        ("relu", 1.0, 0.5**0.5),
        ("relu", 1.414, 1.0),
        ("relu", 2.0, 2**0.5),
    ],
)
def test_factor_is_scale_times_the_known_slope(activation, scale, expected):
    assert factor(activation, scale) == pytest.approx(expected, abs=0.025)


def test_sigmoid_slope_follows_from_its_fixed_point_by_quadrature():
    # Inputs of a deep layer are normal with variance q = E[σ(√q g)²].
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    weights, q = weights / weights.sum(), 1.0
    for _ in range(50):
        q = weights @ (1 / (1 + np.exp(-(q**0.5) * nodes))) ** 2
    s = 1 / (1 + np.exp(-(q**0.5) * nodes))
    # the first layers and the finite width move it by about 0.005
    assert factor("sigmoid", 1.0) == pytest.approx(
        np.sqrt(weights @ (s * (1 - s)) ** 2), abs=0.01
    )


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky", "elu"])
@pytest.mark.parametrize("scale", [0.25, 1.0, 2.0, 20.0])
def test_factor_is_scale_times_rms_slope(activation, scale):
    slope = measure(activation, scale, 30, "none")[2]
    # independence of error and slope holds for wide layers; 6 % at tanh, 20
    assert factor(activation, scale) == pytest.approx(scale * slope, rel=0.07)


def test_relu_factor_is_proportional_to_scale():
    ratios = [factor("relu", s) / s for s in (0.25, 1.0, 5.0, 20.0)]
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-12)  # homogeneous


def test_the_bound_of_tanh_does_not_bound_its_gradients():
    mild = facts(activation="tanh", weight_scale=2.0, depth=40)
    steep = facts(activation="tanh", weight_scale=5.0, depth=40)
    assert mild["input_norm"] > 100
    assert steep["input_norm"] > 1e8
    assert max(mild["largest_output"], steep["largest_output"]) <= 1


def test_tanh_grows_more_slowly_than_relu_at_scale_2():
    assert 1.1 < factor("tanh", 2.0) < factor("relu", 2.0) - 0.2


def test_sigmoid_vanishes_at_scale_1_and_explodes_at_scale_20():
    assert factor("sigmoid", 1.0) < 0.25  # the largest slope of σ
    assert factor("sigmoid", 20.0) > 1.3


def test_batch_norm_holds_the_sigmoid_factor_though_its_slope_is_small():
    run = facts(activation="sigmoid", extra="batch norm")
    assert run["rms_slope"] < 0.25
    assert run["factor"] == pytest.approx(1, abs=0.1)


def test_batch_norm_makes_the_factor_independent_of_the_weight_scale():
    factors = [factor("relu", s, extra="batch norm") for s in (0.5, 2.0, 20.0)]
    # the constant under the root counts most at the smallest scale: 1e-5 / 0.1
    np.testing.assert_allclose(factors, factors[0], rtol=1e-3)


def test_batch_norm_lets_relu_gradients_grow_as_theory_says():
    # sqrt(pi / (pi - 1)) for wide layers and large batches; batch 64 here
    expected = np.sqrt(np.pi / (np.pi - 1))
    assert factor("relu", 1.414, extra="batch norm") == pytest.approx(
        expected, abs=0.03
    )


def test_skips_hold_the_sigmoid_factor_and_let_he_relu_explode():
    assert factor("sigmoid", 1.0, extra="residual") == pytest.approx(1.01, abs=0.01)
    assert factor("relu", 1.414, extra="residual") > 1.5


def test_clipping_changes_no_ratio_between_layers():
    plain, clipped = (measure("tanh", 5.0, 30, e)[1] for e in ("none", "clipping"))
    np.testing.assert_allclose(clipped / clipped[0], plain / plain[0], rtol=1e-12)
    assert np.linalg.norm(clipped) == pytest.approx(1.0, rel=1e-12)


def test_clipping_does_not_touch_the_gradients_by_outputs():
    assert factor("tanh", 5.0, extra="clipping") == factor("tanh", 5.0)


def test_all_layers_of_a_relu_network_share_one_inner_product():
    # Euler: scaling any one layer scales the output alike, so ⟨W, dL/dW⟩ is
    # the same number in every layer, which the per-layer factor cannot show.
    layers = initialize([32] * 7, "relu", 2.0, seed=0)
    x, error = np.random.default_rng(1).normal(size=(2, 8, 32))
    outputs, tape = forward(layers, x)
    _, by_weights = backward(layers, outputs, tape, error)
    products = [
        np.sum(layer.weights * g) for layer, g in zip(layers, by_weights, strict=True)
    ]
    np.testing.assert_allclose(products, np.sum(error * outputs[-1]), rtol=1e-10)


def test_relu_weight_gradients_explode_alike_in_all_layers():
    run = facts(activation="relu", weight_scale=2.0)
    assert 0.5 < run["last_layer_norm"] / run["first_layer_norm"] < 2
    assert min(run["first_layer_norm"], run["last_layer_norm"]) > 1e5


@pytest.mark.parametrize("layer", [0, 10, 19])
def test_targets_times_100_multiply_every_gradient_by_100(layer):
    layers = initialize([16] * 21, "tanh", 2.0, seed=0)
    x, target = np.random.default_rng(1).normal(size=(2, 8, 16))
    start = forward(layers, x)[0][-1]  # taken off, so that outputs start at zero
    way, h = np.random.default_rng(2).normal(size=(16, 16)), 1e-7

    def slope(targets):
        def loss(step):
            moved = layers[layer]._replace(weights=layers[layer].weights + step * way)
            nudged = [*layers[:layer], moved, *layers[layer + 1 :]]
            return np.sum((forward(nudged, x)[0][-1] - start - targets) ** 2) / 2

        return (loss(h) - loss(-h)) / (2 * h)

    # rounding leaves 1e-16 · loss / (h · slope), at most 1e-7
    assert slope(100 * target) == pytest.approx(100 * slope(target), rel=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_other_errors_at_the_output_give_the_same_factor(seed):
    layers = initialize([128] * 31, "tanh", 2.0, seed=0)
    x, _ = np.random.default_rng(1).normal(size=(2, 64, 128))
    outputs, tape = forward(layers, x)
    error = np.random.default_rng(seed + 50).exponential(size=x.shape)
    by_outputs, _ = backward(layers, outputs, tape, error)
    ends = np.linalg.norm(by_outputs[0]) / np.linalg.norm(by_outputs[-1])
    assert ends ** (1 / 30) == pytest.approx(factor("tanh", 2.0), rel=0.03)


def test_the_error_at_the_output_has_norm_one():
    assert measure("relu", 2.0, 5, "none")[0][-1] == pytest.approx(1.0, rel=1e-12)


def test_log_norms_lie_on_a_straight_line():
    logs = np.log10(measure("sigmoid", 1.0, 30, "none")[0])
    slope, start = np.polyfit(np.arange(31), logs, 1)
    assert np.abs(logs - start - slope * np.arange(31)).max() < 0.2  # of 19 decades
    assert 10**-slope == pytest.approx(factor("sigmoid", 1.0), rel=0.01)


def test_one_factor_on_average_is_not_one_in_every_direction():
    layers = initialize([128] * 31, "linear", 1.0, seed=0)
    product = reduce(np.matmul, [layer.weights for layer in layers])
    stretch = np.linalg.svd(product, compute_uv=False)
    assert 0.5 < np.sqrt(np.mean(stretch**2)) < 2
    assert np.median(stretch) < 1e-3


def test_random_signs_grow_by_the_root_of_the_width():
    # squares of 400 coordinates have mean 400 a²; their log over 20 layers
    # scatters by sqrt(20 · 2/400) = 0.3, the norm's by half of that
    expected = (0.1 * np.sqrt(400)) ** 20
    assert small_entries(Figure())["random_growth"] == pytest.approx(expected, rel=0.5)


def test_equal_signs_grow_by_the_whole_width():
    np.testing.assert_allclose(sign_growth(False), 400.0 ** np.arange(21), rtol=1e-12)


def test_eigenvalues_below_one_do_not_forbid_growth():
    matrix = np.array([[0.5, 10.0], [0.0, 0.5]])
    assert np.all(np.linalg.eigvals(matrix) == 0.5)
    vectors = [np.linalg.matrix_power(matrix, n) @ [0.0, 1.0] for n in range(31)]
    norms = np.linalg.norm(vectors, axis=1)
    assert norms.max() > 10
    assert norms[-1] < 1e-5


@pytest.mark.parametrize("knobs", [{}, {"activation": "linear", "weight_scale": 20.0}])
def test_figure_draws_the_norms_that_it_reports(knobs):
    fig = Figure()
    run = figure(fig, **knobs)
    ax = fig.axes[0]
    by_weights, by_outputs = (line.get_xydata() for line in ax.lines[2:4])
    assert 10 ** by_outputs[0, 1] == pytest.approx(run["input_norm"])
    assert 10 ** by_weights[-1, 1] == pytest.approx(run["last_layer_norm"])
    low, high = ax.get_ylim()
    drawn = np.r_[by_weights[:, 1], by_outputs[:, 1]]
    assert low < drawn.min() and drawn.max() < high


def test_no_norm_leaves_the_axes_at_any_leading_knob():
    corners = [
        measure(a, s, 30, "none")
        for a in ("linear", "sigmoid", "elu")
        for s in (0.25, 20.0)
    ]
    norms = np.concatenate([np.r_[by_h, by_w] for by_h, by_w, *_ in corners])
    assert np.abs(np.log10(norms)).max() < 1.4 * 30


def test_small_entries_draws_three_lines_from_one():
    fig = Figure()
    run = small_entries(fig, entry=0.05)
    curves = [line.get_xydata() for line in fig.axes[0].lines[1:]]
    assert all(curve[0, 1] == 0 for curve in curves)
    assert 10 ** curves[0][-1, 1] == pytest.approx(run["equal_growth"])
