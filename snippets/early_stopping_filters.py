"""Stopping gradient descent early filters directions as ridge does.

Each singular direction of the data is learned at its own pace; the number of
steps decides which ones are in, much like a ridge penalty of 1/(rate·steps).

Source: Ali, Kolter & Tibshirani, A continuous-time view of early stopping
for least squares regression, AISTATS, PMLR 89, 1370–1378 (2019).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

Values = float | np.ndarray


# --8<-- [start:filters]
def descend(
    x: np.ndarray, y: np.ndarray, steps: int, rate: float
) -> np.ndarray:
    """Weights after steps of gradient descent on |xw - y|²/2, from zero."""
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        w = w - rate * x.T @ (x @ w - y)
    return w


def stopped(s: Values, steps: int, rate: float) -> Values:
    """Share of the least-squares solution learned along singular value s."""
    return 1 - (1 - rate * s**2) ** steps


def ridge(s: Values, penalty: float) -> Values:
    """The share that a ridge penalty leaves."""
    return s**2 / (s**2 + penalty)
# --8<-- [end:filters]


def figure(
    fig: Figure,
    steps: Annotated[int, "steps", [1, 3, 10, 30, 100, 300, 1000]] = 30,
    direction: Annotated[float, "singular value", [0.05, 0.2, 0.5, 1]] = 0.2,
) -> dict[str, float]:
    """Draw the filter factors of stopped descent and of matching ridge."""
    rate, s = 0.5, np.geomspace(0.01, 1, 300)
    penalty = 1 / (rate * steps)
    early, shrunk = stopped(s, steps, rate), ridge(s, penalty)
    kept = float(stopped(direction, steps, rate))
    left = float(ridge(direction, penalty))
    fig.subplots_adjust(0.13, 0.17, 0.97, 0.88)
    ax = fig.subplots()
    ax.fill_between(s, early, shrunk, color="C7", alpha=0.2)
    ax.semilogx(s, early, "C0", s, shrunk, "C1--")
    ax.plot(direction, kept, "oC0", clip_on=False)
    ax.plot(direction, left, "oC1", clip_on=False)
    ax.set_title(f"stopped after {steps} steps: {kept:.3f}", color="C0",
                 loc="left")
    ax.set_title(f"ridge {left:.3f}", color="C1", loc="right")
    ax.set_xticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
    ax.set(xlim=(0.01, 1), ylim=(0, 1.03), yticks=(0, 0.5, 1))
    ax.set(xlabel="singular value s", ylabel="share learned")
    return {"kept": kept, "ridge_kept": left, "penalty": penalty,
            "widest": float(np.abs(early - shrunk).max())}
