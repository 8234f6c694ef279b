"""Adagrad, RMSProp, Adadelta and Adam: four ways to divide a gradient.

Each coordinate is divided by a memory of its own past sizes, so the length
of a step says little about how steep the ground is.

Sources: Duchi, Hazan & Singer, JMLR 12 (2011); Tieleman & Hinton, Neural
Networks for Machine Learning, lecture 6.5 (2012); Zeiler, arXiv:1212.5701
(2012); Kingma & Ba, ICLR (2015).
"""

from typing import Any

import numpy as np

from surfaces import Array, Gradient, Rule


# --8<-- [start:sums]
def adagrad(rate: float, eps: float = 1e-10) -> Rule:
    """Divide by the root of the sum of all squared gradients so far."""

    def rule(gradient: Gradient, x: Array, state: Any) -> tuple[Array, Any]:
        g = gradient(x)
        total = g**2 + (0 if state is None else state)
        return x - rate * g / (np.sqrt(total) + eps), total

    return rule


def rmsprop(rate: float, beta: float = 0.9, eps: float = 1e-8) -> Rule:
    """Divide by the root of a fading mean of squared gradients."""

    def rule(gradient: Gradient, x: Array, state: Any) -> tuple[Array, Any]:
        g = gradient(x)
        v = (1 - beta) * g**2 + (0 if state is None else beta * state)
        return x - rate * g / (np.sqrt(v) + eps), v

    return rule
# --8<-- [end:sums]


# --8<-- [start:adadelta]
def adadelta(rho: float = 0.95, eps: float = 1e-6) -> Rule:
    """Multiply by the root mean square of past steps; there is no rate."""

    def rule(gradient: Gradient, x: Array, state: Any) -> tuple[Array, Any]:
        g = gradient(x)
        v, steps = (0 * x, 0 * x) if state is None else state
        v = rho * v + (1 - rho) * g**2
        step = -np.sqrt(steps + eps) / np.sqrt(v + eps) * g
        return x + step, (v, rho * steps + (1 - rho) * step**2)

    return rule
# --8<-- [end:adadelta]


# --8<-- [start:adam]
def adam(
    rate: float, beta1: float = 0.9, beta2: float = 0.999,
    eps: float = 1e-8, corrected: bool = True,
) -> Rule:
    """RMSProp with a fading mean on top, both freed from their start at 0."""

    def rule(gradient: Gradient, x: Array, state: Any) -> tuple[Array, Any]:
        g = gradient(x)
        m, v, t = (0 * x, 0 * x, 1) if state is None else state
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        lift1, lift2 = 1 - beta1**t, 1 - beta2**t  # both tend to 1
        if not corrected:
            lift1 = lift2 = 1.0
        step = rate * (m / lift1) / (np.sqrt(v / lift2) + eps)
        return x - step, (m, v, t + 1)

    return rule
# --8<-- [end:adam]


# --8<-- [start:moves]
def moves(rule: Rule, gradients: Any) -> Array:
    """What a rule makes of given gradients, wherever it stands."""
    made, state = [], None
    for g in np.asarray(gradients, dtype=float):
        x, state = rule(lambda _, g=g: g, 0 * g, state)  # type: ignore[misc]
        made.append(x)
    return np.array(made)
# --8<-- [end:moves]
