"""saddle_escape: the ridge holds, any offset escapes, and the wait is a log."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from saddle_escape import RATE, STEPS, beside_the_ridge, figure, wait
from surfaces import SURFACES


def test_from_the_ridge_it_converges_to_the_saddle():
    end = beside_the_ridge(0.0)[-1]
    assert end == pytest.approx([0, 0], abs=1e-12)
    assert SURFACES["saddle"].gradient(end) == pytest.approx([0, 0], abs=1e-12)


@pytest.mark.parametrize("offset", [1e-1, 1e-6, 1e-12])
def test_an_offset_of_either_sign_ends_in_the_minimum_on_its_side(offset):
    for sign in 1, -1:
        assert beside_the_ridge(sign * offset)[-1] == pytest.approx([0, sign])


def test_each_power_of_ten_adds_the_same_wait():
    waits = [wait(beside_the_ridge(10.0**k)) for k in range(-12, -1)]
    per_tenfold = figure(Figure())["per_tenfold"]
    # Ten powers, counted in whole steps.
    assert (waits[0] - waits[-1]) / 10 == pytest.approx(per_tenfold, abs=0.15)
    assert np.all(np.abs(np.diff(waits) + per_tenfold) <= 1)


@pytest.mark.parametrize("k", [-12, -6, -1])
def test_facts_are_those_of_the_path(k):
    fig = Figure()
    facts = figure(fig, log10_offset=k)
    x, y = -1.8, 10.0**k
    steps = None
    for step in range(STEPS + 1):
        if steps is None and y >= 0.5:
            steps = step
        x, y = x - RATE * x, y - RATE * (y**3 - y)
    assert facts["wait"] == steps
    loss = fig.axes[1].lines[1].get_ydata()
    assert loss[-1] == pytest.approx(facts["loss_end"]) and facts["loss_end"] < 1e-12
    assert np.all(np.diff(loss) <= 1e-15)


def test_half_way_through_a_long_wait_the_loss_is_that_of_the_saddle():
    facts = figure(Figure(), log10_offset=-12)
    assert facts["loss_before"] == pytest.approx(0.25, abs=1e-6)


def test_rate_is_below_the_stability_limit_along_the_path():
    # The steepest curvature within |y| ≤ 1 is 3 y² - 1 = 2.
    assert RATE < 2 / 2
