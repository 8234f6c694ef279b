"""Two ROC curves of equal area can have a different winner at each end.

Which model finds more depends on the false positives that you can afford,
and the area does not know them.

Source: Fawcett, Pattern Recognition Letters 27, 861–874 (2006).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from roc_auc import auc, roc_curve

# --8<-- [start:rivals]
LABELS = np.array([True, True, False, False])
A, B = np.array([2, 1, 1, 1]), np.array([1, 1, 1, 0])  # scores


def found(scores: np.ndarray, limit: float | np.ndarray) -> np.ndarray:
    """Highest true positive rate at this false positive rate."""
    fpr, tpr = roc_curve(scores, LABELS)
    top = np.append(np.diff(fpr) > 0, True)  # of a vertical piece
    return np.interp(limit, fpr[top], tpr[top])
# --8<-- [end:rivals]


def figure(
    fig: Figure,
    limit: Annotated[float, "allowed FPR", np.linspace(0, 1, 21)] = 0.1,
) -> dict[str, float]:
    """Draw both curves and what each finds within the limit."""
    x = np.linspace(0, 1, 301)
    a, b = found(A, x), found(B, x)
    at_a, at_b = float(found(A, limit)), float(found(B, limit))
    fig.set_size_inches(5.2, 3.7)
    fig.subplots_adjust(left=0.12, right=0.71, bottom=0.135, top=0.965)
    ax = fig.subplots()
    for scores, rival, hue in (A, b, "C3"), (B, a, "C4"):
        ax.fill_between(x, np.maximum(a, b), rival, color=hue, alpha=0.2)
        ax.plot(*roc_curve(scores, LABELS), hue)
    ax.plot([limit, limit], [0, min(at_a, at_b)], "black", lw=1)
    ax.plot(limit, at_a, "oC3", limit, at_b, "oC4", clip_on=False, zorder=3)
    for place, note, hue in (
        ((0.015, 0.43), "A leads", "C3"),
        ((0.54, 0.91), "B leads", "C4"),
        ((1.06, 0.9), f"at FPR {limit:.2f}", "black"),
        ((1.06, 0.8), f"A finds {at_a:.2f}", "C3"),
        ((1.06, 0.7), f"B finds {at_b:.2f}", "C4"),
    ):
        ax.text(*place, note, color=hue)
    ax.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))
    ax.set_xlabel("false positive rate", color="C1")
    ax.set_ylabel("true positive rate", color="C0")
    return dict(a_finds=at_a, b_finds=at_b,
                area_a=float(auc(A, LABELS)), area_b=float(auc(B, LABELS)),
                lead_a=float(np.trapezoid(np.maximum(a - b, 0), x)),
                lead_b=float(np.trapezoid(np.maximum(b - a, 0), x)))
