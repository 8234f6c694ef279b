"""Silhouette, gap and BIC over K: each has a peak, and each can be wrong.

Their answers differ because they ask for different things: groups apart from
each other, less distortion than chance, or a density worth its parameters.

Source: Rousseeuw, J. Comput. Appl. Math. 20, 53–65 (1987); Tibshirani, Walther
& Hastie, J. R. Stat. Soc. B 63, 411–423 (2001); Schwarz, Annals of Statistics
6, 461–464 (1978).
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from kmeans import PLANTED, Data, best, sample, squared_distances
from kmeans_criteria import KS, bic, gap, gap_choice, silhouette


# --8<-- [start:criteria]
@lru_cache
def criteria(data: Data, seed: int = 0) -> dict[str, np.ndarray]:
    """Every criterion for K = 1…10, (10,) each; silhouette(1) is −∞."""
    points, fresh = sample(data, seed=seed), sample(data, seed=seed + 100)
    found = [best(points, k, seed=seed) for k in KS]
    gaps, error = gap(points, seed=seed)
    return {
        "silhouette": np.array(
            [-np.inf] + [silhouette(points, run[1]) for run in found[1:]]
        ),
        "gap": gaps,
        "error": error,
        "bic": np.array([bic(points, run[0]) for run in found]),
        "held_out": np.array([
            squared_distances(fresh, run[0]).min(axis=1).sum() for run in found
        ]),
    }
# --8<-- [end:criteria]


def figure(
    fig: Figure,
    data: Annotated[Data, "data"] = "square",
    seed: Annotated[int, "seed", range(3)] = 0,
) -> dict[str, float | str]:
    """Draw silhouette, gap and BIC over K, each with the K it answers."""
    known = criteria(data, seed)
    excess = known["bic"] - known["bic"].min()
    chosen = {
        "silhouette": KS[int(known["silhouette"].argmax())],
        "gap": gap_choice(known["gap"], known["error"]),
        "bic": KS[int(excess.argmin())],
    }
    fig.set_size_inches(5.2, 5.0)
    rows = fig.subplots(3, 1, sharex=True)
    fig.subplots_adjust(0.16, 0.1, 0.84, 0.945, hspace=0.12)
    curves = (known["silhouette"], known["gap"], excess)
    for ax, y, k in zip(rows, curves, chosen.values()):
        ax.plot(KS, y, "o-", color="C0", ms=4)
        ax.plot(k, y[k - 1], "D", color="C1", ms=9, mfc="none", mew=2)
        ax.text(1.03, 0.5, f"K = {k}", color="C1", transform=ax.transAxes)
        planted = PLANTED[data]
        ax.axvspan(planted - 0.15, planted + 0.15, color="C2", alpha=0.25)
    rows[0].text(planted, 1.07, "planted", color="C2", ha="center")
    s = known["error"]
    rows[1].errorbar(KS, known["gap"], s, fmt="none", color="C0", capsize=3)
    rows[0].set(ylim=(0.2, 1), yticks=[0.2, 0.6, 1], ylabel="mean silhouette")
    rows[1].set(ylim=(-0.5, 2), yticks=[0, 1, 2], ylabel="gap")
    rows[2].set_yscale("symlog", linthresh=10, linscale=0.5)
    rows[2].set_yticks([0, 10, 100, 1000], ["0", "10", "100", "1000"])
    rows[2].set_yticks([], minor=True)
    rows[2].set_ylim(-5, 2000)
    rows[2].set(ylabel="BIC above lowest", xlabel="number of clusters K")
    rows[2].set(xlim=(0.6, 10.4), xticks=KS)
    return {
        **{f"{name}_k": k for name, k in chosen.items()},
        "gap_peak_k": KS[int(known["gap"].argmax())],
        "held_out_k": KS[int(known["held_out"].argmin())],
        "held_out_ratio": known["held_out"][9] / known["held_out"][3],
        "silhouette_high": known["silhouette"].max(),
    }
