"""An average over the present leaks it, and averages turn noise into waves.

Both traps come from shared terms: with the value to be forecast, and between
one average and the next.

Source: Slutzky, The Summation of Random Causes as the Source of Cyclic
Processes, Econometrica 5, 105–146 (1937).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from smoothing import moving_average


# --8<-- [start:forecast]
def forecast_errors(x: np.ndarray, w: int) -> tuple[float, float]:
    """Mean squared error of averages with the target in them, and without."""
    mean = moving_average(x, w)  # mean[i] ends with x[i + w - 1]
    leaky, honest = x[w - 1 :] - mean, x[w:] - mean[:-1]
    return float(np.mean(leaky**2)), float(np.mean(honest**2))
# --8<-- [end:forecast]


def walk(n: int = 50_000) -> np.ndarray:
    """A random walk with steps of variance 1."""
    return np.cumsum(np.random.default_rng(0).normal(size=n))


# --8<-- [start:memory]
def autocorrelation(x: np.ndarray, lags: int) -> np.ndarray:
    """Correlation of the series with itself 0, 1, … lags steps later."""
    d = x - x.mean()
    products = [d[: len(d) - k] @ d[k:] for k in range(lags + 1)]
    return np.array(products) / (d @ d)


def mean_period(x: np.ndarray) -> float:
    """Mean number of steps from one upward crossing of 0 to the next."""
    up = np.flatnonzero((x[:-1] < 0) & (x[1:] >= 0))
    return float(np.diff(up).mean())
# --8<-- [end:memory]


def figure(
    fig: Figure,
    window: Annotated[int, "window w", [1, 2, 3, 5, 7, 10, 15, 21]] = 3,
) -> dict[str, float]:
    """Draw a random walk, and forecasts with and without its present."""
    x, t = walk(), np.arange(300, 360)
    mean = moving_average(x, window)
    leaky, honest = forecast_errors(x, window)
    fig.subplots_adjust(left=0.12, top=0.83, bottom=0.15)
    ax = fig.subplots()
    ax.plot(t - 300, x[t], "o-", color="C7", ms=3, lw=0.8)
    ax.plot(t - 300, mean[t - window + 1], "C1")
    ax.plot(t - 300, mean[t - window], "C0")
    for high, hue, note in (
        (1.12, "C1", f"with its own target: squared error {leaky:.2f}"),
        (1.02, "C0", f"one step earlier: squared error {honest:.2f}"),
    ):
        ax.text(0, high, note, color=hue, transform=ax.transAxes)
    middle = x[t].mean()
    ax.set(xlim=(0, 59), xlabel="step", ylabel="random walk")
    ax.set_ylim(middle - 5.5, middle + 5.5)
    return dict(mse_leaky=leaky, mse_honest=honest, leak_ratio=leaky / honest)


def noise(
    fig: Figure,
    terms: Annotated[int, "window w", [1, 2, 3, 5, 7, 9, 15, 21]] = 5,
    seed: Annotated[int, "seed", range(5)] = 0,
) -> dict[str, float]:
    """Draw white noise, its moving average and that one's memory."""
    x = np.random.default_rng(seed).normal(size=20_000)
    mean, k = moving_average(x, terms), np.arange(31)
    memory, period = autocorrelation(mean, 30), mean_period(mean)
    fig.set_size_inches(5.2, 4.6)
    fig.subplots_adjust(left=0.13, bottom=0.11, top=0.93, hspace=0.6)
    top, low = fig.subplots(2)
    t = np.arange(120) + terms // 2
    top.plot(x[:126], "o", color="C7", ms=3, alpha=0.6)
    top.plot(t, mean[:120], "C0")
    note = f"average of {terms}: up through 0 every {period:.1f} steps"
    top.set_title(note, color="C0", loc="left")
    top.set(xlim=(0, 120), ylim=(-3.8, 3.8), xlabel="step", ylabel="noise")
    low.vlines(k, 0, memory, "C0", lw=2)
    low.plot(k, memory, "oC0", ms=4)
    low.plot(k, np.maximum(1 - k / terms, 0), "C1")
    one, shared = memory[1].round(2) + 0, 1 - 1 / terms
    note = f"lag one: {one:.2f}, by shared terms {shared:.2f}"
    low.set_title(note, color="C1", loc="left")
    low.set(xlim=(-0.5, 30), ylim=(-0.2, 1.05), xlabel="lag (steps)")
    low.set_ylabel("autocorrelation")
    return dict(lag_one=memory[1], shared=shared, mean_period=period)
