"""How exact a numerical gradient is, and what it costs beside a backward pass.

A central difference knows nothing of the chain rule, so it can judge the
code that does; it is inexact itself, and never exact enough for any step.

Source: Baydin, Pearlmutter, Radul & Siskind, Automatic Differentiation in
Machine Learning: a Survey, JMLR 18(153), 1–43 (2018).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from deep_network import Array, Layer, backward, forward, initialize

EPSILON = float(np.finfo(float).eps)  # 2⁻⁵²
SMALLEST, LARGEST = -12, -1  # log₁₀ of the steps


# --8<-- [start:loss]
def problem(width: int) -> tuple[list[Layer], Array, Array]:
    """Three tanh layers, eight examples, and their targets."""
    x, target = np.random.default_rng(1).normal(size=(2, 8, width))
    return initialize([width] * 4, "tanh", 1.0, seed=0), x, target


def loss(layers: list[Layer], x: Array, target: Array) -> float:
    """Half the squared error, averaged over the examples."""
    output = forward(layers, x)[0][-1]
    return float(np.sum((output - target) ** 2) / (2 * len(x)))


def exact(layers: list[Layer], x: Array, target: Array) -> list[Array]:
    """The gradient by all weights: one pass forward, one backward."""
    outputs, tape = forward(layers, x)
    error = (outputs[-1] - target) / len(x)  # dLoss / dh_L
    return backward(layers, outputs, tape, error)[1]
# --8<-- [end:loss]


# --8<-- [start:differences]
def nudged(layers: list[Layer], at: tuple[int, ...], by: float) -> list[Layer]:
    """A copy of the layers with weight at = (layer, row, column) moved."""
    number, row, column = at
    weights = layers[number].weights.copy()
    weights[row, column] += by
    moved = layers[number]._replace(weights=weights)
    return [*layers[:number], moved, *layers[number + 1:]]


def differences(
    layers: list[Layer], x: Array, target: Array, step: float
) -> Array:
    """The same gradient by central differences, two losses a weight."""
    shape = (len(layers), *layers[0].weights.shape)  # layers of one shape
    found = np.empty(shape)
    for at in np.ndindex(shape):
        up = loss(nudged(layers, at, step), x, target)
        down = loss(nudged(layers, at, -step), x, target)
        found[at] = (up - down) / (2 * step)
    return found
# --8<-- [end:differences]


@lru_cache
def errors(width: int) -> tuple[Array, Array]:
    """Steps, and the relative error of the numerical gradient for each."""
    layers, x, target = problem(width)
    gradient = np.array(exact(layers, x, target))
    steps = np.power(10.0, np.arange(SMALLEST, LARGEST + 1), dtype=float)
    off = [differences(layers, x, target, float(h)) - gradient for h in steps]
    size = float(np.linalg.norm(gradient))
    return steps, np.array([float(np.linalg.norm(o)) / size for o in off])


def figure(
    fig: Figure,
    log10_step: Annotated[
        int, "log₁₀ of the step", range(SMALLEST, LARGEST + 1)
    ] = -5,
    width: Annotated[int, "width", [2, 4, 6]] = 4,
) -> dict[str, float]:
    """Draw the error of a central difference against its step."""
    steps, error = errors(width)
    weights, here = 3 * width**2, log10_step - SMALLEST
    logs = np.log10(steps)
    truncation = np.log10(error[-2]) + 2 * (logs - logs[-2])
    rounding = np.log10(error[1]) - (logs - logs[1])
    fig.subplots_adjust(left=0.15, bottom=0.17, top=0.86)
    ax = fig.subplots()
    ax.plot(logs, truncation, "C1--", logs, rounding, "C2--", lw=1)
    ax.plot(logs, np.log10(error), "C0o-", ms=4)
    ax.plot(log10_step, np.log10(error[here]), "oC0", ms=11, mfc="none")
    ax.set(xlim=(-12.4, -0.6), ylim=(-12, 0), yticks=range(-12, 1, 3))
    ax.set(xlabel="log₁₀ of the step h", ylabel="log₁₀ of relative error")
    for left, word, color in (
        (0, "rounding ∝ 1/h", "C2"),
        (0.31, "truncation ∝ h²", "C1"),
        (0.64, f"off by {error[here]:.0e}", "C0"),
    ):
        ax.text(left, 1.06, word, color=color, transform=ax.transAxes)
    return {
        "parameters": weights,
        "evaluations_needed": 2 * weights,
        "products_backward": 3 * width**2,
        "products_forward": 2 * width**3 + width**2,
        "step": float(steps[here]),
        "error_here": error[here],
        "best_log10_step": int(logs[error.argmin()].round()),
        "best_error": error.min(),
        "epsilon": EPSILON,
        "rule_of_thumb": EPSILON ** (1 / 3),
    }
