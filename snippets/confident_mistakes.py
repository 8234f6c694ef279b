"""Descent from a confidently wrong answer, under log loss and squared error.

Squared error through a sigmoid has its smallest slopes on the worst
mistakes, so the time to put one right grows exponentially.

Source: Glorot & Bengio, Understanding the difficulty of training deep
feedforward neural networks, AISTATS (2010).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from classification_losses import LOSSES, Array

STARTS = range(-8, 0)


# --8<-- [start:descend]
@lru_cache
def descend(name: str, rate: float, steps: int = 4000) -> Array:
    """Margins along gradient descent, one column for each of STARTS."""
    slope, path = LOSSES[name][1], [np.array(STARTS, float)]
    for _ in range(steps):
        path.append(path[-1] - rate * slope(path[-1]))
    return np.array(path)  # (steps + 1, starts)
# --8<-- [end:descend]


def figure(
    fig: Figure,
    start: Annotated[int, "margin at the start", STARTS] = -6,
    rate: Annotated[float, "learning rate", [0.5, 1.0, 2.0]] = 0.5,
) -> dict[str, float]:
    """Draw how a wrong answer is put right under two losses."""
    fig.subplots_adjust(left=0.12, right=0.97, top=0.86)
    ax, facts = fig.subplots(), dict[str, float]()
    ax.axhline(0, color="C7", lw=1, ls=":")
    for i, name, short in (2, "log loss", "ce"), (3, "squared error", "mse"):
        path = descend(name, rate)[:, STARTS.index(start)]
        steps, slope = int(np.argmax(path >= 0)), LOSSES[name][1]
        ax.semilogx(np.arange(1, len(path)), path[1:], f"C{i}")
        ax.plot(max(steps, 1), path[steps], f"oC{i}")
        text = f"{name}: {steps:,} step" + "s" * (steps != 1)
        at = 0.5 * (i - 2)
        ax.text(at, 1.05, text, color=f"C{i}", transform=ax.transAxes)
        facts["steps_" + short] = steps
        facts["gradient_" + short] = -float(slope(start))
    ax.set(xlim=(1, 4000), ylim=(-8.4, 8.4), xlabel="step")
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    ax.set_yticks(range(-8, 9, 4))
    ax.set_ylabel("margin (above 0: right)")
    return facts
