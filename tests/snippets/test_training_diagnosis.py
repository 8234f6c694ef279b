"""training_diagnosis: what the weights do while the gradient vanishes."""

from functools import lru_cache

import numpy as np
import pytest
from matplotlib.figure import Figure

from deep_network import forward
from training_diagnosis import LIMIT, figure, network, task, train


@lru_cache
def facts(activation, log10_rate):
    return figure(Figure(), activation=activation, log10_rate=log10_rate)


@pytest.mark.parametrize("layer", [0, 7])
def test_gradient_norm_is_the_steepest_slope_of_the_loss(layer):
    (x, y), layers, h = task(), network("relu"), 1e-5

    def loss(way, step):
        moved = layers[layer]._replace(weights=layers[layer].weights + step * way)
        nudged = [*layers[:layer], moved, *layers[layer + 1 :]]
        return np.mean((forward(nudged, x)[0][-1] - y) ** 2) / 2

    shape = layers[layer].weights.shape
    numeric = np.empty(shape)
    for index in np.ndindex(shape):
        way = np.zeros(shape)
        way[index] = 1.0
        numeric[index] = (loss(way, h) - loss(way, -h)) / (2 * h)
    # O(h²) = 1e-10, and rounding 1e-16 / h
    assert train("relu", 0.01).gradient[layer] == pytest.approx(
        np.linalg.norm(numeric), rel=1e-6
    )


def test_first_step_lowers_the_loss_by_rate_times_squared_gradient():
    rate = 1e-5
    run = train("relu", rate)
    # off by rate / 2 times the curvature, which is below 1,000
    assert run.loss[0] - run.loss[1] == pytest.approx(
        rate * np.sum(run.gradient**2), rel=5e-3
    )


@pytest.mark.parametrize("log10_rate", np.linspace(-2, 0, 9))
def test_first_sigmoid_layer_keeps_its_norm(log10_rate):
    assert train("sigmoid", 10.0**log10_rate).ratio[0] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("log10_rate", [-2.0, -1.5, -1.0])
def test_hidden_layers_keep_their_norms_at_small_rates(log10_rate):
    for activation in ("sigmoid", "relu"):
        ratio = train(activation, 10.0**log10_rate).ratio
        np.testing.assert_allclose(ratio[:-1], 1, atol=0.01)


def test_sigmoid_gradient_is_over_1000_times_smaller_in_the_first_layer():
    assert facts("sigmoid", -1.5)["gradient_ratio"] > 1000


def test_relu_gradients_stay_within_a_factor_of_20():
    gradient = train("relu", 10.0**-1.5).gradient
    assert gradient.max() / gradient.min() < 20


def test_last_sigmoid_layer_moves_at_least_100_times_more_than_the_first():
    run = facts("sigmoid", -1.5)
    assert run["relative_change_last"] > 100 * run["relative_change_first"]


def test_norm_and_change_obey_the_triangle_inequality():
    run = train("relu", 10.0**-1.5)
    assert np.all(np.abs(run.ratio - 1) <= run.change)


@pytest.mark.parametrize("log10_rate", np.linspace(-2, 0, 9))
def test_sigmoid_network_stalls_at_the_best_constant(log10_rate):
    run = facts("sigmoid", log10_rate)
    assert run["outcome"] == "stalls"
    assert run["loss_end"] == pytest.approx(run["constant_loss"], rel=0.01)


def test_best_constant_is_the_least_loss_of_a_constant():
    _, y = task()
    grid = np.linspace(y.min(), y.max(), 2001)
    losses = np.mean((y - grid) ** 2, axis=0) / 2
    # the grid's nearest point is off by at most half a step of 0.004
    assert facts("relu", -2.0)["constant_loss"] == pytest.approx(losses.min(), abs=1e-5)


@pytest.mark.parametrize("log10_rate", [-2.0, -1.5, -1.0, -0.75])
def test_relu_network_learns(log10_rate):
    run = facts("relu", log10_rate)
    assert run["outcome"] == "learns"
    assert run["loss_end"] < 0.1 * run["constant_loss"]


@pytest.mark.parametrize("log10_rate", [-0.5, -0.25, 0.0])
def test_relu_network_diverges_at_a_large_rate_and_its_weights_grow(log10_rate):
    run = facts("relu", log10_rate)
    assert run["outcome"] == "diverges"
    assert run["loss_end"] > LIMIT
    assert run["norm_ratio_last"] > 10


def test_rate_does_not_enter_the_gradient_at_the_start():
    one, other = train("relu", 0.01), train("relu", 1.0)
    np.testing.assert_array_equal(one.gradient, other.gradient)


@pytest.mark.parametrize("knobs", [("sigmoid", -2.0), ("relu", 0.0)])
def test_figure_draws_the_numbers_that_it_reports(knobs):
    fig = Figure()
    run = figure(fig, *knobs)
    loss, gradient, change, ratio = (10 ** ax.lines[0].get_ydata() for ax in fig.axes)
    assert loss[-1] == pytest.approx(run["loss_end"])
    assert gradient[-1] / gradient[0] == pytest.approx(run["gradient_ratio"])
    assert change[0] == pytest.approx(run["relative_change_first"])
    assert ratio[-1] == pytest.approx(run["norm_ratio_last"])
    assert len(gradient) == len(change) == len(ratio) == 8
