"""Copies made before the split carry test answers into training.

Balance the classes first and split then, and even pure noise looks learnable:
a test case is recognized by its twin, or by the points between which it was
made.

Source: Chawla, Bowyer, Hall & Kegelmeyer, SMOTE: Synthetic Minority
Over-sampling Technique, J. Artificial Intelligence Research 16 (2002).
"""

from typing import Annotated, Literal

import numpy as np
from matplotlib.figure import Figure

from kmeans import squared_distances

Cases = tuple[np.ndarray, np.ndarray]  # points (n, 2), labels (n,) bool
Method = Literal["copies", "between neighbors"]
Rng = np.random.Generator


# --8<-- [start:make]
def copies(points: np.ndarray, n: int, rng: Rng) -> np.ndarray:
    """n of the points, drawn with replacement."""
    return points[rng.integers(len(points), size=n)]


def between(points: np.ndarray, n: int, rng: Rng) -> np.ndarray:
    """n points, each on the way from one to one of its 5 neighbors."""
    order = squared_distances(points, points).argsort(axis=1)
    near = order[:, 1:6]  # each row begins with the point itself
    start = rng.integers(len(points), size=n)
    end = near[start, rng.integers(near.shape[1], size=n)]
    way = rng.random((n, 1))
    return points[start] + way * (points[end] - points[start])
# --8<-- [end:make]


# --8<-- [start:order]
def balance(
    points: np.ndarray, y: np.ndarray, method: Method, rng: Rng
) -> Cases:
    """The cases, and enough new positives to match the negatives."""
    make = copies if method == "copies" else between
    new = make(points[y], (~y).sum() - y.sum(), rng)
    return np.vstack([points, new]), np.append(y, np.ones(len(new), bool))


def halves(y: np.ndarray, rng: Rng) -> np.ndarray:
    """A random half of each class, as a mask (n,)."""
    mask = np.zeros(len(y), bool)
    for kind in (np.flatnonzero(y), np.flatnonzero(~y)):
        mask[rng.permutation(kind)[::2]] = True
    return mask


def score(train: Cases, test: Cases) -> float:
    """Balanced accuracy of the nearest training case's label."""
    nearest = squared_distances(test[0], train[0]).argmin(axis=1)
    answer, y = train[1][nearest], test[1]
    return (answer[y].mean() + 1 - answer[~y].mean()) / 2


def both_orders(
    points: np.ndarray, y: np.ndarray, method: Method, seed: int
) -> tuple[float, float]:
    """Score with new positives made before the split, and after it."""
    rng = np.random.default_rng(seed)
    x, z = balance(points, y, method, rng)
    half = halves(z, rng)
    leaky = score((x[half], z[half]), (x[~half], z[~half]))
    half = halves(y, rng)
    train = balance(points[half], y[half], method, rng)
    return leaky, score(train, (points[~half], y[~half]))
# --8<-- [end:order]


def sample(apart: float, seed: int) -> Cases:
    """180 negatives about the origin, 20 positives `apart` to the right."""
    y = np.arange(200) < 20
    points = np.random.default_rng(seed).normal(size=(200, 2))
    return points + np.outer(y, [apart, 0.0]), y


def figure(
    fig: Figure,
    apart: Annotated[float, "class means apart", [0, 0.5, 1, 1.5, 2, 3]] = 0,
    method: Annotated[Method, "new positives"] = "copies",
) -> dict[str, float]:
    """Draw one sample with its new positives, and 100 scores of each order."""
    points, y = sample(apart, 0)
    made, _ = balance(points, y, method, np.random.default_rng(0))
    runs = [both_orders(*sample(apart, s), method, s) for s in range(100)]
    fig.set_size_inches(5.2, 5.2)
    ax = fig.add_axes((0.12, 0.4, 0.76, 0.54), frame_on=False)
    ax.plot(*points[~y].T, "C7o", ms=3, alpha=0.6)
    ax.plot(*made[200:].T, "C1o", ms=6, mfc="none", mew=0.8, alpha=0.7)
    ax.plot(*points[y].T, "C0o", ms=4)
    ax.set(xlim=(-4.4, 6.4), ylim=(-3.9, 3.9), xticks=[], yticks=[])
    for x, hue, name in ((-5.7, "C7", "180 negatives"),
                         (-1.4, "C0", "20 positives"),
                         (2.7, "C1", f"160 {method}")):
        ax.text(x, 4, name, color=hue)
    low = fig.add_axes((0.06, 0.1, 0.9, 0.28))
    for row, hue, name in ((1, "C1", "made before the split"),
                           (0, "C0", "made after the split")):
        x = np.array(runs).T[1 - row]
        low.plot(x, row + np.linspace(-0.15, 0.15, 100), "o", color=hue, ms=3,
                 alpha=0.6)
        low.plot([x.mean()] * 2, [row - 0.2, row + 0.2], hue, lw=3)
        low.text(1, row + 0.3, f"{name}: mean {x.mean():.2f}", color=hue,
                 ha="right")
    low.axvline(0.5, color="C7", lw=1, ls=":")
    low.set(xlim=(0.3, 1.01), ylim=(-0.4, 1.6), yticks=[])
    low.set_xlabel("balanced accuracy on the test half (0.5 is guessing)")
    leaky, honest = np.mean(runs, axis=0)
    return dict(score_leaky=leaky, score_honest=honest,
                lowest_leaky=np.min(runs, axis=0)[0])
