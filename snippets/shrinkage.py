"""A biased estimator that beats the unbiased one: ridge against least squares.

Ridge pulls all coefficients toward 0. That makes them wrong on average, and
so much steadier that the whole error can be about half as large.

Source: Hoerl & Kennard, Ridge regression: biased estimation for
nonorthogonal problems, Technometrics 12, 55–67 (1970).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

POINTS, FEATURES = 40, 20
PENALTIES = np.linspace(-1, 3, 17)  # log₁₀


# --8<-- [start:eigenvalues]
@lru_cache
def eigenvalues() -> np.ndarray:
    """Those of XᵀX for 400 designs of 40 points and 20 features."""
    x = np.random.default_rng(0).normal(size=(400, POINTS, FEATURES))
    return np.linalg.eigvalsh(x.transpose(0, 2, 1) @ x)  # (400, 20)
# --8<-- [end:eigenvalues]


# --8<-- [start:risk]
def risk(penalty: float, signal: float) -> tuple[float, float]:
    """Squared bias and variance of ridge, summed over the coefficients.

    The noise has variance 1, the true coefficients squared length signal
    and no favorite direction; the average is over the designs.
    """
    s = eigenvalues()
    bias2 = signal * np.mean((penalty / (s + penalty)) ** 2)
    variance = np.mean(np.sum(s / (s + penalty) ** 2, axis=1))
    return float(bias2), float(variance)
# --8<-- [end:risk]


def figure(
    fig: Figure,
    log10_penalty: Annotated[float, "log₁₀ of the penalty", PENALTIES] = 1.0,
    signal: Annotated[float, "signal", [1, 2, 8]] = 2,
) -> dict[str, float]:
    """Draw squared bias and variance on top of it, over the penalty."""
    t = np.linspace(-1, 3, 81)
    bias2, variance = np.transpose([risk(10.0**x, signal) for x in t])
    b, v = risk(10.0**log10_penalty, signal)
    unbiased = risk(0, signal)[1]
    fig.subplots_adjust(top=0.88, left=0.13)
    ax = fig.subplots()
    ax.fill_between(t, bias2, color="C1", alpha=0.4, lw=0)
    ax.fill_between(t, bias2, bias2 + variance, color="C0", alpha=0.4, lw=0)
    ax.plot(t, bias2 + variance, "k", lw=1)
    ax.axhline(unbiased, color="C7", ls="--")
    ax.text(-0.95, unbiased + 0.05, "least squares", color="C7")
    ax.plot(2 * [log10_penalty], [0, b], "C1", lw=5, solid_capstyle="butt")
    ax.plot(2 * [log10_penalty], [b, b + v], "C0", lw=5, solid_capstyle="butt")
    for place, word, color in (
        (0.0, f"bias² {b:.3f}", "C1"),
        (0.24, f"+ variance {v:.3f}", "C0"),
        (0.56, f"= {b + v:.3f}", "k"),
    ):
        ax.text(place, 1.06, word, color=color, transform=ax.transAxes)
    ax.set(xlim=(-1, 3), ylim=(0, 2), xticks=range(-1, 4))
    ax.set_yticks([0, 0.5, 1, 1.5, 2])
    ax.set_xticklabels(["0.1", "1", "10", "100", "1000"])
    ax.set(xlabel="penalty λ", ylabel="error of the coefficients")
    return {
        "penalty": 10.0**log10_penalty,
        "bias2": b,
        "variance": v,
        "ridge": b + v,
        "least_squares": unbiased,
        "best": min(sum(risk(10.0**x, signal)) for x in PENALTIES),
        "best_penalty": FEATURES / signal,
    }
