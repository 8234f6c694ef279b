"""Gradient descent in a valley, and the learning rates that it bears.

One number, the learning rate, must suit every direction at once: the most
curved one sets its limit, the flattest one sets the waiting time.

Source: Polyak, Introduction to Optimization (1987), chapter 1.
"""

from typing import Annotated, Literal

import numpy as np
from matplotlib.figure import Figure

from surfaces import Array, Surface, descend, quadratic, sgd


# --8<-- [start:steepest]
def steepest(g: Array, norm: Literal["euclidean", "maximum"]) -> Array:
    """The step d of norm 1 for which the linear model g · d falls most."""
    if norm == "euclidean":
        return -g / np.linalg.norm(g)
    return -np.sign(g)  # every coordinate may use the full length
# --8<-- [end:steepest]


STEEP, STEPS = 25.0, 40
RATES = [0.01, 0.02, 0.04, 0.06, 0.07, 0.0769, 0.08, 0.084]


# --8<-- [start:rates]
def valley(condition: float) -> Surface:
    """Curvature 25 across the valley, 25 / condition along it."""
    unit, scale = quadratic(condition, np.pi / 6), STEEP / condition
    return unit._replace(
        loss=lambda x: scale * unit.loss(x),
        gradient=lambda x: scale * unit.gradient(x),
    )


def factor(rate: float | Array, curvature: float) -> float | Array:
    """What one step leaves of the distance in a direction."""
    return np.abs(1 - rate * curvature)


def best_rate(steep: float, flat: float) -> float:
    """Where the steep and the flat direction shrink equally fast."""
    return 2 / (steep + flat)
# --8<-- [end:rates]


def figure(
    fig: Figure,
    rate: Annotated[float, "learning rate", RATES] = 0.07,
    condition: Annotated[float, "condition", [1, 5, 25, 100]] = 25,
) -> dict[str, float]:
    """Draw the path in the valley, its loss, and both factors."""
    surface, flat = valley(condition), STEEP / condition
    path = descend(sgd(rate), surface.gradient, surface.start, STEPS)
    loss = surface.loss(path)
    worst = max(factor(rate, STEEP), factor(rate, flat))
    best = best_rate(STEEP, flat)
    fig.set_size_inches(5.2, 5.9)
    grid = fig.add_gridspec(2, 2, height_ratios=(5, 3))
    fig.subplots_adjust(0.13, 0.09, 0.97, 0.99, hspace=0.22, wspace=0.42)
    plane = fig.add_subplot(grid[0, :])
    x, y = np.linspace(-4.9, 2.3, 145), np.linspace(-3.2, 2, 105)
    height = surface.loss(np.stack(np.meshgrid(x, y), axis=-1))
    levels = 20.5 * 4.0 ** np.arange(-4, 3)
    plane.contour(x, y, height, levels, colors="C7", linewidths=0.8, alpha=0.6)
    plane.plot(*path.T, "C0o-", ms=4, lw=1.2)
    plane.plot(0, 0, "C2*", ms=14)
    plane.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), aspect="equal")
    plane.set(xlabel="first weight", ylabel="second weight")
    below = fig.add_subplot(grid[1, 0])
    below.semilogy(np.arange(STEPS + 1), np.maximum(loss, 1e-7), "C0")
    below.set(xlim=(0, STEPS), ylim=(1e-6, 1e6), xlabel="step", ylabel="loss")
    ticks = {1e-6: "10⁻⁶", 1e-3: "10⁻³", 1: "1", 1e3: "10³", 1e6: "10⁶"}
    below.set_yticks(list(ticks), ticks.values())
    beside, rates = fig.add_subplot(grid[1, 1]), np.linspace(0, 0.1, 201)
    both = factor(rates, STEEP), factor(rates, flat)
    beside.plot(rates, both[0], "C1", rates, both[1], "C3", lw=1.2)
    beside.plot(rates, np.maximum(*both), "C7", lw=6, alpha=0.35)
    beside.plot(rate, worst, "C0o", ms=8)
    beside.axhline(1, color="C7", lw=0.8)
    beside.text(0.002, 1.12, "above 1: diverges", color="C7")
    beside.text(0.052, 0.08, "across", color="C1")
    if condition > 1:
        low = 0.97 - 0.1 * flat
        beside.text(0.1, low, "along", color="C3", ha="right", va="top")
    beside.set(xlim=(0, 0.1), ylim=(0, 1.4), yticks=[0, 0.5, 1])
    beside.set(xlabel="learning rate", xticks=[0, 0.04, 0.08])
    beside.set_ylabel("factor per step")
    return {
        "limit": 2 / STEEP,
        "flat": flat,
        "across_factor": float(factor(rate, STEEP)),
        "along_factor": float(factor(rate, flat)),
        "factor": float(worst),
        "best_rate": best,
        "best_factor": float(factor(best, flat)),
        "loss_end": float(loss[-1]),
        "distance_end": float(np.linalg.norm(path[-1])),
    }
