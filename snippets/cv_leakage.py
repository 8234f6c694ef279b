"""A score is honest only if every choice was made without the held-out cases.

Choosing features before the split finds skill in pure noise.

Source: Ambroise & McLachlan, Selection bias in gene extraction on the basis
of microarray gene-expression data, PNAS 99, 6562–6566 (2002).
"""

from functools import partial
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from cross_validation import deal_by_class, held_out


# --8<-- [start:learner]
def strongest(x: np.ndarray, y: np.ndarray, kept: int) -> np.ndarray:
    """The features that correlate most with the labels, -1 and 1."""
    centered = x - x.mean(axis=0)
    strength = np.abs(y @ centered) / np.linalg.norm(centered, axis=0)
    return np.argsort(strength)[-kept:]


def centroids(x: np.ndarray, y: np.ndarray, new: np.ndarray) -> np.ndarray:
    """The label of the nearer class mean."""
    low, high = x[y < 0].mean(axis=0), x[y > 0].mean(axis=0)
    return np.where((new - (low + high) / 2) @ (high - low) > 0, 1, -1)
# --8<-- [end:learner]


# --8<-- [start:orders]
def choose_and_learn(
    x: np.ndarray, y: np.ndarray, new: np.ndarray, kept: int
) -> np.ndarray:
    """Choosing the features is a part of learning."""
    chosen = strongest(x, y, kept)
    return centroids(x[:, chosen], y, new[:, chosen])


def accuracies(
    n: int, features: int, kept: int, seed: int
) -> tuple[float, float]:
    """5-fold accuracy on noise: features chosen before the split, inside."""
    x = np.random.default_rng(seed).normal(size=(n, features))
    y = np.where(np.arange(n) < n // 2, -1, 1)
    fold = deal_by_class(y, 5, seed)
    before = held_out(centroids, x[:, strongest(x, y, kept)], y, fold)
    inside = held_out(partial(choose_and_learn, kept=kept), x, y, fold)
    return float(np.mean(before == y)), float(np.mean(inside == y))
# --8<-- [end:orders]


def figure(
    fig: Figure,
    features: Annotated[int, "features", [20, 100, 500, 2000]] = 2000,
    samples: Annotated[int, "cases", [30, 60, 120]] = 60,
    kept: Annotated[int, "kept", [5, 10, 20]] = 20,
) -> dict[str, float]:
    """Draw twenty runs on noise: features chosen before the split, and in."""
    runs = np.array([accuracies(samples, features, kept, s)
                     for s in range(20)])
    leaky, honest = runs.mean(axis=0)
    fig.subplots_adjust(0.13, 0.17, 0.97, 0.97)
    ax = fig.subplots()
    ax.axhline(0.5, color="C7", ls="--", lw=1)
    ax.text(-0.48, 0.51, "chance", color="C7")
    for i, color in enumerate(("C1", "C0")):
        ax.plot(i + np.linspace(-0.2, 0.2, 20), runs[:, i], "o",
                color=color, alpha=0.6)
        mean = runs[:, i].mean()
        ax.hlines(mean, i - 0.26, i + 0.26, color=color)
        ax.text(i, 0.05, f"mean {mean:.2f}", color=color, ha="center")
    ax.set(xlim=(-0.5, 1.5), ylim=(0, 1.03), ylabel="accuracy on pure noise")
    ax.set_xticks([0, 1], ["before the split", "inside each round"])
    ax.set_xlabel("when the features are chosen")
    return {"accuracy_leaky": leaky, "accuracy_honest": honest}
