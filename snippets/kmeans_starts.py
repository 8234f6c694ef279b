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

from kmeans import Data, runs, sample


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
    """Points by cluster, borders of the cells, centers in ink."""
    turn = np.argsort(np.arctan2(*centers.T[::-1]))
    for rank, cluster in enumerate(turn):
        mine = points[labels == cluster]
        marker = "o" if rank < 6 else "^"
        ax.plot(*mine.T, marker, color=f"C{rank % 6}", ms=3, alpha=0.7)
    edges = borders(centers)
    ax.add_collection(LineCollection(edges, colors="C7", linewidths=1))
    ax.plot(*centers.T, "X", color="black", mec="white", ms=9)
    ax.set(xlim=(-7, 7), ylim=(-7, 7), aspect="equal")
    ax.set(xticks=[-5, 0, 5], yticks=[-5, 0, 5])


# --8<-- [start:figure]
def figure(
    fig: Figure,
    data: Annotated[Data, "data"] = "square",
    clusters: Annotated[int, "clusters K", [2, 4, 6, 8]] = 4,
    seed: Annotated[int, "seed", range(10)] = 0,
) -> dict[str, float | str]:
    """Best and worst of 100 random starts; all ends, beside k-means++."""
    points = sample(data, seed=seed)
    found = runs(points, clusters, 100, "random", seed)
    found.sort(key=lambda run: run[2][-1])
    careful = runs(points, clusters, 100, "k-means++", seed)
    random_ends = np.array([run[2][-1] for run in found])
    careful_ends = np.array([run[2][-1] for run in careful])
    best_end = min(random_ends.min(), careful_ends.min())

    fig.set_size_inches(5.2, 5.0)
    grid = fig.add_gridspec(
        2, 2, height_ratios=(2.1, 1.6), left=0.16, right=0.97, bottom=0.11,
        top=0.94, wspace=0.2, hspace=0.35,
    )
    titles = ("best random start", "worst random start")
    for i, (title, run) in enumerate(zip(titles, (found[0], found[-1]))):
        ax = fig.add_subplot(grid[0, i])
        draw_clusters(ax, points, run[0], run[1])
        ax.set_title(title, loc="left")

    ax = fig.add_subplot(grid[1, :])
    share = np.linspace(1, 0.01, 100)
    for ends, color, name in (
        (random_ends, "C1", "random"), (careful_ends, "C0", "k-means++"),
    ):
        x = np.append(np.sort(ends) / best_end, ends.max() / best_end)
        ax.step(x, np.append(share, 0), color=color, label=name)
    ax.axvline(1.1, color="C7", lw=1, ls="--")
    ax.text(1.12, 1.02, "10% worse", color="C7", va="bottom")
    ax.set(xscale="log", xlim=(0.98, 8), ylim=(0, 1))
    times = [1, 1.5, 2, 3, 4, 6, 8]
    ax.set_xticks(times, [f"{x:g}" for x in times])
    ax.set_xticks([], minor=True)
    ax.set(xlabel="final distortion / best found")
    ax.set_ylabel("share of starts\nat least this bad")
    ax.legend(loc="upper right")
    return {
        "bad_start_share": float((random_ends > 1.1 * best_end).mean()),
        "bad_careful_share": float((careful_ends > 1.1 * best_end).mean()),
        "worst_start": float(random_ends.max() / best_end),
        "worst_careful": float(careful_ends.max() / best_end),
        "iterations": float(np.mean([len(run[2]) for run in found])),
    }
# --8<-- [end:figure]
