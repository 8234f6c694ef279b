"""Batch normalization: forward, backward, and the two modes it has.

In training each example is measured against its batch; in inference against
running averages. Most of what surprises about the layer follows from that.

Source: Ioffe & Szegedy, Batch Normalization: Accelerating Deep Network
Training by Reducing Internal Covariate Shift, ICML (2015).
"""

from typing import Annotated, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

Array = NDArray[np.float64]
EPS = 1e-5
SIZES = [2, 4, 8, 16, 32, 64, 128]


# --8<-- [start:layer]
class BatchNorm(NamedTuple):
    """Four numbers for each feature, two of them trained."""

    gamma: Array  # trained, starts at 1
    beta: Array  # trained, starts at 0
    running_mean: Array  # averaged over steps, starts at 0
    running_variance: Array  # averaged over steps, starts at 1


def fresh(features: int) -> BatchNorm:
    """The layer before the first step."""
    one, zero = np.ones(features), np.zeros(features)
    return BatchNorm(gamma=one, beta=zero, running_mean=zero,
                     running_variance=one)  # fmt: skip
# --8<-- [end:layer]


# --8<-- [start:training]
def train_forward(layer: BatchNorm, x: Array) -> tuple[Array, Array, Array]:
    """Outputs, normalized x and √(variance + EPS); x is (batch, features)."""
    centered = x - x.mean(axis=0)
    deviation = np.sqrt((centered**2).mean(axis=0) + EPS)  # divides by m
    normalized = centered / deviation
    return layer.gamma * normalized + layer.beta, normalized, deviation
# --8<-- [end:training]


# --8<-- [start:backward]
def backward(
    layer: BatchNorm, normalized: Array, deviation: Array, g: Array
) -> tuple[Array, Array, Array]:
    """dLoss/dx, dLoss/dgamma and dLoss/dbeta, where g is dLoss/doutput."""
    by_gamma, by_beta = (g * normalized).sum(axis=0), g.sum(axis=0)
    common = (by_beta + normalized * by_gamma) / len(g)
    return layer.gamma * (g - common) / deviation, by_gamma, by_beta
# --8<-- [end:backward]


# --8<-- [start:inference]
def track(layer: BatchNorm, x: Array, momentum: float = 0.9) -> BatchNorm:
    """The layer with running averages moved toward this batch of m > 1."""
    new = 1 - momentum
    return layer._replace(
        running_mean=momentum * layer.running_mean + new * x.mean(axis=0),
        running_variance=momentum * layer.running_variance
        + new * x.var(axis=0, ddof=1),  # divides by m - 1
    )


def infer(layer: BatchNorm, x: Array) -> Array:
    """Outputs by the running averages: each row for itself."""
    scale = layer.gamma / np.sqrt(layer.running_variance + EPS)
    return scale * (x - layer.running_mean) + layer.beta
# --8<-- [end:inference]


def figure(
    fig: Figure,
    batch: Annotated[int, "batch size m", SIZES] = 8,
    gamma: Annotated[float, "γ", [0.5, 1.0, 2.0]] = 2.0,
    outlier: Annotated[bool, "one far value"] = True,
) -> dict[str, float | str]:
    """Draw one batch before, normalized, and scaled and shifted by β = 3."""
    x = np.random.default_rng(3).normal(-4, 1.5, size=(batch, 1))
    if outlier:
        x[0] = 11
    layer = fresh(1)._replace(gamma=np.array([gamma]), beta=np.array([3.0]))
    outputs, normalized, deviation = train_forward(layer, x)
    limit, ax = (batch - 1) ** 0.5, fig.subplots()
    fig.subplots_adjust(0.27, 0.16, 0.97, 0.97)
    ax.plot([-limit, limit], [1, 1], color="C2", lw=14, alpha=0.25,
            solid_capstyle="butt")  # fmt: skip
    word = f"±√(m − 1)\n= ±{limit:.2f}"
    ax.text(19.5, 0.72, word, color="C2", ha="right", va="center")
    rows = ("before", x), ("normalized", normalized), ("γ × it + β", outputs)
    for i in range(batch):
        path = [values[i, 0] for _, values in rows]
        color = "C1" if outlier and i == 0 else "C0"
        faint = 1.0 if color == "C1" else 4 / max(batch, 8)
        ax.plot(path, range(3), color=color, lw=1, alpha=faint)
        ax.plot(path, range(3), color + "o", ms=6, alpha=0.8)
    for row, (name, values) in enumerate(rows):
        ax.axhline(row, color="C7", lw=0.5, zorder=0)
        mean = f"{values.mean() + 1e-9:.2f}".replace("-", "−")
        word = f"{name}\nmean {mean}\ndeviation {values.std():.2f}"
        ax.text(-10, row, word, ha="right", va="center")
    ax.set(xlim=(-9, 20), ylim=(2.4, -0.4), yticks=[], xlabel="value")
    ax.spines["left"].set_visible(False)
    return {
        "max_normalized": float(np.abs(normalized).max()),
        "limit": limit,
        "batch_mean": float(x.mean()),
        "batch_deviation": float(deviation[0]),
        "largest_output": float(outputs.max()),
    }
