"""What a change of units does to a prediction: nothing, or a great deal.

A method that compares or adds up different inputs takes its answer partly
from their units; a method that only fits one weight to each does not.

Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning,
2nd ed. (2009), sections 3.4 (ridge) and 13.3 (nearest neighbors).
"""

from functools import lru_cache
from itertools import pairwise
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

FACTORS = np.geomspace(0.01, 100, 61)
NEW = np.array([1.0, -0.5])


def sample() -> tuple[np.ndarray, np.ndarray]:
    """60 rows of two inputs, (60, 2), and a target that needs both, (60,)."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 2))
    return x, x[:, 0] + 2 * x[:, 1] + rng.normal(size=60) / 2


# --8<-- [start:methods]
def ridge(
    x: np.ndarray, y: np.ndarray, new: np.ndarray, penalty: float
) -> float:
    """Prediction at new; penalty times ‖w‖² is added to the squares."""
    z = x - x.mean(axis=0)
    gram = z.T @ z + penalty * np.eye(x.shape[1])
    w = np.linalg.solve(gram, z.T @ (y - y.mean()))
    return float(y.mean() + (new - x.mean(axis=0)) @ w)


def nearest(x: np.ndarray, y: np.ndarray, new: np.ndarray) -> float:
    """Mean target of the five nearest rows."""
    apart = ((x - new) ** 2).sum(axis=1)
    return float(y[np.argsort(apart)[:5]].mean())


def split(x: np.ndarray, y: np.ndarray, new: np.ndarray) -> float:
    """Mean target on the side of new, for the best split on one input."""
    found, n = [], np.arange(1, len(y))
    for column, at in zip(x.T, new):
        order = np.argsort(column)
        left = np.cumsum(y[order])[:-1]  # sums of 1 … n - 1 targets
        right = y.sum() - left
        gain = left**2 / n + right**2 / n[::-1]
        best = int(gain.argmax())
        low = at <= column[order[best]]
        mean = left[best] / n[best] if low else right[best] / n[::-1][best]
        found.append((gain[best], mean))
    return float(max(found)[1])
# --8<-- [end:methods]


# --8<-- [start:units]
@lru_cache
def predictions(
    factor: float, standardize: bool, penalty: float
) -> tuple[float, ...]:
    """Four predictions for one case, input 2 in other units."""
    x, y = sample()
    x, new = x * [1, factor], NEW * [1, factor]
    if standardize:
        new = (new - x.mean(axis=0)) / x.std(axis=0)
        x = (x - x.mean(axis=0)) / x.std(axis=0)
    return (
        ridge(x, y, new, 0), split(x, y, new),
        ridge(x, y, new, penalty), nearest(x, y, new),
    )
# --8<-- [end:units]


def figure(
    fig: Figure,
    standardize: Annotated[bool, "standardize first"] = False,
    penalty: Annotated[float, "ridge penalty", [1, 10, 100]] = 10,
) -> dict[str, float]:
    """Draw four predictions of one value against the units of input 2."""
    curves = np.array([predictions(f, standardize, penalty) for f in FACTORS])
    fig.subplots_adjust(left=0.12, right=0.73)
    ax, facts = fig.subplots(), dict[str, float]()
    names = ("least squares", "tree split", "ridge", "5 neighbors")
    places = curves[-1].copy()  # of the names, from below
    for lower, upper in pairwise(np.argsort(places)):
        places[upper] = max(places[upper], places[lower] + 0.17)
    for name, y, place, hue in zip(names, curves.T, places, range(4)):
        ax.plot(FACTORS, y, color=f"C{hue}")
        ax.text(115, place, name, color=f"C{hue}", va="center")
        facts[name.split()[-1] + "_range"] = float(np.ptp(y))
    ax.set(xscale="log", xlim=(0.01, 100), ylim=(-1.2, 1.8), yticks=(-1, 0, 1))
    ax.set_xticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
    ax.set(xlabel="input 2 multiplied by", ylabel="prediction for one case")
    ax.minorticks_off()
    return facts
