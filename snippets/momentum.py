"""Momentum and Nesterov's step, and what they save on a narrow valley.

Steps that agree add up and steps that alternate cancel, so the count of steps
grows with the square root of the condition number only.

Sources: Polyak, USSR Computational Mathematics and Mathematical Physics 4(5),
1–17 (1964); Nesterov, Soviet Mathematics Doklady 27, 372–376 (1983), in the
form of Sutskever, Martens, Dahl & Hinton, ICML (2013).
"""

from typing import Annotated, Any

import numpy as np
from matplotlib.figure import Figure

from surfaces import SURFACES, Array, Gradient, Rule, descend, sgd


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


# --8<-- [start:averaged]
def averaged(rate: float, beta: float) -> Rule:
    """Momentum with weights that add up to 1: an exponential average."""

    def rule(gradient: Gradient, x: Array, state: Any) -> tuple[Array, Any]:
        m = (1 - beta) * gradient(x) + (0 if state is None else beta * state)
        return x - rate * m, m

    return rule
# --8<-- [end:averaged]


STEPS = 60
BETAS = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99]
RATES = [0.01, 0.02, 0.03, 0.04, 0.06]


def figure(
    fig: Figure,
    beta: Annotated[float, "momentum β", BETAS] = 0.8,
    rate: Annotated[float, "learning rate", RATES] = 0.02,
) -> dict[str, float]:
    """Draw 60 steps with and without momentum, and the three losses."""
    surface, start = SURFACES["valley"], SURFACES["valley"].start
    rules = {
        "SGD": (sgd(rate), "C1"),
        "momentum": (momentum(rate, beta), "C0"),
        "Nesterov": (nesterov(rate, beta), "C2"),
    }
    paths = {
        name: descend(rule, surface.gradient, start, STEPS)
        for name, (rule, _) in rules.items()
    }
    fig.set_size_inches(5.2, 4.6)
    fig.subplots_adjust(0.13, 0.11, 0.98, 0.95, hspace=0.12, wspace=0.06)
    grid = fig.add_gridspec(2, 2, height_ratios=(1, 1.2))
    x, y = np.linspace(-4.9, 3.9, 177), np.linspace(-2.9, 2.9, 117)
    height = surface.loss(np.stack(np.meshgrid(x, y), axis=-1))
    levels = 20.5 * 4.0 ** np.arange(-4, 3)
    low, facts = fig.add_subplot(grid[1, :]), {}
    for place, name in enumerate(("momentum", "Nesterov")):
        ax = fig.add_subplot(grid[0, place])
        ax.contour(x, y, height, levels, colors="C7", linewidths=1, alpha=0.4)
        for each in ("SGD", name):
            color = rules[each][1]
            ax.plot(*paths[each].T, "o-", color=color, ms=2.5, lw=1)
        ax.plot(0, 0, "C4*", ms=12)
        ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), aspect="equal")
        ax.set(xticks=[], yticks=[])
        ax.set_title(name, color=rules[name][1], loc="left")
        ax.set_title("SGD", color="C1", loc="right")
    for name, (_, color) in rules.items():
        loss = surface.loss(paths[name])
        low.semilogy(np.maximum(loss, 1e-12), color=color)
        facts["loss_" + name.lower()] = float(loss[-1])
    low.set(xlim=(0, STEPS), ylim=(1e-8, 1e4), xlabel="step", ylabel="loss")
    low.set_yticks([1e-8, 1e-4, 1, 1e4], ["10⁻⁸", "10⁻⁴", "1", "10⁴"])
    return facts | {"terminal_speed": 1 / (1 - beta)}
