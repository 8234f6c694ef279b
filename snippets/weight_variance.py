"""The variance of the weights that keeps signals, and the one for gradients.

Forward a layer sums over its inputs, backward over its outputs: one variance
can serve both only if there are as many of the one as of the other.

Source: Glorot & Bengio, AISTATS (2010); He, Zhang, Ren & Sun, Delving Deep
into Rectifiers, ICCV (2015).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

FAN_IN = 400
FANS = [25, 50, 100, 200, 400, 800, 1600]


# --8<-- [start:variances]
def gain(leak: float) -> float:
    """Mean squared slope of a leaky ReLU for inputs of either sign alike."""
    return (1 + leak**2) / 2


def variances(fan_in: int, fan_out: int, leak: float) -> dict[str, float]:
    """The variance that keeps activations, the compromise, gradients."""
    return {
        "forward": 1 / (gain(leak) * fan_in),
        "Glorot": 2 / (gain(leak) * (fan_in + fan_out)),
        "backward": 1 / (gain(leak) * fan_out),
    }
# --8<-- [end:variances]


# --8<-- [start:factors]
@lru_cache
def factors(
    variance: float, fan_in: int, fan_out: int, leak: float
) -> tuple[float, float]:
    """What one layer does to the mean square of h, and of the gradient."""
    rng = np.random.default_rng(0)
    h, g = rng.normal(size=(300, fan_in)), rng.normal(size=(300, fan_out))
    weights = rng.normal(0, variance**0.5, (fan_in, fan_out))
    z = h @ weights  # (300, fan_out)
    slope = np.where(z > 0, 1.0, leak)
    back = (slope * g) @ weights.T  # (300, fan_in)
    ahead = np.mean((slope * z) ** 2) / np.mean(h**2)
    return float(ahead), float(np.mean(back**2) / np.mean(g**2))
# --8<-- [end:factors]


def figure(
    fig: Figure,
    fan_out: Annotated[int, "outputs (400 inputs)", FANS] = 100,
    leak: Annotated[float, "leak a", [0.0, 0.25, 0.5, 0.75, 1.0]] = 1.0,
) -> dict[str, float | str]:
    """Draw both factors against the variance, with three choices of it."""
    fig.set_size_inches(5.2, 3.5)
    fig.subplots_adjust(0.13, 0.15, 0.975, 0.84)
    ax, line = fig.subplots(), np.array([0.01, 100])
    ax.axhline(1, color="C7", lw=1)
    ahead, back = (gain(leak) * fan / FAN_IN for fan in (FAN_IN, fan_out))
    ax.plot(line, ahead * line, "C0", line, back * line, "C1--")
    chosen = variances(FAN_IN, fan_out, leak)
    found = [factors(v, FAN_IN, fan_out, leak) for v in chosen.values()]
    for v, (a, b), mark in zip(chosen.values(), found, "oDs"):
        x = v * FAN_IN
        ax.plot([x, x], [a, b], color="C7", lw=1)
        ax.plot(x, a, "C0" + mark, x, b, "C1" + mark, ms=7)
    ax.set(xscale="log", yscale="log", xlim=(0.08, 50), ylim=(0.03, 30))
    ax.set(xlabel="variance × 400 (1: keeps a linear layer's activations)")
    ax.set_ylabel("mean square, × per layer")
    ax.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
    ax.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    ax.set_xticks([], minor=True)
    ax.set_yticks([], minor=True)
    words = "● keeps activations    ◆ Glorot    ■ keeps gradients"
    ax.text(0, 1.13, words, transform=ax.transAxes)
    ax.text(0, 1.04, "activations", color="C0", transform=ax.transAxes)
    ax.text(0.3, 1.04, "gradients (dashed)", color="C1",
            transform=ax.transAxes)  # fmt: skip
    names = ("forward", "glorot", "backward")
    facts: dict[str, float | str] = {"he_variance": chosen["forward"]}
    for name, (a, b) in zip(names, found):
        facts |= {name + "_ahead": a, name + "_back": b}
    return facts
