"""confident_mistakes against the time that a continuous descent takes."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from confident_mistakes import STARTS, descend, figure


def time_of_flow(name, start):
    """∫ dm / |slope| from start to 0, in closed form (e = exp m)."""
    e = np.exp(start)
    if name == "ce":  # dm/dt = 1 / (1 + e)
        return 1 - start - e
    # dm/dt = 2e / (1 + e)³
    return (2.5 + 1 / e - 3 * start - 3 * e - e**2 / 2) / 2


@pytest.mark.parametrize("short", ["ce", "mse"])
@pytest.mark.parametrize("start", [-8, -6, -3])
def test_steps_are_the_time_of_the_continuous_descent(short, start):
    steps = figure(Figure(), start=start, rate=0.5)["steps_" + short]
    expected = time_of_flow(short, start) / 0.5
    # a step overshoots the flow's slope by O(rate), and the last one counts whole
    assert steps == pytest.approx(expected, rel=0.02, abs=2)


def test_squared_error_needs_e_times_as_many_steps_for_each_unit_further():
    steps = [figure(Figure(), start=s)["steps_mse"] for s in (-8, -7, -6)]
    far, near = np.divide(steps[:-1], steps[1:])
    # toward e from below: the last part of the way is not exponential
    assert 2.6 < near < far < np.e


def test_log_loss_needs_about_one_over_rate_steps_for_each_unit_further():
    steps = [figure(Figure(), start=s, rate=0.5)["steps_ce"] for s in (-8, -6, -4)]
    assert np.diff(steps) == pytest.approx(-4, abs=1)


def test_a_larger_rate_shortens_both_by_the_same_factor():
    slow, fast = (figure(Figure(), start=-8, rate=r) for r in (0.5, 2.0))
    assert slow["steps_mse"] / fast["steps_mse"] == pytest.approx(4, rel=0.01)
    # few steps, counted whole
    assert slow["steps_ce"] / fast["steps_ce"] == pytest.approx(4, rel=0.15)


def test_log_loss_is_first_from_every_start_at_every_rate():
    for rate in (0.5, 1.0, 2.0):
        for start in STARTS:
            facts = figure(Figure(), start=start, rate=rate)
            assert 0 < facts["steps_ce"] <= facts["steps_mse"]
            if start < -1:
                assert facts["steps_ce"] < facts["steps_mse"]


def test_gradients_at_logit_minus_8():
    facts = figure(Figure(), start=-8)
    p = 1 / (1 + np.exp(8.0))
    assert facts["gradient_mse"] == pytest.approx(2 * p * (1 - p) ** 2, rel=1e-12)
    assert facts["gradient_ce"] == pytest.approx(1 - p, rel=1e-12)
    assert facts["gradient_mse"] < 0.001 and facts["gradient_ce"] > 0.999


@pytest.mark.parametrize("name", ["log loss", "squared error"])
def test_one_step_is_the_rate_times_a_difference_quotient(name):
    def loss(m):
        p = 1 / (1 + np.exp(-m))
        return -np.log(p) if name == "log loss" else (1 - p) ** 2

    path, h = descend(name, 1.0), 1e-5
    m = path[0]
    numeric = (loss(m + h) - loss(m - h)) / (2 * h)
    # rounding of a loss of 8 over h: 1e-10
    np.testing.assert_allclose(path[1] - m, -numeric, rtol=0, atol=1e-9)


@pytest.mark.parametrize("start", [-8, -1])
def test_dots_stand_where_the_drawn_paths_first_reach_zero(start):
    fig = Figure()
    facts = figure(fig, start=start)
    _, ce, ce_dot, mse, mse_dot = fig.axes[0].lines
    for line, dot, short in (ce, ce_dot, "ce"), (mse, mse_dot, "mse"):
        step, margin = line.get_xydata().T
        first = step[np.argmax(margin >= 0)]
        assert first == facts["steps_" + short]
        assert dot.get_xydata().tolist() == [[first, margin[step == first][0]]]
