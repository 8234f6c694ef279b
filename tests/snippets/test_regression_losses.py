"""regression_losses against differences, sixty digits and other forms."""

from decimal import Decimal, localcontext
from functools import partial

import numpy as np
import pytest
from matplotlib.figure import Figure

from regression_losses import (
    absolute,
    faulty_huber,
    figure,
    huber,
    log_cosh,
    outer_branch,
    percentage,
    squared,
    squared_log,
)

DELTAS = [0.1, 0.5, 1, 2, 3, 5]
EPS = np.finfo(float).eps
ZERO = np.zeros(())
R = np.linspace(-6.05, 6.05, 120)  # neither 0 nor a delta is among them


@pytest.mark.parametrize(
    "loss",
    [squared, absolute, log_cosh, percentage, squared_log]
    + [partial(huber, delta=d) for d in DELTAS],
)
@pytest.mark.parametrize("target", [0.3, 10.0])
def test_each_slope_is_the_central_difference_of_its_loss(loss, target):
    h, y = 1e-6, np.array(target)
    p = np.linspace(0.013, 20.013, 101)  # keeps h away from every kink
    expected = (loss(p + h, y)[0] - loss(p - h, y)[0]) / (2 * h)
    # rounding of a loss below 400 over 2 h: 4e-8; values near 20 have no more
    np.testing.assert_allclose(loss(p, y)[1], expected, rtol=1e-6, atol=1e-7)


def test_huber_is_half_the_square_inside_and_a_shifted_absolute_outside():
    inside, outside = np.abs(R) <= 2, np.abs(R) > 2
    loss = huber(R, ZERO, 2)[0]
    np.testing.assert_allclose(loss[inside], squared(R, ZERO)[0][inside] / 2)
    np.testing.assert_allclose(loss[outside], 2 * (absolute(R, ZERO)[0][outside] - 1))


@pytest.mark.parametrize("delta", DELTAS)
def test_huber_is_the_integral_of_the_clipped_residual(delta):
    t = np.linspace(0, 6, 600_001)
    slope = np.clip(t, -delta, delta)
    area = np.sum((slope[1:] + slope[:-1]) / 2) * (t[1] - t[0])
    # trapezes are exact but for the one that holds the kink: 1e-5 ** 2
    assert huber(np.array(-6.0), ZERO, delta)[0] == pytest.approx(area, abs=1e-9)


@pytest.mark.parametrize("delta", DELTAS)
@pytest.mark.parametrize("side", [-1, 1])
def test_huber_and_its_slope_are_continuous_at_delta(delta, side):
    step = 1e-9
    inside, outside = (
        huber(np.array(side * (delta + s)), ZERO, delta) for s in (-step, step)
    )
    assert inside[0] == pytest.approx(outside[0], abs=3 * step * delta)
    assert inside[1] == pytest.approx(outside[1], abs=3 * step)


@pytest.mark.parametrize(
    ("delta", "jump"), [(0.5, -0.125), (1, 0), (2, 1)], ids=["below", "at", "above"]
)
def test_the_misprint_jumps_unless_delta_is_one(delta, jump):
    edge = faulty_huber(np.array([delta, np.nextafter(delta, 9)]), delta)
    assert edge[1] - edge[0] == pytest.approx(jump, abs=1e-12)
    assert outer_branch(Figure(), delta)["jump"] == pytest.approx(jump)


def test_the_misprint_is_minus_thirteen_six_below_the_target():
    assert outer_branch(Figure(), 2)["misprint_at_minus_six"] == -13


@pytest.mark.parametrize("delta", DELTAS)
def test_the_misprint_is_negative_for_every_residual_below_minus_delta(delta):
    assert np.all(faulty_huber(np.linspace(-9, -1.001 * delta, 99), delta) < 0)


def exact_log_cosh(r):
    with localcontext() as context:
        context.prec = 60
        e = Decimal(r).exp()
        return float(((e + 1 / e) / 2).ln())


@pytest.mark.parametrize("r", [-800.0, -3.0, -1e-3, 0.0, 0.5, 6.0, 800.0])
def test_log_cosh_agrees_with_sixty_digits(r):
    # near 0 log1p and ln 2 cancel and leave an error of eps
    assert log_cosh(np.array(r), ZERO)[0] == pytest.approx(
        exact_log_cosh(r), rel=4 * EPS, abs=EPS
    )


def test_log_cosh_is_half_the_square_near_zero_and_a_shifted_absolute_far_out():
    near, far = log_cosh(np.array([0.01, 20.0]), ZERO)[0]
    assert near == pytest.approx(0.01**2 / 2, rel=1e-4)  # the next term is r⁴/12
    assert far == pytest.approx(20 - np.log(2), abs=1e-14)


def test_the_naive_log_cosh_overflows_at_800_and_this_one_does_not():
    with np.errstate(over="ignore"):
        assert np.log(np.cosh(800.0)) == np.inf
    with np.errstate(over="raise"):
        assert log_cosh(np.array(800.0), ZERO)[0] == 800 - np.log(2)


def test_log_cosh_lies_between_huber_minus_its_lag_and_half_the_square():
    loss = log_cosh(R, ZERO)[0]
    assert np.all(loss <= squared(R, ZERO)[0] / 2) and np.all(
        np.abs(loss - huber(R, ZERO, 1)[0]) < np.log(2)
    )


def test_msle_punishes_halving_more_than_adding_half():
    y = np.array(10.0)
    assert squared_log(y / 2, y)[0] > 2 * squared_log(1.5 * y, y)[0]


def test_msle_is_nearly_the_same_for_half_and_double_when_targets_are_large():
    y = np.array(1e6)
    half, double = squared_log(y / 2, y)[0], squared_log(2 * y, y)[0]
    assert half == pytest.approx(double, rel=1e-5)


def test_msle_stops_being_convex_beyond_e_times_the_target():
    y = np.array(10.0)
    top = np.e * (1 + y) - 1  # where ln((1 + p)/(1 + y)) = 1
    slope = squared_log(np.array([top / 1.1, top, 1.1 * top]), y)[1]
    assert slope[0] < slope[1] > slope[2]


def test_mape_is_at_most_one_for_predictions_too_low_and_has_no_limit_above():
    y = np.array(10.0)
    below = percentage(np.linspace(0, 10, 101), y)[0]
    assert (below.max(), percentage(np.array(50.0), y)[0]) == (1, 4)


@pytest.mark.parametrize("delta", [0.1, 1, 5])
def test_the_figure_draws_the_four_losses_and_their_slopes(delta):
    fig = Figure()
    figure(fig, delta)
    r = np.linspace(-6, 6, 2401)
    drawn = [ax.lines[3].get_xydata() for ax in fig.axes]
    clipped = np.clip(r, -delta, delta)
    np.testing.assert_allclose(drawn[1], np.c_[r, clipped])
    np.testing.assert_allclose(
        np.gradient(drawn[0][:, 1], r)[1:-1], clipped[1:-1], atol=0.006
    )
    names = [text.get_text() for text in fig.axes[0].get_legend().get_texts()]
    assert names == ["half the squared error", "absolute error", "log-cosh", "Huber"]
    half, plain, cosh = (line.get_ydata() for line in fig.axes[0].lines[:3])
    np.testing.assert_allclose(half, r * r / 2, atol=1e-14)
    np.testing.assert_allclose(plain, np.sqrt(r * r), atol=1e-14)
    np.testing.assert_allclose(cosh, np.log(np.cosh(r)), atol=1e-14)


def test_facts_at_six_follow_from_the_branches():
    facts = figure(Figure(), 2)
    assert (facts["huber_at_six"], facts["huber_pull"]) == (2 * 6 - 2, 2)
    assert facts["log_cosh_at_six"] == pytest.approx(6 - np.log(2), abs=1e-5)


@pytest.mark.parametrize("delta", [0.5, 2.5])
def test_the_misprint_is_drawn_only_beyond_delta_and_inside_the_axes(delta):
    fig = Figure()
    outer_branch(fig, delta)
    ax = fig.axes[0]
    low, high = ax.get_ylim()
    for line in ax.lines[2:4]:
        r, loss = line.get_xydata().T
        assert np.all(np.abs(r) > delta)
        assert low < loss.min() and loss.max() < high
        np.testing.assert_allclose(loss, delta * r - delta / 2)
