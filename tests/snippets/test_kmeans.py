"""kmeans against brute force, known optima and identities."""

from itertools import product

import numpy as np
import pytest

from kmeans import best, first_centers, lloyd, runs, sample, squared_distances


def test_squared_distances_are_those_of_complex_numbers():
    points, centers = sample("circle"), sample("square")[:5]
    z, c = points @ [1, 1j], centers @ [1, 1j]
    # Both roads round a handful of times: a few ulp.
    np.testing.assert_allclose(
        squared_distances(points, centers), np.abs(z[:, None] - c) ** 2, rtol=1e-13
    )


@pytest.mark.parametrize("start", ["random", "k-means++"])
@pytest.mark.parametrize("k", [2, 4, 9])
def test_distortion_never_rises_within_a_run(k, start):
    for _, _, history in runs(sample("uniform"), k, 10, start):
        # 240 summed squares round off by about 1e-13 of the sum.
        assert np.diff(history).max(initial=0.0) <= 1e-12 * history[0]


def test_a_run_ends_where_both_steps_change_nothing():
    points = sample("circle")
    centers, labels, _ = runs(points, 7, 1, "random")[0]
    for point, label in zip(points, labels, strict=True):
        assert label == min(range(7), key=lambda k: np.hypot(*(point - centers[k])))
    for k in range(7):
        # Two ways to sum 240 numbers below 10 differ by about 1e-14.
        mean = [sum(axis) / len(axis) for axis in points[labels == k].T]
        np.testing.assert_allclose(centers[k], mean, atol=1e-12)


def test_history_ends_with_the_distortion_of_the_final_grouping():
    points = sample("pairs")
    centers, labels, history = runs(points, 3, 1, "random")[0]
    by_hand = sum(np.hypot(*ray) ** 2 for ray in points - centers[labels])
    assert history[-1] == pytest.approx(by_hand, rel=1e-12)  # 240 roundings


def test_one_center_leaves_the_total_sum_of_squares():
    points = sample("uniform")
    total = len(points) * points.var(axis=0).sum()
    assert best(points, 1, 1)[2] == pytest.approx(total, rel=1e-12)  # rounding


@pytest.mark.parametrize("start", ["random", "k-means++"])
def test_a_center_on_every_point_leaves_nothing(start):
    points = sample("square")
    assert best(points, len(points), 1, start)[2] == 0.0


@pytest.mark.parametrize("k", [2, 3])
def test_best_finds_the_optimum_over_all_groupings_of_eight_points(k):
    points = np.random.default_rng(3).normal(size=(8, 2))
    groupings = (np.array(g) for g in product(range(k), repeat=len(points)))
    optimum = min(
        sum(len(x) * x.var(axis=0).sum() for i in range(k) if len(x := points[g == i]))
        for g in groupings
    )
    # Ten restarts suffice on eight points; the sums round off by a few ulp.
    assert best(points, k)[2] == pytest.approx(optimum, rel=1e-12)


def test_an_empty_cell_keeps_its_center():
    far = np.array([[0.0, 0.0], [1e6, 1e6]])
    centers, labels, _ = lloyd(sample("square"), far)
    assert centers[1].tolist() == [1e6, 1e6] and set(labels) == {0}


def test_plus_plus_draws_in_proportion_to_the_squared_distance():
    line = np.array([[0.0], [1.0], [3.0]])
    rng, draws = np.random.default_rng(0), 4000
    drawn = np.array([first_centers(line, 2, "k-means++", rng) for _ in range(draws)])
    second = drawn[drawn[:, 0, 0] == 0.0, 1, 0]
    # From 0, the point 3 has probability 9 / (1 + 9); four standard errors.
    tolerance = 4 * np.sqrt(0.9 * 0.1 / len(second))
    assert np.mean(second == 3.0) == pytest.approx(0.9, abs=tolerance)


@pytest.mark.parametrize("start", ["random", "k-means++"])
def test_no_start_takes_the_same_point_twice(start):
    points, rng = sample("circle"), np.random.default_rng(0)
    for _ in range(20):
        centers = first_centers(points, 30, start, rng)
        assert len(np.unique(centers, axis=0)) == 30


def test_more_centers_than_different_points_leave_nothing():
    points = np.repeat([[0.0, 0.0], [1.0, 5.0]], 10, axis=0)
    # Once both points are centers no point is left to draw: any will do.
    assert best(points, 5)[2] == 0.0


def test_between_equidistant_clusters_every_cut_saves_the_same():
    corners = np.repeat(3 * np.eye(4), 10, axis=0)
    w = [best(corners, k)[2] for k in range(1, 5)]
    # Each cut of the ten-point corners saves 10 · ‖corner − corner‖² / 2 = 90.
    np.testing.assert_allclose(np.diff(w), -90.0, rtol=1e-12)


def distortions(count: int) -> np.ndarray:
    points = sample("square")
    return np.array([best(points, k, count, "random")[2] for k in range(1, 31)])


def test_distortion_of_single_random_starts_rises_somewhere():
    assert np.diff(distortions(1)).max() > 0


def test_distortion_of_the_best_of_twenty_starts_never_rises():
    assert np.diff(distortions(20)).max() < 0


@pytest.mark.parametrize("data", ["square", "circle", "pairs"])
def test_planted_clusters_have_the_spread_asked_for(data):
    clusters = 6 if data == "circle" else 4
    groups = sample(data, 0.5).reshape(clusters, -1, 2)
    # The sd of 480 numbers has a standard error of 0.5 / √960 ≈ 0.016.
    assert np.sqrt(groups.var(axis=1).mean()) == pytest.approx(0.5, abs=0.05)
