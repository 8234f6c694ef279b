"""What a rotation of the axes does to optimizers that divide by coordinate.

The same valley, turned: methods that step along gradients turn with it, and
methods that divide each coordinate on its own lose what made them fast.

Sources: Duchi, Hazan & Singer, JMLR 12 (2011), who also give the full-matrix
form that does not depend on the axes; Kingma & Ba, ICLR (2015).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from adaptive_optimizers import adagrad, adam, rmsprop
from momentum import momentum
from step_lengths import COLORS
from surfaces import Rule, descend, quadratic, sgd

RULES: dict[str, Rule] = {
    "SGD": sgd(0.03),
    "momentum": momentum(0.03, beta=0.9),
    "Adagrad": adagrad(1.0),
    "RMSProp": rmsprop(0.03),
    "Adam": adam(0.1),
}
ANGLES = np.linspace(0, 90, 13)


# --8<-- [start:turned]
def turned(rule: Rule, degrees: float) -> tuple[np.ndarray, int]:
    """Path in the valley's own axes, and steps until 1% of the loss is left.

    The valley and the start are turned together, so nothing but the axes
    that the rule works in has changed.
    """
    a = np.deg2rad(degrees)
    valley = quadratic(25.0, a)
    path = descend(rule, valley.gradient, valley.start, 200)
    loss = valley.loss(path)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return path @ turn, int(np.argmax(loss <= 0.01 * loss[0]))
# --8<-- [end:turned]


@lru_cache
def all_steps() -> dict[str, list[int]]:
    """Steps of every method at every angle of the slider."""
    return {
        name: [turned(rule, angle)[1] for angle in ANGLES]
        for name, rule in RULES.items()
    }


def figure(
    fig: Figure,
    angle: Annotated[float, "angle of the valley (degrees)", ANGLES] = 45.0,
) -> dict[str, float]:
    """Draw paths turned back into one frame, and steps against the angle."""
    fig.set_size_inches(5.2, 4.9)
    fig.subplots_adjust(0.13, 0.11, 0.8, 0.97, hspace=0.35)
    top, low = fig.subplots(2)
    x, y = np.linspace(-4.4, 1.2, 80), np.linspace(-1.2, 1.5, 60)
    z = quadratic(25.0).loss(np.stack(np.meshgrid(x, y), axis=-1))
    top.contour(x, y, z**0.5, 8, colors="C7", linewidths=0.5, alpha=0.6)
    for name in ("SGD", "Adam", "Adagrad"):
        path = turned(RULES[name], angle)[0]
        top.plot(*path.T, color=COLORS[name], lw=2)
    top.plot(0, 0, "*", color="C4", ms=10)
    top.set(xlim=(-4.4, 1.2), ylim=(-1.2, 1.5), xticks=[], yticks=[])
    top.set(xlabel="along the valley", ylabel="across the valley")
    steps = all_steps()
    for name, counts in steps.items():
        low.plot(ANGLES, counts, "o-", color=COLORS[name], ms=4)
        low.text(92, counts[-1], name, color=COLORS[name], va="center")
    low.axvline(angle, color="C7", lw=1, ls=":")
    low.set(xlim=(0, 90), xticks=range(0, 91, 15), ylim=(0, 140))
    low.set(xlabel="angle of the valley to the axes (degrees)")
    low.set_ylabel("steps to 1% of the loss")
    here = int(np.abs(ANGLES - angle).argmin())
    return {f"steps_{k.lower()}": n[here] for k, n in steps.items()}
