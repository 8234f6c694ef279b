"""The sigmoid with its slope and curvature, and what they do to a gradient.

A unit passes back at most a quarter of the gradient that it receives; how
much a deep stack passes back depends on its inputs and weights as well.

Source: Rumelhart, Hinton & Williams, Nature 323, 533–536 (1986).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure


# --8<-- [start:derivatives]
def sigmoid(x: float | np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)) in the precision of x, without overflow."""
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


def slope(x: float | np.ndarray) -> np.ndarray:
    """First derivative, from the sigmoid's own output."""
    s = sigmoid(x)
    return s * (1 - s)


def curvature(x: float | np.ndarray) -> np.ndarray:
    """Second derivative: how fast the slope changes."""
    return slope(x) * (1 - 2 * sigmoid(x))
# --8<-- [end:derivatives]


# --8<-- [start:depth]
def through_layers(scale: float, n: int = 20, width: int = 64) -> np.ndarray:
    """What the first 0, 1, … n layers leave of a gradient, its bound, slopes.

    Left: its norm at the input, a root mean square over gradients of norm 1.
    """
    rng = np.random.default_rng(0)
    a, jacobian = rng.normal(size=width), np.eye(width)
    gradient, factors = [1.0], [[1.0, 1.0]]
    for w in rng.normal(0, scale / width**0.5, (n, width, width)):
        d = slope(w @ a)  # (width,)
        a, jacobian = sigmoid(w @ a), d[:, None] * (w @ jacobian)
        gradient.append(float(np.linalg.norm(jacobian) / width**0.5))
        largest = float(np.linalg.norm(w, 2))
        factors.append([largest / 4, np.mean(d**2) ** 0.5])
    return np.c_[gradient, np.cumprod(factors, axis=0)]  # (n + 1, 3)
# --8<-- [end:depth]


def figure(
    fig: Figure,
    x0: Annotated[float, "input x₀", np.linspace(-6, 6, 13)] = 2.0,
    input_std: Annotated[float, "spread of inputs", [0.25, 1, 4]] = 1,
) -> dict[str, float]:
    """Draw σ and its derivatives at x₀ and for normal inputs around x₀."""
    t, half = np.linspace(-8, 8, 40_000), 2 * np.arccosh(2**0.5)
    inputs, density = x0 + input_std * t, np.exp(-(t**2) / 2)
    share = density / density.sum()
    in_band = share[np.abs(inputs) < half].sum()
    whole = np.arange(99, dtype=np.float32)
    d, mean = float(slope(x0)), slope(inputs) @ share
    fig.set_size_inches(5.2, 5.4)
    fig.subplots_adjust(left=0.14, bottom=0.1, top=0.94, hspace=0.12)
    hill, top, low = fig.subplots(3, sharex=True, height_ratios=(2, 5, 5))
    x, near = np.linspace(-8, 8, 321), x0 + np.array([-2, 2])
    hill.fill_between(inputs[::200], density[::200], color="C7", alpha=0.5)
    s, tangent = sigmoid(x0), sigmoid(x0) + d * (near - x0)
    top.plot(x, sigmoid(x), x0, s, "oC0", near, tangent, "C1--")
    low.plot(x, slope(x), "C1", x, curvature(x), "C3", x0, d, "oC1")
    low.plot(x0, mean, "oC1", mfc="white")
    top.text(5, 0.82, "σ(x)", color="C0")
    top.text(7.9, 0.08, f"tangent: slope {d:.4f}", color="C1", ha="right")
    low.text(-7.8, 0.22, f"○ mean slope {mean:.4f}", color="C1")
    low.text(1.9, 0.22, "slope σ′(x)", color="C1")
    low.text(2.9, -0.1, "curvature σ″(x)", color="C3")
    for ax in hill, top, low:
        ax.axvspan(-half, half, color="C2", alpha=0.12)
    hill.set_title(f"steep band: {in_band:.1%} of inputs", color="C2")
    hill.set(ylim=(0, 1.1), yticks=(), ylabel="inputs")
    top.set(ylim=(-0.15, 1.15), yticks=(0, 0.5, 1), ylabel="output")
    low.set(ylim=(-0.125, 0.27), yticks=(-0.1, 0, 0.25), ylabel="derivatives")
    low.set(xlim=(-8, 8), xlabel="input x")
    return {
        "max_slope": float(slope(0.0)),
        "half_slope_at": half,
        "slope_at": d,
        "below_max": float(slope(0.0)) / d,
        "mean_slope": mean,
        "rms_slope": (slope(inputs) ** 2 @ share) ** 0.5,
        "share_in_band": in_band,
        "share_within_one": share[np.abs(inputs) < 1].sum(),
        "first_one_float64": int((sigmoid(np.arange(99.0)) < 1).sum()),
        "first_one_float32": int((sigmoid(whole) < 1).sum()),
    }


def depth_bound(
    fig: Figure,
    weight_scale: Annotated[float, "weight scale", range(1, 21)] = 11,
) -> dict[str, float]:
    """Draw what n layers leave of a gradient, with two bounds on it."""
    gradient, bound, slopes = through_layers(weight_scale).T
    fig.subplots_adjust(left=0.15, top=0.8)
    ax, n = fig.subplots(), np.arange(21)
    ax.semilogy(n, gradient, "C0", lw=4)
    ax.semilogy(n, bound, "C0--", n, slopes, "C1", n, 0.25**n, "C1--")
    ax.set(xlim=(0, 20), xticks=n[::5], ylim=(1e-25, 1e21))
    ax.set_yticks([1e-24, 1e-12, 1, 1e12], ["10⁻²⁴", "10⁻¹²", "1", "10¹²"])
    ax.set(xlabel="layers n", ylabel="factor left")
    names = "gradient", "≤ 0.25ⁿ × weight norms", "slopes alone", "≤ 0.25ⁿ"
    ax.legend(names, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return {
        "bound": 0.25**20,
        "bound_with_weights": bound[-1],
        "gradient_left": gradient[-1],
        "slopes_left": slopes[-1],
        "per_layer": gradient[-1] ** (1 / 20),
    }
