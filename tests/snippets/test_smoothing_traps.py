"""smoothing_traps against expectations of sums of independent steps."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from smoothing_traps import (
    autocorrelation,
    figure,
    forecast_errors,
    mean_period,
    noise,
    walk,
)


@pytest.mark.parametrize("w", [1, 3, 7, 15])
def test_errors_agree_with_sums_of_steps(w):
    # the error of a mean is a sum of steps, the one j back with (w − j)/w or so
    leaky = sum((j / w) ** 2 for j in range(w))
    honest = sum((j / w) ** 2 for j in range(1, w + 1))
    found = np.mean(
        [
            forecast_errors(np.random.default_rng(s).normal(size=20_000).cumsum(), w)
            for s in range(5)
        ],
        axis=0,
    )
    assert found == pytest.approx((leaky, honest), rel=0.06)


def test_errors_agree_with_a_loop():
    x = walk(200)
    leaky = [(x[t] - x[t - 2 : t + 1].mean()) ** 2 for t in range(2, 200)]
    honest = [(x[t] - x[t - 3 : t].mean()) ** 2 for t in range(3, 200)]
    expected = np.mean(leaky), np.mean(honest)
    assert forecast_errors(x, 3) == pytest.approx(expected)


@pytest.mark.parametrize(("w", "ratio"), [(3, 0.36), (7, 0.65)])
def test_ratio_of_the_leak_is_the_stated_one(w, ratio):
    formula = (w - 1) * (2 * w - 1) / ((w + 1) * (2 * w + 1))
    assert round(formula, 2) == ratio
    assert figure(Figure(), window=w)["leak_ratio"] == pytest.approx(formula, abs=0.01)


@pytest.mark.parametrize("w", [1, 2, 3, 5, 7, 10, 15, 21])
def test_a_leak_always_flatters(w):
    facts = figure(Figure(), window=w)
    assert facts["mse_leaky"] < facts["mse_honest"]


def test_for_a_walk_the_last_value_is_the_best_of_the_windows():
    found = [figure(Figure(), window=w)["mse_honest"] for w in (1, 2, 3, 7, 21)]
    assert found[0] == pytest.approx(1, abs=0.02) and np.all(np.diff(found) > 0)


def test_honest_forecast_is_the_leaky_line_one_step_later():
    fig = Figure()
    figure(fig, window=5)
    _, leaky, honest = (line.get_ydata() for line in fig.axes[0].lines)
    assert np.array_equal(honest[1:], leaky[:-1])


def test_drawn_lines_stay_inside():
    for w in (1, 21):
        fig = Figure()
        figure(fig, window=w)
        low, high = fig.axes[0].get_ylim()
        drawn = np.concatenate([line.get_ydata() for line in fig.axes[0].lines])
        assert low < drawn.min() and drawn.max() < high


def test_window_of_five_has_a_lag_one_autocorrelation_of_0_8():
    facts = noise(Figure())
    assert facts["lag_one"] == pytest.approx(0.8, abs=0.02)
    assert facts["shared"] == pytest.approx(0.8)


@pytest.mark.parametrize("w", [2, 5, 15])
def test_autocorrelation_falls_by_shared_terms(w):
    # of the w terms w − k are shared: count them instead of using 1 − k/w
    fig = Figure()
    noise(fig, terms=w, seed=1)
    line = fig.axes[1].lines[1].get_ydata()
    shared = [len(set(range(w)) & set(range(k, k + w))) / w for k in range(31)]
    assert line == pytest.approx(shared)
    seen = fig.axes[1].lines[0].get_ydata()
    # standard errors are near sqrt(w / 20,000)
    assert seen == pytest.approx(line, abs=4 * (w / 20_000) ** 0.5)


def test_autocorrelation_agrees_with_corrcoef():
    x = np.random.default_rng(2).normal(size=50_000).cumsum()[:40_000]
    x = np.diff(x) + 0.5 * np.diff(x, append=0)[:-1]
    expected = np.corrcoef(x[:-2], x[2:])[0, 1]
    assert autocorrelation(x, 2)[2] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("w", [1, 5, 9])
def test_crossings_come_as_often_as_for_a_gaussian_process(w):
    # upward crossings of 0 per step: arccos(ρ₁) / 2π (Rice, in discrete time)
    expected = 2 * np.pi / np.arccos(1 - 1 / w)
    assert noise(Figure(), terms=w)["mean_period"] == pytest.approx(expected, rel=0.06)


def test_mean_period_of_a_sine_is_its_period():
    t = np.arange(1000)
    assert mean_period(np.sin(2 * np.pi * t / 8 + 0.1)) == 8
