"""What batch normalization knows of a feature: noise, bias and delay.

A batch estimates mean and variance from a few values; the running averages
that inference uses follow these estimates late.

Source: Ioffe & Szegedy, Batch Normalization: Accelerating Deep Network
Training by Reducing Internal Covariate Shift, ICML (2015).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from batch_norm import SIZES, Array, fresh, track, train_forward

MEAN, DEVIATION = 5.0, 2.0  # of the feature, over all examples


# --8<-- [start:estimates]
@lru_cache
def estimates(batch: int) -> dict[str, float]:
    """Averages over 10,000 batches of normal values of variance 4."""
    rng = np.random.default_rng(0)
    x = rng.normal(MEAN, DEVIATION, size=(10_000, batch))
    raw = x.var(axis=1)  # divides by m
    corrected = raw * batch / (batch - 1)
    return {
        "mean_batch_variance": float(raw.mean()),
        "mean_batch_deviation": float(np.sqrt(raw).mean()),
        "corrected_variance": float(corrected.mean()),
        "corrected_deviation": float(np.sqrt(corrected).mean()),
        "spread_of_mean": float(x.mean(axis=1).std()),
    }
# --8<-- [end:estimates]


# --8<-- [start:mates]
@lru_cache
def with_mates(batch: int, value: float = 7.0) -> Array:
    """Training outputs of one value among 200 different sets of mates."""
    x = np.random.default_rng(1).normal(MEAN, DEVIATION, size=(batch, 200))
    x[0] = value  # each column is a batch
    return train_forward(fresh(200), x)[0][0]
# --8<-- [end:mates]


def figure(
    fig: Figure, batch: Annotated[int, "batch size m", SIZES] = 8
) -> dict[str, float | str]:
    """Draw one example's outputs among different mates; bias of estimates."""
    out, found = with_mates(batch), estimates(batch)
    left, right = fig.subplots(1, 2, width_ratios=(1, 1.1))
    fig.subplots_adjust(0.13, 0.16, 0.975, 0.84, wspace=0.35)
    left.hist(out, np.linspace(-3.1, 3.1, 32), color="C0")
    left.axvline(1, color="C1", lw=1)
    left.text(1.2, 196, "inference", color="C1", va="top")
    left.text(-2.9, 196, "training", color="C0", va="top")
    left.set(xlim=(-3, 3), ylim=(0, 200), yticks=(0, 100, 200))
    left.set(xlabel="output for one example", ylabel="batches of 200")
    rows = [estimates(m) for m in SIZES]
    for name, true, style in (("corrected_variance", 4, "C2s-"),
                              ("corrected_deviation", 2, "C1^-"),
                              ("mean_batch_variance", 4, "C0o-")):
        share = [row[name] / true for row in rows]
        right.plot(np.log2(SIZES), share, style, ms=5)
        right.plot(np.log2(batch), found[name] / true, style[:3], ms=10)
    right.axhline(1, color="C7", lw=1)
    right.set(xlim=(0.7, 7.3), ylim=(0.45, 1.06), yticks=(0.5, 0.75, 1))
    right.set_xticks(range(1, 8), [str(m) for m in SIZES])
    right.set(xlabel="batch size m", ylabel="average estimate / truth")
    words = (("■ variance, ÷ (m − 1)", "C2", 1.11),
             ("▲ root of that", "C1", 1.03),
             ("● variance, ÷ m", "C0", 0.3))
    for word, color, y in words:
        x = 0.42 if y < 1 else 0
        right.text(x, y, word, color=color, transform=right.transAxes)
    return {**found, "output_spread": float(out.std()),
            "lowest_output": float(out.min()),
            "highest_output": float(out.max())}  # fmt: skip


# --8<-- [start:running]
def follow(momentum: float, batch: int) -> tuple[Array, Array, Array]:
    """True, batch and running mean over 200 steps; training moves the
    true mean for the first 100 of them."""
    rng, layer, rows = np.random.default_rng(2), fresh(1), []
    for step in range(200):
        true = MEAN + min(step, 100) / 20
        x = rng.normal(true, DEVIATION, size=(batch, 1))
        layer = track(layer, x, momentum)
        rows.append((true, x.mean(), layer.running_mean[0]))
    true, mean, running = np.array(rows).T
    return true, mean, running
# --8<-- [end:running]


def running(
    fig: Figure,
    running_momentum: Annotated[float, "momentum", [0.5, 0.9, 0.99]] = 0.9,
    examples: Annotated[int, "batch size m", [8, 32, 128]] = 8,
) -> dict[str, float | str]:
    """Draw the mean that inference uses as it follows the true one."""
    true, mean, average = follow(running_momentum, examples)
    fig.subplots_adjust(0.1, 0.16, 0.97, 0.95)
    ax = fig.subplots()
    ax.plot(mean, "C7.", ms=4)
    ax.plot(true, "C2", lw=3)
    ax.plot(average, "C1")
    ax.text(125, 3.6, "● batch means", color="C7")
    ax.text(125, 2.4, "true mean", color="C2")
    ax.text(125, 1.2, "running mean", color="C1")
    ax.set(xlim=(0, 200), ylim=(0, 13), xlabel="step", ylabel="mean")
    return {
        "lag": float((true - average)[60:100].mean()),
        "running_gap": float(true[-1] - average[-1]),
        "running_noise": float(average[160:].std()),
        "memory": float(np.ceil(np.log(0.01) / np.log(running_momentum))),
    }
