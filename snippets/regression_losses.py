"""Six losses of regression and their slopes, as functions of the prediction.

The slope says how hard a residual pulls at the model: without limit for the
squared error, with the same force at any distance for the absolute one.

Source: Huber, Annals of Mathematical Statistics 35, 73–101 (1964).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure


# --8<-- [start:plain]
def squared(p: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Loss of predicting p where y is true, and its slope in p (MSE)."""
    r = p - y
    return r**2, 2 * r


def absolute(p: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """MAE; at r = 0, where there is no slope, sign gives 0."""
    r = p - y
    return np.abs(r), np.sign(r)
# --8<-- [end:plain]


# --8<-- [start:between]
def huber(
    p: np.ndarray, y: np.ndarray, delta: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """A parabola up to delta, then the straight line that continues it."""
    r = p - y
    size = np.abs(r)
    loss = np.where(size <= delta, r**2 / 2, delta * size - delta**2 / 2)
    return loss, np.clip(r, -delta, delta)


def log_cosh(p: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """ln cosh r, with no exponential that could overflow."""
    r = p - y
    size = np.abs(r)
    return size + np.log1p(np.exp(-2 * size)) - np.log(2), np.tanh(r)
# --8<-- [end:between]


# --8<-- [start:relative]
def percentage(p: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """MAPE as a fraction; the target must not be 0."""
    return np.abs(p - y) / np.abs(y), np.sign(p - y) / np.abs(y)


def squared_log(p: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """MSLE; prediction and target must be above −1."""
    gap = np.log1p(p) - np.log1p(y)
    return gap**2, 2 * gap / (1 + p)
# --8<-- [end:relative]


# --8<-- [start:faulty]
def faulty_huber(r: np.ndarray, delta: float) -> np.ndarray:
    """A misprint: the sign is left in, the square of delta left out."""
    return np.where(np.abs(r) <= delta, r**2 / 2, delta * r - delta / 2)
# --8<-- [end:faulty]


def figure(
    fig: Figure,
    delta: Annotated[float, "Huber's δ", [0.1, 0.5, 1, 2, 3, 5]] = 1,
) -> dict[str, float]:
    """Draw four losses and their slopes against the residual."""
    r, zero = np.linspace(-6, 6, 2401), np.zeros(())
    fig.set_size_inches(5.2, 5.4)
    fig.subplots_adjust(0.14, 0.09, 0.97, 0.9, hspace=0.14)
    top, low = fig.subplots(2, sharex=True, height_ratios=(3, 2))
    half = tuple(x / 2 for x in squared(r, zero))
    for color, width, name, (loss, slope) in (
        ("C0", 2, "half the squared error", half),
        ("C1", 2, "absolute error", absolute(r, zero)),
        ("C3", 2, "log-cosh", log_cosh(r, zero)),
        ("C2", 3.5, "Huber", huber(r, zero, delta)),
    ):
        top.plot(r, loss, color, lw=width, label=name)
        low.plot(r, slope, color, lw=width)
    low.axhline(0, color="C7", lw=0.8)
    top.legend(loc="lower center", bbox_to_anchor=(0.45, 1), ncols=2)
    top.set(ylim=(-0.3, 8), ylabel="loss")
    low.set(ylim=(-4, 4), ylabel="slope: pull on the model")
    low.set(xlim=(-6, 6), xlabel="residual: prediction − target")
    loss, slope = huber(np.array(6.0), zero, delta)
    return {
        "huber_at_six": float(loss),
        "huber_pull": float(slope),
        "log_cosh_at_six": float(log_cosh(np.array(6.0), zero)[0]),
    }


def outer_branch(
    fig: Figure,
    corner: Annotated[float, "Huber's δ", [0.5, 1, 1.5, 2, 2.5]] = 2,
) -> dict[str, float]:
    """Draw Huber's loss beside the misprint, which breaks at ±δ."""
    r = np.linspace(-6, 6, 2401)
    right, wrong = huber(r, np.zeros(()), corner)[0], faulty_huber(r, corner)
    ax = fig.subplots()
    ax.axhline(0, color="C7", lw=0.8)
    ax.plot(r, right, "C2", lw=3.5)
    for side in r < -corner, r > corner:
        ax.plot(r[side], wrong[side], "C1--")
    for at in -corner, corner:
        ax.plot([at, at], [-9, 16], color="C7", lw=1, ls=":")
    ax.text(-5.8, 15.5, "Huber", color="C2", va="top")
    ax.text(5.8, -15, "misprint: sign kept,\nsquare lost", color="C1",
            ha="right")
    ax.set(xlim=(-6, 6), ylim=(-20, 16), xlabel="residual", ylabel="loss")
    seam = np.array(corner)
    edge = corner**2 - corner / 2 - huber(seam, np.zeros(()), corner)[0]
    return {"jump": float(edge), "misprint_at_minus_six": float(wrong[0])}
