"""Weights on a rare class move a logistic fit's probabilities, not its order.

What a weighted model seems to gain, a lower threshold on the plain model
gives as well, and the plain probabilities can still be believed.

Source: King & Zeng, Political Analysis 9, 137–163 (2001).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from sigmoid_derivatives import sigmoid


# --8<-- [start:fit]
def fit(features: np.ndarray, y: np.ndarray, weight: float = 1) -> np.ndarray:
    """Intercept and slopes of a logistic fit; a positive counts weight-fold.

    features: (n, d); y: (n,) bool. Newton's method, from zero.
    """
    a = np.c_[np.ones(len(y)), features]  # (n, d + 1)
    count, b = np.where(y, weight, 1.0), np.zeros(a.shape[1])
    for _ in range(25):
        p = sigmoid(a @ b)
        pull = a.T @ (count * (y - p))
        b += np.linalg.solve((a.T * (count * p * (1 - p))) @ a, pull)
    return b
# --8<-- [end:fit]


# --8<-- [start:sample]
def sample(prevalence: float) -> tuple[np.ndarray, np.ndarray]:
    """10,000 cases: one feature (n, 1), 2 higher for positives; labels."""
    y = np.arange(10_000) < round(10_000 * prevalence)
    return np.random.default_rng(0).normal(2.0 * y)[:, None], y
# --8<-- [end:sample]


def figure(
    fig: Figure,
    prevalence: Annotated[
        float, "prevalence", [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]
    ] = 0.02,
    weight: Annotated[float, "weight of a positive", [1, 5, 10, 49, 100]] = 49,
) -> dict[str, float]:
    """Draw a plain and a weighted fit over the shares that are observed."""
    x, y = sample(prevalence)
    fig.set_size_inches(5.2, 4.6)
    fig.subplots_adjust(left=0.13, bottom=0.11, top=0.985, hspace=0.5)
    hill, ax = fig.subplots(2, sharex=True, height_ratios=(2, 5))
    bins, grid = np.arange(-4, 6.5, 0.5), np.linspace(-4, 6, 201)
    (no, _), (yes, _) = (np.histogram(x[k, 0], bins) for k in (~y, y))
    hill.bar(bins[:-1] + 0.25, no, 0.46, color="C7", alpha=0.5)
    hill.bar(bins[:-1] + 0.25, yes, 0.46, no, color="C2")
    hill.set(ylim=(0, 2100), yticks=(0, 1000, 2000), ylabel="cases")
    hill.text(5.9, 1500, f"{y.sum():,} positives", color="C2", ha="right")
    hill.text(-3.9, 1500, f"{(~y).sum():,} negatives", color="C7")
    facts: dict[str, float] = {}
    fits = []
    for w, hue, name, high in ((1.0, "C0", "plain", 1.21),
                               (weight, "C1", "weighted", 1.09)):
        b = fit(x, y, w)
        p, edge = sigmoid(b[0] + b[1] * x[:, 0]), -b[0] / b[1]
        ax.plot(grid, sigmoid(b[0] + b[1] * grid), hue)
        ax.plot([edge, edge], [0, 0.5], hue, lw=1, ls="--")
        at = f"{edge:.2f}".replace("-", "−")
        note = f"{name}: mean {p.mean():.3f}, yes from x = {at} on"
        ax.text(-3.9, high, note, color=hue)
        fits.append((b, p))
        facts |= {f"mean_probability_{name}": p.mean(), f"edge_{name}": edge,
                  f"recall_{name}": (p >= 0.5)[y].mean(),
                  f"precision_{name}": y[p >= 0.5].mean(),
                  f"slope_{name}": b[1]}
    full = no + yes >= 20
    middle, share = bins[:-1] + 0.25, yes / np.maximum(no + yes, 1)
    ax.plot(middle[full], share[full], "C2o")
    ax.axhline(0.5, color="C7", lw=1, ls=":")
    ax.text(5.9, 1.21, "● observed share", color="C2", ha="right")
    ax.set(xlim=(-4, 6), ylim=(-0.03, 1.03), yticks=(0, 0.5, 1))
    ax.set(xlabel="feature x", ylabel="probability of a positive")
    (plain, p), (heavy, q) = fits
    return facts | dict(
        trivial_accuracy=1 - y.mean(), intercept_shift=heavy[0] - plain[0],
        log_weight=np.log(weight), moved_threshold=1 / (1 + weight),
        agreement=np.mean((p >= 1 / (1 + weight)) == (q >= 0.5)))
