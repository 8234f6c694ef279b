"""Momentum and Nesterov's step, and what they save on a narrow valley.

Steps that agree add up and steps that alternate cancel, so the count of steps
grows with the square root of the condition number only.

Sources: Polyak, USSR Computational Mathematics and Mathematical Physics 4(5),
1–17 (1964); Nesterov, Soviet Mathematics Doklady 27, 372–376 (1983), in the
form of Sutskever, Martens, Dahl & Hinton, ICML (2013).
"""

from typing import Any

from surfaces import Array, Gradient, Rule


# --8<-- [start:rules]
def momentum(rate: float, beta: float) -> Rule:
    """Heavy ball: step along a fading sum of all gradients so far."""

    def rule(gradient: Gradient, x: Array, state: Any) -> tuple[Array, Any]:
        v = gradient(x) + (0 if state is None else beta * state)
        return x - rate * v, v

    return rule


def nesterov(rate: float, beta: float) -> Rule:
    """The same sum, with the gradient taken where momentum alone leads."""

    def rule(gradient: Gradient, x: Array, state: Any) -> tuple[Array, Any]:
        carried = 0 * x if state is None else beta * state
        v = gradient(x - rate * carried) + carried
        return x - rate * v, v

    return rule
# --8<-- [end:rules]
