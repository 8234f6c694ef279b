"""Dice loss ignores true negatives: that is its strength and its price.

It pulls on a small object as hard as on a wide background, and in return
its best answer is not a probability.

Source: Milletari, Navab & Ahmadi, V-Net, arXiv:1606.04797 (2016); Salehi,
Erdogmus & Gholipour, Tversky loss function, arXiv:1706.05721 (2017).
"""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

Numbers = float | np.ndarray
Losses = dict[str, Numbers]


# --8<-- [start:counts]
def tversky(tp: float, fp: float, fn: float, a: float, b: float) -> float:
    """Overlap, where a false positive counts a and a false negative b."""
    return tp / (tp + a * fp + b * fn)


def dice(tp: float, fp: float, fn: float) -> float:
    """Twice the overlap over the sum of both sizes: F1."""
    return 2 * tp / ((tp + fp) + (tp + fn))


def jaccard(tp: float, fp: float, fn: float) -> float:
    """Overlap over union."""
    return tp / (tp + fp + fn)
# --8<-- [end:counts]


# --8<-- [start:soft]
def soft_loss(p: np.ndarray, y: np.ndarray, eps: float = 0) -> float:
    """One minus Dice of probabilities p for labels y, both (n,)."""
    return 1 - (2 * p @ y + eps) / (p.sum() + y.sum() + eps)


def soft_gradient(p: np.ndarray, y: np.ndarray, eps: float = 0) -> np.ndarray:
    """Slope of that loss in each pixel's probability, (n,)."""
    size = p.sum() + y.sum() + eps
    return (2 * p @ y + eps) / size**2 - 2 * y / size
# --8<-- [end:soft]


# --8<-- [start:constant]
def expected(p: Numbers, rate: float, a: float = 0.5) -> Losses:
    """Losses of one probability p for all of many pixels, `rate` objects."""
    return {
        "plain": 1 - p * rate / (a * p + (1 - a) * rate),
        "squared": 1 - 2 * p * rate / (p**2 + rate),
        "cross_entropy": -rate * np.log(p) - (1 - rate) * np.log(1 - p),
    }
# --8<-- [end:constant]


# --8<-- [start:pull]
def object_share(rate: Numbers, p: float, a: float = 0.5) -> Losses:
    """The objects' part of all pull on the logits, every pixel at p."""
    size = a * p + (1 - a) * rate
    on, off = rate * (size - a * p * rate), (1 - rate) * a * p * rate
    up, down = rate * (1 - p), (1 - rate) * p
    return {"overlap": on / (on + off), "cross_entropy": up / (up + down)}
# --8<-- [end:pull]


def figure(
    fig: Figure,
    object_fraction: Annotated[
        float, "objects' share of pixels", [0.005, 0.01, 0.05, 0.1, 0.3, 0.5]
    ] = 0.05,
    alpha: Annotated[
        float, "weight of a false positive", [0.1, 0.3, 0.5, 0.7, 0.9]
    ] = 0.5,
) -> dict[str, float]:
    """Draw expected losses of one probability, and how the pull is shared."""
    p = np.append(np.linspace(0.001, 0.999, 999), 1 - 1e-9)
    rates = np.geomspace(0.003, 0.7, 101)
    losses = expected(p, object_fraction, alpha)
    fig.set_size_inches(5.2, 5.4)
    top = fig.add_axes((0.13, 0.6, 0.51, 0.375))
    low = fig.add_axes((0.13, 0.1, 0.51, 0.375))
    shares = object_share(rates, 0.5, alpha)
    here = object_share(object_fraction, 0.5, alpha)
    facts: dict[str, float] = {}
    overlap = "Dice" if alpha == 0.5 else f"Tversky, α = {alpha:g}"
    for hue, name, label, high in (
        ("C0", "plain", overlap, 0.88),
        ("C3", "squared", "Dice with squares", 0.56),
        ("C1", "cross_entropy", "cross-entropy", 0.24),
    ):
        loss = np.asarray(losses[name])
        best = round(float(p[loss.argmin()]), 3)
        top.plot(p, loss, hue)
        top.plot(best, loss.min(), "o", color=hue, clip_on=False, zorder=3)
        note = f"{label}\nbest at {best:.3g}"
        top.text(1.06, high, note, color=hue, va="center")
        facts[f"{name}_optimum"] = best
    top.axvline(object_fraction, color="C7", lw=1, ls=":")
    top.set(xlim=(0, 1), xlabel="one probability for every pixel")
    top.set(ylim=(0, 1.05), ylabel="expected loss")
    for hue, name, label, high in (
        ("C0", "overlap", overlap, 0.8),
        ("C1", "cross_entropy", "cross-entropy", 0.3),
    ):
        low.semilogx(rates, shares[name], hue)
        low.plot(object_fraction, here[name], "o", color=hue, zorder=3)
        note = f"{label}\n{here[name]:.1%} of the pull"
        low.text(0.84, high, note, color=hue, va="center")
        facts[f"share_{name}"] = float(here[name])
    low.axvline(object_fraction, color="C7", lw=1, ls=":")
    low.set_xticks([0.005, 0.02, 0.1, 0.5], ["0.5%", "2%", "10%", "50%"])
    low.set_xticks([], minor=True)
    low.set(xlim=(0.003, 0.7), xlabel="objects' share of the pixels")
    low.set(ylim=(0, 1), ylabel="objects' part of the pull")
    odds = facts["share_overlap"] / (1 - facts["share_overlap"])
    return facts | {"gradient_ratio": odds / object_fraction - odds}
