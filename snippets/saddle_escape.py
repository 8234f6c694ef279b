"""Gradient descent beside a saddle: a long rest, and then the way down.

A saddle is a stationary point, so descent can end there; that it almost never
does is a matter of the start, and the wait on the way can look like the end.

Source: Lee, Simchowitz, Jordan & Recht, Gradient Descent Only Converges to
Minimizers, COLT (2016).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from surfaces import SURFACES, Array, descend, sgd

RATE, STEPS = 0.2, 200


# --8<-- [start:escape]
def beside_the_ridge(offset: float) -> Array:
    """A path that starts `offset` off the ridge y = 0, (201, 2)."""
    gradient = SURFACES["saddle"].gradient
    return descend(sgd(RATE), gradient, [-1.8, offset], STEPS)


def wait(path: Array) -> int:
    """Steps until |y| is at least one half."""
    return int((np.abs(path[:, 1]) < 0.5).sum())
# --8<-- [end:escape]


def figure(
    fig: Figure,
    log10_offset: Annotated[int, "log₁₀ of the offset", range(-12, 0)] = -6,
) -> dict[str, float]:
    """Draw the path on the surface, and how its loss falls, rests, falls."""
    surface = SURFACES["saddle"]
    path = beside_the_ridge(10.0**log10_offset)
    loss, steps = surface.loss(path), wait(path)
    fig.set_size_inches(5.2, 2.8)
    fig.subplots_adjust(0.11, 0.18, 0.97, 0.97, wspace=0.38)
    plane, ax = fig.subplots(1, 2)
    x, y = np.linspace(-2, 1, 91), np.linspace(-1.5, 1.5, 91)
    height = surface.loss(np.stack(np.meshgrid(x, y), axis=-1))
    levels = [0.02, 0.1, 0.25, 0.5, 1, 1.7]
    plane.contour(x, y, height, levels, colors="C7", linewidths=0.8, alpha=0.6)
    plane.plot(*path.T, "C0o-", ms=3.5, lw=1.2)
    plane.plot([0, 0], [-1, 1], "C2*", ms=13, ls="none")
    plane.plot(0, 0, "C1X", ms=9)
    plane.text(0.15, 0.14, "saddle", color="C1")
    plane.text(0.2, 1.17, "minimum", color="C2")
    plane.text(0.2, -1.33, "minimum", color="C2")
    plane.set(xlim=(-2, 1), ylim=(-1.5, 1.5), aspect="equal")
    plane.set(xlabel="x", ylabel="y", xticks=[-2, -1, 0, 1], yticks=[-1, 0, 1])
    ax.axhline(0.25, color="C1", lw=0.8)
    ax.text(STEPS, 0.28, "loss at the saddle: ¼", color="C1", ha="right")
    ax.plot(loss, "C0")
    ax.plot(steps, loss[steps], "C0o", ms=8)
    ax.set(xlim=(0, STEPS), ylim=(0, 1), xlabel="step", ylabel="loss")
    return {
        "wait": steps,
        "per_tenfold": np.log(10) / np.log(1 + RATE),
        "loss_before": float(loss[steps // 2]),
        "loss_end": float(loss[-1]),
    }
