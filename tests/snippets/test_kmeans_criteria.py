"""kmeans_criteria against definitions in plain loops and closed forms."""

import numpy as np
import pytest

from kmeans import best, sample
from kmeans_criteria import bic, gap, gap_choice, silhouette

POINTS = np.random.default_rng(1).normal(size=(25, 2))
LABELS = np.random.default_rng(2).integers(0, 3, 25)


def test_silhouette_agrees_with_its_definition_point_by_point():
    scores = []
    for i, own in enumerate(LABELS):

        def mean_to(k, i=i):
            others = [j for j in range(25) if LABELS[j] == k and j != i]
            return sum(np.hypot(*(POINTS[i] - POINTS[j])) for j in others) / len(others)

        a, b = mean_to(own), min(mean_to(k) for k in {0, 1, 2} - {own})
        scores.append((b - a) / max(a, b))
    # Sums of 25 distances round off by about 1e-15.
    assert silhouette(POINTS, LABELS) == pytest.approx(sum(scores) / 25, abs=1e-13)


def test_silhouette_of_singletons_is_zero():
    assert silhouette(POINTS, np.arange(25)) == 0.0


def test_silhouette_does_not_depend_on_scale():
    # Scaling by a power of two is exact in binary.
    assert silhouette(POINTS * 8, LABELS) == silhouette(POINTS, LABELS)


def test_gap_of_one_cluster_compares_with_the_variance_of_a_box():
    points = sample("square")
    box = np.log(np.sum(np.ptp(points, axis=0) ** 2) / 12)
    # The log of a variance of 2 × 240 uniforms has sd √(0.8 / 480) ≈ 0.04;
    # the mean of ten copies 0.013: three of these.
    expected = box - np.log(points.var(axis=0).sum())
    assert gap(points)[0][0] == pytest.approx(expected, abs=0.04)


def test_gap_does_not_depend_on_scale():
    points = sample("circle")
    # Logs of scaled sums differ by rounding only.
    np.testing.assert_allclose(gap(points * 4)[0], gap(points)[0], atol=1e-9)


@pytest.mark.parametrize(
    ("gaps", "error", "chosen"),
    [
        ([0.0, 1.0, 0.9], [0.1, 0.1, 0.1], 2),  # falls after 2
        ([0.0, 0.05, 0.9], [0.1, 0.1, 0.1], 1),  # 2 is within the error of 1
        ([0.0, 1.0, 2.0], [0.1, 0.1, 0.1], 3),  # rises to the end
    ],
)
def test_gap_choice_is_the_smallest_k_that_suffices(gaps, error, chosen):
    assert gap_choice(np.array(gaps), np.array(error)) == chosen


def test_bic_of_one_gaussian_has_a_closed_form():
    points = sample("pairs")
    variance = points.var(axis=0).mean()
    log_likelihood = -240 * (np.log(2 * np.pi * variance) + 1)
    closed = 3 * np.log(240) - 2 * log_likelihood
    # The same sum in another order: rounding only.
    assert bic(points, best(points, 1)[0]) == pytest.approx(closed, rel=1e-12)


def test_more_rounds_of_em_never_lower_the_likelihood():
    points = sample("uniform")
    centers = best(points, 5)[0]
    values = [bic(points, centers, rounds) for rounds in range(1, 20)]
    assert np.diff(values).max() < 1e-9  # sums near 2000 round off by 1e-12


def test_bic_of_distant_clusters_is_that_of_four_separate_gaussians():
    points = sample("square", spread=0.1)
    centers, _, distortion = best(points, 4)
    variance = distortion / 480
    log_likelihood = -240 * (np.log(2 * np.pi * variance) + 1 + np.log(4))
    closed = (8 + 3 + 1) * np.log(240) - 2 * log_likelihood
    # Clusters 6 apart with sd 0.1: responsibilities are 0 or 1 in float64.
    assert bic(points, centers) == pytest.approx(closed, rel=1e-12)
