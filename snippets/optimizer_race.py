"""Seven optimizers race from one start over one surface.

No method wins everywhere: the ranking turns with the surface and with the
learning rate, and a fair race gives each method the rate that suits it.

Source: the rules of surfaces.py, momentum.py and adaptive_optimizers.py;
Choi et al., On empirical comparisons of optimizers, arXiv:1910.05446 (2019).
"""

from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adaptive_optimizers import adadelta, adagrad, adam, rmsprop
from momentum import momentum, nesterov
from step_lengths import COLORS, label_ends
from surfaces import SURFACES, Rule, descend, sgd

RATES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]


# --8<-- [start:race]
def methods(rate: float) -> dict[str, Rule]:
    """All with one rate but Adadelta, which has none."""
    return {
        "SGD": sgd(rate),
        "momentum": momentum(rate, beta=0.9),
        "Nesterov": nesterov(rate, beta=0.9),
        "Adagrad": adagrad(rate),
        "RMSProp": rmsprop(rate),
        "Adadelta": adadelta(),
        "Adam": adam(rate),
    }


@lru_cache
def race(
    surface: str, rate: float, steps: int = 200
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Path and loss of each method; a loss that overflows is infinite."""
    ground = SURFACES[surface]
    found = {}
    with np.errstate(all="ignore"):  # what diverges overflows
        for name, rule in methods(rate).items():
            path = descend(rule, ground.gradient, ground.start, steps)
            loss = ground.loss(path)
            found[name] = path, np.where(np.isfinite(loss), loss, np.inf)
    return found
# --8<-- [end:race]


# --8<-- [start:tuned]
@lru_cache
def tuned(surface: str) -> dict[str, float]:
    """The lowest final loss of each method over all rates of the slider."""
    runs = [race(surface, rate) for rate in RATES]
    return {
        name: min(float(run[name][1][-1]) for run in runs) for name in runs[0]
    }
# --8<-- [end:tuned]


VIEWS = {
    "valley": ((-4.6, 1.2), (-3.2, 2.4)),
    "rosenbrock": ((-1.9, 1.7), (-0.8, 2.2)),
    "saddle": ((-2.2, 1.0), (-1.6, 1.6)),
}


def draw_map(ax: Axes, surface: str, path: np.ndarray, color: str) -> None:
    """Level lines of the loss in gray, and a path on them."""
    (left, right), (low, high) = VIEWS[surface]
    x, y = np.linspace(left, right, 40), np.linspace(low, high, 40)
    z = SURFACES[surface].loss(np.stack(np.meshgrid(x, y), axis=-1))
    ax.contour(x, y, z**0.25, 7, colors="C7", linewidths=0.5, alpha=0.6)
    near = np.abs(path).max(axis=1) < 50  # also drops what is not a number
    ax.plot(*path[near].T, color=color, lw=1.6)
    ax.plot(*SURFACES[surface].start, "o", color="C7", ms=4)
    ax.plot(*SURFACES[surface].minimum, "*", color="C4", ms=9)
    ax.set(xlim=(left, right), ylim=(low, high), xticks=[], yticks=[])


def said(loss: float) -> str:
    """A final loss in words where its digits say nothing."""
    if loss > 1e9:
        return "diverges"
    return f"{loss:.2g}" if loss >= 1e-12 else "arrived"


# --8<-- [start:figure]
def figure(
    fig: Figure,
    surface: Literal["valley", "rosenbrock", "saddle"] = "valley",
    rate: Annotated[float, "learning rate", RATES] = 0.03,
) -> dict[str, float | str]:
    """Draw a map for each method and the loss of all against the step."""
    found = race(surface, rate)
    fig.set_size_inches(5.2, 6.0)
    for i, (name, (path, _)) in enumerate(found.items()):
        corner = 0.02 + 0.245 * (i % 4), 0.75 - 0.25 * (i // 4)
        ax = fig.add_axes((*corner, 0.22, 0.2))
        draw_map(ax, surface, path, COLORS[name])
        ax.set_title(name, color=COLORS[name])
    fig.text(0.79, 0.6, "● start\n★ minimum", va="center", linespacing=1.8)
    ax = fig.add_axes((0.14, 0.08, 0.47, 0.36))
    for name, (_, loss) in found.items():
        ax.semilogy(np.clip(loss, 1e-30, 1e30), color=COLORS[name])
    ax.set(xlim=(0, 200), ylim=(1e-12, 1e4), xlabel="step", ylabel="loss")
    ends = {name: float(loss[-1]) for name, (_, loss) in found.items()}
    label_ends(ax, ends, [f"{k} {said(v)}" for k, v in ends.items()])
    return {
        **{f"loss_{name.lower()}": loss for name, loss in ends.items()},
        **{f"tuned_{k.lower()}": v for k, v in tuned(surface).items()},
        "loss_at_start": float(next(iter(found.values()))[1][0]),
        "winner": min(ends, key=lambda name: ends[name]),
    }
# --8<-- [end:figure]
