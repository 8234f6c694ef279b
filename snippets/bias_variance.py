"""Bias and variance of a polynomial fit, exact and by drawing samples.

Both are averages over training samples that were not drawn; a formula and
a thousand imaginary samples show what one sample cannot.

Source: Geman, Bienenstock & Doursat, Neural networks and the bias/variance
dilemma, Neural Computation 4, 1–58 (1992).
"""

from typing import Annotated, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.polynomial.legendre import legvander

Array = np.ndarray
DEGREES = range(16)


def truth(x: Array) -> Array:
    """The function behind the data, which no fit gets to see."""
    return np.sin(np.pi * x)


# --8<-- [start:exact]
class Parts(NamedTuple):
    """Averages over the inputs; the noise is the same for every model."""

    bias2: float
    variance: float
    noise: float


def decompose(degree: int, noise: float, points: int) -> Parts:
    """The parts of the expected error of least squares, exactly."""
    x = np.linspace(-1, 1, points)
    q, _ = np.linalg.qr(legvander(x, degree))  # (points, degree + 1)
    hat = q @ q.T  # takes targets to fitted values
    gap = truth(x) - hat @ truth(x)  # truth less average fit
    spread = noise**2 * (hat**2).sum(axis=1)  # var of each fitted value
    return Parts(np.mean(gap**2), np.mean(spread), noise**2)
# --8<-- [end:exact]


# --8<-- [start:simulate]
def simulate(degree: int, noise: float, points: int, times: int) -> Array:
    """Coefficients of fits to fresh noise, (times, degree + 1)."""
    rng, x = np.random.default_rng(0), np.linspace(-1, 1, points)
    y = truth(x) + rng.normal(0, noise, (times, points))
    return y @ np.linalg.pinv(legvander(x, degree)).T


def measure(fits: Array, target: Array) -> tuple[float, float, float]:
    """Squared bias, variance and mean squared error of rows of fits."""
    center = fits.mean(axis=0)
    bias2, variance = np.mean((target - center) ** 2), fits.var(axis=0)
    return bias2, variance.mean(), np.mean((fits - target) ** 2)
# --8<-- [end:simulate]


# --8<-- [start:figure]
def figure(
    fig: Figure,
    degree: Annotated[int, "degree", DEGREES] = 3,
    noise: Annotated[float, "noise", [0.1, 0.3, 0.5]] = 0.3,
    points: Annotated[int, "points", range(20, 61, 5)] = 25,
) -> dict[str, float]:
    """Draw a fan of fits, and what the expected error is made of."""
    parts = [decompose(d, noise, points) for d in DEGREES]
    totals, here = np.sum(parts, axis=1), parts[degree]
    fig.set_size_inches(5.2, 5.4)
    fig.subplots_adjust(0.13, 0.09, 0.97, 0.95, hspace=0.42)
    top, low = fig.subplots(2, height_ratios=(6, 5))

    x, grid = np.linspace(-1, 1, 101), np.linspace(-1, 1, points)
    coefficients = simulate(degree, noise, points, 20)
    fan = coefficients @ legvander(x, degree).T  # (20, 101)
    average = np.linalg.pinv(legvander(grid, degree)) @ truth(grid)
    average = legvander(x, degree) @ average
    top.plot(x, fan.T, "C0", lw=0.7, alpha=0.35)
    top.fill_between(x, truth(x), average, color="C1", alpha=0.35, lw=0)
    top.plot(x, truth(x), "C7--", x, average, "C1", zorder=3)
    top.set(xlim=(-1, 1), ylim=(-2, 2), xlabel="input x", ylabel="target y")
    top.set(xticks=(-1, 0, 1), yticks=range(-2, 3))
    for left, word, color in (
        (0.0, "20 fits", "C0"),
        (0.2, "mean fit", "C1"),
        (0.42, "truth", "C7"),
    ):
        top.text(left, 1.03, word, color=color, transform=top.transAxes)

    bias2, variance, floor = np.transpose(parts)
    bottom = np.zeros(len(DEGREES))
    for left, word, height, color in (
        (-0.03, "noise", floor, "C7"),
        (0.22, "+ variance", variance, "C0"),
        (0.54, "+ bias²", bias2, "C1"),
    ):
        low.bar(DEGREES, height, bottom=bottom, color=color, alpha=0.4)
        low.bar(degree, height[degree], bottom=bottom[degree], color=color)
        said = f"{word} {height[degree]:.3f}"
        low.text(left, 1.05, said, color=color, transform=low.transAxes)
        bottom = bottom + height
    low.text(0.8, 1.05, f"= {totals[degree]:.3f}", transform=low.transAxes)
    low.set(xlim=(-0.6, 15.6), xticks=DEGREES, ylim=(0, 0.5))
    low.set(xlabel="degree", ylabel="expected error")
    return {
        "bias2": here.bias2,
        "variance": here.variance,
        "noise_floor": here.noise,
        "total": totals[degree],
        "best_degree": int(totals.argmin()),
        "best_total": totals.min(),
    }
# --8<-- [end:figure]
