"""Cross-entropy of softmax probabilities, from logits and without overflow.

Its gradient is prediction minus target, and its value comes from logits by
one subtraction that leaves no exponential to overflow.

Source: Bridle, Probabilistic interpretation of feedforward classification
network outputs, in Neurocomputing, Springer (1990).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

Array = np.ndarray
LOGITS = np.array([2.0, 1.0, 0.0, -1.0, -2.0, -3.0])


# --8<-- [start:softmax]
def log_softmax(z: Array) -> Array:
    """Log-probabilities along the last axis; the largest exp is exp(0)."""
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def softmax(z: Array) -> Array:
    """Probabilities along the last axis."""
    return np.exp(log_softmax(z))
# --8<-- [end:softmax]


# --8<-- [start:losses]
def binary(z: Array, y: Array) -> Array:
    """From one logit z and the probability y of class 1."""
    return y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)


def categorical(z: Array, y: Array) -> Array:
    """From one logit and one target probability for each class."""
    return -np.sum(y * log_softmax(z), axis=-1)


def sparse(z: Array, label: Array) -> Array:
    """The same for class numbers: pick a term instead of a sum."""
    picked = np.take_along_axis(log_softmax(z), label[..., None], axis=-1)
    return -picked[..., 0]
# --8<-- [end:losses]


# --8<-- [start:gradient]
def gradient(z: Array, y: Array) -> Array:
    """Of the categorical loss, by the logits."""
    return softmax(z) - y


def by_differences(z: Array, y: Array, h: float = 1e-5) -> Array:
    """The same without calculus: move each logit of z up and down by h."""
    steps = h * np.eye(z.size)  # (classes, classes)
    return (categorical(z + steps, y) - categorical(z - steps, y)) / (2 * h)
# --8<-- [end:gradient]


def figure(
    fig: Figure,
    classes: Annotated[int, "classes", range(2, 7)] = 3,
    temperature: Annotated[float, "temperature", [0.25, 0.5, 1, 2, 4]] = 1.0,
) -> dict[str, float]:
    """Draw probabilities, targets and the gradient between them."""
    z, y = LOGITS[:classes] / temperature, np.eye(classes)[1]
    p, g = softmax(z), gradient(z, y)
    fig.subplots_adjust(left=0.12, bottom=0.3, top=0.86)
    ax, k = fig.subplots(), np.arange(classes)
    ax.bar(k, y, 0.6, fc="none", ec="C7", lw=1.5, ls="--")
    ax.bar(k, p, 0.6, color="C0", alpha=0.35)
    ax.hlines(p, k - 0.3, k + 0.3, color="C0")
    for at, start, end in zip(k, p, y):
        if abs(end - start) > 0.02:
            style = dict(arrowstyle="-|>", color="C1", lw=2, shrinkB=0)
            ax.annotate("", (at, end), (at, start), arrowprops=style)
    ax.set(xlim=(-0.5, 5.5), ylim=(0, 1.03), ylabel="probability")
    names = [
        f"{'true' if i == 1 else 'other'}\nz = {LOGITS[i]:g}\n{d:+.3f}"
        for i, d in enumerate(g)
    ]
    ax.set_xticks(k, [name.replace("-", "−") for name in names])
    ax.set_xlabel("class, its logit z, and p − y")
    for x, word, color in (
        (0, "prediction p", "C0"),
        (0.27, "target y (dashed)", "C7"),
        (0.62, "descent: from p to y", "C1"),
    ):
        ax.text(x, 1.06, word, color=color, transform=ax.transAxes)
    return {
        "p_true": p[1],
        "loss": float(categorical(z, y)),
        "gradient_true": g[1],
        "gradient_first": g[0],
        "gradient_z_true": g[1] / temperature,
        "softmax_gap": np.abs(g - by_differences(z, y)).max(),
        "uniform_loss": float(categorical(np.zeros(classes), y)),
        "softmax_twice": float(categorical(y, y)),
    }
