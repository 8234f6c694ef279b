"""cv_leakage: noise stays noise unless the choice has seen the held-out cases."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from cv_leakage import accuracies, centroids, choose_and_learn, figure, strongest


def test_strongest_ranks_by_the_correlation_coefficient():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 40)) * rng.uniform(0.1, 10, 40) + 5
    y = np.where(np.arange(30) < 15, -1, 1)
    r = [abs(np.corrcoef(column, y)[0, 1]) for column in x.T]
    assert set(strongest(x, y, 6)) == set(np.argsort(r)[-6:])


def test_centroids_answers_with_the_nearer_class_mean():
    rng = np.random.default_rng(0)
    x, new = rng.normal(size=(20, 4)), rng.normal(size=(50, 4))
    y = np.where(np.arange(20) < 12, -1, 1)
    means = np.array([x[y == c].mean(axis=0) for c in (-1, 1)])
    apart = np.linalg.norm(new[:, None] - means, axis=2)
    expected = np.array([-1, 1])[apart.argmin(axis=1)]
    np.testing.assert_array_equal(centroids(x, y, new), expected)


def test_choosing_inside_finds_a_planted_feature():
    rng = np.random.default_rng(0)
    y = np.where(np.arange(60) < 30, -1, 1)
    x, new = rng.normal(size=(60, 300)), rng.normal(size=(60, 300))
    x[:, 250] += 3 * y
    new[:, 250] += 3 * y
    # two unit normals six apart overlap in 0.1% of the cases
    assert np.mean(choose_and_learn(x, y, new, kept=1) == y) > 0.95


def test_choosing_before_the_split_finds_skill_in_noise():
    assert figure(Figure())["accuracy_leaky"] > 0.85


@pytest.mark.parametrize("n", [30, 60])
def test_choosing_inside_the_folds_finds_none(n):
    runs = [accuracies(n, 100, 10, seed)[1] for seed in range(300)]
    # three standard errors
    assert np.mean(runs) == pytest.approx(0.5, abs=3 * np.std(runs) / 300**0.5)


def test_default_figure_is_honest_within_its_standard_error():
    runs = [accuracies(60, 2000, 20, seed)[1] for seed in range(20)]
    honest = figure(Figure())["accuracy_honest"]
    assert honest == pytest.approx(np.mean(runs))
    assert honest == pytest.approx(0.5, abs=3 * np.std(runs) / 20**0.5)


def test_the_leak_grows_with_the_number_of_features():
    found = [
        figure(Figure(), features=f, kept=10)["accuracy_leaky"]
        for f in (20, 100, 500, 2000)
    ]
    assert found == sorted(found) and len(set(found)) == 4


def test_without_a_choice_the_two_orders_agree():
    for seed in range(5):
        before, inside = accuracies(60, 20, 20, seed)
        assert before == inside


def test_every_run_is_drawn_in_its_strip():
    fig = Figure()
    figure(fig, features=100)
    strips = [line for line in fig.axes[0].lines if line.get_marker() == "o"]
    runs = np.array([accuracies(60, 100, 20, seed) for seed in range(20)])
    for i, strip in enumerate(strips):
        np.testing.assert_array_equal(strip.get_ydata(), runs[:, i])
        assert np.all(np.abs(strip.get_xdata() - i) < 0.3)
