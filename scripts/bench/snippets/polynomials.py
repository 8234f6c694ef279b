"""Stiff models miss the curve, supple ones chase the noise."""

import numpy as np
from matplotlib.figure import Figure

SEED = 0
X = np.linspace(-1, 1, 25)
GRID = np.linspace(-1, 1, 201)


def fits(degree: int, rng: np.random.Generator, count: int = 20) -> np.ndarray:
    """Polynomials fitted to noisy samples of one curve, on the grid."""
    samples = np.sin(3 * X) + rng.normal(0, 0.4, (count, len(X)))
    weights = np.linalg.pinv(np.vander(X, degree + 1)) @ samples.T
    return (np.vander(GRID, degree + 1) @ weights).T


def figure(fig: Figure) -> dict[str, float]:
    """Draw twenty fits of three degrees, their mean and the truth."""
    rng = np.random.default_rng(SEED)
    fig.set_size_inches(7, 3)
    truth, facts = np.sin(3 * GRID), {}
    axes = fig.subplots(1, 3, sharex=True, sharey=True)
    for ax, degree in zip(axes, (1, 4, 12), strict=True):
        found = fits(degree, rng)
        ax.plot(GRID, found.T, "C0", lw=0.5, alpha=0.5)
        ax.plot(GRID, found.mean(axis=0), "C1", GRID, truth, "C2--")
        ax.set(xlim=(-1, 1), ylim=(-2.5, 2.5), title=f"degree {degree}", xlabel="x")
        facts[f"bias_{degree}"] = np.mean((found.mean(axis=0) - truth) ** 2)
        facts[f"variance_{degree}"] = found.var(axis=0).mean()
    return facts
