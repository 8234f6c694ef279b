"""Accuracy rises and F1 falls as positives get rarer, at the same two rates.

A classifier that is no better and no worse looks different by each measure,
so a number without its prevalence says little.

Source: van Rijsbergen, Information Retrieval (2nd ed., 1979), chapter 7.
"""

from math import comb
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

Numbers = float | np.ndarray
Measures = dict[str, Numbers]


# --8<-- [start:measures]
def measures(prevalence: Numbers, tpr: float, fpr: float) -> Measures:
    """Four measures of yes answers with these two rates."""
    tp, fp = prevalence * tpr, (1 - prevalence) * fpr  # shares of all cases
    fn, tn = prevalence - tp, (1 - prevalence) - fp
    return {
        "accuracy": tp + tn,
        "precision": tp / (tp + fp),  # of the yes answers, right
        "recall": tp / (tp + fn),  # of the positives, found
        "F1": 2 * tp / (2 * tp + fp + fn),  # harmonic mean of these two
    }
# --8<-- [end:measures]


# --8<-- [start:folds]
def empty_fold(cases: int, positives: int, folds: int) -> float:
    """Chance that some fold of a random split has no positive."""
    size, ways = cases // folds, comb(cases, positives)
    terms = [  # j given folds are empty: inclusion and exclusion
        (-1) ** (j + 1) * comb(folds, j) * comb(cases - j * size, positives)
        for j in range(1, folds)
    ]
    return sum(terms) / ways
# --8<-- [end:folds]


def figure(
    fig: Figure,
    prevalence: Annotated[
        float, "prevalence", [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]
    ] = 0.01,
    fpr: Annotated[float, "false positive rate", [0.01, 0.05, 0.1, 0.2]] = 0.1,
) -> dict[str, float]:
    """Draw the measures at TPR 0.8 over prevalence; mark one prevalence."""
    fig.set_size_inches(5.2, 3.5)
    fig.subplots_adjust(left=0.12, right=0.62, bottom=0.15, top=0.97)
    ax, x = fig.subplots(), np.geomspace(0.004, 0.6, 101)
    curves, here = measures(x, 0.8, fpr), measures(prevalence, 0.8, fpr)
    never = 1 - prevalence
    curves["accuracy of “no”"], here["accuracy of “no”"] = 1 - x, never
    hues = {"accuracy of “no”": "C7", "accuracy": "C3", "recall": "C0",
            "precision": "C2", "F1": "C1"}
    ax.axvline(prevalence, color="C7", lw=1, ls=":")
    for i, (name, hue) in enumerate(hues.items()):
        y, mark = np.broadcast_to(curves[name], x.shape), here[name]
        ax.semilogx(x, y, hue, lw=4 if name == "F1" else 2,
                    ls=":" if i == 0 else "-")
        ax.plot(prevalence, mark, "o", color=hue, zorder=3)
        ax.text(1.06, 0.83 - 0.11 * i, f"{mark:.3f} {name}", color=hue,
                transform=ax.transAxes)
    ax.text(1.06, 0.94, f"1 positive in {1 / prevalence:g}",
            transform=ax.transAxes)
    ax.set(xlim=(0.004, 0.6), ylim=(0, 1.02), ylabel="measure")
    ax.set_xticks([0.005, 0.02, 0.1, 0.5], ["0.5%", "2%", "10%", "50%"])
    ax.set_xticks([], minor=True)
    ax.set_xlabel("prevalence, share of positives")
    return {
        "accuracy_of_no": never,
        "accuracy": float(here["accuracy"]),
        "precision": float(here["precision"]),
        "f1_by_prevalence": float(here["F1"]),
        "f1_of_yes": float(measures(prevalence, 1, 1)["F1"]),
        "empty_fold_10": empty_fold(100, 10, 5),
    }
