"""How fast gradient descent, heavy ball and Nesterov shrink a quadratic.

On a quadratic each eigendirection is a recurrence of two terms, so its roots
say everything: the speed, the limit of the rate, and the best constants.

Source: Polyak (1964), as in momentum.py; Lessard, Recht & Packard, SIAM
Journal on Optimization 26, 57–95 (2016), for Nesterov's step.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from momentum import momentum, nesterov
from surfaces import Array, Rule, quadratic, sgd


# --8<-- [start:roots]
def heavy_ball_factor(rate: float, beta: float, curvature: float) -> float:
    """Largest root of z² = (1 + β − rate · curvature) z − β."""
    roots = np.roots([1, rate * curvature - 1 - beta, beta])
    return float(np.abs(roots).max())


def nesterov_factor(rate: float, beta: float, curvature: float) -> float:
    """Largest root of z² = c (1 + β) z − c β, c = 1 − rate · curvature."""
    c = 1 - rate * curvature
    return float(np.abs(np.roots([1, -c * (1 + beta), c * beta])).max())
# --8<-- [end:roots]


# --8<-- [start:tuned]
def tuned_gd(condition: float) -> Rule:
    return sgd(2 / (condition + 1))


def tuned_momentum(condition: float) -> Rule:
    """Polyak's constants, for curvatures from 1 to `condition`."""
    root = condition**0.5
    return momentum(4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2)


def tuned_nesterov(condition: float) -> Rule:
    """The usual constants; they hold for other convex losses as well."""
    root = condition**0.5
    return nesterov(1 / condition, (root - 1) / (root + 1))
# --8<-- [end:tuned]


CONDITIONS = [10, 30, 100, 300, 1000]
TUNED: dict[str, Callable[[float], Rule]] = {
    "gd": tuned_gd,
    "momentum": tuned_momentum,
    "nesterov": tuned_nesterov,
}


# --8<-- [start:count]
@lru_cache
def steps_to(tolerance: float, method: str, condition: float) -> int:
    """Steps until the distance from (1, 1) is `tolerance` of what it was."""
    rule, gradient = TUNED[method](condition), quadratic(condition).gradient
    x, state, steps = np.ones(2), None, 0
    while x @ x > 2 * tolerance**2:
        x, state = rule(gradient, x, state)
        steps += 1
    return steps
# --8<-- [end:count]


def line(method: str, tolerance: float) -> Array:
    return np.array([steps_to(tolerance, method, c) for c in CONDITIONS])


def figure(
    fig: Figure,
    condition: Annotated[int, "condition number", CONDITIONS] = 100,
    log10_tolerance: Annotated[int, "log₁₀ of tolerance", [-6, -4, -2]] = -6,
) -> dict[str, float]:
    """Draw the steps that three tuned methods need against the condition."""
    names = {"gd": "gradient descent", "momentum": "momentum"}
    names["nesterov"] = "Nesterov"
    fig.subplots_adjust(0.13, 0.16, 0.97, 0.97)
    ax, facts = fig.subplots(), {}
    tolerance = 10.0**log10_tolerance
    for (method, name), color in zip(names.items(), ("C1", "C0", "C2")):
        steps = line(method, tolerance)
        here = steps[CONDITIONS.index(condition)]
        ax.loglog(CONDITIONS, steps, color=color, marker="o", ms=4)
        ax.loglog(condition, here, "o", color=color, ms=10)
        side = "bottom" if method == "nesterov" else "top"
        ax.text(1300, steps[-1], name, color=color, va=side)
        facts["steps_" + method] = int(here)
    ax.axvline(condition, color="C7", lw=0.8)
    ax.set(xlim=(8, 12000), ylim=(8, 1.2e4))
    ticks = [10, 100, 1000], ["10", "100", "1000"]
    ax.set_xticks(*ticks)
    ax.set_yticks(*ticks)
    ax.set_xlabel("condition number κ", loc="left")
    ax.set_ylabel("steps to the tolerance")
    root = condition**0.5
    return facts | {
        "gd_factor": (condition - 1) / (condition + 1),
        "momentum_factor": (root - 1) / (root + 1),
        "nesterov_factor": 1 - 1 / root,
        "root_steps": np.log(tolerance) / np.log((root - 1) / (root + 1)),
        "saved": facts["steps_gd"] / facts["steps_momentum"],
    }
