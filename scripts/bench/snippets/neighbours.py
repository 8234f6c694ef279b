"""How many neighbours to ask: error over k, with its spread over samples."""

import numpy as np
from matplotlib.figure import Figure

SEED = 0
KS = np.arange(1, 32, 2)


def errors(rng: np.random.Generator, n: int = 120) -> np.ndarray:
    """Share of wrong votes on new points, one for each k."""
    y, labels = rng.integers(2, size=n), rng.integers(2, size=n)
    train = rng.normal(size=(n, 2)) + 1.5 * y[:, None]
    new = rng.normal(size=(n, 2)) + 1.5 * labels[:, None]
    apart = ((new[:, None] - train) ** 2).sum(axis=2)
    votes = y[apart.argsort(axis=1)].cumsum(axis=1)[:, KS - 1]
    return ((votes * 2 > KS) != labels[:, None]).mean(axis=0)


def figure(fig: Figure) -> dict[str, float]:
    """Draw the mean error with bars, and the spread as bars below."""
    rng = np.random.default_rng(SEED)
    found = np.array([errors(rng) for _ in range(12)])
    mean, spread = found.mean(axis=0), found.std(axis=0)
    top, low = fig.subplots(2, sharex=True, height_ratios=(3, 1))
    top.plot(KS, found.T, "C7", lw=0.5, alpha=0.4)
    top.errorbar(KS, mean, spread, fmt="oC0-", capsize=3)
    top.axhline(mean.min(), color="C1", ls="--", lw=1)
    top.annotate("lowest", (KS[mean.argmin()], mean.min()), color="C1")
    top.set(ylim=(0, 0.4), ylabel="error")
    low.bar(KS, spread, color="C2")
    low.set(xlim=(0, 32), xticks=KS[::2], xlabel="neighbours k", ylabel="spread")
    return {"best_k": int(KS[mean.argmin()]), "error": float(mean.min())}
