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


def _axes(fig: Figure, height: float, **notes: str) -> Axes:
    """Square axes, at the foot of a figure `height` inches high."""
    fig.set_size_inches(5.2, height)
    ax = fig.add_axes((0.12, 0.5 / height, 0.59, 3.07 / height))
    ax.set(xlim=(-0.01, 1.01), xlabel="false positive rate")
    ax.set(ylim=(-0.01, 1.01), ylabel="true positive rate")
    for y, (colour, note) in zip((0.9, 0.8, 0.7), notes.items()):
        ax.text(1.06, y, note, color=colour)
    return ax


def figure(
    fig: Figure,
    threshold: Annotated[float, "threshold", np.linspace(-2, 4, 13)] = 0.5,
    separation: Annotated[float, "separation", np.linspace(0, 3, 5)] = 1.5,
    rounding: Annotated[float, "scores rounded to", [0, 0.25, 0.5, 1]] = 0,
    prevalence: Annotated[float, "prevalence", np.arange(1, 11) / 20] = 0.3,
) -> dict[str, float | str]:
    """Draw the scores of both classes, and their ROC curve below."""
    scores, labels = sample(separation, rounding, prevalence)
    (fpr, tpr), yes = roc_curve(scores, labels), scores >= threshold
    x, y = yes[~labels].mean(), yes[labels].mean()
    lower, area, upper = areas(fpr, tpr)
    ax = _axes(fig, 5.4, C0=f"TPR {y:.2f}", C1=f"FPR {x:.2f}",
               C2=f"AUC {area:.2f}")
    ax.fill_between(fpr, tpr, color="C2", alpha=0.12)
    ax.plot([0, 1], [0, 1], "C7:", [0, x], [y, y], "C0", [x, x], [0, y], "C1")
    ax.plot(fpr, tpr, "C2", x, y, "ko")
    bins, most = np.arange(-3, 6, 0.5), 0.6 if rounding == 1 else 0.32
    top = fig.add_axes((0.12, 0.765, 0.85, 0.18), ylim=(-most, most))
    for group, sign, hue in (labels, 1, "C0"), (~labels, -1, "C1"):
        name = "positives" if sign > 0 else "negatives"
        share = sign * np.histogram(scores[group], [*bins, 6])[0] / group.sum()
        for on, alpha in (bins >= threshold, 1), (bins < threshold, 0.35):
            top.bar(bins[on] + 0.25, share[on], 0.46, color=hue, alpha=alpha)
        top.text(4.7, sign * 0.8 * most, name, color=hue, va="center")
    top.set(xlim=(-3, 6.2), xlabel="score", yticks=[], ylabel="share")
    top.axvline(threshold, color="black")
    top.text(threshold, most, "← no | yes →", ha="center", va="bottom")
    return dict(auc_trapezoid=area, auc_pairs=pair_auc(scores, labels),
                auc_lower_step=lower, auc_upper_step=upper, tpr=y, fpr=x,
                precision=labels[yes].mean() if yes.any() else "undefined")


def ties(
    fig: Figure,
    step: Annotated[float, "scores rounded to", [0, 0.25, 0.5, 1, 2, 4]] = 1,
) -> dict[str, float]:
    """Draw the ROC curve of rounded scores and what its ties leave open."""
    fpr, tpr = roc_curve(*sample(1.5, step))
    lower, area, upper = areas(fpr, tpr)
    ax = _axes(fig, 3.7, C4=f"upper {upper:.2f}", C2=f"AUC {area:.2f}",
               C3=f"lower {lower:.2f}")
    x = np.repeat(fpr, 2)[1:-1]
    over, under = np.repeat(tpr[1:], 2), np.repeat(tpr[:-1], 2)
    ax.fill_between(x, under, over, color="C4", alpha=0.25)
    ax.plot(x, over, "C4", x, under, "C3", lw=1)
    ax.plot(fpr, tpr, "C2")
    tied = np.diff(fpr) * np.diff(tpr)  # (t,) areas of rectangles
    return dict(lower_steps=lower, trapezoids=area, upper_steps=upper,
                tied_pairs=tied.sum(), diagonals=np.count_nonzero(tied))
