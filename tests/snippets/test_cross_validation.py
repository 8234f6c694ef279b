"""cross_validation: folds counted, predictions traced, residuals refitted."""

from functools import partial

import numpy as np
import pytest
from matplotlib.figure import Figure

from cross_validation import (
    deal,
    deal_by_class,
    figure,
    held_out,
    leave_one_out,
    majority,
    nearest,
    ridge,
)

FOLDS, POSITIVES = [2, 3, 5, 10, 20, 30], [2, 5, 10, 20]


def noise(n, features=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, features)), rng.normal(size=n)


@pytest.mark.parametrize(("n", "k"), [(1000, 5), (103, 5), (60, 7), (5, 5)])
def test_fold_sizes_differ_by_at_most_one_and_add_up(n, k):
    sizes = np.bincount(deal(n, k), minlength=k)
    assert sizes.sum() == n and np.ptp(sizes) <= 1


def test_a_thousand_cases_in_five_folds_are_two_hundred_each():
    assert np.bincount(deal(1000, 5)).tolist() == [200] * 5


def test_103_cases_cannot_be_dealt_equally():
    assert np.bincount(deal(103, 5)).tolist() == [21, 21, 21, 20, 20]


def test_cases_are_shuffled_before_they_are_dealt():
    assert deal(60, 5).tolist() != sorted(deal(60, 5))
    assert deal(60, 5, seed=1).tolist() != deal(60, 5).tolist()


@pytest.mark.parametrize("k", [2, 3, 7, 10])
@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.9, 0.1), (0.6, 0.3, 0.1)])
def test_stratified_counts_of_every_class_and_in_all_differ_by_at_most_one(k, shares):
    labels = np.random.default_rng(k).choice(len(shares), 97, p=shares)
    fold = deal_by_class(labels, k)
    for group in [np.full(97, True), *(labels == c for c in range(len(shares)))]:
        assert np.ptp(np.bincount(fold[group], minlength=k)) <= 1


def test_stratified_folds_are_shuffled_within_the_classes():
    labels = np.arange(40) < 20
    assert deal_by_class(labels, 4).tolist() != deal_by_class(labels, 4, 1).tolist()


def test_each_case_is_predicted_once_by_a_model_without_its_fold():
    fold, asked = deal(17, 4), []

    def spy(x, y, new):
        trained, held = set(x[:, 0]), set(new[:, 0])
        assert trained | held == set(range(17)) and not trained & held
        assert len({int(fold[int(i)]) for i in held}) == 1
        asked.extend(held)
        return new[:, 0]

    cases = np.arange(17.0)
    assert held_out(spy, cases[:, None], cases, fold).tolist() == cases.tolist()
    assert sorted(asked) == cases.tolist()


@pytest.mark.parametrize("penalty", [0, 0.5, 20])
def test_ridge_minimizes_its_objective(penalty):
    x, y = noise(20)
    weights = ridge(x, y, np.eye(3), penalty)

    def objective(w):
        return np.sum((y - x @ w) ** 2) + penalty * np.sum(w**2)

    at = [
        (objective(weights + e) - objective(weights - e)) / 2e-4
        for e in 1e-4 * np.eye(3)
    ]
    # the central difference of a quadratic is exact but for rounding, 1e-14 / 1e-4
    np.testing.assert_allclose(at, 0, atol=1e-9)


@pytest.mark.parametrize("penalty", [0, 0.5, 20])
def test_shortcut_equals_refitting_without_each_case(penalty):
    x, y = noise(25)
    slow = y - held_out(partial(ridge, penalty=penalty), x, y, np.arange(25))
    np.testing.assert_allclose(leave_one_out(x, y, penalty), slow, rtol=0, atol=1e-12)


def test_shortcut_divides_the_residual_by_one_minus_the_leverage():
    x, y = noise(25)
    q, _ = np.linalg.qr(x)  # leverages without solving normal equations
    expected = (y - q @ (q.T @ y)) / (1 - np.sum(q**2, axis=1))
    np.testing.assert_allclose(leave_one_out(x, y), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("each", [1, 10, 25])
def test_leave_one_out_of_the_majority_is_always_wrong_on_balanced_classes(each):
    labels = np.repeat([0, 1], each)
    guess = held_out(majority, np.zeros((2 * each, 1)), labels, np.arange(2 * each))
    assert np.mean(guess == labels) == 0


def test_stratified_folds_score_the_majority_at_one_half():
    labels = np.repeat([0, 1], 10)
    fold = deal_by_class(labels, 10)
    assert np.mean(held_out(majority, np.zeros((20, 1)), labels, fold) == labels) == 0.5


def test_nearest_neighbor_knows_random_labels_by_heart_and_nothing_else():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(400, 2)), rng.integers(0, 2, 400)
    assert np.mean(nearest(x, y, x) == y) == 1
    # three standard errors of 400 coin tosses
    assert np.mean(held_out(nearest, x, y, deal(400, 10)) == y) == pytest.approx(
        0.5, abs=0.075
    )


def test_twins_are_found_unless_they_share_a_fold():
    rng = np.random.default_rng(1)
    x, y = (
        np.repeat(rng.normal(size=(400, 2)), 2, 0),
        np.repeat(rng.integers(0, 2, 400), 2),
    )
    assert np.mean(held_out(nearest, x, y, np.arange(800)) == y) == 1
    apart = held_out(nearest, x, y, np.repeat(deal(400, 10), 2))
    assert np.mean(apart == y) == pytest.approx(0.5, abs=0.075)


def test_five_positives_leave_at_least_half_of_ten_folds_without_one():
    for seed in range(4):
        facts = figure(Figure(), folds=10, positives=5, seed=seed)
        assert facts["folds_without_positives"] >= 5


@pytest.mark.parametrize("k", FOLDS)
@pytest.mark.parametrize("positives", POSITIVES)
def test_stratified_folds_lack_positives_only_where_there_are_too_few(k, positives):
    facts = figure(Figure(), folds=k, positives=positives, stratify=True)
    assert facts["folds_without_positives"] == max(0, k - positives)


def test_an_unlucky_deal_leaves_folds_without_positives_that_stratifying_fills():
    plain, dealt = (figure(Figure(), stratify=s) for s in (False, True))
    assert plain["folds_without_positives"] > dealt["folds_without_positives"] == 0


@pytest.mark.parametrize(("k", "positives"), [(2, 10), (10, 20), (20, 5)])
def test_chance_is_the_deviation_of_a_binomial_share(k, positives):
    facts = figure(Figure(), folds=k, positives=positives)
    tosses = np.random.default_rng(0).binomial(60 // k, 1 - positives / 60, 100_000)
    # the relative error of a deviation from 1e5 draws is about 0.5%
    assert facts["chance_sd"] == pytest.approx(np.std(tosses * k / 60), rel=0.02)


def test_folds_of_a_constant_scatter_by_chance_with_the_finite_correction():
    squares, chance = [], figure(Figure(), folds=10, positives=20)["chance_sd"]
    for seed in range(2000):
        counts = np.bincount(deal(60, 10, seed), np.arange(60) < 20)
        squares.append(np.mean((counts / 6 - 1 / 3) ** 2))
    expected = chance**2 * (60 - 6) / (60 - 1)
    assert np.mean(squares) == pytest.approx(expected, rel=0.05)


def test_facts_describe_the_fold_scores():
    facts = figure(Figure(), folds=10, positives=20)
    share = np.bincount(deal(60, 10), np.arange(60) >= 20) / 6
    assert facts["lowest_score"] == pytest.approx(share.min())
    assert facts["highest_score"] == pytest.approx(share.max())
    assert facts["fold_sd"] == pytest.approx(np.std(share))
    assert facts["accuracy"] == pytest.approx(share.mean())


@pytest.mark.parametrize("k", FOLDS)
def test_drawing_holds_out_each_case_once_and_every_positive_there(k):
    fig = Figure()
    facts = figure(fig, folds=k, positives=20)
    top, low = fig.axes
    rows, stripes, blocks, orange = (list(c) for c in top.containers)
    held = sorted((b.get_x(), b.get_x() + b.get_width()) for b in blocks)
    assert [end for _, end in held] == [60 / k * (i + 1) for i in range(k)]
    assert len(rows) == k and len(stripes) == len(orange) == 20
    for cell in orange:
        (block,) = [
            b
            for b in blocks
            if b.get_x() <= cell.get_x() < b.get_x() + b.get_width() - 1e-9
        ]
        assert cell.get_y() == pytest.approx(block.get_y())
    drawn = low.collections[-1].get_segments()
    heights = [segment[0][1] for segment in drawn]
    assert min(heights) == facts["lowest_score"]
    assert max(heights) == facts["highest_score"]


def test_title_counts_the_folds_without_positives():
    fig = Figure()
    empty = figure(fig)["folds_without_positives"]
    assert fig.axes[0].get_title() == f"{empty} of 10 folds hold no positive"
