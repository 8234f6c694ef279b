"""Dropout: units fall silent by chance in training and all speak in testing.

Dividing by the share that is kept leaves every mean as it is. The noise that
it adds acts, on a linear model, exactly like a ridge penalty.

Sources: Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov, Journal of
Machine Learning Research 15, 1929–1958 (2014); Wager, Wang & Liang, Dropout
training as adaptive regularization, NIPS (2013).
"""

from math import comb
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure


# --8<-- [start:inverted]
def keep(
    shape: tuple[int, ...], rate: float, rng: np.random.Generator
) -> np.ndarray:
    """One where a unit stays, 0 where it is dropped, each on its own."""
    return (rng.random(shape) >= rate).astype(float)


def dropout(
    a: np.ndarray, rate: float, rng: np.random.Generator | None = None
) -> np.ndarray:
    """Inverted dropout of activations; with no rng, as in testing."""
    if rng is None:
        return a
    return a * keep(a.shape, rate, rng) / (1 - rate)
# --8<-- [end:inverted]


# --8<-- [start:least-squares]
def dropout_least_squares(
    x: np.ndarray, y: np.ndarray, rate: float
) -> np.ndarray:
    """Weights with the least squared error on average over all masks of x."""
    gram = x.T @ x
    penalty = rate / (1 - rate) * np.diag(np.diag(gram))
    return np.linalg.solve(gram + penalty, x.T @ y)
# --8<-- [end:least-squares]


# --8<-- [start:shift]
def variance_ratio(mean: float, square: float, rate: float) -> float:
    """Variance of an activation in training over its variance in testing.

    mean and square: averages of a and a² without dropout.
    """
    return (square / (1 - rate) - mean**2) / (square - mean**2)
# --8<-- [end:shift]


def figure(
    fig: Figure,
    rate: Annotated[float, "dropout rate p", np.linspace(0, 0.8, 9)] = 0.3,
    units: Annotated[int, "units n", [10, 50, 100, 200]] = 100,
) -> dict[str, float]:
    """Draw how many units are dropped, and what one of them passes on."""
    rates = np.linspace(0, 0.85, 171)
    keeps, k = 1 - rate, range(units + 1)
    odds = [comb(units, i) * rate**i * keeps ** (units - i) for i in k]
    mean, sd = units * rate, (units * rate * (1 - rate)) ** 0.5
    rng = np.random.default_rng(0)
    dropped = units - keep((10_000, units), rate, rng).sum(axis=1)
    spread = (rate / (1 - rate)) ** 0.5
    fig.set_size_inches(5.2, 4.6)
    fig.subplots_adjust(0.12, 0.11, 0.97, 0.93, hspace=0.6)
    top, low = fig.subplots(2, height_ratios=(1, 1.2))
    edges = (np.arange(units + 2) - 0.5) / units
    top.stairs(np.array(odds) / max(odds), edges, fill=True, color="C0")
    top.axvline(rate, color="C1", lw=1)
    title = f"{mean:.0f} ± {sd:.1f} of {units} units dropped in a step"
    top.set_title(title, color="C0")
    top.set(xlim=(-0.06, 1.06), ylim=(0, 1.1), yticks=[])
    top.set(xlabel="share of units dropped", ylabel="how often")
    noise = (rates / (1 - rates)) ** 0.5
    low.fill_between(rates, 1 - noise, 1 + noise, color="C0", alpha=0.2)
    low.plot(rates, 1 / (1 - rates), "C2", rates, 0 * rates, "C3")
    low.plot([0, 0.85], [1, 1], "C0")
    low.errorbar(rate, 1, spread, fmt="o", color="C0", capsize=4, ms=7)
    low.plot(rate, 1 / (1 - rate), "oC2", rate, 0, "oC3", ms=7)
    low.text(0.37, 3.2, f"kept: {1 / (1 - rate):.2f}", color="C2")
    low.text(0.02, -1.1, "dropped: 0", color="C3")
    low.text(0.01, 2.2, "mean ± deviation", color="C0")
    low.set_title(f"activation 1 passed on: mean 1, deviation {spread:.2f}")
    low.set(xlim=(-0.02, 0.87), ylim=(-1.6, 6.4), ylabel="passed on")
    low.set_xlabel("dropout rate p")
    return {
        "expected_dropped": mean,
        "sd_dropped": sd,
        "fewest_dropped": int(dropped.min()),
        "most_dropped": int(dropped.max()),
        "kept_value": 1 / (1 - rate),
        "activation_variance": rate / (1 - rate),
        "rectified_ratio": variance_ratio((2 * np.pi) ** -0.5, 0.5, rate),
        "half_normal_ratio": variance_ratio((2 / np.pi) ** 0.5, 1, rate),
    }
