"""Learning curves: training and test error of a fit as the sample grows.

Two numbers and their trend tell a model that is too stiff from one that has
too little data; the noise sets the floor that both stop at.

Source: Cortes, Jackel, Solla, Vapnik & Denker, Learning curves: asymptotic
values and rate of convergence, NIPS 6 (1993).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure
from numpy.polynomial.legendre import leggauss, legvander

from bias_variance import truth

Array = np.ndarray
SIZES = [5, 7, 10, 15, 25, 50, 100, 300, 1000]
NODES, WEIGHTS = leggauss(60)  # averages over [−1, 1] without sampling


# --8<-- [start:fit]
def sample(n: int, noise: float, seed: int) -> tuple[Array, Array]:
    """n inputs, uniform on [−1, 1], and their noisy targets."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, n)
    return x, truth(x) + rng.normal(0, noise, n)


def fit(x: Array, y: Array, degree: int) -> Array:
    """Least squares; of many that fit alike, the smallest coefficients."""
    return np.linalg.pinv(legvander(x, degree)) @ y


def errors(n: int, degree: int, noise: float, seed: int) -> Array:
    """Training error and expected error on a fresh case, of one fit."""
    x, y = sample(n, noise, seed)
    c = fit(x, y, degree)
    miss = legvander(NODES, degree) @ c - truth(NODES)
    test = miss**2 @ WEIGHTS / 2 + noise**2
    return np.array([np.mean((legvander(x, degree) @ c - y) ** 2), test])
# --8<-- [end:fit]


# --8<-- [start:curves]
@lru_cache
def curves(degree: int, noise: float, times: int = 100) -> Array:
    """Mean training and median test error for each size, (sizes, 2)."""
    found = [
        [errors(n, degree, noise, seed) for seed in range(times)]
        for n in SIZES
    ]
    train, test = np.moveaxis(np.array(found), 2, 0)  # (sizes, times) each
    return np.c_[train.mean(axis=1), np.median(test, axis=1)]


def plateau(degree: int, noise: float) -> float:
    """Noise plus the squared miss of the best fit in the class."""
    basis = legvander(NODES, degree)
    best = (WEIGHTS * truth(NODES)) @ basis * (np.arange(degree + 1) + 0.5)
    miss = basis @ best - truth(NODES)
    return noise**2 + float(miss**2 @ WEIGHTS) / 2
# --8<-- [end:curves]


def figure(
    fig: Figure,
    degree: Annotated[int, "degree", [1, 3, 5, 9]] = 3,
    points: Annotated[int, "training points", SIZES] = 5,
    noise: Annotated[float, "noise", np.linspace(0.1, 0.6, 6)] = 0.3,
) -> dict[str, float]:
    """Draw one fit, and both errors over the number of training points."""
    both, ends = curves(degree, noise), plateau(degree, noise)
    train, test = both[SIZES.index(points)]
    fig.set_size_inches(5.2, 5.4)
    fig.subplots_adjust(0.14, 0.09, 0.97, 0.95, hspace=0.42)
    top, low = fig.subplots(2)
    x, y = sample(points, noise, 0)
    t = np.linspace(-1, 1, 201)
    top.plot(t, truth(t), "C7--", zorder=3)
    top.plot(x, y, "oC0", ms=3 if points > 100 else 6, alpha=0.6)
    top.plot(t, legvander(t, degree) @ fit(x, y, degree), "C1", zorder=4)
    top.set(xlim=(-1.03, 1.03), ylim=(-2, 2), xticks=(-1, 0, 1))
    top.set(xlabel="input x", ylabel="target y", yticks=range(-2, 3))
    low.axhline(ends, color="C2", lw=1, ls="--")
    low.axhline(noise**2, color="C7", lw=1, ls=":")
    low.fill_between(SIZES, *both.T, color="C1", alpha=0.15, lw=0)
    low.loglog(SIZES, both[:, 0], "C0o-", SIZES, both[:, 1], "C1o-", ms=3)
    low.loglog(points, train, "C0o", points, test, "C1o", ms=9)
    for ax, left, word, color in (
        (top, 0, "sample", "C0"),
        (top, 0.2, "fit", "C1"),
        (top, 0.32, "truth", "C7"),
        (low, -0.02, f"training {train:.3f}", "C0"),
        (low, 0.3, f"test {test:.3g}", "C1"),
        (low, 0.55, f"limit {ends:.3f}", "C2"),
        (low, 0.8, f"noise {noise**2:.2f}", "C7"),
    ):
        ax.text(left, 1.04, word, color=color, transform=ax.transAxes)
    low.set(xlim=(4.5, 1150), ylim=(0.008, 20))
    low.set_xticks([5, 10, 100, 1000], ["5", "10", "100", "1000"])
    low.set_yticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
    low.set(xlabel="training points", ylabel="squared error")
    low.minorticks_off()
    return {
        "train": train,
        "test": test,
        "train_small_n": both[0, 0],
        "test_small_n": both[0, 1],
        "plateau": ends,
        "noise_floor": noise**2,
        "bias2": ends - noise**2,
        "gap_largest_n": both[-1, 1] - both[-1, 0],
    }
