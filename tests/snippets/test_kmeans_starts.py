"""kmeans_starts: shares of bad starts, cell borders, and the drawing."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from kmeans import best, runs, sample, squared_distances
from kmeans_starts import borders, figure

PLANTED = [("square", 4), ("circle", 6), ("pairs", 4)]


@pytest.mark.parametrize(("data", "clusters"), PLANTED)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_random_starts_end_badly_more_often_than_careful_ones(data, clusters, seed):
    facts = figure(Figure(), data, clusters, seed)
    assert 0 < facts["bad_careful_share"] < facts["bad_start_share"]


def test_the_worst_start_on_the_square_ends_at_several_times_the_best():
    assert figure(Figure())["worst_start"] > 4


def test_careful_starts_do_not_help_where_there_are_no_clusters():
    facts = figure(Figure(), "uniform", 4)
    # Shares of 100 starts near 0.13 have a standard error of 0.034 each.
    difference = facts["bad_careful_share"] - facts["bad_start_share"]
    assert abs(difference) < 2 * np.hypot(0.034, 0.034)


@pytest.mark.parametrize("k", [2, 3, 6, 10])
def test_every_border_point_has_two_nearest_centers(k):
    centers = best(sample("uniform"), k)[0]
    for ends in borders(centers):
        inside = np.linspace(0.01, 0.99, 7)[:, None]
        points = ends[0] + inside * (ends[1] - ends[0])
        first, second = np.sort(squared_distances(points, centers))[:, :2].T
        # Ends lie up to 500 away, where a square rounds off by about 1e-10.
        np.testing.assert_allclose(first, second, rtol=1e-9)


def test_between_grid_neighbors_of_different_cells_runs_a_border():
    centers = best(sample("circle"), 6)[0]
    pieces = borders(centers)
    x = np.linspace(-6, 6, 40)
    grid = np.stack(np.meshgrid(x, x), axis=-1)
    cell = squared_distances(grid.reshape(-1, 2), centers).argmin(axis=1)
    cell = cell.reshape(40, 40)
    for row, column in zip(*np.nonzero(np.diff(cell, axis=1)), strict=True):
        left, right = grid[row, column], grid[row, column + 1]
        assert any(crosses(left, right, *ends) for ends in pieces)


def crosses(p, q, a, b):
    def side(u, v, w):
        return np.sign((v - u)[0] * (w - u)[1] - (v - u)[1] * (w - u)[0])

    return side(p, q, a) != side(p, q, b) and side(a, b, p) != side(a, b, q)


def test_curves_fall_through_the_reported_shares_at_ten_percent():
    fig = Figure()
    facts = figure(fig, "pairs", 4)
    curves = {line.get_label(): line.get_xydata() for line in fig.axes[2].lines}
    for name, fact in (("random", "start"), ("k-means++", "careful")):
        x, y = curves[name].T
        height = y[np.searchsorted(x, 1.1, side="right")]
        assert height == pytest.approx(facts[f"bad_{fact}_share"])


def test_titles_give_the_ends_as_multiples_of_the_best():
    fig = Figure()
    facts = figure(fig)
    best_title, worst_title = (ax.get_title(loc="left") for ax in fig.axes[:2])
    assert best_title.endswith("× 1.00")
    assert worst_title.endswith(f"× {facts['worst_start']:.2f}")


def test_iterations_are_the_mean_length_of_the_random_runs():
    lengths = [len(run[2]) for run in runs(sample("square"), 4, 100, "random")]
    assert figure(Figure())["iterations"] == np.mean(lengths)


def test_both_panels_show_every_point_and_every_center():
    fig = Figure()
    figure(fig, "circle", 6)
    for ax in fig.axes[:2]:
        *clusters, centers = [line.get_xydata() for line in ax.lines]
        assert sum(map(len, clusters)) == 240 and len(centers) == 6
