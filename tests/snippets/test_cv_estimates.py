"""cv_estimates against the theory of least squares on normal features."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from cross_validation import ridge
from cv_estimates import (
    FOLDS,
    expected_error,
    figure,
    repeat,
    sample,
    squares,
    true_error,
)


def test_true_error_agrees_with_many_new_cases():
    x, y = sample(30, 0)
    rng = np.random.default_rng(99)
    new = rng.normal(size=(200_000, 10))
    target = new.sum(axis=1) + rng.normal(size=200_000)
    error = np.mean((target - ridge(x, y, new)) ** 2)
    # squared normal errors: relative standard error sqrt(2 / 200,000) = 0.3%
    assert true_error(x, y) == pytest.approx(error, rel=0.013)


@pytest.mark.parametrize("m", [30, 60])
def test_expected_error_agrees_with_the_mean_over_data_sets(m):
    errors = [true_error(*sample(m, seed)) for seed in range(1000, 3000)]
    spread = np.std(errors) / 2000**0.5
    assert expected_error(m) == pytest.approx(np.mean(errors), abs=4 * spread)


@pytest.mark.parametrize("n", [30, 60, 120])
def test_every_case_is_scored_once_for_each_number_of_folds(n):
    assert [len(e) for e in squares(n, 0)] == [n] * (len(FOLDS) + 1)


def test_errors_are_sorted_by_fold():
    x, y = sample(30, 3)
    fold = np.random.default_rng(3).permutation(np.arange(30) % 5)
    by_fold = np.split(squares(30, 3)[FOLDS.index(5)], 5)
    for f in range(5):
        fit, *_ = np.linalg.lstsq(x[fold != f], y[fold != f])
        expected = (y[fold == f] - x[fold == f] @ fit) ** 2
        np.testing.assert_allclose(by_fold[f], expected, rtol=1e-9)


@pytest.mark.parametrize("n", [30, 60, 120])
def test_estimates_average_the_error_of_training_on_fewer_cases(n):
    estimates, _ = repeat(n)
    standard_error = estimates.std(axis=0) / 10
    expected = [expected_error(n * (1 - 1 / k)) for k in (*FOLDS, n)]
    assert np.all(np.abs(estimates.mean(axis=0) - expected) < 3 * standard_error)


@pytest.mark.parametrize("n", [30, 60, 120])
def test_few_folds_are_pessimistic(n):
    facts = figure(Figure(), samples=n)
    expected = [facts[f"expected_{k}"] for k in (*FOLDS, "n")]
    assert expected == sorted(expected, reverse=True)
    assert expected[-1] > facts["expected"]


def test_a_low_estimate_does_not_mean_a_lucky_model():
    found = [figure(Figure(), samples=n)["correlation"] for n in (30, 60, 120)]
    # a correlation of 100 independent pairs has standard deviation 0.1
    assert np.all(np.abs(found) < 0.3)


@pytest.mark.parametrize("n", [30, 60, 120])
def test_leave_one_out_scatters_no_more_than_ten_folds_here(n):
    facts = figure(Figure(), samples=n)
    assert facts["sd_n"] <= facts["sd_10"] < facts["sd_2"]


def test_fold_scores_scatter_more_the_smaller_the_folds():
    deviations = np.array(
        [
            [
                np.std([p.mean() for p in np.array_split(e, k)])
                for e, k in zip(squares(60, seed), (*FOLDS, 60), strict=True)
            ]
            for seed in range(30)
        ]
    )
    assert np.all(np.diff(deviations.mean(axis=0)) > 0)


@pytest.mark.parametrize("samples", [30, 60, 120])
def test_facts_of_one_data_set(samples):
    facts = figure(Figure(), samples=samples, data_set=4)
    found = squares(samples, 4)
    parts = [part.mean() for part in np.array_split(found[3], 10)]
    assert facts["cv_error"] == pytest.approx(found[3].mean())
    assert facts["loo_error"] == pytest.approx(found[-1].mean())
    assert facts["fold_sd_10"] == pytest.approx(np.std(parts))
    assert facts["true_error"] == true_error(*sample(samples, 4))


@pytest.mark.parametrize("samples", [30, 60, 120])
def test_every_fold_score_is_drawn_inside_the_axes(samples):
    fig = Figure()
    figure(fig, samples=samples)
    top, low = fig.axes
    drawn = [line.get_ydata() for line in top.lines]
    assert [len(y) for y in drawn] == [*FOLDS, samples]
    assert max(map(max, drawn)) < top.get_ylim()[1]
    bottom, high = low.get_ylim()
    for segment in low.collections[0].get_segments():
        assert bottom < segment[0][1] < segment[1][1] < high


@pytest.mark.parametrize("samples", [30, 60, 120])
def test_no_data_set_leaves_the_axes(samples):
    folds = [
        np.mean(p)
        for s in range(12)
        for e, k in zip(squares(samples, s), (*FOLDS, samples), strict=True)
        for p in np.array_split(e, k)
    ]
    assert max(folds) < 25


def test_dashed_line_is_the_mean_true_error():
    fig = Figure()
    facts = figure(fig)
    (dashed,) = [line for line in fig.axes[1].lines if line.get_linestyle() == "--"]
    assert set(dashed.get_ydata()) == {facts["mean_truth"]}
