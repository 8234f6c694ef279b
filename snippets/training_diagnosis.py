"""Eight-layer networks in training, looked at layer by layer.

The loss alone does not tell a vanishing gradient from a poor model; the size
of the gradient and of the weight change in each layer does.

Source: Glorot & Bengio, Understanding the difficulty of training deep
feedforward neural networks, AISTATS (2010).
"""

from functools import lru_cache
from typing import Annotated, Literal, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from deep_network import Array, Layer, backward, forward, initialize

Activation = Literal["sigmoid", "relu"]
STEPS, LIMIT, RATES = 300, 1e4, np.linspace(-2, 0, 9)  # log₁₀ of rates


# --8<-- [start:network]
def task() -> tuple[Array, Array]:
    """64 examples: 8 normal inputs, one target that needs three of them."""
    x = np.random.default_rng(100).normal(size=(64, 8))
    return x, np.sin(2 * x[:, :1]) + x[:, 1:2] * x[:, 2:3]


def network(activation: str) -> list[Layer]:
    """Seven layers of 32 units and a linear output; He scale for ReLU."""
    scale = 2**0.5 if activation == "relu" else 1.0
    hidden = initialize([8] + 7 * [32], activation, scale, seed=0)
    return hidden + initialize([32, 1], "linear", 1.0, seed=1)
# --8<-- [end:network]


class Run(NamedTuple):
    """The loss at each step; then one number for each of the 8 layers."""

    loss: Array
    gradient: Array  # norm at the start
    change: Array  # norm of the change / norm at the start
    ratio: Array  # norm at the end / norm at the start


# --8<-- [start:train]
@lru_cache
def train(activation: str, rate: float) -> Run:
    """Full-batch descent on half the mean squared error, up to LIMIT."""
    (x, y), layers, losses = task(), network(activation), []
    start, first = [layer.weights for layer in layers], list[Array]()
    for _ in range(STEPS):
        outputs, tape = forward(layers, x)
        error = outputs[-1] - y  # (64, 1)
        losses.append(float(np.mean(error**2)) / 2)
        if losses[-1] > LIMIT:
            break
        _, gradients = backward(layers, outputs, tape, error / len(x))
        first = first or gradients
        layers = [
            layer._replace(weights=layer.weights - rate * g)
            for layer, g in zip(layers, gradients, strict=True)
        ]
    size = np.array([np.linalg.norm(w) for w in start])
    end = [layer.weights for layer in layers]
    moved = [np.linalg.norm(w - v) for w, v in zip(end, start, strict=True)]
    return Run(
        loss=np.array(losses),
        gradient=np.array([np.linalg.norm(g) for g in first]),
        change=np.array(moved) / size,
        ratio=np.array([np.linalg.norm(w) for w in end]) / size,
    )
# --8<-- [end:train]


def figure(
    fig: Figure,
    activation: Annotated[Activation, "activation"] = "sigmoid",
    log10_rate: Annotated[float, "log₁₀ of the learning rate", RATES] = -1.5,
) -> dict[str, float | str]:
    """Draw the loss and three numbers a layer; report what they say."""
    run, constant = train(activation, 10.0**log10_rate), np.var(task()[1]) / 2
    end = "learns" if run.loss[-1] < constant / 2 else "stalls"
    end = "diverges" if run.loss[-1] > LIMIT else end
    fig.set_size_inches(5.2, 4.6)
    fig.subplots_adjust(0.12, 0.11, 0.98, 0.94, wspace=0.38, hspace=0.5)
    axes = fig.subplots(2, 2).ravel()
    panels = (
        (f"this run {end}", "loss", range(-4, 5, 2)),
        ("gradient at the start", "norm", range(-6, 3, 2)),
        ("weight change", "change / norm", range(-6, 3, 2)),
        ("weight norm", "end / start", range(4)),
    )
    for ax, values, (title, name, ticks) in zip(axes, run, panels):
        mark = "C0" if ax is axes[0] else "C0o-"
        ax.plot(np.arange(len(values)) + 1, np.log10(values), mark, zorder=3)
        ax.set_title(title, loc="left")
        ax.set(ylabel="log₁₀ " + name, yticks=ticks)
        ax.set_ylim(ticks[0] - 0.8, ticks[-1] + 0.8)
        ax.set(xlabel="layer", xlim=(0.5, 8.5), xticks=range(1, 9))
    axes[0].set(xscale="log", xlabel="step", xlim=(1, STEPS))
    axes[0].set_xticks([1, 10, 100], ["1", "10", "100"])
    axes[0].set_xticks([], minor=True)
    axes[0].axhline(np.log10(constant), color="C7", lw=1)
    axes[0].text(STEPS, 0.1, "best constant", color="C7", ha="right")
    axes[3].axhline(0, color="C7", lw=1)
    return {
        "outcome": end,
        "loss_start": float(run.loss[0]),
        "loss_end": float(run.loss[-1]),
        "constant_loss": float(constant),
        "steps": len(run.loss),
        "gradient_first": float(run.gradient[0]),
        "gradient_last": float(run.gradient[-1]),
        "gradient_ratio": float(run.gradient[-1] / run.gradient[0]),
        "relative_change_first": float(run.change[0]),
        "relative_change_last": float(run.change[-1]),
        "norm_ratio_first": float(run.ratio[0]),
        "norm_ratio_last": float(run.ratio[-1]),
    }
