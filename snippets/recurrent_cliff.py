"""Descent near a cliff in the loss of a recurrent network with one unit.

One gradient on the wall of a cliff throws the weights far away; a limit on
its length lets the same descent go down along the wall.

Source: Pascanu, Mikolov & Bengio, On the difficulty of training recurrent
neural networks, ICML (2013).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from deep_network import Array, clip_by_global_norm, sigmoid

LIMITS = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 100.0]
START, STEPS = (5.0, -2.0), 30


# --8<-- [start:surface]
def loss_and_gradient(w: Array, b: Array) -> tuple[Array, Array, Array]:
    """Of x ↦ w σ(x) + b, 25 times from ½: (σ(x) − 0.7)² and its slopes."""
    x = np.full_like(w, 0.5)
    by_w, by_b = np.zeros_like(w), np.zeros_like(w)
    for _ in range(25):
        s = sigmoid(x)
        factor = w * s * (1 - s)  # what each time step multiplies by
        x, by_w, by_b = w * s + b, s + factor * by_w, 1 + factor * by_b
    s = sigmoid(x)
    error = 2 * (s - 0.7) * s * (1 - s)
    return (s - 0.7) ** 2, error * by_w, error * by_b
# --8<-- [end:surface]


# --8<-- [start:descend]
@lru_cache
def descend(limit: float, rate: float) -> tuple[Array, Array, Array]:
    """Weights, losses and raw gradient norms at every step."""
    at, rows = [np.array([v]) for v in START], []
    for _ in range(STEPS + 1):
        loss, *gradient = loss_and_gradient(*at)
        rows.append([*at, loss, np.hypot(*gradient)])
        steps = clip_by_global_norm(gradient, limit)
        at = [v - rate * g for v, g in zip(at, steps)]
    table = np.array(rows)[..., 0]  # (steps + 1, 4)
    return table[:, :2], table[:, 2], table[:, 3]
# --8<-- [end:descend]


@lru_cache
def surface() -> tuple[Array, Array, Array, Array]:
    """A grid of w and b, with the loss and the norm of its gradient."""
    w, b = np.meshgrid(np.linspace(3.8, 6, 221), np.linspace(-3, -0.6, 241))
    loss, by_w, by_b = loss_and_gradient(w, b)
    return w, b, loss, np.hypot(by_w, by_b)


def figure(
    fig: Figure,
    threshold: Annotated[float, "threshold", LIMITS] = 0.5,
    rate: Annotated[float, "learning rate", [0.25, 0.5]] = 0.5,
) -> dict[str, float]:
    """Draw both descents on the map of the loss, and their step lengths."""
    w, b, loss, norm = surface()
    fig.set_size_inches(5.2, 5.8)
    fig.subplots_adjust(0.13, 0.09, 0.97, 0.94, hspace=0.3)
    top, low = fig.subplots(2, height_ratios=(3, 2))
    top.contourf(w, b, loss, [0.2, 1], colors=["C7"], alpha=0.25)
    numbers = np.arange(1, STEPS + 1)
    facts = {
        "surface_max": norm.max(),
        "surface_median": np.median(norm),
        "steep_share": np.mean(norm > 1),
    }
    for i, limit, name in (1, 1e9, "raw"), (0, threshold, "clipped"):
        path, losses, norms = descend(limit, rate)
        steps = np.hypot(*np.diff(path, axis=0).T)
        width, size = 1 + 2 * i, 4 + 3 * i  # the second covers the first
        top.plot(*path.T, f"C{i}o-", lw=width, ms=size)
        low.semilogy(numbers, steps, f"C{i}o-", lw=width, ms=size)
        facts["longest_step_" + name] = steps.max()
        facts["largest_gradient_" + name] = norms[:-1].max()
        facts["end_loss_" + name] = losses[-1]
    top.plot(*START, "ks", ms=6)
    for x, word, color in (
        (0, f"not clipped: longest {facts['longest_step_raw']:.3g}", "C1"),
        (0.55, f"clipped: longest {facts['longest_step_clipped']:.3g}", "C0"),
    ):
        top.text(x, 1.04, word, color=color, transform=top.transAxes)
    top.text(5.05, -1.95, "start")
    top.text(3.9, -2.9, "plateau: loss above 0.2", color="C7")
    top.set(xlim=(3.8, 6), ylim=(-3, -0.6), xlabel="weight w", ylabel="bias b")
    low.set(xlim=(0, STEPS + 1), ylim=(0.005, 30), xlabel="step")
    low.set_yticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
    low.set_ylabel("length of the step")
    return facts
