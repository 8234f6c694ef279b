"""How far a single start of k-means can end from the best one found.

Lloyd's iteration only walks downhill, so a start with two centers in one
cluster and one center between two others usually stays like that.

Source: Arthur & Vassilvitskii, k-means++: The Advantages of Careful Seeding,
Proc. 18th ACM-SIAM Symposium on Discrete Algorithms, 1027–1035 (2007).
"""

from itertools import combinations
from typing import Annotated

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from kmeans import Data, Start, runs, sample


# --8<-- [start:ends]
def ends(
    data: Data, clusters: int, start: Start, seed: int = 0
) -> list[tuple[np.ndarray, np.ndarray, list[float]]]:
    """Lloyd from 100 starts, the lowest final distortion first."""
    found = runs(sample(data, seed=seed), clusters, 100, start, seed)
    return sorted(found, key=lambda run: run[2][-1])


def bad_share(distortion: np.ndarray, best: float) -> float:
    """Share of runs that end more than 10% above the best one."""
    return float((distortion > 1.1 * best).mean())
# --8<-- [end:ends]


# --8<-- [start:cells]
def borders(centers: np.ndarray, reach: float = 50.0) -> list[np.ndarray]:
    """Straight pieces, each (2, 2), where two nearest centers tie."""
    pieces = []
    for i, j in combinations(range(len(centers)), 2):
        middle = (centers[i] + centers[j]) / 2
        along = (centers[j] - centers[i])[::-1] * [-1.0, 1.0]
        # On middle + t along, center m is no nearer than i where a t <= b.
        away = centers - centers[i]
        a = away @ along
        b = (away * (centers + centers[i])).sum(axis=1) / 2 - away @ middle
        up, down = a > 1e-9, a < -1e-9
        t0 = (b[down] / a[down]).max(initial=-reach)
        t1 = (b[up] / a[up]).min(initial=reach)
        if t0 < t1:
            pieces.append(middle + np.outer([t0, t1], along))
    return pieces
# --8<-- [end:cells]


def draw_clusters(
    ax: Axes, points: np.ndarray, centers: np.ndarray, labels: np.ndarray
) -> None:
    """Points by cluster, borders of the cells, centers in ink; no scale."""
    turn = np.argsort(np.arctan2(*centers.T[::-1]))
    for rank, cluster in enumerate(turn):
        mine = points[labels == cluster]
        marker = "o" if rank < 6 else "^"
        ax.plot(*mine.T, marker, color=f"C{rank % 6}", ms=3, alpha=0.7)
    edges = borders(centers)
    ax.add_collection(LineCollection(edges, colors="C7", linewidths=1))
    ax.plot(*centers.T, "X", color="black", mec="white", ms=9)
    ax.set(xlim=(-6.5, 6.5), ylim=(-6.5, 6.5), aspect="equal")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color="C7")


# --8<-- [start:figure]
def figure(
    fig: Figure,
    data: Annotated[Data, "data"] = "square",
    clusters: Annotated[int, "clusters K", [2, 4, 6, 8]] = 4,
    seed: Annotated[int, "seed", range(10)] = 0,
) -> dict[str, float | str]:
    """Best and worst of 100 random starts; all ends, beside k-means++."""
    points = sample(data, seed=seed)
    found = ends(data, clusters, "random", seed)
    random = np.array([run[2][-1] for run in found])
    others = ends(data, clusters, "k-means++", seed)
    careful = np.array([run[2][-1] for run in others])
    best = min(random[0], careful[0])

    fig.set_size_inches(5.2, 5.0)
    for name, run, left in (("best", found[0], 0), ("worst", found[-1], 0.5)):
        ax = fig.add_axes((left + 0.01, 0.46, 0.48, 0.48))
        draw_clusters(ax, points, run[0], run[1])
        title = f"{name} random start: × {run[2][-1] / best:.2f}"
        ax.set_title(title, loc="left")

    ax = fig.add_axes((0.17, 0.11, 0.8, 0.27))
    share = np.append(np.linspace(1, 0.01, 100), 0)
    for w, color, name in (
        (random, "C1", "random"), (careful, "C0", "k-means++"),
    ):
        x = np.append(w, w[-1]) / best
        ax.step(x, share, color=color, label=name)
    ax.axvline(1.1, color="C7", lw=1, ls="--")
    ax.text(1.12, 1.02, "10% worse", color="C7", va="bottom")
    ax.set(xscale="log", xlim=(0.98, 8), ylim=(0, 1), yticks=[0, 0.5, 1])
    times = [1, 1.5, 2, 3, 4, 6, 8]
    ax.set_xticks(times, [f"{x:g}" for x in times])
    ax.set_xticks([], minor=True)
    ax.set(xlabel="× best distortion found")
    ax.set_ylabel("share of starts\nat least this bad")
    ax.legend(loc="upper right", title="first centers", alignment="left")
    return {
        "bad_start_share": bad_share(random, best),
        "bad_careful_share": bad_share(careful, best),
        "worst_start": float(random[-1] / best),
        "worst_careful": float(careful[-1] / best),
        "iterations": float(np.mean([len(run[2]) for run in found])),
    }
# --8<-- [end:figure]
