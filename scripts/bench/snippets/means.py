"""Means of skewed samples look ever more normal."""

import numpy as np
from matplotlib.figure import Figure

SEED = 0


def means(size: int, rng: np.random.Generator) -> np.ndarray:
    """Standardized means of 20,000 exponential samples."""
    draws = rng.exponential(size=(20_000, size))
    return (draws.mean(axis=1) - 1) * size**0.5


def figure(fig: Figure) -> dict[str, float]:
    """Draw histograms of the means beside the normal density."""
    rng = np.random.default_rng(SEED)
    x = np.linspace(-4, 4, 201)
    density = np.exp(-(x**2) / 2) / (2 * np.pi) ** 0.5
    facts = {}
    for i, (ax, size) in enumerate(
        zip(fig.subplots(1, 3, sharey=True), (1, 5, 30), strict=True)
    ):
        found = means(size, rng)
        ax.hist(found, bins=50, range=(-4, 4), density=True, color=f"C{i}", alpha=0.6)
        ax.plot(x, density, "C7--")
        ax.set(xlim=(-4, 4), title=f"n = {size}", xlabel="standardized mean")
        facts[f"skewness_{size}"] = float(np.mean((found / found.std()) ** 3))
    return facts
