"""double_descent: the fits by other roads, the peak, and what a penalty does."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from double_descent import (
    COUNTS,
    INPUTS,
    NOISE,
    POINTS,
    circle,
    features,
    figure,
    fit,
    runs,
    truth,
)

RNG = np.random.default_rng(3)
FEW, MANY = RNG.normal(size=(12, 5)), RNG.normal(size=(12, 30))
Y = RNG.normal(size=12)


@pytest.mark.parametrize("a", [FEW, MANY], ids=["few", "many"])
@pytest.mark.parametrize("ridge", [0.1, 2])
def test_ridge_fit_solves_the_normal_equations(a, ridge):
    c = fit(a, Y, ridge)
    left = (a.T @ a + ridge * np.eye(a.shape[1])) @ c
    np.testing.assert_allclose(left, a.T @ Y, atol=1e-10)


def test_without_a_penalty_few_features_give_least_squares():
    np.testing.assert_allclose(fit(FEW, Y, 0), np.linalg.lstsq(FEW, Y)[0], atol=1e-12)


def test_without_a_penalty_many_features_give_the_shortest_exact_fit():
    c = fit(MANY, Y, 0)
    np.testing.assert_allclose(MANY @ c, Y, atol=1e-12)
    _, _, vt = np.linalg.svd(MANY)
    # shortest: no part in the directions that the data do not see
    np.testing.assert_allclose(vt[12:] @ c, 0, atol=1e-12)


def test_random_features_have_full_rank_at_the_threshold():
    for sample in range(5):
        rng = np.random.default_rng(sample)
        x, w = rng.normal(size=(POINTS, INPUTS)), rng.normal(size=(INPUTS, POINTS))
        assert np.linalg.matrix_rank(features(x, w)) == POINTS


def test_training_error_falls_and_is_zero_from_the_threshold_on():
    train = runs(0).train
    start = COUNTS.index(POINTS)
    assert np.all(train[start:] < 1e-20)
    assert np.all(np.diff(train[:start], axis=0) < 0)


def test_error_at_the_threshold_is_over_ten_times_that_at_fifty_times_the_features():
    facts = figure(Figure())
    assert COUNTS[-1] == 50 * POINTS
    assert facts["test_at_threshold"] > 10 * facts["test_at_largest"]


def test_past_the_peak_the_error_falls_below_the_best_before_it_here():
    facts = figure(Figure())
    assert facts["test_at_largest"] < facts["best_below"]


def test_a_penalty_flattens_the_peak():
    test = np.median(runs(0.1).test, axis=1)
    threshold = COUNTS.index(POINTS)
    assert test[threshold] < 1.2 * test[threshold - 2]
    assert test.max() == test[0]


def test_a_penalty_helps_most_at_the_peak_and_still_at_the_end():
    free, held = np.median(runs(0).test, 1), np.median(runs(0.1).test, 1)
    threshold = COUNTS.index(POINTS)
    assert held[threshold] < free[threshold] / 20 and held[-1] < free[-1]


def test_no_error_is_below_the_noise():
    assert runs(0.1).test.min() > NOISE**2


def test_one_run_agrees_with_a_plain_transcription():
    rng = np.random.default_rng(2)
    x, fresh = rng.normal(size=(40, 5)), rng.normal(size=(200, 5))
    y = x[:, 0] + np.where(x[:, 1] > 0, x[:, 1], 0) + rng.normal(0, 0.3, 40)
    w = rng.normal(size=(5, 2000))[:, :80]
    hidden = x @ w * (x @ w > 0)
    c = np.linalg.pinv(hidden) @ y
    miss = fresh @ w * (fresh @ w > 0) @ c - truth(fresh)
    found = runs(0).test[COUNTS.index(80), 2]
    assert found == pytest.approx(np.mean(miss**2) + 0.09, rel=1e-6)


def test_the_circle_is_as_far_out_as_the_data():
    norms = np.linalg.norm(circle(np.linspace(-3, 3, 7)), axis=1)
    np.testing.assert_allclose(norms, INPUTS**0.5)


def test_fits_scatter_most_at_the_threshold():
    spread = np.median(runs(0).curves.std(axis=1), axis=1)
    assert spread.argmax() == COUNTS.index(POINTS)


def test_marks_stand_at_the_count_that_was_chosen():
    fig = Figure()
    facts = figure(fig, count=80, ridge=0.1)
    marks = [line.get_xydata().tolist() for line in fig.axes[1].lines[-2:]]
    assert marks == [[[80, facts["test_error"]]], [[80, facts["train_error"]]]]


@pytest.mark.parametrize("ridge", [0, 1])
def test_test_curve_stays_inside_the_axes(ridge):
    fig = Figure()
    figure(fig, ridge=ridge)
    low, high = fig.axes[1].get_ylim()
    test = np.median(runs(ridge).test, axis=1)
    assert low < test.min() and test.max() < high
