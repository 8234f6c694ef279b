"""What batch normalization does to gradients on their way through depth.

It frees the gradient from the scale of the weights and lifts the sigmoid's;
but with ReLU and without skips it has a growth of its own.

Source: Yang, Pennington, Rao, Sohl-Dickstein & Schoenholz, A Mean Field
Theory of Batch Normalization, ICLR (2019).
"""

from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from matplotlib.figure import Figure

from deep_network import ACTIVATIONS, Array, backward, forward, initialize

Activation = Literal["sigmoid", "tanh", "relu", "linear"]
DEPTH, WIDTH = 30, 128


# --8<-- [start:norms]
@lru_cache
def norms(
    activation: str, scale: float, batch: int, batch_norm: bool, skip: bool
) -> tuple[Array, float]:
    """Norms of dLoss/dh₀ … dLoss/dh₃₀, and the root-mean-square slope."""
    layers = initialize(
        [WIDTH] * (DEPTH + 1), activation, scale, seed=0,
        batch_norm=batch_norm, skip=skip,
    )  # fmt: skip
    x, error = np.random.default_rng(1).normal(size=(2, batch, WIDTH))
    outputs, tape = forward(layers, x)
    by_output, _ = backward(layers, outputs, tape, error)
    slope = ACTIVATIONS[activation][1]
    squares = [np.mean(slope(z) ** 2) for z, _ in tape]
    sizes = np.array([np.linalg.norm(g) for g in by_output])
    return sizes / sizes[-1], float(np.sqrt(np.mean(squares)))
# --8<-- [end:norms]


# --8<-- [start:theory]
def theory(activation: str) -> float:
    """√(mean squared slope / variance of the output), for normal inputs."""
    f, slope = ACTIVATIONS[activation]
    z = np.linspace(-8, 8, 4002)  # no point at the kink of ReLU
    share = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()
    variance = share @ f(z) ** 2 - (share @ f(z)) ** 2
    return float(np.sqrt(share @ slope(z) ** 2 / variance))
# --8<-- [end:theory]


def figure(
    fig: Figure,
    activation: Annotated[Activation, "activation"] = "sigmoid",
    weight_scale: Annotated[float, "scale", [0.1, 1.0, 1.414, 10.0]] = 1.0,
    batch: Annotated[int, "batch size m", [16, 64, 128]] = 64,
) -> dict[str, float | str]:
    """Draw log₁₀ gradient norms of four networks; report their factors."""
    fig.set_size_inches(5.2, 3.6)
    fig.subplots_adjust(0.13, 0.14, 0.97, 0.79)
    ax, layer = fig.subplots(), np.arange(DEPTH + 1)
    expected = theory(activation)
    ax.axhline(0, color="C7", lw=1)
    ax.plot(layer, layer[::-1] * np.log10(expected), "k:", lw=1.5)
    facts: dict[str, float | str] = {"theory": expected}
    for name, normed, skip, style, place in (
        ("plain", False, False, "C1^", (0, 1.13)),
        ("residual", False, True, "C3s", (0, 1.05)),
        ("bn", True, False, "C0o", (0.45, 1.13)),
        ("bn_residual", True, True, "C2D", (0.45, 1.05)),
    ):
        sizes, slope = norms(activation, weight_scale, batch, normed, skip)
        factor = float(sizes[0]) ** (1 / DEPTH)
        ax.plot(layer, np.log10(sizes), style, ms=4, mfc="none")
        mark = {"^": "△", "s": "□", "o": "○", "D": "◇"}[style[2]]
        long = name.replace("bn", "batch norm").replace("_", ", ")
        word = f"{mark} {long}: × {factor:.3g}"
        x, y = place
        ax.text(x, y, word, color=style[:2], transform=ax.transAxes)
        inner = float(sizes[1]) ** (1 / (DEPTH - 1))  # without the input
        facts |= {"factor_" + name: factor, "inner_" + name: inner}
        facts |= {"slope_" + name: slope, "growth_" + name: float(sizes[0])}
    ax.set(xlim=(-0.5, 30.5), ylim=(-8, 8), yticks=range(-8, 9, 4))
    word = f"⋯ theory, batch norm: × {expected:.3g}"
    ax.text(0.45, 1.21, word, transform=ax.transAxes)
    ax.set(ylabel="log₁₀ gradient norm")
    ax.set_xlabel("layer (backward runs ←)")
    return facts
