"""How the first weights set the size of activations and of gradients.

The variance of the weights multiplies both once per layer, so a deep network
is lost or ready to learn before its first step.

Source: Glorot & Bengio, AISTATS (2010); He, Zhang, Ren & Sun, Delving Deep
into Rectifiers, ICCV (2015).
"""

from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from matplotlib.figure import Figure

from deep_network import Array, backward, forward, initialize

Scheme = Literal["small", "xavier", "he", "large"]
Activation = Literal["linear", "tanh", "relu", "leaky"]
DEPTH, SHOWN = 50, (1, 5, 10, 20, 50)


# --8<-- [start:schemes]
def variance(scheme: str, fan_in: int, fan_out: int) -> float:
    """Variance of one weight; small and large do not look at the layer."""
    return {
        "small": 0.01**2,
        "xavier": 2 / (fan_in + fan_out),
        "he": 2 / fan_in,
        "large": 1.0,
    }[scheme]
# --8<-- [end:schemes]


# --8<-- [start:signals]
@lru_cache
def signals(
    activation: str, scale: float, width: int
) -> tuple[Array, Array, list[Array]]:
    """Mean squares of h₀ … h₅₀ and of dLoss/dh₀ … dLoss/dh₅₀; the h."""
    layers = initialize([width] * (DEPTH + 1), activation, scale, seed=0)
    x, error = np.random.default_rng(1).normal(size=(2, 64, width))
    outputs, tape = forward(layers, x)
    by_output, _ = backward(layers, outputs, tape, error)
    squares = [[np.mean(h**2) for h in run] for run in (outputs, by_output)]
    return np.array(squares[0]), np.array(squares[1]), outputs
# --8<-- [end:signals]


def figure(
    fig: Figure,
    scheme: Annotated[Scheme, "scheme"] = "he",
    activation: Annotated[Activation, "activation"] = "relu",
    width: Annotated[int, "units per layer", [32, 128, 256]] = 128,
) -> dict[str, float | str]:
    """Draw mean squares and distributions by layer; report the factors."""
    scale = (width * variance(scheme, width, width)) ** 0.5
    ahead, back, outputs = signals(activation, scale, width)
    factors = (ahead[-1] / ahead[0]) ** 0.02, (back[0] / back[-1]) ** 0.02
    left, right = fig.subplots(1, 2, width_ratios=(1.25, 1))
    fig.subplots_adjust(0.13, 0.16, 0.985, 0.83, wspace=0.33)
    left.axhline(0, color="C7", lw=1)
    left.plot(np.log10(back), "C1^", mfc="none", ms=5)
    left.plot(np.log10(ahead), "C0o", ms=3)
    left.set(xlim=(-1, 51), ylim=(-11, 11), yticks=range(-10, 11, 5))
    left.set(xlabel="layer", ylabel="log₁₀ mean square")
    for y, mark, factor in ((1.13, "● activations", factors[0]),
                            (1.04, "△ gradients", factors[1])):
        word = f"{mark} × {factor:.3g} per layer"
        left.text(0, y, word, color="C0" if y > 1.1 else "C1",
                  transform=left.transAxes)  # fmt: skip
    edges = np.linspace(-3.05, 3.05, 62)
    for row, number in enumerate(SHOWN):
        inside = np.clip(outputs[number], -3, 3)  # the rest piles up there
        density, _ = np.histogram(inside, edges, density=True)
        height = np.minimum(density, 0.85)
        right.stairs(height - row, edges, baseline=-row, fill=True, color="C0")
        right.axhline(-row, color="C7", lw=0.5)
    right.set(xlim=(-3.1, 3.1), ylim=(-4.1, 1), xticks=(-3, 0, 3))
    right.set_xticklabels(["≤ −3", "0", "≥ 3"])
    right.set_yticks([-r for r in range(5)], [str(n) for n in SHOWN])
    right.set(xlabel="activation", ylabel="layer")
    right.set_title("distribution")
    return {
        "weight_scale": scale,
        "forward_factor": float(factors[0]),
        "backward_factor": float(factors[1]),
        "mean_square": float(ahead[-1]),
        "mean_square_10": float(ahead[10]),
        "saturated_share": float(np.mean(np.abs(outputs[-1]) > 0.95)),
    }
