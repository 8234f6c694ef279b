"""Seven optimizers race from one start over one surface.

No method wins everywhere, and a fair race lets each choose its own rate.

Source: the rules of surfaces.py, momentum.py and adaptive_optimizers.py;
Choi et al., On empirical comparisons of optimizers, arXiv:1910.05446 (2019).
"""

from functools import lru_cache
from typing import Annotated, Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adaptive_optimizers import adadelta, adagrad, adam, rmsprop
from momentum import momentum, nesterov
from step_lengths import COLORS, label_ends
from surfaces import SURFACES, Rule, descend, sgd

RATES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]


# --8<-- [start:race]
def methods(rate: Any) -> dict[str, Rule]:
    """All with one rate, or a column of them; Adadelta has none."""
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
def race(surface: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Paths (201, rates, 2) and losses; one that overflows is infinite."""
    ground, found = SURFACES[surface], {}
    start = np.tile(ground.start, (len(RATES), 1))
    with np.errstate(all="ignore"):  # what diverges overflows
        for name, rule in methods(np.array(RATES)[:, None]).items():
            paths = descend(rule, ground.gradient, start, 200)
            loss = ground.loss(paths)
            found[name] = paths, np.where(np.isfinite(loss), loss, np.inf)
    return found
# --8<-- [end:race]


VIEWS = {  # lower left corner; width and height
    "valley": ((-4.6, -3.2), (5.8, 5.6)),
    "rosenbrock": ((-1.9, -0.8), (3.6, 3.0)),
    "saddle": ((-2.2, -1.6), (3.2, 3.2)),
}


def draw_map(ax: Axes, surface: str, path: np.ndarray, color: str) -> None:
    """Level lines of the loss in gray, and a path on them."""
    ground, (corner, size) = SURFACES[surface], np.array(VIEWS[surface])
    t = np.linspace(0, 1, 40)  # every map is drawn on the unit square
    z = ground.loss(corner + size * np.stack(np.meshgrid(t, t), axis=-1))
    ax.contour(t, t, z**0.25, 7, colors="C7", linewidths=0.5, alpha=0.6)
    near = np.abs(path).max(axis=1) < 50  # also drops what is not a number
    ax.plot(*((path[near] - corner) / size).T, color=color, lw=1.6)
    ax.plot(*(ground.start - corner) / size, "o", color="C7", ms=4)
    ax.plot(*(ground.minimum - corner) / size, "*", color="C4", ms=9)
    ax.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])


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
    i = int(np.abs(np.array(RATES) - rate).argmin())
    found = {k: (p[:, i], w[:, i]) for k, (p, w) in race(surface).items()}
    fig.set_size_inches(5.2, 6.0)
    for place, (name, (path, _)) in enumerate(found.items()):
        corner = 0.02 + 0.245 * (place % 4), 0.75 - 0.25 * (place // 4)
        ax = fig.add_axes((*corner, 0.22, 0.2))
        draw_map(ax, surface, path, COLORS[name])
        ax.set_title(name, color=COLORS[name])
    fig.text(0.79, 0.6, "● start\n★ minimum", va="center", linespacing=1.8)
    ax = fig.add_axes((0.14, 0.08, 0.47, 0.36))
    for name, (_, loss) in found.items():
        ax.semilogy(np.clip(loss, 1e-30, 1e30), color=COLORS[name])
    ax.set_yticks([1e-12, 1e-8, 1e-4, 1], ["10⁻¹²", "10⁻⁸", "10⁻⁴", "1"])
    ax.set(xlim=(0, 200), ylim=(1e-12, 1e4), xlabel="step", ylabel="loss")
    ends = {name: float(loss[-1]) for name, (_, loss) in found.items()}
    label_ends(ax, ends, [f"{k} {said(v)}" for k, v in ends.items()])
    return {
        **{f"loss_{name.lower()}": loss for name, loss in ends.items()},
        "loss_at_start": float(next(iter(found.values()))[1][0]),
        "winner": min(ends, key=lambda name: ends[name]),
    }
# --8<-- [end:figure]
