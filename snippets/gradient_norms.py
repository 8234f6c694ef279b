"""The size of the gradient at every layer of a deep network.

A gradient that shrinks or grows by a constant factor per layer draws a
straight line on a log scale; the factor decides what depth can be trained.

Source: Glorot & Bengio, Understanding the difficulty of training deep
feedforward neural networks, AISTATS (2010).
"""

from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from matplotlib.figure import Figure

from deep_network import ACTIVATIONS, Array, backward, forward, initialize
from deep_network import clip_by_global_norm as clip

Activation = Literal["linear", "sigmoid", "tanh", "relu", "leaky", "elu"]
Extra = Literal["none", "residual", "batch norm", "both", "clipping"]
SCALES = [0.25, 0.5, 1.0, 1.414, 2.0, 5.0, 10.0, 20.0]


# --8<-- [start:measure]
@lru_cache
def measure(
    activation: str, scale: float, depth: int, extra: str
) -> tuple[Array, Array, float, float]:
    """Norms of dLoss/dh₀ … dLoss/dh_L, and of dLoss/dW₁ … dLoss/dW_L,
    for an error of norm 1; root-mean-square slope; largest |h_L|."""
    layers = initialize(
        [128] * (depth + 1), activation, scale, seed=0,
        batch_norm=extra in {"batch norm", "both"},
        skip=extra in {"residual", "both"},
    )
    x, error = np.random.default_rng(1).normal(size=(2, 64, 128))
    outputs, tape = forward(layers, x)
    error = error / np.linalg.norm(error)
    by_h, by_w = backward(layers, outputs, tape, error)
    by_w = clip(by_w, limit=1.0) if extra == "clipping" else by_w
    slope = ACTIVATIONS[activation][1]
    squares = [np.mean(slope(z) ** 2) for z, _ in tape]
    return (
        np.array([np.linalg.norm(g) for g in by_h]),
        np.array([np.linalg.norm(g) for g in by_w]),
        float(np.exp(np.mean(np.log(squares)) / 2)),
        float(np.abs(outputs[-1]).max()),
    )
# --8<-- [end:measure]


def figure(
    fig: Figure,
    activation: Annotated[Activation, "activation"] = "sigmoid",
    weight_scale: Annotated[float, "weight scale", SCALES] = 1.0,
    extra: Annotated[Extra, "extra"] = "none",
    depth: Annotated[int, "layers", [2, 5, 10, 20, 30, 40, 50]] = 30,
) -> dict[str, float | str]:
    """Draw log₁₀ gradient norms against the layer; report their sizes."""
    by_h, by_w, rms, largest = measure(activation, weight_scale, depth, extra)
    factor = float(by_h[0] / by_h[-1]) ** (1 / depth)
    ax, layer = fig.subplots(), np.arange(depth + 1)
    fig.subplots_adjust(left=0.155, top=0.86)
    ax.axhline(0, color="C7", lw=1)
    ax.plot(layer, layer[::-1] * np.log10(factor), "k:", lw=1)
    ax.plot(layer[1:], np.log10(by_w), "C1^", mfc="none", ms=6)
    ax.plot(layer, np.log10(by_h), "C0o", ms=3)
    # Limits in proportion to depth: one factor keeps one angle.
    ax.set(xlim=(-0.02 * depth, 1.02 * depth))
    ax.set(ylim=(-1.4 * depth, 1.4 * depth), ylabel="log₁₀ gradient norm")
    ax.set_yticks(np.linspace(-depth, depth, 5))
    ax.set_xlabel("layer (0: input; backward runs ←)")
    word = f"● ∂loss/∂h: × {factor:.3g} per layer"
    ax.text(0, 1.06, word, color="C0", transform=ax.transAxes)
    ax.text(0.75, 1.06, "△ ∂loss/∂W", color="C1", transform=ax.transAxes)
    return {
        "factor": factor,
        "input_norm": float(by_h[0]),
        "first_layer_norm": float(by_w[0]),
        "last_layer_norm": float(by_w[-1]),
        "rms_slope": rms,
        "largest_output": largest,
    }


# --8<-- [start:signs]
@lru_cache
def sign_growth(random: bool, layers: int = 20) -> Array:
    """Growth of a vector of 400 ones by 0, 1, … matrices of ±1."""
    rng, v, norms = np.random.default_rng(0), np.ones(400), [20.0]
    for _ in range(layers):
        choices = [-1.0, 1.0] if random else [1.0]
        v = rng.choice(choices, (400, 400)) @ v
        norms.append(float(np.linalg.norm(v)))
    return np.array(norms) / 20.0
# --8<-- [end:signs]


def small_entries(
    fig: Figure,
    entry: Annotated[float, "entry size", np.linspace(0.01, 0.1, 10)] = 0.1,
) -> dict[str, float | str]:
    """Draw how products of 400 × 400 matrices of ±entry grow a vector."""
    ax, layer = fig.subplots(), np.arange(21)
    fig.subplots_adjust(left=0.155, right=0.73)
    ax.axhline(0, color="C7", lw=1)
    facts: dict[str, float | str] = {}
    for name, ones, color in (
        ("equal signs", sign_growth(False), "C1"),
        ("random signs", sign_growth(True), "C0"),
        ("number alone", np.ones(21), "C7"),
    ):
        y = ones * entry**layer
        ax.plot(layer, np.log10(y), color=color)
        word = f"{name}\n× {y[-1] ** (1 / 20):.3g} per matrix"
        ax.text(20.4, np.log10(y[-1]), word, color=color, va="center")
        facts[name.split()[0] + "_growth"] = float(y[-1])
    ax.set(xlim=(0, 20), xticks=range(0, 21, 5), ylim=(-44, 40))
    ax.set(xlabel="number of matrices", ylabel="log₁₀ growth of the norm")
    return facts
