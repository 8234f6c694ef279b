"""optimizer_rotation: who turns with the valley and who does not."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from optimizer_rotation import ANGLES, RULES, all_steps, figure, turned
from surfaces import descend, quadratic


@pytest.mark.parametrize("name", ["SGD", "momentum"])
@pytest.mark.parametrize("angle", [30.0, 77.0])
def test_steps_along_gradients_turn_with_the_valley(name, angle):
    still, moved = (turned(RULES[name], a)[0] for a in (0.0, angle))
    np.testing.assert_allclose(moved, still, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["Adagrad", "RMSProp", "Adam"])
def test_divided_steps_do_not(name):
    still, moved = (turned(RULES[name], a)[0] for a in (0.0, 45.0))
    assert np.abs(moved - still).max() > 0.2


@pytest.mark.parametrize("name", RULES)
def test_a_quarter_turn_only_swaps_the_axes(name):
    still, moved = (turned(RULES[name], a)[0] for a in (0.0, 90.0))
    np.testing.assert_allclose(moved, still, rtol=0, atol=1e-9)


def test_paths_are_turned_back_into_the_valleys_own_axes():
    path = turned(RULES["Adam"], 60.0)[0]
    own, there = quadratic(25.0), quadratic(25.0, np.pi / 3)
    world = descend(RULES["Adam"], there.gradient, there.start, 200)
    assert path[0] == pytest.approx(own.start)
    np.testing.assert_allclose(own.loss(path), there.loss(world), atol=1e-12)


def test_steps_are_the_first_that_leave_one_percent():
    for name, rule in RULES.items():
        path, steps = turned(rule, 45.0)
        loss = quadratic(25.0).loss(path)
        share = loss / loss[0]
        assert share[steps] <= 0.01 < share[:steps].min()
        assert figure(Figure(), 45.0)[f"steps_{name.lower()}"] == steps


def test_turning_costs_adagrad_and_adam_more_than_it_costs_sgd():
    steps = all_steps()
    assert len(set(steps["SGD"])) == len(set(steps["momentum"])) == 1
    assert steps["Adagrad"][6] > 3 * steps["Adagrad"][0]
    assert steps["Adam"][0] < steps["SGD"][0] < steps["Adam"][6]


@pytest.mark.parametrize("angle", [0.0, 22.5])
def test_the_figure_draws_three_paths_and_all_counts(angle):
    fig = Figure()
    figure(fig, angle)
    top, low = fig.axes
    for line, name in zip(top.lines, ("SGD", "Adam", "Adagrad"), strict=False):
        assert line.get_xydata().tolist() == turned(RULES[name], angle)[0].tolist()
    for line, counts in zip(low.lines, all_steps().values(), strict=False):
        assert line.get_xydata().tolist() == np.c_[ANGLES, counts].tolist()
    assert low.lines[-1].get_xdata()[0] == angle
