"""k-means: assign every point to the nearest center, average, repeat.

The two steps take turns at lowering one number, the distortion, so the search
must stop; where it stops depends on where it started.

Source: Lloyd, IEEE Trans. Information Theory 28, 129–137 (1982); Arthur &
Vassilvitskii, k-means++: The Advantages of Careful Seeding, SODA (2007).
"""

from functools import lru_cache
from typing import Literal

import numpy as np

Data = Literal["square", "circle", "pairs", "uniform"]
Start = Literal["random", "k-means++"]
PLANTED = {"square": 4, "circle": 6, "pairs": 4, "uniform": 1}


# --8<-- [start:data]
@lru_cache
def sample(data: Data, spread: float = 0.7, seed: int = 0) -> np.ndarray:
    """240 points, (240, 2): Gaussian clusters of sd `spread`, or none."""
    rng = np.random.default_rng(seed)
    if data == "uniform":
        return rng.uniform(-4.0, 4.0, (240, 2))
    turn = np.exp(2j * np.pi * np.arange(6) / 6)
    middles = {
        "square": np.array([-3 - 3j, -3 + 3j, 3 - 3j, 3 + 3j]),
        "circle": 4.0 * turn,
        "pairs": np.array([-4 - 1.6j, -4 + 1.6j, 4 - 1.6j, 4 + 1.6j]),
    }[data]
    z = np.repeat(middles, 240 // len(middles))
    middle = np.column_stack([z.real, z.imag])
    return middle + spread * rng.normal(size=(240, 2))
# --8<-- [end:data]


# --8<-- [start:lloyd]
def squared_distances(points: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """‖point − center‖² for every pair: (n, d), (K, d) → (n, K)."""
    apart = np.zeros((len(points), len(centers)))
    for x, c in zip(points.T, centers.T):  # one coordinate at a time
        apart += (x[:, None] - c) ** 2
    return apart


def lloyd(
    points: np.ndarray, centers: np.ndarray
) -> tuple[np.ndarray, np.ndarray, list[float]]:
    """Final centers (K, d), labels (n,), distortion of every iteration."""
    history, each = [], np.arange(len(points))
    while True:
        apart = squared_distances(points, centers)
        labels = apart.argmin(axis=1)
        history.append(float(apart[each, labels].sum()))
        member = labels == np.arange(len(centers))[:, None]  # (K, n)
        size = member.sum(axis=1)[:, None]
        means = member @ points / np.maximum(size, 1)
        # An empty cell has no mean: its center stays where it is.
        moved = np.where(size > 0, means, centers)
        if np.array_equal(moved, centers):
            return centers, labels, history
        centers = moved
# --8<-- [end:lloyd]


# --8<-- [start:start]
def first_centers(
    points: np.ndarray, k: int, start: Start, rng: np.random.Generator
) -> np.ndarray:
    """K points as first centers, (K, d): all at once, or spread out."""
    if start == "random":
        return points[rng.choice(len(points), k, replace=False)]
    centers = points[rng.integers(len(points), size=1)]
    nearest = np.full(len(points), np.inf)  # squared distance to a center
    while len(centers) < k:
        newest = squared_distances(points, centers[-1:])[:, 0]
        nearest = np.minimum(nearest, newest)
        wheel = nearest.cumsum()  # a slice for each point, turned at random
        pick = np.searchsorted(wheel, rng.uniform(0, wheel[-1]))
        centers = np.vstack([centers, points[pick]])
    return centers
# --8<-- [end:start]


# --8<-- [start:restarts]
def runs(
    points: np.ndarray, k: int, count: int, start: Start, seed: int = 0
) -> list[tuple[np.ndarray, np.ndarray, list[float]]]:
    """Lloyd from `count` starts, in the order in which they were drawn."""
    rng = np.random.default_rng([seed, k])
    return [
        lloyd(points, first_centers(points, k, start, rng))
        for _ in range(count)
    ]


def best(
    points: np.ndarray, k: int, count: int = 10, start: Start = "k-means++",
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray, float]:
    """Centers, labels and distortion of the best of `count` starts."""
    found = runs(points, k, count, start, seed)
    centers, labels, history = min(found, key=lambda run: run[2][-1])
    return centers, labels, history[-1]
# --8<-- [end:restarts]
