"""smoothing against plain loops, lines, sines and noise."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from smoothing import (
    days,
    ema,
    fading,
    figure,
    flat,
    gain,
    lag,
    moving_average,
    noise_left,
    running_median,
)

WINDOWS = [1, 2, 3, 7, 12, 31]
ALPHAS = [0.0625, 0.25, 0.5, 1]
NOISE = np.random.default_rng(0).normal(size=100_000)


@pytest.mark.parametrize("w", WINDOWS)
def test_running_sums_agree_with_means_one_by_one(w):
    x = NOISE[:60]
    slow = [np.mean(x[i : i + w]) for i in range(60 - w + 1)]
    np.testing.assert_allclose(moving_average(x, w), slow, atol=1e-13)


@pytest.mark.parametrize("w", [1, 3, 4, 9])
def test_running_median_agrees_with_sorting(w):
    x = NOISE[:60]
    slow = []
    for i in range(60 - w + 1):
        order = sorted(x[i : i + w])
        slow.append((order[w // 2] + order[(w - 1) // 2]) / 2)
    assert running_median(x, w).tolist() == slow


@pytest.mark.parametrize("alpha", ALPHAS)
def test_recursion_is_the_weighted_sum_of_the_past(alpha):
    x = NOISE[:50]
    t = 49
    past = sum(alpha * (1 - alpha) ** k * x[t - k] for k in range(t))
    past += (1 - alpha) ** t * x[0]  # the start keeps what is left
    assert ema(x, alpha)[t] == pytest.approx(past)


@pytest.mark.parametrize("weights", [flat(7), fading(0.0625), fading(0.5), fading(1)])
def test_weights_add_up_to_one(weights):
    # (1 − 1/16)¹⁰⁰⁰ ≈ 1e-28 is cut off
    assert weights.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("w", [3, 7, 31])
def test_centered_window_passes_a_line_and_a_trailing_one_is_late(w):
    t = np.arange(200.0)
    mean = moving_average(5 + 0.3 * t, w)
    half = w // 2
    np.testing.assert_allclose(mean, (5 + 0.3 * t)[half : 200 - half], atol=1e-11)
    late = (5 + 0.3 * t)[w - 1 :] - mean
    np.testing.assert_allclose(late, 0.3 * lag(flat(w)), atol=1e-11)
    assert lag(flat(w)) == pytest.approx((w - 1) / 2)


@pytest.mark.parametrize("alpha", [0.0625, 0.25, 0.5])
def test_ema_ends_up_late_on_a_line_by_its_lag(alpha):
    t = np.arange(1000.0)
    late = (0.3 * t - ema(0.3 * t, alpha))[-1]
    assert late == pytest.approx(0.3 * lag(fading(alpha)))
    assert lag(fading(alpha)) == pytest.approx((1 - alpha) / alpha)


@pytest.mark.parametrize("period", [5, 7, 12])
def test_window_of_one_period_removes_a_sine_of_that_period(period):
    t = np.arange(300)
    x = 3 * np.sin(2 * np.pi * t / period + 0.4)
    assert np.abs(moving_average(x, period)).max() < 1e-12
    assert np.abs(moving_average(x, period - 1)).max() > 0.1


@pytest.mark.parametrize("weights", [flat(7), fading(0.25)])
@pytest.mark.parametrize("frequency", [0.02, 1 / 7, 0.31])
def test_gain_is_what_is_left_of_a_sine(weights, frequency):
    t = np.arange(6000)
    x = np.cos(2 * np.pi * frequency * t)
    y = np.convolve(x, weights)[2000:6000]
    # the mean square of a sine of height a is a²/2, over whole and broken periods
    height = np.sqrt(2 * np.mean(y**2))
    got = gain(weights, np.array([frequency]))[0]
    assert got == pytest.approx(height, abs=5e-3)


@pytest.mark.parametrize("frequency", [0.0, 0.1, 0.37, 0.5])
def test_gains_agree_with_their_closed_forms(frequency):
    f = np.array([frequency])
    box = np.sinc(7 * frequency) / np.sinc(frequency)
    assert gain(flat(7), f)[0] == pytest.approx(abs(box), abs=1e-12)
    turn = np.exp(-2j * np.pi * frequency)
    assert gain(fading(0.25), f)[0] == pytest.approx(0.25 / abs(1 - 0.75 * turn))


@pytest.mark.parametrize("w", [3, 7, 31])
def test_noise_keeps_one_in_w_of_its_variance(w):
    assert noise_left(flat(w)) == pytest.approx(1 / w)
    # relative standard error of a variance over 100,000 / w spans
    seen = np.var(moving_average(NOISE, w))
    assert seen == pytest.approx(1 / w, rel=5 * (2 * w / 100_000) ** 0.5)


@pytest.mark.parametrize("alpha", [0.0625, 0.25, 0.5])
def test_noise_keeps_alpha_over_two_minus_alpha_under_an_ema(alpha):
    assert noise_left(fading(alpha)) == pytest.approx(alpha / (2 - alpha))
    seen = np.var(ema(NOISE, alpha)[500:])
    assert seen == pytest.approx(alpha / (2 - alpha), rel=0.1)


@pytest.mark.parametrize("w", WINDOWS)
def test_matched_alpha_has_the_lag_and_the_noise_of_the_window(w):
    alpha = 2 / (w + 1)
    assert lag(fading(alpha)) == pytest.approx(lag(flat(w)), abs=1e-12)
    assert noise_left(fading(alpha)) == pytest.approx(noise_left(flat(w)))


def test_median_of_noise_keeps_more_variance_than_its_mean():
    median = np.var(running_median(NOISE, 7))
    assert 1.3 < median / noise_left(flat(7)) < 1.6


def test_facts_name_the_defaults_which_match():
    facts = figure(Figure())
    assert facts["matched_alpha"] == 0.25
    assert facts["lag_window"] == pytest.approx(facts["lag_ema"])
    assert facts["week_window"] < 1e-12 < 0.3 < facts["week_ema"]


def test_centered_and_trailing_are_one_line_at_two_places():
    fig = Figure()
    figure(fig, window=9)
    _, _, centered, trailing, _ = fig.axes[0].lines
    assert np.array_equal(centered.get_ydata(), trailing.get_ydata())
    assert np.all(trailing.get_xdata() - centered.get_xdata() == 4)
    # a trailing average is written at the last day that it contains
    assert trailing.get_ydata()[0] == pytest.approx(days()[:9].mean())
    assert trailing.get_xdata()[0] == 8


@pytest.mark.parametrize("window", [1, 31])
def test_every_smoother_stays_inside_the_axes(window):
    fig = Figure()
    figure(fig, window=window, alpha=1)
    low, high = fig.axes[0].get_ylim()
    drawn = np.concatenate([line.get_ydata() for line in fig.axes[0].lines])
    assert low < drawn.min() and drawn.max() < high


def test_differences_remove_a_line_and_leave_a_growing_spread():
    t = np.arange(4000)
    x = 0.4 * t + NOISE[:4000] * (1 + t / 1000)
    d = np.diff(x)
    assert d.mean() == pytest.approx(0.4, abs=0.02)
    assert d[2000:].var() > 2 * d[:2000].var()


def test_running_sums_lose_digits_far_from_zero():
    off = np.abs(moving_average(NOISE + 1e9, 7) - moving_average(NOISE, 7) - 1e9)
    assert off.max() > 1e-4 and np.abs(moving_average(NOISE, 7)).max() < 3


def test_window_of_nine_leaves_a_week_upside_down():
    t = np.arange(200)
    week = np.sin(2 * np.pi * t / 7)
    mean, middle = moving_average(week, 9), week[4:-4]
    share = (mean @ middle) / (middle @ middle)
    assert share == pytest.approx(-figure(Figure(), window=9)["week_window"], abs=1e-3)


def test_averaging_twelve_twice_removes_a_year_and_keeps_a_line_in_place():
    t = np.arange(240)
    shape = np.random.default_rng(1).normal(size=12)
    x = 0.3 * t + (shape - shape.mean())[t % 12]
    twice = moving_average(moving_average(x, 12), 2)
    np.testing.assert_allclose(twice, 0.3 * t[6:-6], atol=1e-11)


def test_recent_share_of_an_ema_is_what_its_older_weights_leave():
    facts = figure(Figure(), window=7, alpha=0.25)
    assert facts["recent_share"] == pytest.approx(1 - 0.75**7)
