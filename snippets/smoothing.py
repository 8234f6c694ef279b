"""A linear smoother is a list of weights, and the weights tell all of it.

Their sum, mean age, squares and Fourier transform say what the smoother does
to a level, to a trend, to noise and to a season.

Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice (3rd
ed., 2021), chapters 3 and 8.
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure


# --8<-- [start:smoothers]
def moving_average(x: np.ndarray, w: int) -> np.ndarray:
    """Mean of every w neighbors, (n − w + 1,), by one running sum."""
    total = np.cumsum(np.append(0.0, x))
    return (total[w:] - total[:-w]) / w


def ema(x: np.ndarray, alpha: float) -> np.ndarray:
    """Each value moves a share alpha of the way to the newest one, (n,)."""
    s = np.array(x, float)
    for t in range(1, len(s)):
        s[t] = s[t - 1] + alpha * (x[t] - s[t - 1])
    return s


def running_median(x: np.ndarray, w: int) -> np.ndarray:
    """Median of every w neighbors, (n − w + 1,)."""
    windows = np.lib.stride_tricks.sliding_window_view(x, w)
    return np.median(windows, axis=1)
# --8<-- [end:smoothers]


# --8<-- [start:weights]
def flat(w: int) -> np.ndarray:
    """Weights of a window, by age: the newest value first."""
    return np.full(w, 1 / w)


def fading(alpha: float) -> np.ndarray:
    """Weights of an EMA, by age, as far as 1000 steps back."""
    return alpha * (1 - alpha) ** np.arange(1000)


def lag(weights: np.ndarray) -> float:
    """Mean age of what is averaged: steps that a straight line is late."""
    return float(weights @ np.arange(len(weights)))


def noise_left(weights: np.ndarray) -> float:
    """Share of the variance of white noise that gets through."""
    return float(weights @ weights)


def gain(weights: np.ndarray, frequency: np.ndarray) -> np.ndarray:
    """Height left of a sine with that many cycles per step."""
    turns = np.outer(frequency, np.arange(len(weights)))
    return np.abs(np.exp(-2j * np.pi * turns) @ weights)
# --8<-- [end:weights]


# --8<-- [start:days]
def days() -> np.ndarray:
    """Nine weeks of daily values: a line, a weekly sine and noise, (63,)."""
    t, rng = np.arange(63), np.random.default_rng(0)
    return 0.4 * t + 3 * np.sin(2 * np.pi * t / 7) + rng.normal(size=63)
# --8<-- [end:days]


def figure(
    fig: Figure,
    window: Annotated[int, "window w", [1, 3, 5, 7, 9, 15, 21, 31]] = 7,
    alpha: Annotated[float, "EMA's α", [0.0625, 0.125, 0.25, 0.5, 1]] = 0.25,
) -> dict[str, float]:
    """Draw three smoothers of one series, and what they leave of a sine."""
    x, t, f = days(), np.arange(63), np.linspace(0, 0.5, 201)
    mean, late = moving_average(x, window), (window - 1) / 2
    fig.set_size_inches(5.2, 5.6)
    top = fig.add_axes((0.12, 0.5, 0.86, 0.38))
    low = fig.add_axes((0.12, 0.09, 0.58, 0.3))
    top.plot(t, x, "o-", color="C7", ms=2.5, lw=0.7, alpha=0.6)
    top.plot(t, 0.4 * t, "k:", lw=1)
    top.plot(t[window - 1:] - late, mean, "C0", lw=2.5)
    top.plot(t[window - 1:], mean, "C1", lw=1.5)
    top.plot(t, ema(x, alpha), "C2", lw=1.5)
    for place, high, hue, note in (
        (0, 1.14, "C0", f"centered, w = {window}"),
        (0.36, 1.14, "C1", f"trailing, w = {window}"),
        (0.72, 1.14, "C2", f"EMA, α = {alpha:g}"),
        (0, 1.03, "C7", "daily values"), (0.36, 1.03, "k", "··· their trend"),
    ):
        top.text(place, high, note, color=hue, transform=top.transAxes)
    top.set(xlim=(0, 63), ylim=(-4, 29), xticks=np.arange(0, 64, 14))
    top.set(xlabel="day", ylabel="value")
    facts = {"matched_alpha": 2 / (window + 1),
             "recent_share": float(fading(alpha)[:window].sum())}
    for name, hue, weights, high in (("window", "C1", flat(window), 0.95),
                                     ("ema", "C2", fading(alpha), 0.45)):
        week = float(gain(weights, np.array([1 / 7]))[0])
        low.plot(f, gain(weights, f), hue, lw=2)
        low.plot(1 / 7, week, "o", color=hue, clip_on=False, zorder=3)
        late, left = lag(weights), noise_left(weights)
        note = (f"{'window' if name == 'window' else 'EMA'}\nlag {late:.2f}\n"
                f"noise × {left:.3f}\nweek × {week:.2f}")
        low.text(0.53, high, note, color=hue, va="top")
        facts |= {f"lag_{name}": late, f"variance_ratio_{name}": left,
                  f"week_{name}": week}
    low.axvline(1 / 7, color="C7", lw=1, ls=":")
    low.set(xlim=(0, 0.5), ylim=(0, 1.02), ylabel="height left of a sine")
    low.set_xticks([0, 1 / 14, 1 / 7, 2 / 7, 3 / 7],
                   ["0", "1/14", "1/7", "2/7", "3/7"])
    low.set_xlabel("frequency (cycles per day)")
    return facts
