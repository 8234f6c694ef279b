"""Logistic regression finds the line between two clouds of points."""

import numpy as np
from matplotlib.figure import Figure

SEED = 0


def fit(X: np.ndarray, y: np.ndarray, steps: int = 500) -> np.ndarray:
    """Weights, the bias last, after gradient descent on the log loss."""
    X = np.c_[X, np.ones(len(X))]
    w = np.zeros(3)
    for _ in range(steps):
        w -= 0.5 * X.T @ (1 / (1 + np.exp(-X @ w)) - y) / len(y)
    return w


def figure(fig: Figure) -> dict[str, float]:
    """Draw the points by class, those on the wrong side, and the line."""
    rng = np.random.default_rng(SEED)
    y = np.repeat([0, 1], 150)
    X = rng.normal(size=(300, 2)) + 1.6 * y[:, None]
    w = fit(X, y)
    wrong = (X @ w[:2] + w[2] > 0) != y
    ax = fig.subplots()
    for label in 0, 1:
        group = X[y == label]
        ax.scatter(group[:, 0], group[:, 1], 14, f"C{label}", label=f"class {label}")
    ax.scatter(
        X[wrong, 0], X[wrong, 1], 60, facecolors="none", edgecolors="C3", label="wrong"
    )
    x = np.array([-4.0, 6.0])
    ax.plot(x, -(w[0] * x + w[2]) / w[1], "C2--")
    ax.fill_between(x, -(w[0] * x + w[2]) / w[1], 6, color="C1", alpha=0.1)
    ax.set(xlim=(-4, 6), ylim=(-4, 6), xlabel="feature 1", ylabel="feature 2")
    ax.legend(loc="lower left")
    return {"errors": int(wrong.sum()), "slope": -w[0] / w[1]}
