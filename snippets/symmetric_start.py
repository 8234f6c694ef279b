"""What six hidden units learn when their weights start alike.

Units with the same weights get the same gradient, so they stay copies of one
another and the width of the layer is lost.

Source: Rumelhart, Hinton & Williams, Learning internal representations by
error propagation, in: Parallel Distributed Processing 1 (1986).
"""

from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from matplotlib.figure import Figure

from deep_network import Array, Layer, backward, forward

Start = Literal["zero", "equal", "equal in", "random"]
UNITS, STEPS, RATE = 6, 100, 0.5


# --8<-- [start:starts]
def network(start: str) -> list[Layer]:
    """Two inputs, six tanh units, one linear output, no biases."""
    rng = np.random.default_rng(0)
    incoming = rng.normal(size=(2, UNITS)) / 2**0.5
    outgoing = rng.normal(size=(UNITS, 1)) / UNITS**0.5
    if start == "zero":
        incoming, outgoing = 0 * incoming, 0 * outgoing
    elif start.startswith("equal"):
        incoming = np.full((2, UNITS), 0.5)
        if start == "equal":
            outgoing = np.full((UNITS, 1), 1 / UNITS)
    return [Layer(incoming, "tanh"), Layer(outgoing, "linear")]
# --8<-- [end:starts]


# --8<-- [start:train]
@lru_cache
def train(start: str) -> tuple[Array, Array, float]:
    """Incoming weights (steps + 1, 2, units) and losses by step; and the
    largest entry of any gradient at the start."""
    x = np.random.default_rng(0).normal(size=(100, 2))
    y = np.tanh(2 * x[:, :1]) - np.tanh(2 * x[:, 1:])
    layers, path, losses, largest = network(start), [], [], []
    for _ in range(STEPS + 1):
        outputs, tape = forward(layers, x)
        error = outputs[-1] - y
        path.append(layers[0].weights)
        losses.append(float(np.mean(error**2)) / 2)
        _, gradients = backward(layers, outputs, tape, error / len(x))
        largest.append(max(float(np.abs(g).max()) for g in gradients))
        layers = [
            layer._replace(weights=layer.weights - RATE * g)
            for layer, g in zip(layers, gradients, strict=True)
        ]
    return np.array(path), np.array(losses), largest[0]
# --8<-- [end:train]


def figure(
    fig: Figure,
    start: Annotated[Start, "start"] = "equal",
    step: Annotated[int, "step", range(0, 101, 10)] = 100,
) -> dict[str, float | str]:
    """Draw the paths of six weight vectors and the loss."""
    path, losses, largest = train(start)
    left, right = fig.subplots(1, 2, width_ratios=(1.15, 1))
    fig.subplots_adjust(0.115, 0.16, 0.985, 0.89, wspace=0.36)
    left.axhline(0, color="C7", lw=0.5)
    left.axvline(0, color="C7", lw=0.5)
    for unit in range(UNITS):
        one = path[: step + 1, :, unit].T
        left.plot(*one, color=f"C{unit}", lw=1.5, alpha=0.7)
        left.plot(*one[:, -1], "o", color=f"C{unit}", ms=6 + 3 * (5 - unit),
                  mfc="none", mew=1.5)  # fmt: skip
    left.set(xlim=(-2.6, 2.6), ylim=(-2.6, 2.6), aspect="equal")
    left.set(xlabel="weight from input 1", ylabel="weight from input 2")
    spread = path[step].max(axis=1) - path[step].min(axis=1)
    distinct = len(np.unique(path[step].T.round(9), axis=0))
    left.set_title(f"different units: {distinct} of 6")
    right.plot(losses[: step + 1], "C0")
    right.plot(step, losses[step], "C0o")
    right.set(xlim=(-3, 103), ylim=(0, 1.4), xlabel="step", ylabel="loss")
    right.set_title(f"loss {losses[step]:.3f}")
    return {
        "column_spread": float(spread.max()),
        "distinct_units": distinct,
        "loss": float(losses[step]),
        "largest_gradient": largest,
    }
