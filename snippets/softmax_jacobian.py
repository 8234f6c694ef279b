"""The Jacobian of softmax, drawn entry by entry.

Every probability answers to every logit, which is what a distribution over
classes needs and what separate hidden units do not.

Source: Bridle, Probabilistic interpretation of feedforward classification
network outputs, in Neurocomputing, NATO ASI Series F 68, 227–236 (1990).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from deep_network import Array


# --8<-- [start:softmax]
def softmax(logits: Array) -> Array:
    """exp(z) over its sum, by rows; the shift keeps exp from overflow."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def jacobian(logits: Array) -> Array:
    """Entry i, j: how fast probability i grows with logit j, (k, k)."""
    p = softmax(logits)
    return np.diag(p) - np.outer(p, p)
# --8<-- [end:softmax]


def figure(
    fig: Figure,
    logit_scale: Annotated[
        float, "scale of logits", [0, 0.25, 0.5, 1, 2, 4, 8]
    ] = 1,
) -> dict[str, float]:
    """Draw four probabilities and their Jacobian as squares."""
    logits = logit_scale * np.array([2.0, 1.0, 0.0, -1.0]) + 0
    p, j = softmax(logits), jacobian(logits)
    fig.set_size_inches(5.2, 3.3)
    fig.subplots_adjust(0.19, 0.16, 0.98, 0.84, wspace=0.12)
    left, right = fig.subplots(1, 2, width_ratios=(2, 3))
    left.barh(range(4), p, color="C2", alpha=0.6)
    for row, share in enumerate(p):
        beside = share + 0.03 if share < 0.6 else 0.03
        left.text(beside, row, f"{share:.3f}", va="center")
        for col in range(4):
            side = abs(j[row, col] / 0.25) ** 0.5 * 0.96
            place = (col - side / 2, row - side / 2)
            color = "C0" if j[row, col] > 0 else "C1"
            right.add_patch(Rectangle(place, side, side, color=color))
    left.set(xlim=(0, 1), ylim=(3.6, -0.6))
    left.set(xlabel="probability", ylabel="logit")
    names = [f"z{n} = {z:g}" for n, z in zip("₁₂₃₄", logits)]
    left.set_yticks(range(4), [name.replace("-", "−") for name in names])
    right.set(xlim=(-0.6, 3.6), ylim=(3.6, -0.6), aspect="equal", yticks=())
    right.set_xticks(range(4), [f"z{n}" for n in "₁₂₃₄"])
    right.set_xlabel("logit that moves")
    for x, word, color in (
        (0, "probability rises", "C0"),
        (0.6, "falls", "C1"),
    ):
        right.text(x, 1.04, word, color=color, transform=right.transAxes)
    return {
        "top_probability": p[0],
        "own_slope": j[0, 0],
        "cross_slope": j[0, 1],
        "largest_entry": np.abs(j).max(),
        "largest_eigenvalue": np.linalg.eigvalsh(j)[-1],
        "row_sum": abs(j.sum(axis=1)).max(),
    }
