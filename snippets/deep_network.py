"""A deep network in plain NumPy whose every layer shows its gradient.

One backward pass returns the gradient at each layer, so that what is said
about gradients in deep networks can be measured instead of believed.

Source: Rumelhart, Hinton & Williams, Nature 323, 533-536 (1986).
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Unary = Callable[[Array], Array]
Tape = list[tuple[Array, Array | None]]
LEAK, EPS = 0.01, 1e-5


# --8<-- [start:activations]
def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), in a form that no z overflows; shape of z."""
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def steep(z: Array) -> Array:
    """Slope of the leaky ReLU: 1 for positive z, LEAK for the rest."""
    return LEAK + (1 - LEAK) * np.heaviside(z, 0)


# name: (activation, slope), both as functions of the input z
ACTIVATIONS: dict[str, tuple[Unary, Unary]] = {
    "linear": (np.positive, np.ones_like),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: np.heaviside(z, 0)),
    "leaky": (lambda z: np.maximum(z, LEAK * z), steep),
    "elu": (
        lambda z: np.maximum(z, np.expm1(np.minimum(z, 0))),
        lambda z: np.exp(np.minimum(z, 0)),
    ),
}
# --8<-- [end:activations]


# --8<-- [start:layers]
class Layer(NamedTuple):
    """h ↦ branch · activation(h @ weights), plus h itself with a skip."""

    weights: Array  # (fan_in, fan_out)
    activation: str
    batch_norm: bool = False  # of h @ weights, without gain and shift
    skip: bool = False  # needs fan_in == fan_out
    branch: float = 1.0


def initialize(
    widths: Sequence[int], activation: str, scale: float, seed: int,
    batch_norm: bool = False, skip: bool = False, branch: float = 1.0,
) -> list[Layer]:
    """Layers with Gaussian weights of deviation scale / √fan_in."""
    rng = np.random.default_rng(seed)
    draws = [rng.normal(size=(m, n)) / m**0.5 for m, n in pairwise(widths)]
    return [
        Layer(scale * draw, activation, batch_norm, skip, branch)
        for draw in draws
    ]
# --8<-- [end:layers]


# --8<-- [start:forward]
def forward(layers: list[Layer], x: Array) -> tuple[list[Array], Tape]:
    """Outputs h₀ = x, h₁ … h_L, and what the backward pass needs."""
    outputs, tape = [x], []
    for layer in layers:
        h, deviation = outputs[-1], None  # (batch, fan_in)
        z = h @ layer.weights  # (batch, fan_out)
        if layer.batch_norm:
            z = z - z.mean(axis=0)
            deviation = np.sqrt((z**2).mean(axis=0) + EPS)
            z = z / deviation
        f, _ = ACTIVATIONS[layer.activation]
        outputs.append(layer.branch * f(z) + (h if layer.skip else 0))
        tape.append((z, deviation))
    return outputs, tape
# --8<-- [end:forward]


# --8<-- [start:backward]
def backward(
    layers: list[Layer], outputs: list[Array], tape: Tape, error: Array
) -> tuple[list[Array], list[Array]]:
    """dLoss/dh for h₀ … h_L, and dLoss/dW by layer; error is dLoss/dh_L."""
    by_output, by_weights = [error], []
    steps = list(zip(layers, outputs[:-1], tape, strict=True))
    for layer, h, (z, deviation) in reversed(steps):
        g = by_output[-1]  # (batch, fan_out)
        _, slope = ACTIVATIONS[layer.activation]
        u = layer.branch * slope(z) * g
        if deviation is not None:
            u = u - u.mean(axis=0) - z * (u * z).mean(axis=0)
            u = u / deviation
        by_weights.append(h.T @ u)
        by_output.append(u @ layer.weights.T + (g if layer.skip else 0))
    return by_output[::-1], by_weights[::-1]
# --8<-- [end:backward]


# --8<-- [start:clip]
def clip_by_global_norm(gradients: list[Array], limit: float) -> list[Array]:
    """The gradients, all scaled by one factor to joint length ≤ limit."""
    norm = float(np.sqrt(sum(np.sum(g**2) for g in gradients)))
    return [g * (limit / max(norm, limit)) for g in gradients]
# --8<-- [end:clip]
