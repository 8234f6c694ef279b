"""What the batch size does to the noise of a gradient, and the rate to SGD.

The mean of a thousand numbers, found by descent: the full gradient is known
exactly, so all that remains is the noise of the sampling.

Source: Robbins & Monro, A Stochastic Approximation Method, Annals of
Mathematical Statistics 22, 400–407 (1951).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

Array = np.ndarray
N, RUNS, STEPS = 1000, 60, 100


# --8<-- [start:data]
def numbers() -> Array:
    """A thousand skewed numbers with mean 0 and variance 1."""
    z = np.random.default_rng(0).exponential(size=N)
    return (z - z.mean()) / z.std()


def gradient(w: float | Array, batch: Array) -> Array:
    """Slope of the mean of ½ (w − z)² over the batch: (…, B) → (…)."""
    return w - batch.mean(axis=-1)
# --8<-- [end:data]


# --8<-- [start:descent]
def noisy_paths(rate: float, size: int) -> Array:
    """60 runs of SGD from w = 3, (101, 60); a new batch for each step."""
    rng, z = np.random.default_rng(1), numbers()
    path = [np.full(RUNS, 3.0)]
    for _ in range(STEPS):
        batch = z[rng.integers(N, size=(RUNS, size))]  # with replacement
        path.append(path[-1] - rate * gradient(path[-1], batch))
    return np.array(path)


def noise_floor(rate: float, size: int) -> float:
    """Variance of w in the end: V = (1 − rate)² V + rate² / size."""
    return rate / (2 - rate) / size
# --8<-- [end:descent]


# --8<-- [start:variance]
@lru_cache
def gradient_variance(size: int, replace: bool, draws: int = 2000) -> float:
    """Variance over many batches, at fixed weights."""
    rng, z = np.random.default_rng(2), numbers()
    if replace:
        batches = z[rng.integers(N, size=(draws, size))]
    else:  # whole passes through the data, each in a new order
        passes = -(-draws * size // N)
        order = rng.permuted(np.tile(z, (passes, 1)), axis=1)
        batches = order.reshape(-1, size)[:draws]
    return float(gradient(0.0, batches).var())
# --8<-- [end:variance]


def figure(
    fig: Figure,
    batch: Annotated[int, "batch size", [1, 10, 100, 1000]] = 10,
    rate: Annotated[float, "learning rate", [0.05, 0.1, 0.2, 0.5, 1]] = 0.2,
) -> dict[str, float]:
    """Draw the variance of the gradient, and sixty runs with their floor."""
    sizes = np.array([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000])
    runs, floor = noisy_paths(rate, batch), noise_floor(rate, batch)
    fig.set_size_inches(5.2, 5)
    fig.subplots_adjust(0.13, 0.1, 0.97, 0.98, hspace=0.32)
    top, low = fig.subplots(2, 1, height_ratios=(2, 3))
    top.loglog(sizes, 1 / sizes, "C0", lw=1.2)
    top.loglog(batch, 1 / batch, "oC0", ms=9)
    parted = [max(gradient_variance(b, False, 500), 1e-9) for b in sizes]
    top.loglog(sizes, parted, "C1D--", ms=4, lw=1.2)
    top.text(80, 0.03, "with replacement: 1/B", color="C0")
    top.text(500, 2e-4, "partition", color="C1", ha="right")
    top.set(xlim=(0.8, 1250), ylim=(1e-4, 3))
    top.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    top.set_yticks([1e-4, 1e-2, 1], ["10⁻⁴", "10⁻²", "1"])
    top.set(xlabel="batch size B", ylabel="variance of gradient")
    low.plot(runs[:, :20], "C7", lw=0.6, alpha=0.5)
    low.plot(runs[:, 0], "C0", lw=1.5)
    spread = 2 * floor**0.5
    low.axhspan(-spread, spread, color="C2", alpha=0.2)
    low.text(1, -2.8, f"final spread: ±{spread:.2g}", color="C2")
    low.set(xlim=(0, STEPS), ylim=(-3.2, 3.2), xlabel="step", ylabel="weight")
    return {
        "variance": gradient_variance(batch, True),
        "variance_ratio": gradient_variance(batch, True) * batch,
        "partition_variance": gradient_variance(batch, False),
        "noise_floor": floor,
        "measured_floor": float(runs[STEPS // 2 :].var(axis=1).mean()),
        "spread": spread,
    }
