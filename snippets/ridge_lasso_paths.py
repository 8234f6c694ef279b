"""Ridge and lasso along their paths: from least squares to nothing.

Ridge has a closed form; the lasso has none, and plain subgradient steps miss
the zeros that make it worth having.

Sources: Hoerl & Kennard, Ridge regression, Technometrics 12, 55–67 (1970);
Beck & Teboulle, A fast iterative shrinkage-thresholding algorithm for linear
inverse problems, SIAM Journal on Imaging Sciences 2, 183–202 (2009).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from one_weight import soft_threshold

FITTED = np.array([4, 0, 2.5, -1.2, 0.8, -0.6])  # by least squares
LOGS = np.linspace(-3, 1.5, 181)  # log₁₀ of lam


# --8<-- [start:data]
def planted(correlation: float, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Features of mean 0 and length 1; only the first two are correlated.

    The noise is orthogonal to them, so that least squares returns FITTED.
    """
    draws = np.random.default_rng(0).normal(size=(n, 7))
    columns = np.linalg.qr(draws - draws.mean(axis=0))[0]  # orthonormal
    x, noise = columns[:, :6], columns[:, 6]
    x[:, 1] = correlation * x[:, 0] + (1 - correlation**2) ** 0.5 * x[:, 1]
    return x, x @ FITTED + noise
# --8<-- [end:data]


# --8<-- [start:solve]
def ridge(x: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    """Minimum of ‖y − x b‖² / 2 + lam ‖b‖² / 2."""
    return np.linalg.solve(x.T @ x + lam * np.eye(x.shape[1]), x.T @ y)


def ista(
    x: np.ndarray, y: np.ndarray, lam: float | np.ndarray, steps: int = 5000
) -> np.ndarray:
    """Minimum of ‖y − x b‖² / 2 + lam ‖b‖₁; a column for each lam."""
    gram, target = x.T @ x, (x.T @ y)[:, None]
    rate, b = 1 / float(np.linalg.norm(gram, 2)), 0 * target
    for _ in range(steps):  # a gradient step, then the kink exactly
        b = soft_threshold(b - rate * (gram @ b - target), rate * lam)
    return b


def subgradient(
    x: np.ndarray, y: np.ndarray, lam: float, steps: int = 5000
) -> np.ndarray:
    """The same objective by plain descent with ever smaller steps."""
    b, first = np.zeros(x.shape[1]), 1 / np.linalg.norm(x.T @ x, 2)
    for t in range(1, steps + 1):
        downhill = x.T @ (y - x @ b) - lam * np.sign(b)
        b = b + first / t**0.5 * downhill
    return b
# --8<-- [end:solve]


@lru_cache
def paths(correlation: float) -> tuple[np.ndarray, np.ndarray]:
    """Ridge and lasso coefficients, a column for each of LOGS."""
    x, y = planted(correlation)
    return np.array([ridge(x, y, t) for t in 10**LOGS]).T, ista(x, y, 10**LOGS)


def figure(
    fig: Figure,
    log10_lambda: Annotated[float, "log₁₀ λ", np.linspace(-3, 1.5, 10)] = -0.5,
    correlation: Annotated[float, "correlation", [0, 0.5, 0.9, 0.99]] = 0.9,
) -> dict[str, float]:
    """Draw both paths and, below, what is left of norm and features."""
    (x, y), both = planted(correlation), paths(correlation)
    at = int(np.argmin(np.abs(LOGS - log10_lambda)))
    own = np.linalg.eigvalsh(x.T @ x)[:, None]
    df = (own / (own + 10**LOGS)).sum(axis=0)
    counts = (both[1] != 0).sum(axis=0)
    fig.set_size_inches(5.2, 4.7)
    fig.subplots_adjust(0.1, 0.1, 0.985, 0.945, wspace=0.1, hspace=0.16)
    axes = fig.subplots(
        2, 2, sharex=True, sharey="row", height_ratios=(5, 3)
    )
    names = ("ridge (L2)", "df"), ("lasso (L1)", "non-zero")
    for b, use, (top, low), (name, unit) in zip(
        both, (df, counts), axes.T, names, strict=True
    ):
        norm = np.linalg.norm(b, axis=0)
        for j, (path, below) in enumerate(zip(b, "₁₂₃₄₅₆", strict=True)):
            top.plot(LOGS, path, f"C{j}")
            top.plot(LOGS[at], path[at], "o", color=f"C{j}", ms=6)
            place = {"va": "center", "ha": "right", "color": f"C{j}"}
            top.text(-3.25, path[0], "b" + below, **place)
        low.plot(LOGS, norm, "black", LOGS, use, "C7")
        low.plot(LOGS[at], norm[at], "o", color="black", ms=6)
        low.plot(LOGS[at], use[at], "o", color="C7", ms=6)
        low.text(-3.6, 1.6, f"norm {norm[at]:.2f}")
        low.text(-3.6, 0.5, f"{unit} {use[at]:.3g}", color="C7")
        top.axvline(log10_lambda, color="C7", lw=0.8, ls=":")
        top.set_title(name)
        top.set(ylim=(-1.6, 4.4))
        low.set(ylim=(0, 6.4), xlabel="log₁₀ λ", xlim=(-3.95, 1.6))
        low.set_xticks(range(-3, 2))
    axes[0, 0].set_ylabel("coefficient")
    axes[1, 0].set_ylabel("norm, count")
    return {
        "lambda_max": float(np.abs(x.T @ y).max()),
        "nonzero_at_lambda": int(counts[at]),
        "ridge_norm": float(np.linalg.norm(both[0][:, at])),
        "lasso_norm": float(np.linalg.norm(both[1][:, at])),
        "ridge_df": float(df[at]),
        "ridge_second": round(float(both[0][1, at]), 9) + 0.0,
        "ridge_second_peak": float(both[0][1].max()),
    }
