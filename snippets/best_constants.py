"""The best constant prediction of a sample, under each of six losses.

A loss decides which property of the target a model estimates; one constant
is the smallest model in which that can be seen.

Sources: Huber, Annals of Mathematical Statistics 35, 73–101 (1964); Gneiting,
Making and evaluating point forecasts, JASA 106, 746–762 (2011).
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from regression_losses import (
    absolute,
    huber,
    log_cosh,
    percentage,
    squared,
    squared_log,
)

Loss = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


# --8<-- [start:best]
def best_constant(
    loss: Loss, y: np.ndarray, weight: np.ndarray | float = 1.0
) -> np.ndarray:
    """The least c where the slopes' sum is not negative; y: (..., n)."""
    low, high = y.min(axis=-1), y.max(axis=-1)
    for _ in range(60):
        middle = (low + high) / 2
        pull = np.sum(weight * loss(middle[..., None], y)[1], axis=-1)
        low = np.where(pull < 0, middle, low)
        high = np.where(pull < 0, high, middle)
    return np.asarray((low + high) / 2)
# --8<-- [end:best]


# --8<-- [start:spread]
@lru_cache
def spread_ratio(n: int = 101, trials: int = 4000) -> float:
    """Variance of the median over that of the mean, for normal samples."""
    samples = np.random.default_rng(0).normal(size=(trials, n))
    return float(np.median(samples, 1).var() / samples.mean(1).var())
# --8<-- [end:spread]


def figure(
    fig: Figure,
    outlier: Annotated[float, "fifth value", [5, *range(10, 101, 10)]] = 100,
    delta: Annotated[float, "Huber's δ", [0.1, 0.5, 1, 2, 5, 10]] = 1,
) -> dict[str, float]:
    """Draw the sample 1, 2, 3, 4 and a fifth value, and its best constants."""
    rows: dict[str, Loss] = {
        "MSE": squared, "MAE": absolute, "Huber": partial(huber, delta=delta),
        "log-cosh": log_cosh, "MSLE": squared_log, "MAPE": percentage,
    }
    fig.set_size_inches(5.2, 3.6)
    fig.subplots_adjust(0.17, 0.15, 0.88, 0.98)
    ax, y = fig.subplots(), np.array([1, 2, 3, 4, outlier])
    ax.plot(y[:4], [0] * 4, "o", color="C7", ms=8)
    ax.plot(outlier, 0, "o", color="C1", ms=8)
    ax.axvline(outlier, color="C1", lw=1, ls=":")
    best = {k: float(best_constant(loss, y)) for k, loss in rows.items()}
    many = np.array([[1, 2, 3, 4, x] for x in (5, *range(10, 101, 10))])
    for row, (name, loss) in enumerate(rows.items(), start=1):
        trail = best_constant(loss, many)
        ax.plot(trail, [row] * len(trail), "o", color="C0", ms=5, alpha=0.25)
        ax.plot(best[name], row, "D", color="C0", ms=8)
        ax.text(150, row, f"{best[name]:.2f}", va="center", color="C0")
    ax.set(xscale="log", xlim=(0.85, 130), ylim=(6.6, -0.6))
    ticks = [1, 2, 3, 4, 5, 10, 20, 50, 100]
    ax.set_xticks(ticks, [f"{x:g}" for x in ticks])
    ax.set_xticks([], minor=True)
    ax.set_yticks(range(7), ["sample", *rows])
    ax.set(xlabel="value (logarithmic)", ylabel="best constant under")
    ax.spines["left"].set_visible(False)
    ax.tick_params(left=False)
    ax.grid(axis="y")
    names = [name.replace("-", "_").lower() for name in rows]
    return {
        **{f"argmin_{n}": x for n, x in zip(names, best.values())},
        "spread_ratio": spread_ratio(),
    }


def skewed(
    fig: Figure,
    sigma: Annotated[float, "skew σ", np.linspace(0.2, 1.4, 7)] = 1.0,
) -> dict[str, float]:
    """Draw skewed targets and the constant that each loss makes of them."""
    z = np.linspace(-9, 9, 9001)
    weight, y = np.exp(-(z**2) / 2), np.exp(sigma * z)  # lognormal
    density = weight / (y * sigma * np.sqrt(2 * np.pi))
    kinds = {
        "MSE": squared, "MSLE": squared_log, "MAE": absolute,
        "MAPE": percentage,
    }
    ax = fig.subplots()
    shown = y < 4
    ax.fill_between(y[shown], density[shown], color="C7", alpha=0.3)
    best = {k: float(best_constant(f, y, weight)) for k, f in kinds.items()}
    for row, (name, at) in enumerate(best.items()):
        level = 2.6 - 0.5 * row
        ax.plot([at, at], [0, level], color=f"C{row}")
        ax.plot(at, level, "D", color=f"C{row}", ms=7)
        ax.text(3.9, level, f"{name}: {at:.2f}", color=f"C{row}", ha="right",
                va="center")
    ax.set(xlim=(0, 4), ylim=(0, 3), yticks=[], xlabel="target y")
    ax.set_ylabel("density")
    return {
        **{f"skewed_{name.lower()}": at for name, at in best.items()},
        "below": best["MAPE"] / best["MSE"],
    }
