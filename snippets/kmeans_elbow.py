"""The elbow of k-means, and four rules that try to find it in numbers.

Distortion falls with K on any data, clustered or not; an elbow is a sudden
end of the fall, and the four rules disagree about what "sudden" means.

Source: Thorndike, Who belongs in the family?, Psychometrika 18, 267–276
(1953), for the idea of looking where the curve flattens.
"""

from functools import lru_cache
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure

from kmeans import PLANTED, Data, Start, best, sample
from kmeans_criteria import silhouette
from kmeans_starts import draw_clusters


# --8<-- [start:curve]
@lru_cache
def elbow_curve(
    data: Data, spread: float = 0.7, start: Start = "k-means++", seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Distortion for K = 1…10, best of ten starts; silhouette for 2…10."""
    points = sample(data, spread, seed)
    found = [best(points, k, 10, start, seed) for k in range(1, 11)]
    scores = [silhouette(points, labels) for _, labels, _ in found[1:]]
    return np.array([w for _, _, w in found]), np.array(scores)
# --8<-- [end:curve]


# --8<-- [start:rules]
def largest_drop(w: np.ndarray) -> int:
    """K at the end of the steepest fall; w holds W(1), W(2), …"""
    return int(np.diff(w).argmin()) + 2


def second_difference(w: np.ndarray) -> int:
    """K where the fall shrinks most: W(K − 1) − 2 W(K) + W(K + 1)."""
    return int(np.diff(w, 2).argmax()) + 2


def chord(w: np.ndarray) -> int:
    """K farthest below the straight line from the first to the last."""
    line = np.linspace(w[0], w[-1], len(w))
    return int((line - w).argmax()) + 1


def ratio(w: np.ndarray) -> int:
    """K with the smallest W(K) / W(K − 1)."""
    return int((w[1:] / w[:-1]).argmin()) + 2
# --8<-- [end:rules]


# --8<-- [start:figure]
def figure(
    fig: Figure,
    data: Annotated[Data, "data"] = "square",
    clusters_shown: Annotated[int, "clusters K", range(1, 11)] = 4,
    spread: Annotated[float, "spread", np.linspace(0.3, 1.2, 10)] = 0.7,
    start: Annotated[Start, "start"] = "k-means++",
    seed: Annotated[int, "seed", range(10)] = 0,
) -> dict[str, float | str]:
    """Draw K clusters, the elbow curve and what each rule answers."""
    points = sample(data, spread, seed)
    centers, labels, w = best(points, clusters_shown, 10, start, seed)
    curve, scores = elbow_curve(data, spread, start, seed)
    score = f"{scores[clusters_shown - 2]:.2f}" if clusters_shown > 1 else "–"
    answers = {
        "largest drop": largest_drop(curve),
        "second difference": second_difference(curve),
        "chord": chord(curve),
        "ratio": ratio(curve),
        "silhouette": int(scores.argmax()) + 2,
    }

    fig.set_size_inches(5.2, 5.5)
    top, middle, bottom = fig.subplots(
        3, 1, gridspec_kw={"height_ratios": (2.2, 1.4, 1.1)}
    )
    fig.subplots_adjust(0.27, 0.09, 0.93, 0.985, hspace=0.25)
    draw_clusters(top, points, centers, labels)
    top.set_xlim(-11.3, 11.3)  # as wide as the panels below
    said = f"K = {clusters_shown}\n\ndistortion\n{w:.0f}\n\nsilhouette\n"
    place = {"transform": top.transAxes, "va": "top", "ha": "right"}
    top.text(-0.03, 0.97, said + score, **place)

    ks = np.arange(1, 11)
    middle.plot(ks, 1 / ks, ":", color="C7")
    middle.plot(ks[[0, -1]], curve[[0, -1]] / curve[0], "--", color="C1", lw=1)
    middle.plot(ks, curve / curve[0], "o-", color="C0", ms=4)
    share = w / curve[0]
    middle.plot(clusters_shown, share, "o", color="C0", ms=11, mfc="none")
    middle.text(10.5, 0.05, "1/K", color="C7")
    middle.text(5.6, 0.58, "chord", color="C1")
    middle.set(ylim=(0, 1.1), yticks=[0, 0.5, 1], ylabel="W(K) / W(1)")
    bottom.plot(list(answers.values()), range(5), "D", color="C1", ms=7)
    bottom.set(ylim=(4.7, -0.7), yticks=[], xlabel="number of clusters K")
    for row, name in enumerate(answers):
        bottom.text(0.45, row, name, ha="right", va="center")
    planted = PLANTED[data]
    middle.text(planted, 1.12, "planted", color="C2", ha="center")
    for ax in (middle, bottom):
        ax.axvspan(planted - 0.15, planted + 0.15, color="C2", alpha=0.25)
        ax.set(xlim=(0.6, 10.4), xticks=ks)
    middle.tick_params(labelbottom=False)
    flat = ks * curve / curve[0]
    return {
        "distortion": w,
        "share": share,
        **{name.replace(" ", "_") + "_k": k for name, k in answers.items()},
        **{f"drop_{k}": curve[k - 2] - curve[k - 1] for k in range(2, 6)},
        "flat_low": flat.min(),
        "flat_high": flat.max(),
    }
# --8<-- [end:figure]
