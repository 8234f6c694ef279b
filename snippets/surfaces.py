"""Three surfaces to descend on, and the loop that every optimizer shares.

An optimizer sees gradients at single points only; a valley, a bend and a
saddle in two dimensions show what it makes of them.

Source: Rosenbrock, The Computer Journal 3, 175–184 (1960), for the bend;
Cauchy, Comptes rendus 25, 536–538 (1847), for the descent.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

# --8<-- [start:descend]
Array = np.ndarray
Gradient = Callable[[Array], Array]
Rule = Callable[[Gradient, Array, Any], tuple[Array, Any]]


def sgd(rate: float) -> Rule:
    """One step against the gradient; nothing is remembered."""

    def rule(gradient: Gradient, x: Array, state: Any) -> tuple[Array, Any]:
        return x - rate * gradient(x), state

    return rule


def descend(rule: Rule, gradient: Gradient, start: Any, steps: int) -> Array:
    """The start and every point after it, (steps + 1, d)."""
    path, state = [np.asarray(start, dtype=float)], None
    for _ in range(steps):
        x, state = rule(gradient, path[-1], state)
        path.append(x)
    return np.array(path)
# --8<-- [end:descend]


# --8<-- [start:surfaces]
class Surface(NamedTuple):
    """A loss whose least value is 0; points have the shape (…, 2)."""

    loss: Callable[[Array], Array]
    gradient: Gradient
    start: Array
    minimum: Array


def quadratic(condition: float, angle: float = 0.0) -> Surface:
    """A valley of curvature 1 along `angle` and `condition` across it."""
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    hessian = turn @ np.diag([1.0, condition]) @ turn.T
    return Surface(
        loss=lambda x: ((x @ hessian) * x).sum(axis=-1) / 2,
        gradient=lambda x: x @ hessian,
        start=turn @ np.array([-4.0, 1.0]),
        minimum=np.zeros(2),
    )


def bend(x: Array) -> Array:
    """How far a point lies above the parabola that Rosenbrock follows."""
    return x[..., 1] - x[..., 0] ** 2


def rosenbrock_gradient(x: Array) -> Array:
    along = -2 * (1 - x[..., 0]) - 400 * x[..., 0] * bend(x)
    return np.stack([along, 200 * bend(x)], axis=-1)


SURFACES = {
    "valley": quadratic(25.0, np.pi / 6),
    "rosenbrock": Surface(
        loss=lambda x: (1 - x[..., 0]) ** 2 + 100 * bend(x) ** 2,
        gradient=rosenbrock_gradient,
        start=np.array([-1.2, 1.0]),
        minimum=np.ones(2),
    ),
    "saddle": Surface(  # at the origin, between minima at (0, 1) and (0, -1)
        loss=lambda x: x[..., 0] ** 2 / 2 + (x[..., 1] ** 2 - 1) ** 2 / 4,
        gradient=lambda x: np.stack(
            [x[..., 0], x[..., 1] ** 3 - x[..., 1]], axis=-1
        ),
        start=np.array([-1.8, 0.001]),
        minimum=np.array([0.0, 1.0]),
    ),
}
# --8<-- [end:surfaces]
