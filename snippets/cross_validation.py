"""Cross-validation predicts each case with a model that has not seen it.

It measures a way of training and repairs nothing; how the folds are dealt
decides what the number is worth.

Source: Stone, Cross-validatory choice and assessment of statistical
predictions, Journal of the Royal Statistical Society B 36, 111–147 (1974).
"""

from collections.abc import Callable
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

Learner = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


# --8<-- [start:folds]
def deal(n: int, k: int, seed: int = 0) -> np.ndarray:
    """Fold of each of n shuffled cases; sizes differ by at most one."""
    return np.random.default_rng(seed).permutation(np.arange(n) % k)


def deal_by_class(labels: np.ndarray, k: int, seed: int = 0) -> np.ndarray:
    """The same, one class after another: its counts are as even."""
    order = np.random.default_rng(seed).permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    fold = np.empty(len(labels), int)
    fold[order] = np.arange(len(labels)) % k
    return fold
# --8<-- [end:folds]


# --8<-- [start:held-out]
def held_out(
    learn: Learner, x: np.ndarray, y: np.ndarray, fold: np.ndarray
) -> np.ndarray:
    """For each case the prediction of a model trained without its fold."""
    guess = np.empty_like(y)
    for f in np.unique(fold):
        out = fold == f
        guess[out] = learn(x[~out], y[~out], x[out])
    return guess
# --8<-- [end:held-out]


# --8<-- [start:learners]
def majority(x: np.ndarray, y: np.ndarray, new: np.ndarray) -> np.ndarray:
    """The commonest label, whatever the case."""
    values, counts = np.unique(y, return_counts=True)
    return np.full(len(new), values[counts.argmax()])


def nearest(x: np.ndarray, y: np.ndarray, new: np.ndarray) -> np.ndarray:
    """The label of the nearest training case."""
    apart = ((new[:, None] - x) ** 2).sum(axis=2)
    return y[apart.argmin(axis=1)]


def ridge(
    x: np.ndarray, y: np.ndarray, new: np.ndarray, penalty: float = 0
) -> np.ndarray:
    """Least squares, with a penalty on the squared weights if wanted."""
    gram = x.T @ x + penalty * np.eye(x.shape[1])
    return new @ np.linalg.solve(gram, x.T @ y)
# --8<-- [end:learners]


# --8<-- [start:shortcut]
def leave_one_out(
    x: np.ndarray, y: np.ndarray, penalty: float = 0
) -> np.ndarray:
    """All held-out residuals of ridge from one fit to all cases."""
    hat = ridge(x, np.eye(len(y)), x, penalty)  # fitted values are hat @ y
    return (y - hat @ y) / (1 - hat.diagonal())
# --8<-- [end:shortcut]


def figure(
    fig: Figure,
    folds: Annotated[int, "folds k", [2, 3, 5, 10, 20, 30]] = 10,
    positives: Annotated[int, "positives", [2, 5, 10, 20]] = 10,
    stratify: Annotated[bool, "stratify"] = False,
    seed: Annotated[int, "shuffle", range(10)] = 0,
) -> dict[str, float]:
    """Draw which of 60 cases each round holds out, and a score per fold."""
    n, size = 60, 60 // folds
    labels = np.arange(n) < positives
    fold = (deal_by_class(labels, folds, seed) if stratify
            else deal(n, folds, seed))
    order = np.lexsort((~labels, fold))
    counts = np.bincount(fold, labels, folds)
    scores, start = 1 - counts / size, size * np.arange(folds)
    right, empty = 1 - positives / n, int((counts == 0).sum())
    chance = float(np.sqrt(right * (1 - right) / size))
    at, rows = np.flatnonzero(labels[order]), (np.arange(folds) + 0.5) / folds
    fig.set_size_inches(5.2, 4.9)
    fig.subplots_adjust(0.13, 0.1, 0.97, 0.93, hspace=0.12)
    top, low = fig.subplots(2, sharex=True, height_ratios=(3, 2))
    top.barh(rows, n, 0.8 / folds, color="C7", alpha=0.15)
    top.bar(at, 1, 1, align="edge", color="C1", alpha=0.25)
    top.barh(rows, size, 0.8 / folds, left=start, color="C0")
    top.bar(at, 0.8 / folds, 1, (fold[order][at] + 0.1) / folds,
            align="edge", color="C1")
    top.set_title(f"{empty} of {folds} folds hold no positive", color="C1")
    low.axhspan(right - chance, right + chance, color="C7", alpha=0.2)
    low.hlines(scores, start, start + size, color="C0", lw=4)
    low.set(xlim=(0, n), ylim=(-0.05, 1.1), yticks=(0, 0.5, 1))
    low.set(xlabel="cases, sorted by fold", ylabel="accuracy of “no”")
    top.set(ylim=(1, 0), yticks=(), ylabel="rounds: blue is held out")
    return {
        "size": size,
        "folds_without_positives": empty,
        "accuracy": right,
        "fold_sd": float(scores.std()),
        "chance_sd": chance,
        "lowest_score": float(scores.min()),
        "highest_score": float(scores.max()),
    }
