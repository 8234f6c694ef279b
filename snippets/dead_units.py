"""A ReLU unit that no input activates has no gradient, and so stays dead.

The same unit with a small slope on the negative side comes back, the sooner
the larger that slope is.

Source: Maas, Hannun & Ng, Rectifier nonlinearities improve neural network
acoustic models, ICML workshop on deep learning (2013), for the leak.
"""

from functools import lru_cache
from math import erfc
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from deep_network import Array

BIASES = range(-6, 1)


# --8<-- [start:unit]
def unit(z: Array, leak: float) -> tuple[Array, Array]:
    """Value and slope of a leaky ReLU; leak 0 is the ReLU itself."""
    slope = np.where(z > 0, 1.0, leak)
    return slope * z, slope


def gradient(
    x: Array, y: Array, w: float, b: float, leak: float
) -> tuple[float, float]:
    """Of half the mean squared error of unit(w x + b), by w and b."""
    value, slope = unit(w * x + b, leak)
    by_z = (value - y) * slope  # (n,)
    return float(np.mean(by_z * x)), float(np.mean(by_z))
# --8<-- [end:unit]


# --8<-- [start:descend]
@lru_cache
def descend(bias: float, leak: float, steps: int = 1000) -> Array:
    """Rows (w, b, loss) of one unit on its way to the target max(x, 0)."""
    x = np.random.default_rng(0).normal(size=200)
    y, w, b, path = np.maximum(x, 0), 1.0, float(bias), []
    for _ in range(steps + 1):
        error = unit(w * x + b, leak)[0] - y
        path.append((w, b, np.mean(error**2) / 2))
        by_w, by_b = gradient(x, y, w, b, leak)
        w, b = w - 0.5 * by_w, b - 0.5 * by_b
    return np.array(path)  # (steps + 1, 3)
# --8<-- [end:descend]


# --8<-- [start:layer]
@lru_cache
def dead_share(bias: float, examples: int = 200) -> float:
    """Share of 1000 units that are negative on every one of the examples."""
    rng = np.random.default_rng(1)
    x, w = rng.normal(size=(examples, 64)), rng.normal(size=(64, 1000)) / 8
    return float(np.mean((x @ w + bias).max(axis=0) <= 0))
# --8<-- [end:layer]


def figure(
    fig: Figure,
    bias: Annotated[int, "bias at the start", BIASES] = -4,
    leak: Annotated[float, "leak", [0.01, 0.1, 0.3]] = 0.01,
) -> dict[str, float]:
    """Draw the inputs of one unit, the dead of a layer, and two descents."""
    x = np.random.default_rng(0).normal(size=200)
    y, relu, leaky = np.maximum(x, 0), descend(bias, 0.0), descend(bias, leak)
    active = float(np.mean(x + bias > 0))
    fig.set_size_inches(5.2, 5.0)
    fig.subplots_adjust(0.14, 0.1, 0.97, 0.93, wspace=0.3, hspace=0.55)
    grid = fig.add_gridspec(2, 2, height_ratios=(4, 5))
    left, right = fig.add_subplot(grid[0, 0]), fig.add_subplot(grid[0, 1])
    low, bins = fig.add_subplot(grid[1, :]), [n / 2 for n in range(-19, 8)]
    for side, color in (x + bias <= 0, "C7"), (x + bias > 0, "C2"):
        left.hist((x + bias)[side], bins, color=color, alpha=0.7)
    left.axvline(0, color="black", lw=1)
    left.set_title(f"{active:.0%} of inputs active", color="C2")
    left.set(xlim=(-9.5, 3.5), ylim=(0, 48), yticks=(), ylabel="inputs")
    left.set(xlabel="w x + b", xticks=(-8, -4, 0))
    share = [100 * dead_share(b) for b in BIASES]
    right.plot(BIASES, share, "C7", bias, share[bias - 1], "oC1", ms=8)
    right.set_title(f"{share[bias - 1]:.0f}% of a layer dead", color="C1")
    right.set(xlim=(-6.3, 0.3), ylim=(-5, 105), xticks=(-6, -4, -2, 0))
    right.set(xlabel="bias", ylabel="dead units (%)")
    low.plot(relu[:, 2], "C1", lw=4)
    low.plot(leaky[:, 2], "C0")
    low.text(0.3, 1.05, "ReLU", color="C1", transform=low.transAxes)
    low.text(0.45, 1.05, f"leak {leak:g}", color="C0", transform=low.transAxes)
    low.set(xlim=(0, 1000), ylim=(-0.01, 0.35), yticks=(0, 0.1, 0.2, 0.3))
    low.set(xlabel="steps of gradient descent", ylabel="loss")
    awake = leaky[:, 0] * x.max() + leaky[:, 1] > 0
    return {
        "active_share": active,
        "dead_share": dead_share(bias),
        "chance_of_death": (erfc(bias / 2**0.5) / 2) ** 200,
        "relu_loss_start": relu[0, 2],
        "relu_loss_end": relu[-1, 2],
        "leaky_loss_end": leaky[-1, 2],
        "relu_gradient_w": gradient(x, y, 1.0, bias, 0.0)[0],
        "leaky_gradient_w": gradient(x, y, 1.0, bias, leak)[0],
        "steps_to_wake": int(awake.argmax()),
    }
