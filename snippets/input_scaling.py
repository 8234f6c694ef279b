"""Inputs of unequal scale stretch the loss into a valley and slow descent.

One learning rate has to serve every direction: the steep ones forbid a large
rate, and the flat ones need it.

Source: LeCun, Bottou, Orr & Müller, Efficient BackProp, in Neural Networks:
Tricks of the Trade (1998).
"""

from typing import Annotated, Literal, get_args

import numpy as np
from matplotlib.figure import Figure

Treatment = Literal["raw", "centered", "scaled", "standardized"]
RATIOS, START = [1, 3, 10, 30, 100], np.array([-0.6, -1.0])


# --8<-- [start:treatments]
def inputs(ratio: float) -> np.ndarray:
    """10,000 rows, uniform on [0, 1] and on [0, 1/ratio], (10000, 2)."""
    return np.random.default_rng(0).uniform(size=(10_000, 2)) / [1, ratio]


def treat(x: np.ndarray, how: Treatment) -> np.ndarray:
    """Columns of mean 0, of standard deviation 1, both or neither."""
    middle = x.mean(axis=0) if how in ("centered", "standardized") else 0
    width = x.std(axis=0) if how in ("scaled", "standardized") else 1
    return (x - middle) / width
# --8<-- [end:treatments]


# --8<-- [start:condition]
def hessian(x: np.ndarray) -> np.ndarray:
    """Second derivatives of half the mean squared error by the weights."""
    return x.T @ x / len(x)


def condition(h: np.ndarray) -> float:
    """Largest over smallest curvature: κ = λ_max / λ_min."""
    curvature = np.linalg.eigvalsh(h)
    return float(curvature[-1] / curvature[0])
# --8<-- [end:condition]


# --8<-- [start:descent]
def descend(h: np.ndarray, error: np.ndarray, steps: int) -> np.ndarray:
    """Weights minus best weights after 0 … steps steps, (steps + 1, d)."""
    curvature = np.linalg.eigvalsh(h)
    rate = 2 / (curvature[0] + curvature[-1])  # the best constant one
    path = [error]
    for _ in range(steps):
        path.append(path[-1] - rate * h @ path[-1])
    return np.array(path)


def steps_needed(kappa: float, left: float = 1e-6) -> int:
    """Steps that leave this share of the excess loss, for two weights."""
    factor = (kappa - 1) / (kappa + 1)  # of the error, in every step
    return int(np.ceil(np.log(left) / (2 * np.log(factor))))
# --8<-- [end:descent]


def figure(
    fig: Figure,
    scale_ratio: Annotated[int, "scale ratio", RATIOS] = 3,
    treatment: Annotated[Treatment, "inputs"] = "raw",
) -> dict[str, float]:
    """Draw the loss with a descent, and steps against the scale ratio."""
    x = treat(inputs(scale_ratio), treatment)
    h, with_bias = hessian(x), hessian(np.c_[x, np.ones(len(x))])
    kappa, path = condition(h), descend(h, START, 40)
    steps = steps_needed(kappa)
    fig.set_size_inches(5.2, 5.8)
    ax = fig.add_axes((0.17, 0.47, 0.56, 0.51), aspect="equal")
    line = np.linspace(-1.2, 1.2, 101)
    w = np.stack(np.meshgrid(line, line), axis=-1)
    loss = ((w @ h) * w).sum(axis=-1) / (START @ h @ START)
    ax.contourf(line, line, loss, [0, 0.1], colors=["C2"], alpha=0.2)
    levels = [0.1, 0.5, 1, 2, 4]
    ax.contour(line, line, loss, levels, colors="C7", linewidths=1)
    ax.plot(*path.T, "C1o-", ms=3, lw=1)
    ax.plot(0, 0, "C2*", ms=12)
    said = f"κ = {kappa:,.{1 if kappa < 99 else 0}f}"
    for y, note, hue in (
        (1.1, said, "C0"),
        (0.75, f"{steps:,} steps to a\nmillionth of\nthe excess loss", "C0"),
        (0.2, "● 40 steps", "C1"),
        (0.0, "★ best weights", "C2"),
    ):
        ax.text(1.3, y, note, color=hue, va="center")
    low = fig.add_axes((0.17, 0.085, 0.56, 0.29), xscale="log", yscale="log")
    for how, place in zip(get_args(Treatment), ("bottom", *3 * ["top"])):
        needed = [
            steps_needed(condition(hessian(treat(inputs(r), how))))
            for r in RATIOS
        ]
        hue = "C0" if how == treatment else "C7"
        low.plot(RATIOS, needed, hue)
        low.text(115, needed[-1], how, color=hue, va=place)
    low.plot(scale_ratio, steps, "C0o", ms=8, clip_on=False)
    for each in ax.xaxis, ax.yaxis:
        each.set_ticks([-1, 0, 1])
    ax.set(xlabel="error of weight 1", ylabel="error of weight 2")
    low.set(xlim=(0.9, 110), ylim=(0.6, 2e5), xlabel="scale ratio of inputs")
    low.set_xticks(RATIOS, [str(r) for r in RATIOS])
    low.set_yticks([1, 100, 10_000], ["1", "100", "10,000"])
    low.set(ylabel="steps needed")
    low.minorticks_off()
    return {
        "condition": kappa,
        "condition_with_bias": condition(with_bias),
        "steps": steps,
    }
