"""one_weight against a search over all weights."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from one_weight import figure, ridge_shrink, soft_threshold

W = np.linspace(-4, 4, 80_001)  # spacing 1e-4, holds 0
CASES = [(0.0, 1.0), (1.0, 1.5), (1.5, 1.5), (3.0, 0.5), (-2.0, 0.7), (2.5, 0.0)]

each_case = pytest.mark.parametrize(("z", "lam"), CASES)


@each_case
def test_soft_threshold_is_the_minimum_with_the_absolute_penalty(z, lam):
    best = W[np.argmin((W - z) ** 2 / 2 + lam * np.abs(W))]
    assert soft_threshold(z, lam) == pytest.approx(best, abs=1e-4)


@each_case
def test_ridge_shrink_is_the_minimum_with_the_squared_penalty(z, lam):
    best = W[np.argmin((W - z) ** 2 / 2 + lam * W**2 / 2)]
    assert ridge_shrink(z, lam) == pytest.approx(best, abs=1e-4)


def test_soft_threshold_is_exactly_zero_up_to_lambda_and_not_beyond():
    z = np.array([-1.5001, -1.5, -0.3, 0, 1.5, 1.5001])
    assert (soft_threshold(z, 1.5) == 0).tolist() == [False, *4 * [True], False]


def test_ridge_shrink_is_zero_at_zero_alone():
    assert np.all(ridge_shrink(W[W != 0], 100.0) != 0)


def test_large_weights_lose_more_under_l2_and_small_ones_under_l1():
    lost = [
        [z - rule(z, 0.5) for z in (0.2, 3)] for rule in (soft_threshold, ridge_shrink)
    ]
    (small_1, large_1), (small_2, large_2) = lost
    assert small_1 > small_2 and large_1 < large_2


@each_case
def test_dots_sit_at_the_minima_and_on_the_answers(z, lam):
    fig = Figure()
    facts = figure(fig, z=z, lam=lam)
    loss, answer = fig.axes
    for row, fact in enumerate(["lasso_answer", "ridge_answer"]):
        curve, dot = (line.get_xydata() for line in loss.lines[2 * row : 2 * row + 2])
        lowest = curve[np.argmin(curve[:, 1]), 0]  # curve has a point every 0.01
        assert dot[0, 0] == facts[fact] == pytest.approx(lowest, abs=0.01)
        assert answer.lines[2 * row + 2].get_xydata().tolist() == [[z, facts[fact]]]


def test_answer_curves_are_the_minima_over_all_z():
    fig = Figure()
    figure(fig, lam=2.0)
    for line, power in zip(fig.axes[1].lines[1::2], (1, 2), strict=True):
        for z, answer in line.get_xydata()[::100]:
            total = (W - z) ** 2 / 2 + 2.0 * np.abs(W) ** power / power
            assert answer == pytest.approx(W[np.argmin(total)], abs=1e-4)


@pytest.mark.parametrize("lam", [0.5, 3.0])
def test_shaded_band_is_where_the_drawn_lasso_answer_is_zero(lam):
    fig = Figure()
    figure(fig, lam=lam)
    answer = fig.axes[1]
    band = answer.patches[0].get_extents().transformed(answer.transData.inverted())
    z, w = answer.lines[1].get_xydata().T
    # the curve has a point every 0.01
    assert (band.x0, band.x1) == pytest.approx(
        (z[w == 0].min(), z[w == 0].max()), abs=0.011
    )


def test_texts_say_the_answers():
    fig = Figure()
    figure(fig, z=2.0, lam=0.5)
    said = [text.get_text() for text in fig.axes[1].texts]
    assert said == ["L1: ŵ = 1.50", "L2: ŵ = 1.33"]
