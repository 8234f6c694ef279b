"""What cross-validation estimates, held against errors that are known.

Data with a known law give the true error of every model, so one can see how
the number of folds moves the estimate, and how far estimates scatter.

Source: Bates, Hastie & Tibshirani, Cross-validation: what does it estimate
and how well does it do it?, Journal of the American Statistical Association
119, 1434–1445 (2024).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from cross_validation import deal, held_out, leave_one_out, ridge

P, DATA_SETS = 10, 100
FOLDS = 2, 3, 5, 10, 20


# --8<-- [start:data]
def sample(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Ten normal features with weight 1 each, and noise of variance 1."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, P))
    return x, x.sum(axis=1) + rng.normal(size=n)


def true_error(x: np.ndarray, y: np.ndarray) -> float:
    """Mean squared error, over all new cases, of the fit to these."""
    weights = ridge(x, y, np.eye(P))
    return float(1 + ((weights - 1) ** 2).sum())


def expected_error(m: float) -> float:
    """The same, averaged over data sets of m cases."""
    return 1 + P / (m - P - 1)
# --8<-- [end:data]


# --8<-- [start:estimates]
def squares(n: int, seed: int) -> list[np.ndarray]:
    """Held-out squared errors, sorted by fold, for k = 2, 3, 5, 10, 20, n."""
    x, y = sample(n, seed)
    found = []
    for k in FOLDS:
        fold = deal(n, k, seed)
        error = (y - held_out(ridge, x, y, fold)) ** 2
        found.append(error[np.argsort(fold, kind="stable")])
    return [*found, leave_one_out(x, y) ** 2]


@lru_cache
def repeat(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Of 100 data sets: the estimate for each k, and the true error."""
    seeds = range(DATA_SETS)
    estimates = [[e.mean() for e in squares(n, s)] for s in seeds]
    return np.array(estimates), np.array([true_error(*sample(n, s))
                                          for s in seeds])
# --8<-- [end:estimates]


def figure(
    fig: Figure,
    samples: Annotated[int, "cases n", [30, 60, 120]] = 60,
    data_set: Annotated[int, "data set", range(12)] = 0,
) -> dict[str, float]:
    """Draw fold scores of one data set, and the estimates of a hundred."""
    at, names = np.arange(6), [*map(str, FOLDS), "n"]
    errors, (estimates, truth) = squares(samples, data_set), repeat(samples)
    ks = np.array([*FOLDS, samples])
    means, spread = estimates.mean(axis=0), estimates.std(axis=0)
    exact = [expected_error(samples * (1 - 1 / k)) for k in ks]
    fig.set_size_inches(5.2, 5.2)
    fig.subplots_adjust(0.12, 0.09, 0.97, 0.94, hspace=0.3)
    top, low = fig.subplots(2, sharex=True)
    scores = []
    for i, (k, e) in enumerate(zip(ks, errors)):
        scores.append([part.mean() for part in np.array_split(e, k)])
        shift = np.linspace(-0.3, 0.3, k)
        top.plot(i + shift, scores[-1], "o", color="C0", ms=3, alpha=0.6)
        top.hlines(e.mean(), i - 0.38, i + 0.38, color="C1")
    top.set_yscale("function", functions=(np.sqrt, np.square))
    top.set(ylim=(0, 25), yticks=(0, 1, 4, 9, 16, 25))
    top.set_title("one data set: fold scores, and their mean")
    low.errorbar(at, means, spread, fmt="o", color="C1")
    low.plot(at, exact, "_", color="C3", ms=24, mew=2)
    low.axhline(truth.mean(), color="C2", ls="--")
    low.text(5.5, 4.6, "expected on paper", color="C3", ha="right")
    low.text(5.5, 3.6, "true error with all n", color="C2", ha="right")
    low.set_yscale("log", subs=())
    low.set_yticks([1, 1.5, 2, 3, 5], ["1", "1.5", "2", "3", "5"])
    low.set(ylim=(0.8, 6), xticks=at, xticklabels=names, xlabel="folds k")
    low.set_title("a hundred data sets: mean of the estimate ± sd")
    for ax in top, low:
        ax.set(xlim=(-0.5, 5.5), ylabel="squared error")
    sds = [float(np.std(s)) for s in scores]
    return {
        **{f"estimate_{k}": float(m) for k, m in zip(names, means)},
        **{f"sd_{k}": float(s) for k, s in zip(names, spread)},
        **{f"expected_{k}": float(e) for k, e in zip(names, exact)},
        **{f"fold_sd_{k}": s for k, s in zip(names, sds)},
        "cv_error": float(errors[3].mean()),
        "loo_error": float(errors[5].mean()),
        "true_error": true_error(*sample(samples, data_set)),
        "expected": expected_error(samples),
        "mean_truth": float(truth.mean()),
        "truth_sd": float(truth.std()),
        "correlation": float(np.corrcoef(estimates[:, 3], truth)[0, 1]),
    }
