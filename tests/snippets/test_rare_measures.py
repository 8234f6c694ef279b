"""rare_measures against counts of answers and simulated folds."""

from fractions import Fraction

import numpy as np
import pytest
from matplotlib.figure import Figure

from rare_measures import empty_fold, figure, measures


def counted(positives, negatives, found, false):
    """The four measures, by making the answers and comparing them."""
    y = np.arange(positives + negatives) < positives
    answer = np.r_[np.arange(positives) < found, np.arange(negatives) < false]
    hits = (y & answer).sum()
    precision, recall = hits / answer.sum(), hits / y.sum()
    f1 = 2 * precision * recall / (precision + recall)
    return {
        "accuracy": (y == answer).mean(), "precision": precision,
        "recall": recall, "F1": f1,
    }  # fmt: skip


@pytest.mark.parametrize("positives", [10, 50, 500])
def test_measures_agree_with_counted_answers(positives):
    negatives = 1000 - positives
    found, false = positives * 4 // 5, negatives // 10
    expected = counted(positives, negatives, found, false)
    got = measures(positives / 1000, found / positives, false / negatives)
    assert got == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("prevalence", "f1"), [(0.5, 0.84), (0.01, 0.14)])
def test_f1_falls_from_0_84_to_0_14_at_fixed_rates(prevalence, f1):
    facts = figure(Figure(), prevalence=prevalence, fpr=0.1)
    assert round(facts["f1_by_prevalence"], 2) == f1


def test_f1_and_precision_only_rise_with_prevalence_and_recall_stays():
    x = np.linspace(0.001, 0.9, 200)
    got = measures(x, 0.8, 0.1)
    assert np.all(np.diff(got["F1"]) > 0) and np.all(np.diff(got["precision"]) > 0)
    np.testing.assert_allclose(got["recall"], 0.8, rtol=1e-12)


@pytest.mark.parametrize("prevalence", [0.005, 0.2, 0.5])
def test_no_to_all_has_accuracy_one_minus_prevalence(prevalence):
    facts = figure(Figure(), prevalence=prevalence)
    # TPR 0 and FPR 0 would divide by zero in precision: count instead
    y = np.arange(1000) < 1000 * prevalence
    assert facts["accuracy_of_no"] == pytest.approx((~y).mean(), rel=1e-12)


@pytest.mark.parametrize("prevalence", [0.01, 0.5])
def test_yes_to_all_has_an_f1_that_depends_on_prevalence(prevalence):
    facts = figure(Figure(), prevalence=prevalence)
    share = Fraction(prevalence)
    assert facts["f1_of_yes"] == pytest.approx(float(2 * share / (1 + share)))


def test_f1_lies_between_precision_and_recall_nearer_the_smaller():
    got = measures(0.01, 0.8, 0.1)
    middle = (got["precision"] + got["recall"]) / 2
    assert got["precision"] < got["F1"] < middle


@pytest.mark.parametrize(("cases", "positives", "folds"), [(50, 4, 5), (100, 10, 5)])
def test_chance_of_an_empty_fold_agrees_with_shuffling(cases, positives, folds):
    rng = np.random.default_rng(0)
    fold = np.arange(cases) % folds
    bare = [
        len(np.unique(rng.permutation(fold)[:positives])) < folds for _ in range(4000)
    ]
    # one standard error is below 0.008
    expected = np.mean(bare)
    assert empty_fold(cases, positives, folds) == pytest.approx(expected, abs=0.025)


@pytest.mark.parametrize("cases", [50, 100, 1000])
def test_five_positives_always_leave_one_of_ten_folds_empty(cases):
    assert empty_fold(cases, 5, 10) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("cases", [100, 1000, 100_000])
def test_ten_positives_leave_a_fold_of_five_empty_in_43_to_48_percent(cases):
    assert 0.43 < empty_fold(cases, 10, 5) < 0.48


@pytest.mark.parametrize("fpr", [0.01, 0.2])
def test_marks_stand_on_their_curves_at_the_prevalence(fpr):
    fig = Figure()
    facts = figure(fig, prevalence=0.05, fpr=fpr)
    lines = fig.axes[0].lines[1:]
    for curve, mark in zip(lines[::2], lines[1::2], strict=True):
        x, y = mark.get_xydata()[0]
        assert x == 0.05
        assert np.interp(x, *curve.get_xydata().T) == pytest.approx(y, abs=2e-3)
    assert lines[-1].get_xydata()[0, 1] == facts["f1_by_prevalence"]
