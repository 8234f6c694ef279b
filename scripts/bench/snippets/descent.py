"""Gradient descent on a stretched bowl, for four learning rates."""

import numpy as np
from matplotlib.figure import Figure

SEED = 0


def path(rate: float, start: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    """The points that 60 steps pass through."""
    points = [start]
    for _ in range(60):
        points.append(points[-1] - rate * curvature * points[-1])
    return np.array(points)


def figure(fig: Figure) -> dict[str, float]:
    """Draw the paths and how the loss falls along them."""
    rng = np.random.default_rng(SEED)
    start, curvature = rng.normal(size=2) + 3, np.array([1.0, rng.uniform(4, 8)])
    fig.set_size_inches(5.2, 5.4)
    plane, loss = fig.subplots(2)
    facts = {}
    for i, rate in enumerate((0.01, 0.05, 0.1, 0.2)):
        points = path(rate, start, curvature)
        plane.plot(*points.T, f"C{i}.-", lw=1, label=f"rate {rate}")
        losses = (points**2 * curvature).sum(axis=1) / 2
        loss.semilogy(losses, f"C{i}")
        facts[f"loss_{i}"] = losses[-1]
    plane.set(xlim=(-2, 6), ylim=(-6, 6), xlabel="x₁", ylabel="x₂")
    plane.legend(ncols=2)
    loss.set(xlim=(0, 60), ylim=(1e-9, 1e3), xlabel="step", ylabel="loss")
    return facts
