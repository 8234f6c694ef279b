"""Early stopping watches held-out loss and keeps the best weights seen.

Training loss never says when to stop; held-out loss does, through noise.

Source: Prechelt, Automatic early stopping using cross validation: quantifying
the criteria, Neural Networks 11, 761–767 (1998).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

Losses = list[float] | np.ndarray


# --8<-- [start:rule]
def early_stop(
    losses: Losses, patience: int, min_delta: float = 0
) -> tuple[int, int]:
    """The check whose weights to return, and the check that ends training."""
    best, best_check, waited = np.inf, 0, 0
    for check, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_check, waited = loss, check, 0
        else:
            waited += 1
        if waited == patience:
            return best_check, check
    return best_check, len(losses) - 1


def first_rise(losses: Losses) -> int:
    """The check at which the loss first rises, or else the last."""
    up = np.flatnonzero(np.diff(losses) > 0)
    return int(up[0]) + 1 if len(up) else len(losses) - 1
# --8<-- [end:rule]


# --8<-- [start:train]
N, SCALE = 40, np.arange(1, 41) ** -0.25  # 40 features, ever smaller
TRUE = (np.arange(40) < 5).astype(float)  # five of them matter


def sample(
    noise: float, seed: int, n: int = N
) -> tuple[np.ndarray, np.ndarray]:
    """Features of n cases, and a linear target with noise."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, N)) * SCALE
    return x, x @ TRUE + noise * rng.normal(size=n)


@lru_cache
def train(noise: float, seed: int = 13, checks: int = 100) -> np.ndarray:
    """Weights at each check, eight single-case descent steps apart."""
    x, y = sample(noise, seed)
    rng, w = np.random.default_rng(seed), np.zeros(N)
    path = [w]
    for rows in rng.integers(N, size=(checks, 8)):
        for i in rows:
            w = w - 0.03 * x[i] * (x[i] @ w - y[i])
        path.append(w)
    return np.array(path)  # (checks + 1, 40)
# --8<-- [end:train]


# --8<-- [start:losses]
def mean_loss(path: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Mean squared error on these cases at each check."""
    return np.mean((x @ path.T - y[:, None]) ** 2, axis=0)


def true_loss(path: np.ndarray, noise: float) -> np.ndarray:
    """The same over all new cases, exactly."""
    return noise**2 + ((path - TRUE) * SCALE) ** 2 @ np.ones(N)

# --8<-- [end:losses]


def figure(
    fig: Figure,
    patience: Annotated[int, "patience", [1, 2, 3, 5, 8, 12, 20]] = 5,
    min_delta: Annotated[float, "min delta", [0, 0.05, 0.2]] = 0,
    noise: Annotated[float, "noise", [0.5, 1, 1.5]] = 1,
) -> dict[str, float]:
    """Draw three losses, what the rule returns and where training ends."""
    path, at = train(noise), np.arange(101)
    losses = mean_loss(path, *sample(noise, 1013))
    truth = true_loss(path, noise)
    best, stop = early_stop(losses, patience, min_delta)
    naive = first_rise(losses)
    fig.set_size_inches(5.2, 4)
    ax = fig.add_axes((0.12, 0.13, 0.85, 0.73))
    ax.axvspan(best, stop, color="C1", alpha=0.15)
    for i, (name, curve, color) in enumerate((
        ("training", mean_loss(path, *sample(noise, 13)), "C0"),
        ("validation", losses, "C1"),
        ("all new cases", truth, "C2"),
    )):
        ax.plot(at[: stop + 1], curve[: stop + 1], color, lw=2 - i // 2)
        ax.plot(at[stop:], curve[stop:], color, lw=2 - i // 2, alpha=0.3)
        ax.text(35 * i, 17.5, name, color=color)
    ax.plot(naive, losses[naive], "X", color="C3", ms=8)
    ax.plot(best, losses[best], "o", color="C1", ms=9)
    ax.plot(stop, losses[stop], "s", color="C1", ms=7, mfc="white")
    for x, text in (35, "● returned"), (70, "□ training ends"):
        ax.text(x, 12.4, text, color="C1")
    ax.text(0, 12.4, "✖ first rise", color="C3")
    ax.set(yscale="log", xlim=(-1, 101), ylim=(0.04, 11))
    ax.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    ax.minorticks_off()
    ax.set(xlabel="check, one every 8 steps", ylabel="mean squared error")
    return dict(
        best_check=best, stop_check=stop, naive_check=naive,
        best_validation=losses[best], validation_at_stop=losses[stop],
        naive_validation=losses[naive - 1], last=losses[-1],
        lowest=losses.min(), lowest_check=int(losses.argmin()),
        true_at_best=truth[best], true_at_naive=truth[naive - 1])
