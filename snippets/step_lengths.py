"""How long the steps of five optimizers are when the gradients are given.

Fed with gradients that we choose, a rule shows what it divides by, how long
it remembers, and what its first steps are worth.

Sources: Zeiler, arXiv:1212.5701 (2012); Kingma & Ba, ICLR (2015).
"""

from typing import Annotated, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from adaptive_optimizers import adadelta, adagrad, adam, moves, rmsprop
from surfaces import sgd

COLORS = {
    "SGD": "C7", "momentum": "C6", "Nesterov": "C5", "Adagrad": "C0",
    "RMSProp": "C1", "Adadelta": "C2", "Adam": "C3",
}


def label_ends(ax: Axes, ends: dict[str, float], names: list[str]) -> None:
    """Names right of the axes, each as near to its curve's end as fits."""
    low, high = ax.get_ylim()
    at = np.clip(list(ends.values()), low, high)
    end = np.log(at / low) / np.log(high / low)  # a share of the height
    place = end.copy()
    order, gap = np.argsort(place, kind="stable"), 0.125
    for below, i in zip([None, *order], order):  # up, where it is crowded
        floor = 0.03 if below is None else place[below] + gap
        place[i] = max(place[i], floor)
    for above, i in zip([None, *order[::-1]], order[::-1]):  # down again
        roof = 0.97 if above is None else place[above] - gap
        place[i] = min(place[i], roof)
    inks = [COLORS[name] for name in ends]
    lines = [[(1.01, y), (1.08, text)] for y, text in zip(end, place)]
    leaders = LineCollection(lines, colors=inks, linewidths=0.8)
    leaders.set(transform=ax.transAxes, clip_on=False)
    ax.add_collection(leaders, autolim=False)
    for name, ink, y in zip(names, inks, place):
        ax.text(1.1, y, name, transform=ax.transAxes, color=ink, va="center")


# --8<-- [start:given]
def given(kind: str, size: float, steps: int = 300) -> np.ndarray:
    """Gradients of one coordinate: constant, with a fall, or alternating."""
    t = np.arange(1, steps + 1)
    fall = np.where((kind == "falls tenfold") & (t > 100), 0.1, 1.0)
    sign = np.where((kind == "alternates") & (t % 2 == 0), -1.0, 1.0)
    return size * fall * sign
# --8<-- [end:given]


def figure(
    fig: Figure,
    gradient: Annotated[
        Literal["constant", "falls tenfold", "alternates"], "gradient"
    ] = "constant",
    size: Annotated[float, "size of the gradient", [0.01, 1, 100]] = 1,
    memory: Annotated[float, "RMSProp's memory β", [0.9, 0.99]] = 0.9,
) -> dict[str, float]:
    """Draw the length of each step; the rate is 1 where there is one."""
    fed = given(gradient, size)
    rules = {
        "SGD": sgd(1), "Adagrad": adagrad(1), "RMSProp": rmsprop(1, memory),
        "Adadelta": adadelta(), "Adam": adam(1),
    }
    lengths = {name: np.abs(moves(r, fed)) for name, r in rules.items()}
    fig.set_size_inches(5.2, 3.8)
    fig.subplots_adjust(0.14, 0.14, 0.75, 0.97)
    ax, t = fig.subplots(), np.arange(1, 301)
    for name, length in lengths.items():
        wide = 4 if name in ("SGD", "Adam") else 2
        ax.loglog(t, length, COLORS[name], lw=wide, alpha=0.85)
    ax.set(xlim=(1, 300), ylim=(3e-4, 200))
    ax.set_xticks([1, 10, 100], ["1", "10", "100"])
    ticks = [0.001, 0.01, 0.1, 1, 10, 100]
    ax.set_yticks(ticks, [f"{y:g}" for y in ticks])
    ax.set(xlabel="step (logarithmic)", ylabel="length of the step")
    label_ends(ax, {k: v[-1] for k, v in lengths.items()}, list(lengths))
    first = {f"first_{k.lower()}": v[0] for k, v in lengths.items()}
    last = {f"hundredth_{k.lower()}": v[99] for k, v in lengths.items()}
    after = {f"last_{k.lower()}": v[-1] for k, v in lengths.items()}
    return {k: float(v) for k, v in (first | last | after).items()}


def correction(
    fig: Figure,
    beta1: Annotated[float, "β₁", [0, 0.5, 0.9, 0.95]] = 0.9,
    beta2: Annotated[float, "β₂", [0.9, 0.99, 0.999]] = 0.999,
) -> dict[str, float]:
    """Draw Adam's steps on a constant gradient, corrected and not."""
    t, ones = np.arange(1, 3001), np.ones(3000)
    plain = np.abs(moves(adam(1, beta1, beta2, corrected=False), ones))
    right = np.abs(moves(adam(1, beta1, beta2), ones))
    fig.subplots_adjust(top=0.97)
    ax, top = fig.subplots(), int(plain.argmax())
    ax.loglog(t, plain, "C1", lw=3)
    ax.loglog(t, right, "C3", lw=3)
    if plain[top] > 1.01:
        ax.plot(t[top], plain[top], "oC1", ms=9, mfc="none")
    ax.text(2900, 3, "without correction", color="C1", ha="right")
    ax.text(2900, 0.72, "Adam", color="C3", ha="right", va="top")
    ax.set(xlim=(0.9, 3000), ylim=(0.1, 50))
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    ax.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    ax.set(xlabel="step (logarithmic)", ylabel="length ÷ learning rate")
    return {
        "uncorrected_first_step": float(plain[0]),
        "corrected_first_step": float(right[0]),
        "largest_uncorrected": float(plain[top]),
        "largest_at": top + 1,
        "thousandth": float(plain[999]),
    }
