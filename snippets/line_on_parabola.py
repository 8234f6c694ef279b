"""A straight line on quadratic data: when it underfits, and when it does not.

Whether a model is too simple depends on the range of the data and on the
features, not on the word linear.

Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning,
2nd edition, section 5.1 (2009), for features that a linear model may use.
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure


# --8<-- [start:fit]
def linear_fit(features: np.ndarray, y: np.ndarray) -> tuple[float, ...]:
    """Least-squares coefficients, the constant first."""
    a = np.column_stack([np.ones(len(y)), features])
    return tuple(np.linalg.lstsq(a, y, rcond=None)[0])


def r_squared(y: np.ndarray, fitted: np.ndarray) -> float:
    """Share of the variance of y that the fit explains."""
    return float(1 - np.var(y - fitted) / np.var(y))
# --8<-- [end:fit]


def figure(
    fig: Figure,
    start: Annotated[float, "range starts at", np.linspace(-1, 0.5, 7)] = -1,
    square: Annotated[bool, "x² as a feature"] = False,
) -> dict[str, float]:
    """Fit y = x² from start to 1; shade what the fit misses."""
    x = np.linspace(start, 1, 2001)
    y = x**2
    features = np.column_stack([x, x**2]) if square else x[:, None]
    c = linear_fit(features, y)
    fitted = c[0] + features @ c[1:]
    share = abs(r_squared(y, fitted))
    fig.subplots_adjust(left=0.12, top=0.88)
    ax, t = fig.subplots(), np.linspace(-1, 1, 201)
    ax.plot(t, t**2, color="C7", ls="--", lw=1)
    ax.plot(x[::80], y[::80], "oC0", ms=4)
    ax.fill_between(x, y, fitted, color="C1", alpha=0.35, lw=0)
    ax.plot(x, fitted, "C1")
    for left, word, color in (
        (0.0, "data", "C0"),
        (0.15, f"fit with slope {round(c[1], 2) + 0.0:.2f}", "C1"),
        (0.75, f"R² = {share:.3f}", "k"),
    ):
        ax.text(left, 1.05, word, color=color, transform=ax.transAxes)
    ax.set(xlim=(-1.05, 1.05), ylim=(-0.35, 1.1), xticks=(-1, 0, 1))
    ax.set(xlabel="input x", ylabel="target y = x²", yticks=(0, 0.5, 1))
    return {"r2": share, "slope": abs(c[1]), "worst": abs(fitted - y).max()}
