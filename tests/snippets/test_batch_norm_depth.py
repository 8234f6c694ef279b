"""batch_norm_depth against closed forms, quadrature and invariance."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from batch_norm_depth import figure, norms, theory
from deep_network import ACTIVATIONS


def facts(**knobs):
    return figure(Figure(), **knobs)


def test_theory_for_relu_is_the_closed_form():
    expected = np.sqrt(np.pi / (np.pi - 1))
    assert theory("relu") == pytest.approx(expected, rel=1e-5)
    assert round(expected, 3) == 1.211


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_theory_agrees_with_quadrature(activation):
    nodes, weights = np.polynomial.hermite_e.hermegauss(100)
    weights = weights / weights.sum()
    f, slope = ACTIVATIONS[activation]
    variance = weights @ f(nodes) ** 2 - (weights @ f(nodes)) ** 2
    assert theory(activation) == pytest.approx(
        np.sqrt(weights @ slope(nodes) ** 2 / variance), rel=1e-6
    )


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_theory_is_never_below_one(activation):
    assert theory(activation) >= 1 - 1e-9
    if activation != "linear":
        assert theory(activation) > 1.01


def test_theory_for_linear_layers_is_one():
    assert theory("linear") == pytest.approx(1, abs=1e-9)


# Width 128 and finite batches move the factors by about 0.02.
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "linear"])
def test_measured_factor_follows_the_theory(activation):
    run = facts(activation=activation, weight_scale=1.0, batch=128)
    assert run["inner_bn"] == pytest.approx(run["theory"], abs=0.025)


@pytest.mark.parametrize("batch", [16, 64, 128])
def test_sigmoid_factor_is_restored_although_slopes_stay_below_a_quarter(batch):
    run = facts(activation="sigmoid", weight_scale=1.0, batch=batch)
    assert run["factor_plain"] == pytest.approx(0.23, abs=0.02)
    assert run["factor_bn"] == pytest.approx(1, abs=0.1)
    assert run["slope_bn"] < run["slope_plain"] < 0.25


def test_saturated_sigmoids_get_steeper_where_nothing_vanishes():
    run = facts(activation="sigmoid", weight_scale=10.0)
    assert run["slope_bn"] > 2 * run["slope_plain"]
    assert run["factor_plain"] == pytest.approx(1, abs=0.03)


def test_sigmoid_loses_its_boost_at_the_input_only():
    sizes, _ = norms("sigmoid", 1.0, 64, batch_norm=True, skip=False)
    steps = sizes[:-1] / sizes[1:]
    assert steps[0] < 0.3 < 0.9 < steps[1:].min()


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "linear"])
def test_weight_scale_does_not_matter_with_batch_norm(activation):
    found = [
        facts(activation=activation, weight_scale=s)["factor_bn"]
        for s in (0.1, 1.0, 10.0)
    ]
    # EPS is a share of 0.02 of the sigmoid's variance at scale 0.1
    np.testing.assert_allclose(found, found[-1], rtol=0.015)
    assert np.ptp(found[1:]) < 1e-3


def test_relu_grows_by_about_1_2_whatever_the_scale():
    found = [
        facts(activation="relu", weight_scale=s, batch=b)["factor_bn"]
        for s in (0.1, 1.414, 10.0)
        for b in (16, 64, 128)
    ]
    assert min(found) > 1.15 and max(found) < 1.26
    assert facts(activation="relu", weight_scale=10.0)["factor_plain"] == pytest.approx(
        10 / 2**0.5, rel=0.03
    )


def test_skips_tame_the_growth():
    run = facts(activation="relu", weight_scale=1.414)
    assert 1 < run["factor_bn_residual"] < 1.1 < run["factor_bn"]
    assert run["factor_residual"] > 1.5
    assert run["growth_bn"] == pytest.approx(run["factor_bn"] ** 30)


def test_a_feature_of_a_tenth_the_scale_is_a_matter_of_epsilon_only():
    one, _ = norms("linear", 1.0, 16, batch_norm=True, skip=False)
    other, _ = norms("linear", 0.1, 16, batch_norm=True, skip=False)
    np.testing.assert_allclose(other, one, rtol=0.02)


def test_slopes_alone_would_leave_less_than_1e_20():
    assert facts(activation="sigmoid")["slope_bn"] ** 30 < 1e-20


def test_figure_draws_the_norms_of_four_networks():
    fig = Figure()
    run = figure(fig, activation="relu", weight_scale=1.414)
    _, dotted, *drawn = fig.axes[0].lines
    assert 10 ** (dotted.get_ydata()[0] / 30) == pytest.approx(run["theory"])
    names = ("plain", "residual", "bn", "bn_residual")
    for name, line in zip(names, drawn, strict=True):
        assert 10 ** (line.get_ydata()[0] / 30) == pytest.approx(run["factor_" + name])
        assert line.get_ydata()[-1] == 0
