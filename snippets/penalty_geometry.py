"""Two weights on a budget: the diamond has corners, the disk has none.

A corner is the best point for a whole wedge of losses, and at a corner one
weight is exactly 0; on the disk a zero needs a loss on one thin line.

Source: Tibshirani, Regression shrinkage and selection via the lasso, Journal
of the Royal Statistical Society B 58, 267–288 (1996).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

BEST = np.array([2.0, 1.0])  # minimum of the loss, before any penalty


# --8<-- [start:budget]
def hessian(angle: float, condition: float) -> np.ndarray:
    """Curvature of a loss whose valley runs at this angle (degrees)."""
    t = np.radians(angle)
    along, across = [np.cos(t), np.sin(t)], [-np.sin(t), np.cos(t)]
    return np.outer(along, along) / condition + np.outer(across, across)


def on_diamond(h: np.ndarray, budget: float) -> np.ndarray:
    """Minimum of (w − BEST)ᵀ h (w − BEST) / 2 with |w₁| + |w₂| ≤ budget."""
    if np.abs(BEST).sum() <= budget:
        return BEST
    corners = budget * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    found = []
    for p, q in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        d = q - p  # along one edge
        found.append(p + np.clip(d @ h @ (BEST - p) / (d @ h @ d), 0, 1) * d)
    return min(found, key=lambda w: float((w - BEST) @ h @ (w - BEST)))


def on_disk(h: np.ndarray, budget: float) -> np.ndarray:
    """The same minimum with w₁² + w₂² ≤ budget²: ridge at the right lam."""
    if np.linalg.norm(BEST) <= budget:
        return BEST
    low, high = 0.0, 1e3
    for _ in range(60):  # the norm falls as lam rises
        lam = (low + high) / 2
        w = np.linalg.solve(h + lam * np.eye(2), h @ BEST)
        low, high = (lam, high) if np.linalg.norm(w) > budget else (low, lam)
    return np.asarray(w)
# --8<-- [end:budget]


def figure(
    fig: Figure,
    budget: Annotated[float, "budget t", np.linspace(0.3, 3, 10)] = 0.9,
    angle: Annotated[float, "angle of the valley", range(0, 180, 45)] = 45,
    condition: Annotated[float, "condition", [1, 3, 10]] = 3,
) -> dict[str, float]:
    """Draw both balls, the loss contour that touches each, and the zeros."""
    h, turn = hessian(angle, condition), np.linspace(0, 2 * np.pi, 181)
    values, axes = np.linalg.eigh(h)
    ring = axes @ (np.array([np.cos(turn), np.sin(turn)]).T / values**0.5).T
    far = 30 * np.linalg.inv(h)
    fig.set_size_inches(5.2, 3.1)
    fig.subplots_adjust(0.1, 0.23, 0.985, 0.92, wspace=0.1)
    left, right = fig.subplots(1, 2, sharey=True)
    one, two = on_diamond(h, budget), on_disk(h, budget)
    for e in np.array([[1, 0], [0, 1], [-1, 0], [0, -1]]):
        p, side = budget * e, e[::-1]
        wedge = np.array([p, p + far @ (e + side), p + far @ (e - side)])
        left.fill(*wedge.T, color="C2", alpha=0.22)
        right.plot(*np.array([p, p + far @ e]).T, "C2", lw=1.5)
    corners = budget * np.array([[1, 0, -1, 0], [0, 1, 0, -1]])
    left.fill(*corners, "C0", alpha=0.3)
    right.fill(budget * np.cos(turn), budget * np.sin(turn), "C1", alpha=0.3)
    for ax, w, hue, name in (left, one, "C0", "L1"), (right, two, "C1", "L2"):
        radius = float((w - BEST) @ h @ (w - BEST)) ** 0.5
        for r, style in (radius, "-"), (radius / 2, ":"), (radius * 1.5, ":"):
            ax.plot(*(BEST[:, None] + r * ring), style, color="C7", lw=1)
        ax.plot(*BEST, "+", color="black", ms=9)
        ax.plot(*w, "o", color=hue, ms=8, zorder=3)
        ax.set_title(f"{name}: w = ({w[0]:.2f}, {w[1]:.2f})", color=hue)
        ax.set(xlim=(-2.4, 3.4), ylim=(-2.4, 3.4), xlabel="w₁", aspect="equal")
        ax.set(xticks=range(-2, 4), yticks=range(-2, 4))
    left.set_ylabel("w₂")
    note = "green: minima of the loss for which one weight comes out exactly 0"
    fig.text(0.54, 0.015, note, color="C2", ha="center", size=9)
    return {
        "l1_first": one[0],
        "l1_second": one[1],
        "l2_first": two[0],
        "l2_second": two[1],
        "l1_zero_count": int((one == 0).sum()),
        "l2_zero_count": int((two == 0).sum()),
    }
