"""Three criteria for K that look beyond distortion, each with its own scale.

Distortion falls whatever K is, so its smallest value chooses nothing; these
three have a best value inside the range that the data can decide.

Source: Rousseeuw, Silhouettes, J. Comput. Appl. Math. 20, 53–65 (1987);
Tibshirani, Walther & Hastie, Estimating the number of clusters in a data set
via the gap statistic, J. R. Stat. Soc. B 63, 411–423 (2001); Schwarz,
Estimating the dimension of a model, Annals of Statistics 6, 461–464 (1978).
"""

import numpy as np

from kmeans import best, squared_distances

KS = range(1, 11)


# --8<-- [start:silhouette]
def silhouette(points: np.ndarray, labels: np.ndarray) -> float:
    """Mean of (b − a) / max(a, b) over the points, in [−1, 1]; needs K ≥ 2.

    a: mean distance to the rest of the own cluster; b: to the nearest other.
    """
    apart = np.sqrt(squared_distances(points, points))  # (n, n)
    member = labels[:, None] == np.unique(labels)  # (n, K)
    size = member.sum(axis=0)
    total = apart @ member  # (n, K)
    own = (total * member).sum(axis=1)
    others = (size * member).sum(axis=1) - 1  # points besides itself
    a = own / np.maximum(others, 1)
    b = np.where(member, np.inf, total / size).min(axis=1)
    score = (b - a) / np.maximum(a, b)
    return float(np.where(others > 0, score, 0.0).mean())
# --8<-- [end:silhouette]


# --8<-- [start:gap]
def log_distortions(points: np.ndarray, seed: int = 0) -> np.ndarray:
    """log W(K) for K = 1…10, (10,), best of two starts each."""
    return np.log([best(points, k, 2, seed=seed)[2] for k in KS])


def gap(
    points: np.ndarray, copies: int = 10, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Gap(K) = mean log W(K) of uniform copies − log W(K); its error s(K)."""
    rng = np.random.default_rng(seed)
    low, high = points.min(axis=0), points.max(axis=0)
    logs = np.array([
        log_distortions(rng.uniform(low, high, points.shape), seed)
        for _ in range(copies)
    ])  # (copies, 10)
    error = logs.std(axis=0) * np.sqrt(1 + 1 / copies)
    return logs.mean(axis=0) - log_distortions(points, seed), error


def gap_choice(gaps: np.ndarray, error: np.ndarray) -> int:
    """Smallest K with Gap(K) ≥ Gap(K + 1) − s(K + 1); the last K if none."""
    enough = np.append(gaps[:-1] >= gaps[1:] - error[1:], True)
    return KS[int(enough.argmax())]
# --8<-- [end:gap]


# --8<-- [start:bic]
def bic(points: np.ndarray, centers: np.ndarray, rounds: int = 50) -> float:
    """Parameters · log n − 2 log-likelihood of K round Gaussians.

    EM from the k-means centers; the Gaussians share one variance.
    """
    (n, d), k = points.shape, len(centers)
    weight, apart = np.full(k, 1 / k), squared_distances(points, centers)
    variance = apart.min(axis=1).mean() / d
    for _ in range(rounds):
        log_part = np.log(weight) - apart / (2 * variance)
        log_part -= d / 2 * np.log(2 * np.pi * variance)  # (n, K)
        log_density = np.logaddexp.reduce(log_part, axis=1)  # (n,)
        share = np.exp(log_part - log_density[:, None])
        weight = share.mean(axis=0)
        centers = share.T @ points / (n * weight[:, None])
        apart = squared_distances(points, centers)
        variance = (share * apart).sum() / (n * d)
    free = k * d + (k - 1) + 1  # means, weights, the variance
    return float(free * np.log(n) - 2 * log_density.sum())
# --8<-- [end:bic]
