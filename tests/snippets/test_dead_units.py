"""dead_units against difference quotients and counts by other roads."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.figure import Figure

from dead_units import BIASES, dead_share, descend, figure, gradient, unit

RNG = np.random.default_rng(5)
X, Y = RNG.normal(size=(2, 40))


def loss(w, b, leak):
    z = w * X + b
    return np.mean((np.where(z > 0, z, leak * z) - Y) ** 2) / 2


@pytest.mark.parametrize("leak", [0.0, 0.01, 0.3])
def test_unit_is_a_line_with_a_bend(leak):
    value, slope = unit(np.array([-2.0, 3.0]), leak)
    assert value.tolist() == [-2 * leak, 3] and slope.tolist() == [leak, 1]


@pytest.mark.parametrize("leak", [0.0, 0.01, 0.3])
@pytest.mark.parametrize("b", [-1.0, 0.2])
def test_gradient_agrees_with_central_differences(leak, b):
    w, h = 0.7, 1e-6
    expected = (
        (loss(w + h, b, leak) - loss(w - h, b, leak)) / (2 * h),
        (loss(w, b + h, leak) - loss(w, b - h, leak)) / (2 * h),
    )
    # quadratic between kinks: only rounding, 1e-16 / 1e-6
    assert gradient(X, Y, w, b, leak) == pytest.approx(expected, abs=1e-8)


def test_a_unit_negative_on_every_input_has_zero_gradient_only_without_a_leak():
    assert gradient(X, Y, 1.0, -10.0, 0.0) == (0, 0)
    assert min(map(abs, gradient(X, Y, 1.0, -10.0, 0.01))) > 1e-4


def test_one_active_example_gives_a_gradient():
    bias = -np.sort(X)[-2] - 1e-9  # all but the largest are silent
    assert np.sum(X + bias > 0) == 1
    assert gradient(X, Y, 1.0, bias, 0.0)[0] != 0


def test_a_dead_relu_stays_where_it_is():
    path = descend(-4, 0.0)
    assert np.all(path == path[0])


@pytest.mark.parametrize("leak", [0.01, 0.1, 0.3])
def test_a_leaky_unit_wakes_the_sooner_the_larger_its_leak(leak):
    facts = figure(Figure(), bias=-4, leak=leak)
    assert 0 < facts["steps_to_wake"] <= figure(Figure(), bias=-4)["steps_to_wake"]
    assert facts["leaky_loss_end"] < facts["relu_loss_end"] / 10


def test_steps_to_wake_is_the_first_step_with_an_active_input():
    x = np.random.default_rng(0).normal(size=200)
    facts, path = figure(Figure(), bias=-4, leak=0.1), descend(-4, 0.1)
    active = [np.any(w * x + b > 0) for w, b, _ in path]
    assert facts["steps_to_wake"] == active.index(True)


def test_a_large_leak_cannot_fit_a_flat_left_side():
    facts = figure(Figure(), bias=-4, leak=0.3)
    assert facts["leaky_loss_end"] > 100 * figure(Figure(), bias=-4)["leaky_loss_end"]
    late = descend(-4, 0.3)[-200:, 2]
    assert np.ptp(late) < 1e-6  # settled, not on its way


def test_at_bias_minus_two_one_example_pulls_the_relu_back():
    facts = figure(Figure(), bias=-2)
    assert facts["active_share"] == 1 / 200
    assert facts["relu_loss_end"] < 1e-3 < facts["relu_loss_start"]


def test_dead_share_rises_from_none_to_all_as_the_bias_falls():
    shares = [dead_share(b) for b in BIASES]
    assert shares[-1] == 0 and shares[0] == 1
    assert all(a >= b for a, b in pairwise(shares))


def test_more_examples_leave_fewer_dead():
    assert dead_share(-2, 20) > dead_share(-2, 200) > dead_share(-2, 2000)


def test_chance_of_death_agrees_with_independent_draws():
    silent = np.random.default_rng(3).normal(-2, 1, (20_000, 200)).max(axis=1) <= 0
    # one standard error is 0.0007
    chance = figure(Figure(), bias=-2)["chance_of_death"]
    assert chance == pytest.approx(silent.mean(), abs=0.003)


def test_short_weight_vectors_die_more_often():
    rng = np.random.default_rng(1)  # the draws of dead_share
    x, w = rng.normal(size=(200, 64)), rng.normal(size=(64, 1000)) / 8
    dead = (x @ w - 2).max(axis=0) <= 0
    length = np.linalg.norm(w, axis=0)
    short = length < np.median(length)
    assert dead.mean() == dead_share(-2)
    assert dead[short].mean() > 2 * dead[~short].mean()
    same = (x @ (w / length) - 2).max(axis=0) <= 0
    assert same.mean() < dead.mean()


def test_figure_draws_both_descents():
    fig = Figure()
    figure(fig, bias=-3, leak=0.1)
    relu, leaky = fig.axes[2].lines
    assert relu.get_ydata().tolist() == descend(-3, 0.0)[:, 2].tolist()
    assert leaky.get_ydata().tolist() == descend(-3, 0.1)[:, 2].tolist()


@pytest.mark.parametrize("bias", [-6, -3, 0])
def test_dot_sits_on_the_curve_of_dead_shares(bias):
    fig = Figure()
    facts = figure(fig, bias=bias)
    curve, dot = (line.get_xydata() for line in fig.axes[1].lines)
    assert dot.tolist() == [[bias, 100 * facts["dead_share"]]]
    assert dot[0].tolist() in curve.tolist()


def test_green_bars_count_the_active_inputs():
    fig = Figure()
    facts = figure(fig, bias=-1)
    bars = fig.axes[0].patches
    right = sum(b.get_height() for b in bars if b.get_x() >= -1e-9)
    assert right == 200 * facts["active_share"]
    assert sum(b.get_height() for b in bars) == 200
