"""Dropout as an ensemble: every mask is a network, the test network is one.

The average over all masks is what one would like to predict with; the single
pass at test time equals it in special cases and is near it in others.

Source: Baldi & Sadowski, Understanding dropout, NIPS (2013).
"""

from itertools import product
from typing import Annotated, Literal

import numpy as np
from matplotlib.figure import Figure

HIDDEN = 10  # units under dropout: 1024 networks


# --8<-- [start:masks]
def all_masks(n: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Every mask of n units, and how probable each is."""
    masks = np.array(list(product([0.0, 1.0], repeat=n)))  # (2ⁿ, n)
    kept = masks.sum(axis=1)
    return masks, (1 - rate) ** kept * rate ** (n - kept)
# --8<-- [end:masks]


# --8<-- [start:network]
def network(x: np.ndarray, masks: np.ndarray, last: str) -> np.ndarray:
    """Outputs (masks, inputs) of a net whose first layer is multiplied."""
    rng = np.random.default_rng(3)
    side, at = rng.choice([-1, 1], HIDDEN), rng.uniform(-3, 3, HIDDEN)
    w2 = rng.normal(size=(6, HIDDEN)) / HIDDEN**0.5
    w3 = rng.normal(size=6)
    h = np.maximum(side * (x[:, None] - at), 0)  # (inputs, HIDDEN)
    z = (masks[:, None] * h) @ w2.T  # (masks, inputs, 6)
    return (np.maximum(z, 0) if last == "ReLU" else z) @ w3
# --8<-- [end:network]


# --8<-- [start:softmax]
def softmax(z: np.ndarray) -> np.ndarray:
    """Probabilities over the last axis."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def geometric_mean(p: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted geometric mean over the rows, made to add up to 1 again."""
    mean = np.exp(weights @ np.log(p))
    return mean / mean.sum()
# --8<-- [end:softmax]


def figure(
    fig: Figure,
    rate: Annotated[float, "dropout rate p", np.linspace(0, 0.8, 9)] = 0.5,
    last: Annotated[Literal["ReLU", "linear"], "next layer"] = "ReLU",
) -> dict[str, float]:
    """Draw some of the networks, their average and the single pass."""
    x = np.linspace(-3, 3, 61)
    masks, odds = all_masks(HIDDEN, rate)
    each = network(x, masks / (1 - rate), last)
    average = odds @ each
    single = network(x, np.ones((1, HIDDEN)), last)[0]
    some = np.random.default_rng(0).choice(len(odds), 60, p=odds)
    fig.set_size_inches(5.2, 3.5)
    fig.subplots_adjust(left=0.12, bottom=0.14, top=0.87)
    ax = fig.subplots()
    ax.plot(x, each[some].T, color="C7", lw=0.6, alpha=0.6)
    ax.plot(x, average, "C0", lw=3)
    ax.plot(x, single, "C1--")
    ax.set(xlabel="input x", ylabel="output", xlim=(-3, 3), ylim=(-9, 9))
    gap = np.abs(average - single)
    for x0, y0, words, hue in (
        (-3, 11, f"average of all {len(odds)} networks", "C0"),
        (-3, 9.6, "60 of the networks", "C7"),
        (1.25, 11, "single pass", "C1"),
        (1.25, 9.6, f"gap up to {gap.max():.2f}", "black"),
    ):
        ax.text(x0, y0, words, color=hue)
    return {
        "ensemble_gap": float(gap.max()),
        "networks": len(odds),
    }
