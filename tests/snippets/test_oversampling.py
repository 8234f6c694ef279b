"""oversampling against geometry, chance and copies that are counted."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from oversampling import (
    balance,
    between,
    both_orders,
    copies,
    figure,
    halves,
    sample,
    score,
)

METHODS = ["copies", "between neighbors"]


def test_copies_are_points_of_the_sample():
    points, _ = sample(0, 0)
    made = copies(points[:20], 160, np.random.default_rng(0))
    assert {tuple(p) for p in made} <= {tuple(p) for p in points[:20]}


def test_points_between_lie_on_a_segment_to_one_of_five_neighbors():
    points = sample(0, 0)[0][:20]
    made = between(points, 60, np.random.default_rng(0))
    for p in made:
        found = False
        for start in points:
            apart = np.linalg.norm(points - start, axis=1)
            for end in points[np.argsort(apart)[1:6]]:
                # on the way exactly when the detour over p is none
                detour = np.linalg.norm(p - start) + np.linalg.norm(p - end)
                found |= detour - np.linalg.norm(end - start) < 1e-12
        assert found


def test_points_between_are_new():
    points = sample(0, 0)[0][:20]
    made = between(points, 160, np.random.default_rng(0))
    assert not {tuple(p) for p in made} & {tuple(p) for p in points}


@pytest.mark.parametrize("method", METHODS)
def test_balance_keeps_the_cases_and_evens_the_classes(method):
    points, y = sample(1, 0)
    x, z = balance(points, y, method, np.random.default_rng(0))
    assert np.array_equal(x[:200], points) and np.array_equal(z[:200], y)
    assert (z.sum(), (~z).sum()) == (180, 180)


def test_halves_take_half_of_each_class():
    _, y = sample(0, 0)
    mask = halves(y, np.random.default_rng(0))
    assert (mask[y].sum(), mask[~y].sum()) == (10, 90)


def test_score_is_the_mean_of_both_classes_accuracies():
    train = np.array([[0.0, 0], [10, 0]]), np.array([False, True])
    points = np.array([[1.0, 0], [2, 0], [3, 0], [9, 0], [8, 0]])
    y = np.array([False, False, False, False, True])
    # three of four negatives and the one positive are right
    assert score(train, (points, y)) == (3 / 4 + 1) / 2


def test_copies_before_the_split_lift_noise_above_0_9():
    assert figure(Figure())["score_leaky"] > 0.9


@pytest.mark.parametrize("method", METHODS)
def test_after_the_split_noise_stays_at_one_half(method):
    # 100 scores with a spread of 0.06: one standard error is 0.006
    assert figure(Figure(), method=method)["score_honest"] == pytest.approx(
        0.5, abs=0.02
    )


def test_points_between_neighbors_leak_less_than_copies_but_they_leak():
    facts = figure(Figure(), method="between neighbors")
    assert 0.65 < facts["score_leaky"] < figure(Figure())["score_leaky"]


def test_almost_every_copied_test_case_has_its_twin_in_training():
    points, y = sample(0, 3)
    rng = np.random.default_rng(3)
    x, z = balance(points, y, "copies", rng)
    half = halves(z, rng)
    known = {tuple(p) for p in x[half & z]}
    assert np.mean([tuple(p) in known for p in x[~half & z]]) > 0.95


def test_no_test_case_has_a_twin_when_the_copies_come_after():
    points, y = sample(0, 3)
    rng = np.random.default_rng(3)
    half = halves(y, rng)
    x, _ = balance(points[half], y[half], "copies", rng)
    assert not {tuple(p) for p in x} & {tuple(p) for p in points[~half]}


@pytest.mark.parametrize("method", METHODS)
def test_with_real_signal_the_wrong_order_still_flatters(method):
    for apart in (1, 2, 3):
        facts = figure(Figure(), apart=apart, method=method)
        assert facts["score_leaky"] > facts["score_honest"] + 0.05


def test_figure_draws_the_scores_that_it_averages():
    fig = Figure()
    facts = figure(fig, apart=2)
    leaky, bar, honest, _, _ = fig.axes[1].lines
    expected = [both_orders(*sample(2, s), "copies", s) for s in range(100)]
    drawn = np.c_[leaky.get_xdata(), honest.get_xdata()]
    assert np.array_equal(drawn, expected)
    assert bar.get_xdata()[0] == pytest.approx(facts["score_leaky"])


@pytest.mark.parametrize("apart", [0, 3])
def test_every_drawn_point_and_score_stays_inside(apart):
    fig = Figure()
    figure(fig, apart=apart)
    for ax in fig.axes:
        for line in ax.lines[:3]:
            x, y = line.get_xydata().T
            assert ax.get_xlim()[0] <= x.min() and x.max() <= ax.get_xlim()[1]
            assert ax.get_ylim()[0] <= y.min() and y.max() <= ax.get_ylim()[1]
