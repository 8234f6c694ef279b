"""An ROC curve takes one sort, and its area is a share of ordered pairs.

It shows every trade between finds and false alarms that a set of scores
allows, before anyone chooses a threshold.

Source: Fawcett, Pattern Recognition Letters 27, 861–874 (2006).
"""

from typing import Annotated

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Arrays = tuple[np.ndarray, np.ndarray]


# --8<-- [start:curve]
def roc_curve(scores: np.ndarray, labels: np.ndarray) -> Arrays:
    """Both rates at every distinct score, from (0, 0); labels are bool."""
    order = np.argsort(-scores)
    ranked, found = scores[order], labels[order]
    last = np.append(np.diff(ranked) != 0, True)  # of equal scores
    tp = np.append(0, np.cumsum(found)[last])
    fp = np.append(0, np.cumsum(~found)[last])
    return fp / fp[-1], tp / tp[-1]
# --8<-- [end:curve]


# --8<-- [start:areas]
def areas(fpr: np.ndarray, tpr: np.ndarray) -> tuple[float, float, float]:
    """Area under the lower steps, the trapezoids and the upper steps."""
    width = np.diff(fpr)
    lower, upper = width @ tpr[:-1], width @ tpr[1:]
    return lower, (lower + upper) / 2, upper


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """Area under the ROC curve, 0 to 1."""
    return areas(*roc_curve(scores, labels))[1]
# --8<-- [end:areas]


# --8<-- [start:pairs]
def pair_auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """Share of (positive, negative) pairs in order; a tie counts half."""
    positive, negative = scores[labels][:, None], scores[~labels]
    wins, level = positive > negative, positive == negative  # (P, N)
    return float(wins.mean() + level.mean() / 2)
# --8<-- [end:pairs]


def sample(gap: float, step: float = 0, prevalence: float = 0.3) -> Arrays:
    """200 scores, rounded to multiples of step, and their labels, (200,)."""
    labels = np.arange(200) < round(200 * prevalence)
    scores = np.random.default_rng(0).normal(gap * labels)
    return step * np.rint(scores / step) if step else scores, labels


def _axes(fig: Figure, height: float, *notes: tuple[str, str]) -> Axes:
    """Square axes at the foot of a figure; beside them colored notes."""
    fig.set_size_inches(5.2, height)
    ax = fig.add_axes((0.12, 0.5 / height, 0.59, 3.07 / height))
    ax.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))
    ax.set_xlabel("false positive rate", color="C1")
    ax.set_ylabel("true positive rate", color="C0")
    for y, (color, note) in zip((0.9, 0.8, 0.7), notes):
        ax.text(1.06, y, note, color=color)
    return ax


def figure(
    fig: Figure,
    threshold: Annotated[float, "threshold", np.linspace(-2, 4, 13)] = 0.5,
    separation: Annotated[float, "separation", np.linspace(0, 3, 5)] = 1.5,
) -> dict[str, float]:
    """Draw the scores of both classes, and their ROC curve below."""
    scores, labels = sample(separation)
    (fpr, tpr), yes = roc_curve(scores, labels), scores >= threshold
    x, y, area = yes[~labels].mean(), yes[labels].mean(), auc(scores, labels)
    ax = _axes(fig, 5.5, ("C2", f"AUC {area:.2f}"),
               ("black", "● at threshold"), ("C7", "··· chance"))
    ax.fill_between(fpr, tpr, color="C2", alpha=0.12)
    ax.plot([0, 1], [0, 1], "C7:", [x, x], [0, y], "C0", [0, x], [y, y], "C1")
    ax.plot(fpr, tpr, "C2", x, y, "ko", clip_on=False)
    bins = np.arange(-2.5, 5, 0.5)
    top = fig.add_axes((0.12, 0.755, 0.59, 0.195), ylim=(0, 0.64))
    for group, foot, hue, note in (
        (labels, 0.32, "C0", f"positives\nTPR {y:.2f}"),
        (~labels, 0, "C1", f"negatives\nFPR {x:.2f}"),
    ):
        share = np.histogram(scores[group], [*bins, 5])[0] / group.sum()
        for on, a in (bins >= threshold, 1), (bins < threshold, 0.35):
            top.bar(bins[on] + 0.25, share[on], 0.46, foot, fc=hue, alpha=a)
        top.axhline(foot, color=hue, lw=1, clip_on=False)
        top.text(5.5, foot + 0.15, note, color=hue, va="center")
    top.set(xlim=(-2.6, 5.1), xlabel="score", yticks=[], frame_on=False)
    top.axvline(threshold, color="black")
    top.text(threshold, 0.64, "← no | yes →", ha="center", va="bottom")
    return dict(auc_trapezoid=area, auc_pairs=pair_auc(scores, labels),
                auc_clipped=auc(np.clip(scores, 0, 1), labels), tpr=y, fpr=x)


def ties(
    fig: Figure,
    step: Annotated[float, "scores rounded to", [0, 0.25, 0.5, 1, 2, 4]] = 1,
) -> dict[str, float]:
    """Draw the ROC curve of rounded scores and what its ties leave open."""
    fpr, tpr = roc_curve(*sample(1.5, step))
    lower, area, upper = areas(fpr, tpr)
    ax = _axes(fig, 3.7, ("C7", f"ties won {upper:.2f}"),
               ("C2", f"AUC {area:.2f}"), ("C7", f"ties lost {lower:.2f}"))
    x = np.repeat(fpr, 2)[1:-1]
    over, under = np.repeat(tpr[1:], 2), np.repeat(tpr[:-1], 2)
    ax.fill_between(x, under, over, color="C7", alpha=0.25)
    ax.plot(x, over, "C7", x, under, "C7", lw=1)
    ax.plot(fpr, tpr, "C2")
    tied = np.diff(fpr) * np.diff(tpr)  # (t,) areas of rectangles
    return dict(lower_steps=lower, trapezoids=area, upper_steps=upper,
                tied_pairs=tied.sum(), diagonals=np.count_nonzero(tied))
