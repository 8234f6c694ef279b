"""classification_losses against differences, brute force and other formulas."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classification_losses import LOSSES, categorical_hinge, figure

M = np.linspace(-6, 4, 40)  # no point at the kink, 1
NAMES = ["hinge", "squared hinge", "log loss", "squared error"]


def loss(name, m):
    return LOSSES[name][0](m)


def slope(name, m):
    return LOSSES[name][1](m)


def test_the_four_losses_are_the_ones_of_the_page():
    assert list(LOSSES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_slope_agrees_with_a_central_difference(name):
    h = 1e-5
    numeric = (loss(name, M + h) - loss(name, M - h)) / (2 * h)
    # off by h² f‴/6 < 1e-10 and by rounding of values up to 49: 49 eps/h ≈ 1e-9
    np.testing.assert_allclose(slope(name, M), numeric, rtol=0, atol=3e-9)


@pytest.mark.parametrize("name", ["hinge", "squared hinge"])
def test_hinges_are_zero_with_zero_slope_from_margin_one_on(name):
    beyond = np.array([1.0, 1.001, 2.0, 50.0])
    assert np.all(loss(name, beyond) == 0) and np.all(slope(name, beyond) == 0)
    assert loss(name, 0.999) > 0 > slope(name, 0.999)


def test_only_hinge_has_a_kink_at_margin_one():
    below, above = 1 - 1e-9, 1 + 1e-9
    assert slope("hinge", below) == -1 and slope("hinge", above) == 0
    assert abs(slope("squared hinge", below)) < 1e-8


def test_log_loss_and_its_slope_are_never_zero():
    m = np.linspace(-700, 700, 1401)
    assert np.all(loss("log loss", m) > 0) and np.all(slope("log loss", m) < 0)


def test_log_loss_is_minus_log_of_the_sigmoid():
    naive = -np.log(1 / (1 + np.exp(-M)))
    # the quotient is rounded relative to 1: eps absolute where the loss is small
    np.testing.assert_allclose(loss("log loss", M), naive, rtol=1e-13, atol=1e-15)


def test_log_loss_does_not_overflow():
    assert loss("log loss", np.array([-1e4, 1e4])).tolist() == [1e4, 0.0]


def test_at_logit_minus_8_squared_error_has_lost_its_gradient():
    assert abs(slope("squared error", -8.0)) < 0.001
    assert abs(slope("log loss", -8.0)) > 0.999


def test_squared_error_is_steepest_at_a_third_where_it_is_eight_27ths():
    m = np.linspace(-4, 3, 700_001)
    steep = np.abs(slope("squared error", m))
    # p = 1/3 at m = −ln 2; the grid has spacing 1e-5
    assert m[steep.argmax()] == pytest.approx(-np.log(2), abs=1e-5)
    assert steep.max() == pytest.approx(8 / 27, abs=1e-9)
    # the figure's grid has spacing 5e-3: off by its square at most
    steepest = figure(Figure())["squared_error_steepest"]
    assert steepest == pytest.approx(8 / 27, abs=2.5e-5)


def test_squared_error_is_not_convex_below_a_third_and_log_loss_is_everywhere():
    m = np.linspace(-8, 8, 1601)
    curved = np.diff(loss("squared error", m), 2)
    assert np.all(curved[m[1:-1] < -np.log(2) - 0.02] < 0)
    assert np.all(np.diff(loss("log loss", m), 2) > 0)


@pytest.mark.parametrize("name", ["hinge", "squared hinge", "log loss"])
def test_the_other_losses_are_convex(name):
    assert np.all(np.diff(loss(name, M), 2) > -1e-12)


@pytest.mark.parametrize("share", [0.6, 0.8, 0.95])
def test_best_score_for_a_share_of_positives(share):
    s = np.linspace(-4, 4, 80_001)  # spacing 1e-4
    best = {
        name: s[np.argmin(share * loss(name, s) + (1 - share) * loss(name, -s))]
        for name in NAMES
    }
    log_odds = np.log(share / (1 - share))
    expected = dict(zip(NAMES, [1, 2 * share - 1, log_odds, log_odds], strict=True))
    # near its minimum a loss is flat to rounding over some 1e-7
    assert best == pytest.approx(expected, abs=2e-4)


def test_hinge_charges_4_and_squared_hinge_16_at_margin_minus_3():
    assert (loss("hinge", -3.0), loss("squared hinge", -3.0)) == (4, 16)
    assert 3 < loss("log loss", -3.0) < 3.05


def test_squared_hinge_pulls_ten_times_as_hard_as_hinge_at_minus_4():
    assert slope("squared hinge", -4.0) == 10 * slope("hinge", -4.0) == -10


def test_categorical_hinge_is_zero_exactly_for_a_lead_of_one():
    rng = np.random.default_rng(0)
    zero = 0
    for scores in np.round(rng.normal(0, 2, (2000, 4)) * 4) / 4:  # ties, exact leads
        for label in range(4):
            leads = [scores[label] - s for j, s in enumerate(scores) if j != label]
            beaten = all(lead >= 1 for lead in leads)
            assert (categorical_hinge(scores, label) == 0) == beaten
            zero += beaten
    assert 500 < zero < 4000


def test_categorical_hinge_is_the_worst_of_the_pairwise_hinges():
    for scores in np.random.default_rng(1).normal(size=(200, 5)):
        pairs = [max(0, 1 - scores[2] + scores[j]) for j in (0, 1, 3, 4)]
        assert categorical_hinge(scores, 2) == pytest.approx(max(pairs), abs=1e-15)


def test_categorical_hinge_pushes_the_true_score_and_its_best_rival_alone():
    scores, h = np.array([0.3, 0.9, -2.0, 0.1]), 1e-6
    numeric = [
        (categorical_hinge(scores + e, 0) - categorical_hinge(scores - e, 0)) / (2 * h)
        for e in h * np.eye(4)
    ]
    assert numeric == pytest.approx([-1, 1, 0, 0], abs=1e-9)


def test_two_scores_make_categorical_hinge_the_hinge_of_their_difference():
    for a, b in np.random.default_rng(2).normal(size=(50, 2)):
        assert categorical_hinge(np.array([a, b]), 0) == loss("hinge", a - b)


@pytest.mark.parametrize("margin", [-4.0, -1.0, 1.0, 3.0])
def test_marks_stand_on_their_curves_at_the_quoted_numbers(margin):
    fig = Figure()
    facts = figure(fig, margin=margin)
    keys = [name.replace(" ", "_") for name in NAMES]
    for ax, ending in (fig.axes[0], ""), (fig.axes[1], "_slope"):
        marks = [line.get_xydata().tolist() for line in ax.lines[1:8:2]]
        assert marks == [[[margin, facts[key + ending]]] for key in keys]
        for line, key in zip(ax.lines[0:8:2], keys, strict=True):
            x, y = line.get_xydata().T
            # curves have a point at every stop of the knob
            here = y[np.abs(x - margin).argmin()]
            assert here == pytest.approx(facts[key + ending], abs=1e-9)


def test_drawn_slopes_are_the_differences_of_the_drawn_losses():
    fig = Figure()
    figure(fig)
    for above, below in zip(
        fig.axes[0].lines[:8:2], fig.axes[1].lines[:8:2], strict=True
    ):
        x, y = above.get_xydata().T
        smooth = np.abs(x[1:-1] - 1) > 0.01
        numeric = ((y[2:] - y[:-2]) / (x[2:] - x[:-2]))[smooth]
        # spacing 5e-3: off by its square times a third derivative below 1
        np.testing.assert_allclose(below.get_ydata()[1:-1][smooth], numeric, atol=3e-5)
