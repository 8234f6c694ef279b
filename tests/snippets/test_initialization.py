"""initialization against counting, quadrature and homogeneity."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from initialization import figure, signals, variance


def facts(**knobs):
    return figure(Figure(), **knobs)


@pytest.mark.parametrize(("scale", "expected"), [(1, 0.5), (2**0.5, 1), (2, 2)])
def test_relu_multiplies_the_mean_square_by_half_the_squared_scale(scale, expected):
    ahead, back, _ = signals("relu", scale, 256)
    # over seeds the factors scatter by about 2 %
    assert (ahead[-1] / ahead[0]) ** 0.02 == pytest.approx(expected, rel=0.06)
    assert (back[0] / back[-1]) ** 0.02 == pytest.approx(expected, rel=0.06)


def test_leaky_relu_follows_its_own_gain():
    ahead, *_ = signals("leaky", 1.0, 256)
    assert (ahead[-1] / ahead[0]) ** 0.02 == pytest.approx((1 + 0.01**2) / 2, rel=0.06)


def test_linear_layers_keep_it_at_scale_1():
    assert facts(scheme="xavier", activation="linear")["forward_factor"] == (
        pytest.approx(1, abs=0.03)
    )


@pytest.mark.parametrize("width", [32, 128, 256])
def test_schemes_have_the_scales_of_their_names(width):
    found = [variance(s, width, width) * width for s in ("xavier", "he")]
    assert found == pytest.approx([1, 2])
    assert variance("xavier", 400, 100) == 2 / 500
    assert variance("he", 400, 100) == 2 / 400


@pytest.mark.parametrize("scheme", ["small", "large"])
def test_a_fixed_deviation_has_a_factor_that_grows_with_the_width(scheme):
    found = [facts(scheme=scheme, width=w)["forward_factor"] for w in (32, 128, 256)]
    expected = [w * variance(scheme, w, w) / 2 for w in (32, 128, 256)]
    # the narrowest network scatters most: 20 % over seeds
    assert found == pytest.approx(expected, rel=0.25)
    assert found == sorted(found)


def test_small_relu_network_is_the_large_one_scaled_down():
    one, other = (signals("relu", s, 128)[0] for s in (1.0, 1.7))
    np.testing.assert_allclose(other, one * 1.7 ** (2 * np.arange(51)), rtol=1e-9)


def test_tanh_at_unit_scale_shrinks_like_one_over_twice_the_layer():
    assert facts(scheme="xavier", activation="tanh")["mean_square"] < 0.02
    # the limit of infinite width: q becomes E tanh(√q g)²
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights, q, path = weights / weights.sum(), 1.0, []
    for _ in range(5000):
        q = weights @ np.tanh(q**0.5 * nodes) ** 2
        path.append(q)
    assert path[9] == pytest.approx(
        facts(scheme="xavier", activation="tanh", width=256)["mean_square_10"], rel=0.1
    )
    assert 2 * 5000 * path[4999] == pytest.approx(1, abs=0.01)


def test_tanh_expands_as_the_page_says():
    # E tanh(z)² = q - 2 q² + O(q³), with E z⁴ = 3 q²
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    q = 1e-3
    exact = weights @ np.tanh(q**0.5 * nodes) ** 2 / weights.sum()
    assert exact == pytest.approx(q - 2 * q**2, abs=20 * q**3)


def test_large_tanh_weights_keep_activations_and_blow_up_gradients():
    run = facts(scheme="large", activation="tanh")
    assert run["mean_square"] > 0.8
    assert run["saturated_share"] > 0.5
    assert run["backward_factor"] > 2


def test_xavier_loses_fifteen_powers_of_ten_against_he_with_relu():
    he, xavier = (facts(scheme=s)["mean_square"] for s in ("he", "xavier"))
    assert he / xavier == pytest.approx(2.0**50, rel=1e-9)  # 1.1e15


@pytest.mark.parametrize("scheme", ["he", "small"])
def test_figure_draws_mean_squares_and_shares(scheme):
    fig = Figure()
    run = figure(fig, scheme=scheme)
    left, right = fig.axes
    back, ahead = (10 ** line.get_ydata() for line in left.lines[1:3])
    assert ahead[-1] == pytest.approx(run["mean_square"])
    assert (ahead[-1] / ahead[0]) ** 0.02 == pytest.approx(run["forward_factor"])
    assert (back[0] / back[-1]) ** 0.02 == pytest.approx(run["backward_factor"])
    assert len(right.patches) == 5
    values, edges, _ = right.patches[0].get_data()
    assert len(edges) == len(values) + 1
    zero = np.searchsorted(edges, 0.0) - 1
    assert values[zero] == pytest.approx(0.85)  # half of the units are exactly 0


def test_uncut_bars_are_densities():
    fig = Figure()
    figure(fig, scheme="xavier", activation="linear")
    outputs = signals("linear", 1.0, 128)[2]
    values, edges, _ = fig.axes[1].patches[0].get_data()
    share = np.mean((outputs[1] >= edges[40]) & (outputs[1] < edges[41]))
    assert values[40] == pytest.approx(share / (edges[41] - edges[40]), rel=1e-6)


def test_a_narrow_network_scatters_more_than_a_wide_one():
    narrow, wide = (
        abs(np.log(facts(width=w)["mean_square"])) for w in (32, 256)
    )  # one draw each; the page counts twenty
    assert narrow > wide
