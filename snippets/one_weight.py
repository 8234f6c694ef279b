"""One weight with a penalty: L1 subtracts and stops at 0, L2 divides.

The kink of |w| holds the optimum at 0 over a whole range of data; w² is flat
at 0 and holds nothing.

Source: Tibshirani, Regression shrinkage and selection via the lasso, Journal
of the Royal Statistical Society B 58, 267–288 (1996).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure


# --8<-- [start:rules]
def soft_threshold(
    z: float | np.ndarray, lam: float | np.ndarray
) -> np.ndarray:
    """Minimum over w of (w − z)² / 2 + lam |w|."""
    return np.sign(z) * np.maximum(np.abs(z) - lam, 0)


def ridge_shrink(z: float | np.ndarray, lam: float | np.ndarray) -> np.ndarray:
    """Minimum over w of (w − z)² / 2 + lam w² / 2."""
    return np.asarray(z) / (1 + np.asarray(lam))
# --8<-- [end:rules]

def figure(
    fig: Figure,
    z: Annotated[float, "least squares z", np.linspace(0, 3, 7)] = 1.0,
    lam: Annotated[float, "penalty λ", np.linspace(0, 3, 7)] = 1.5,
) -> dict[str, float]:
    """Draw the penalized loss of one weight and where its minimum goes."""
    w = np.linspace(-3.5, 3.5, 701)
    one, two = float(soft_threshold(z, lam)), float(ridge_shrink(z, lam))
    fig.set_size_inches(5.2, 2.7)
    fig.subplots_adjust(0.1, 0.18, 0.985, 0.97, wspace=0.27)
    loss, answer = fig.subplots(1, 2)
    answer.axvspan(-lam, lam, color="C0", alpha=0.12)
    answer.plot(w, w, ":", color="C7", lw=1)
    for name, penalty, at, rule, hue, y in (
        ("L1", np.abs(w), one, soft_threshold, "C0", 2.8),
        ("L2", w**2 / 2, two, ridge_shrink, "C1", 2.1),
    ):
        total = (w - z) ** 2 / 2 + lam * penalty
        loss.plot(w, total, hue)
        loss.plot(at, np.interp(at, w, total), "o", color=hue, ms=8)
        answer.plot(w, rule(w, lam), hue)
        answer.plot(z, at, "o", color=hue, ms=8)
        answer.text(-3.3, y, f"{name}: ŵ = {at:.2f}", color=hue)
    loss.set(xlim=(-1.5, 3.5), ylim=(0, 7), xlabel="weight w")
    loss.set(ylabel="loss + penalty")
    answer.set(xlim=(-3.5, 3.5), ylim=(-3.5, 3.5), ylabel="answer ŵ")
    answer.set(xlabel="least squares z", xticks=range(-3, 4))
    return {"lasso_answer": one, "ridge_answer": two}
