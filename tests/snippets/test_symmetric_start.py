"""symmetric_start against the gradients written out unit by unit."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from deep_network import backward, forward
from symmetric_start import RATE, STEPS, UNITS, figure, network, train


def facts(**knobs):
    return figure(Figure(), **knobs)


def test_zero_start_has_exactly_zero_gradients_and_never_moves():
    path, losses, largest = train("zero")
    assert largest == 0.0
    assert np.all(path == 0)
    assert np.all(losses == losses[0])


def test_equal_start_keeps_units_alike():
    path, *_ = train("equal")
    spread = path.max(axis=2) - path.min(axis=2)
    assert np.abs(path[-1] - path[0]).max() > 0.1  # it does move
    assert spread.max() < 1e-10  # rounding alone
    assert facts(start="equal")["distinct_units"] == 1


def test_equal_incoming_weights_alone_do_not_keep_units_alike():
    path, *_ = train("equal in")
    assert np.ptp(path[0], axis=1).max() == 0
    assert np.ptp(path[1], axis=1).max() > 1e-3
    assert facts(start="equal in")["distinct_units"] == UNITS


def test_only_different_units_fit_the_target():
    loss = {s: facts(start=s)["loss"] for s in ("zero", "equal", "equal in", "random")}
    assert loss["random"] < loss["equal"] / 10 < loss["zero"] / 10
    assert loss["equal in"] < loss["equal"] / 5


def test_the_equal_start_ends_within_a_percent_of_the_best_single_unit():
    x = np.random.default_rng(0).normal(size=(100, 2))
    y = np.tanh(2 * x[:, 0]) - np.tanh(2 * x[:, 1])
    a, b, u = np.meshgrid(*[np.linspace(0, 3, 61)] * 3, indexing="ij")
    best = np.full(a.shape, 0.0)
    for (x1, x2), target in zip(x, y, strict=True):
        best += (u * np.tanh(a * x1 - b * x2) - target) ** 2 / 200
    # incoming weights (a, −b) on a grid of 0.05, which is off by its square
    assert train("equal")[1][-1] == pytest.approx(best.min(), rel=0.01)


def test_first_step_follows_the_gradients_of_the_page():
    hidden, out = network("random")
    x = np.random.default_rng(0).normal(size=(100, 2))
    y = np.tanh(2 * x[:, 0]) - np.tanh(2 * x[:, 1])
    step = np.zeros_like(hidden.weights)
    for row, target in zip(x, y, strict=True):
        a = np.tanh(row @ hidden.weights)
        error = a @ out.weights[:, 0] - target
        step += np.outer(row, error * out.weights[:, 0] * (1 - a**2)) / 100
    path, losses, largest = train("random")
    np.testing.assert_allclose(path[1] - path[0], -RATE * step, rtol=1e-9, atol=1e-12)
    assert largest >= np.abs(step).max() * (1 - 1e-12)
    assert losses[-1] < losses[0] / 10


@pytest.mark.parametrize("layer", [0, 1])
def test_one_layer_of_zeros_is_not_stuck(layer):
    layers = network("random")
    layers[layer] = layers[layer]._replace(weights=0 * layers[layer].weights)
    x = np.random.default_rng(0).normal(size=(100, 2))
    outputs, tape = forward(layers, x)
    _, gradients = backward(layers, outputs, tape, outputs[-1] - x[:, :1])
    assert [bool(np.any(g)) for g in gradients] == [layer == 0, layer == 1]


@pytest.mark.parametrize("step", [0, 50, STEPS])
def test_figure_draws_each_units_path_up_to_the_step(step):
    fig = Figure()
    run = figure(fig, start="random", step=step)
    path, losses, _ = train("random")
    left, right = fig.axes
    trails, rings = left.lines[2::2], left.lines[3::2]
    for unit, (trail, ring) in enumerate(zip(trails, rings, strict=True)):
        np.testing.assert_array_equal(trail.get_xydata(), path[: step + 1, :, unit])
        np.testing.assert_array_equal(ring.get_xydata()[0], path[step, :, unit])
    assert right.lines[0].get_ydata().tolist() == losses[: step + 1].tolist()
    assert run["loss"] == losses[step]


def test_no_ring_leaves_the_axes():
    ends = [np.abs(train(s)[0]).max() for s in ("zero", "equal", "equal in", "random")]
    assert max(ends) < 2.3
