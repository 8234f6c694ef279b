"""The best of many scores is too good, and nested validation says so.

A maximum of noisy scores grows with the number of models tried, even when
none of them knows anything.

Source: Varma & Simon, Bias in error estimation when using cross-validation
for model selection, BMC Bioinformatics 7, 91 (2006).
"""

from functools import lru_cache
from math import comb
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from cross_validation import deal


# --8<-- [start:nested]
def best_of(
    models: int, n: int = 60, seed: int = 0
) -> tuple[np.ndarray, float, float]:
    """Accuracies of models that toss coins; the best one's; nested."""
    right = np.random.default_rng(seed).random((models, n)) < 0.5
    fold = deal(n, 10, seed)
    nested = [
        right[right[:, fold != f].mean(axis=1).argmax(), fold == f].mean()
        for f in range(10)
    ]
    scores = right.mean(axis=1)
    return scores, float(scores.max()), float(np.mean(nested))


def expected_best(models: float, n: int = 60) -> float:
    """Mean accuracy of the best: sum over i of P(more than i right) / n."""
    at_most = np.cumsum([comb(n, i) for i in range(n)]) / 2.0**n
    return float(np.sum(1 - at_most**models) / n)
# --8<-- [end:nested]


@lru_cache
def usual_nested(models: int) -> float:
    """Mean nested score over a hundred draws."""
    return float(np.mean([best_of(models, seed=s)[2] for s in range(100)]))


def figure(
    fig: Figure,
    models: Annotated[int, "models", [1, 2, 5, 10, 20, 50, 100, 200]] = 50,
    seed: Annotated[int, "seed", range(5)] = 0,
) -> dict[str, float]:
    """Draw coin-tossing models, the best of them, and what to expect."""
    scores, best, nested = best_of(models, seed=seed)
    tried = np.geomspace(1, 200, 60)
    expected = [expected_best(m) for m in tried]
    usual = usual_nested(models)
    fig.subplots_adjust(0.13, 0.17, 0.78, 0.97)
    ax = fig.subplots()
    ax.axhline(0.5, color="C7", ls="--", lw=1)
    ax.semilogx(tried, expected, color="C1", lw=1)
    ax.plot(models, usual, "_", color="C0", ms=32, mew=3)
    ax.plot(np.full(models, models), scores, "_", color="C7", ms=14, mew=1)
    ax.plot(models, best, "o", color="C1", ms=9)
    ax.plot(models, nested, "o", color="C0", ms=9, mfc="none", mew=2)
    ax.text(320, expected[-1], "expected best", color="C1", va="center")
    ax.text(320, 0.5, "chance", color="C7", va="center")
    ax.text(1, 0.82, f"● best score {best:.2f}", color="C1")
    said = f"○ nested score {nested:.2f}, mean of 100 draws {usual:.2f}"
    ax.text(1, 0.765, said, color="C0")
    ax.minorticks_off()
    ax.set_xticks([1, 5, 20, 50, 200], ["1", "5", "20", "50", "200"])
    ax.set(xlim=(0.85, 300), ylim=(0.17, 0.87), xlabel="models tried")
    ax.set_ylabel("accuracy on 60 cases")
    return {"best_of_models": best, "nested": nested,
            "nested_mean": usual,
            "expected_best": expected_best(models),
            "coin_sd": 0.5 / 60**0.5}
