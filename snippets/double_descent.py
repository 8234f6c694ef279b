"""Error against the number of parameters, past the point of no error.

Random features show in a second that counting parameters does not measure
flexibility: the error peaks where they first fit all points, then falls.

Source: Belkin, Hsu, Ma & Mandal, Reconciling modern machine-learning
practice and the classical bias–variance trade-off, PNAS 116 (2019).
"""

from functools import lru_cache
from typing import Annotated, NamedTuple

import numpy as np
from matplotlib.figure import Figure

Array = np.ndarray
COUNTS = [5, 10, 20, 30, 38, 40, 42, 50, 80, 200, 800, 2000]
POINTS, INPUTS, NOISE, SAMPLES = 40, 5, 0.3, 11
ANGLES = np.linspace(-np.pi, np.pi, 121)


# --8<-- [start:fit]
def features(x: Array, weights: Array) -> Array:
    """One hidden layer of ReLU units; their weights are not trained."""
    return np.maximum(x @ weights, 0) / weights.shape[1] ** 0.5


def fit(a: Array, y: Array, ridge: float) -> Array:
    """Coefficients of ridge; of ridge 0, the smallest that fit best."""
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return vt.T @ (s / (s**2 + ridge) * (u.T @ y))
# --8<-- [end:fit]


def truth(x: Array) -> Array:
    """Depends on two of the inputs."""
    return x[..., 0] + np.maximum(x[..., 1], 0)


def circle(angle: Array) -> Array:
    """Inputs to look at: the two that matter, as far out as the data."""
    x = np.zeros((len(angle), INPUTS))
    x[:, :2] = INPUTS**0.5 * np.c_[np.cos(angle), np.sin(angle)]
    return x


class Runs(NamedTuple):
    """For each count of features and each sample of points."""

    train: Array  # mean squared error, (counts, samples)
    test: Array  # the same on fresh points, the noise included
    curves: Array  # fits along the circle, (counts, samples, angles)


# --8<-- [start:runs]
@lru_cache
def runs(ridge: float) -> Runs:
    """Fit each count of features to 11 samples of 40 points."""
    train, test = np.empty((2, len(COUNTS), SAMPLES))
    curves = np.empty((len(COUNTS), SAMPLES, len(ANGLES)))
    for s in range(SAMPLES):
        rng = np.random.default_rng(s)
        x, fresh = rng.normal(size=(POINTS, 5)), rng.normal(size=(200, 5))
        y = truth(x) + rng.normal(0, NOISE, POINTS)
        weights = rng.normal(size=(INPUTS, COUNTS[-1]))
        for i, count in enumerate(COUNTS):
            w = weights[:, :count]
            c = fit(features(x, w), y, ridge)
            miss = features(fresh, w) @ c - truth(fresh)
            train[i, s] = np.mean((features(x, w) @ c - y) ** 2)
            test[i, s] = np.mean(miss**2) + NOISE**2
            curves[i, s] = features(circle(ANGLES), w) @ c
    return Runs(train, test, curves)
# --8<-- [end:runs]


def figure(
    fig: Figure,
    count: Annotated[int, "features", COUNTS] = 40,
    ridge: Annotated[float, "ridge penalty", [0, 0.01, 0.1, 1]] = 0,
) -> dict[str, float]:
    """Draw fits along a circle of inputs, and the errors over the count."""
    found, i = runs(ridge), COUNTS.index(count)
    train, test = np.median(found.train, axis=1), np.median(found.test, axis=1)
    fig.set_size_inches(5.2, 5.4)
    fig.subplots_adjust(0.13, 0.09, 0.97, 0.95, hspace=0.42)
    top, low = fig.subplots(2)
    turn = np.degrees(ANGLES)
    top.plot(turn, found.curves[i].T, "C0", lw=0.8, alpha=0.6)
    top.plot(turn, truth(circle(ANGLES)), "C7--")
    top.set(xlim=(-180, 180), xticks=range(-180, 181, 90), ylim=(-8, 8))
    top.set_yticks([-5, 0, 5])
    top.set(xlabel="direction of the input (degrees)", ylabel="target y")
    top.text(0, 1.03, f"{SAMPLES} fits", color="C0", transform=top.transAxes)
    top.text(0.2, 1.03, "truth", color="C7", transform=top.transAxes)
    low.axvline(POINTS, color="C7", lw=1)
    low.text(POINTS * 1.1, 65, "features = points", color="C7")
    low.axhline(NOISE**2, color="C7", lw=1, ls=":")
    low.text(5.2, 0.045, "noise", color="C7")
    low.loglog(COUNTS, test, "C1o-", COUNTS, train, "C0o-", ms=3)
    low.loglog(count, test[i], "C1o", count, train[i], "C0o", ms=9)
    said = (0, "test", test, "C1"), (0.25, "training", train, "C0")
    for x, word, error, color in said:
        word += f" {error[i]:.2f}"
        low.text(x, 1.03, word, color=color, transform=low.transAxes)
    low.set(xlim=(4.5, 2400), ylim=(0.004, 150), xlabel="features")
    low.set_xticks([5, 40, 200, 2000], ["5", "40", "200", "2000"])
    low.set_yticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
    low.set_ylabel("squared error")
    low.minorticks_off()
    threshold = COUNTS.index(POINTS)
    return {
        "train_error": train[i],
        "test_error": test[i],
        "train_at_threshold": train[threshold],
        "test_at_threshold": test[threshold],
        "test_at_largest": test[-1],
        "best_below": test[:threshold].min(),
        "best_of_all": test.min(),
    }
