"""Classification losses and their slopes against the margin.

A loss trains by its slope: where it is zero, an example teaches nothing.

Source: Bartlett, Jordan & McAuliffe, Convexity, classification, and risk
bounds, Journal of the American Statistical Association 101 (2006).
"""

from collections.abc import Callable
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from sigmoid_derivatives import sigmoid

Array = np.ndarray
Curve = Callable[[float | Array], Array]


# --8<-- [start:losses]
def hinge(m: float | Array) -> Array:
    """What the margin m lacks to 1, or 0 if it lacks nothing."""
    return np.maximum(0.0, 1 - m)


def squared_hinge(m: float | Array) -> Array:
    """The hinge, squared."""
    return hinge(m) ** 2


def log_loss(m: float | Array) -> Array:
    """-ln σ(m) = ln(1 + exp(-m)), which no m overflows."""
    return np.logaddexp(0, -m)


def squared_error(m: float | Array) -> Array:
    """(1 − p)² for the probability p = σ(m) of the true class."""
    return sigmoid(-m) ** 2
# --8<-- [end:losses]


# --8<-- [start:slopes]
# name: (loss, slope), both as functions of the margin
LOSSES: dict[str, tuple[Curve, Curve]] = {
    "hinge": (hinge, lambda m: -np.heaviside(1 - m, 0.0)),
    "squared hinge": (squared_hinge, lambda m: -2 * hinge(m)),
    "log loss": (log_loss, lambda m: -sigmoid(-m)),
    "squared error": (
        squared_error,
        lambda m: -2 * sigmoid(-m) ** 2 * sigmoid(m),
    ),
}
# --8<-- [end:slopes]


# --8<-- [start:categorical]
def categorical_hinge(scores: Array, label: int) -> float:
    """What the true score's lead over its best rival lacks to 1, or 0."""
    rival = np.delete(scores, label).max()
    return float(hinge(scores[label] - rival))
# --8<-- [end:categorical]


def figure(
    fig: Figure,
    margin: Annotated[float, "margin", np.linspace(-4, 3, 29)] = -1.0,
) -> dict[str, float]:
    """Draw four losses and their slopes; report both at one margin."""
    fig.set_size_inches(5.2, 5.2)
    fig.subplots_adjust(0.12, 0.1, 0.97, 0.9, hspace=0.15)
    top, low = fig.subplots(2, sharex=True)
    x = np.linspace(-4, 3, 1401)
    steepest = np.abs(LOSSES["squared error"][1](x)).max()
    facts = {"squared_error_steepest": float(steepest)}
    for i, (name, (loss, slope)) in enumerate(LOSSES.items()):
        f, d = float(loss(margin)), float(slope(margin)) + 0.0  # no −0
        at = (-0.02, 0.19, 0.51, 0.73)[i]
        top.plot(x, loss(x), f"C{i}", margin, f, f"oC{i}")
        low.plot(x, slope(x), f"C{i}", margin, d, f"oC{i}")
        for ax, y, text in (
            (top, 1.13, name),
            (top, 1.03, f"{f:.3f}"),
            (low, 1.01, f"{d:.3f}".replace("-", "−")),
        ):
            ax.text(at, y, text, color=f"C{i}", transform=ax.transAxes)
        key = name.replace(" ", "_")
        facts |= {key: f, key + "_slope": d}
    for ax in top, low:
        ax.axvline(margin, color="C7", lw=1, ls=":", zorder=0)
    top.set(xlim=(-4.1, 3.1), ylim=(-0.15, 5.2), ylabel="loss")
    top.set_yticks(range(6))
    top.tick_params(axis="x", length=0)
    low.set(ylim=(-3.1, 0.15), ylabel="slope", yticks=range(-3, 1))
    low.set(xlabel="margin m = y · score", xticks=range(-4, 4))
    return facts
