"""Three ways to clip gradients, and what each does to length and direction.

Only one common factor keeps the direction of the whole gradient; limits on
entries or on single tensors bound something else and turn it.

Source: Pascanu, Mikolov & Bengio, On the difficulty of training recurrent
neural networks, ICML (2013).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from deep_network import Array, clip_by_global_norm

LIMITS = [0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]


# --8<-- [start:rules]
def clip_by_value(gradients: list[Array], limit: float) -> list[Array]:
    """Every entry on its own, to [−limit, limit]."""
    return [np.clip(g, -limit, limit) for g in gradients]


def clip_each_norm(gradients: list[Array], limit: float) -> list[Array]:
    """Every tensor scaled on its own to length ≤ limit."""
    return [clip_by_global_norm([g], limit)[0] for g in gradients]
# --8<-- [end:rules]


# --8<-- [start:measure]
def joint_norm(gradients: list[Array]) -> float:
    """Length of all tensors taken as one long vector."""
    return float(np.sqrt(sum(np.sum(g**2) for g in gradients)))


def cosine(one: list[Array], two: list[Array]) -> float:
    """Of the angle between two lists of tensors, each as one vector."""
    inner = float(sum(np.sum(a * b) for a, b in zip(one, two)))
    return inner / (joint_norm(one) * joint_norm(two))
# --8<-- [end:measure]


def figure(
    fig: Figure,
    threshold: Annotated[float, "threshold c", LIMITS] = 1.0,
    angle: Annotated[float, "angle of g in °", range(0, 91, 15)] = 15,
) -> dict[str, float]:
    """Draw a gradient of length 3, clipped by value and by norm."""
    turn = np.radians(angle)
    raw = [3 * np.array([np.cos(turn), np.sin(turn)])]
    by_value = clip_by_value(raw, threshold)
    by_norm = clip_by_global_norm(raw, threshold)
    fig.set_size_inches(5.2, 4.2)
    fig.subplots_adjust(0.1, 0.12, 0.97, 0.88)
    ax, c = fig.subplots(), threshold
    ax.add_patch(Rectangle((-c, -c), 2 * c, 2 * c, fc="C1", alpha=0.12))
    ax.add_patch(Circle((0, 0), c, fc="none", ec="C0", lw=1.5, ls="--"))
    for (tip,), color, width in (
        (raw, "C7", 2), (by_value, "C1", 5), (by_norm, "C0", 2.5),
    ):
        style = dict(arrowstyle="-|>", color=color, lw=width)
        style |= dict(shrinkA=0, shrinkB=0, mutation_scale=14)
        ax.annotate("", tuple(tip), (0, 0), arrowprops=style)
    cos = cosine(raw, by_value)
    facts = {
        "value_norm": joint_norm(by_value),
        "norm_after": joint_norm(by_norm),
        "value_cosine": cos,
        "turned": float(np.degrees(np.arccos(min(cos, 1)))),
        "bound": c * 2**0.5,
    }
    for x, word, color in (
        (0, "gradient: length 3", "C7"),
        (0.36, f"by value: {facts['value_norm']:.2f},\n"
               f"turned by {facts['turned']:.0f}°", "C1"),
        (0.74, f"by norm: {facts['norm_after']:.2f},\nturned by 0°", "C0"),
    ):
        ax.text(x, 1.03, word, color=color, transform=ax.transAxes)
    ax.set(xlim=(-1, 4), ylim=(-0.75, 3.25), aspect="equal")
    ax.set(xlabel="first entry", ylabel="second entry")
    return facts
