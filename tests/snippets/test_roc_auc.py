"""roc_auc: the curve by brute force, its area by pairs, ranks and theory."""

from statistics import NormalDist

import numpy as np
import pytest
from matplotlib.figure import Figure

from roc_auc import areas, auc, figure, pair_auc, roc_curve, sample, ties

STEPS = [0, 0.25, 0.5, 1, 2, 4]
SUM = 1e-12  # sums of at most 200 terms below 1, each rounded by 1e-16


def midranks(scores):
    """Ranks from 1; equal scores share the mean of theirs."""
    _, group, count = np.unique(scores, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[group]


def placement_error(scores, labels):
    """Standard error of AUC from each case's share of pairs won."""
    positive, negative = scores[labels][:, None], scores[~labels]
    won = (positive > negative) + (positive == negative) / 2  # (P, N)
    parts = won.mean(axis=1), won.mean(axis=0)
    return np.sqrt(sum(part.var(ddof=1) / part.size for part in parts))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("prevalence", [0.05, 0.3])
def test_trapezoid_area_equals_the_pair_statistic(step, prevalence):
    scores, labels = sample(1.5, step, prevalence)
    assert auc(scores, labels) == pytest.approx(pair_auc(scores, labels), abs=SUM)


@pytest.mark.parametrize("step", STEPS)
def test_pair_statistic_equals_the_rank_sum_formula(step):
    scores, labels = sample(0.75, step)
    p, n = labels.sum(), (~labels).sum()
    u = midranks(scores)[labels].sum() - p * (p + 1) / 2
    assert pair_auc(scores, labels) == pytest.approx(u / (p * n), abs=SUM)


@pytest.mark.parametrize("step", STEPS)
def test_sorted_curve_equals_brute_force_at_every_threshold(step):
    scores, labels = sample(1.5, step)
    calls = [scores >= t for t in [np.inf, *np.unique(scores)[::-1]]]
    brute = [(yes[~labels].mean(), yes[labels].mean()) for yes in calls]
    np.testing.assert_array_equal(np.transpose(roc_curve(scores, labels)), brute)


@pytest.mark.parametrize("step", [0, 0.5])
def test_order_of_the_rows_does_not_move_the_curve(step):
    scores, labels = sample(1.5, step)
    shuffled = np.random.default_rng(1).permutation(200)
    again = roc_curve(scores[shuffled], labels[shuffled])
    np.testing.assert_array_equal(again, roc_curve(scores, labels))


@pytest.mark.parametrize("step", STEPS)
def test_neither_rate_falls_as_the_threshold_falls(step):
    rises = np.diff(roc_curve(*sample(1.5, step)))
    assert rises.min() >= 0 and rises.sum(axis=0).min() > 0


def test_without_ties_each_step_changes_exactly_one_rate():
    rises = np.diff(roc_curve(*sample(1.5))) > 0
    np.testing.assert_array_equal(rises.sum(axis=0), np.ones(200))


@pytest.mark.parametrize("step", STEPS[1:])
def test_step_sums_are_the_strict_and_the_weak_pair_shares(step):
    scores, labels = sample(1.5, step)
    pairs = [p - n for p in scores[labels] for n in scores[~labels]]
    strict, weak = np.mean(np.array(pairs) > 0), np.mean(np.array(pairs) >= 0)
    lower, middle, upper = areas(*roc_curve(scores, labels))
    assert (lower, upper) == pytest.approx((strict, weak), abs=SUM)
    assert lower < middle < upper


def test_ties_within_one_class_leave_all_three_sums_equal():
    scores = np.array([5.0, 5, 4, 3, 3, 3, 2, 1, 1])
    labels = np.isin(scores, [5, 3, 2])
    assert areas(*roc_curve(scores, labels)) == pytest.approx([14 / 18] * 3, abs=SUM)


def test_breaking_ties_at_random_gives_half_credit_on_average():
    scores, labels = sample(1.5, 1)
    rng = np.random.default_rng(0)
    found = [auc(scores + rng.uniform(-0.4, 0.4, 200), labels) for _ in range(400)]
    error = np.std(found) / 20  # of the mean of 400
    assert abs(np.mean(found) - auc(scores, labels)) < 3 * error


@pytest.mark.parametrize("f", [np.exp, np.arctan, lambda s: 3 * s - 7, np.cbrt])
def test_increasing_transforms_leave_auc_unchanged(f):
    scores, labels = sample(1.5)
    assert auc(f(scores), labels) == auc(scores, labels)


@pytest.mark.parametrize("step", STEPS)
def test_negated_scores_give_one_minus_auc(step):
    scores, labels = sample(1.5, step)
    total = auc(scores, labels) + auc(-scores, labels)
    assert total == pytest.approx(1, abs=SUM)


def test_clipping_changes_auc():
    scores, labels = sample(1.5)
    assert auc(np.clip(scores, 0, 1), labels) < auc(scores, labels) - 0.01


def test_copies_of_every_negative_leave_the_curve_where_it_is():
    scores, labels = sample(1.5, 0.25)
    rows = np.repeat(np.arange(200), np.where(labels, 1, 10))
    copied = roc_curve(scores[rows], labels[rows])
    np.testing.assert_allclose(copied, roc_curve(scores, labels), atol=SUM)


@pytest.mark.parametrize("separation", np.linspace(0, 3, 5))
def test_sample_lies_within_three_standard_errors_of_theory(separation):
    scores, labels = sample(separation)
    expected = NormalDist().cdf(separation / 2**0.5)
    off = auc(scores, labels) - expected
    assert abs(off) < 3 * placement_error(scores, labels)


@pytest.mark.parametrize(
    ("positives", "least", "most"), [(200, 0.12, 0.25), (2000, 0, 0.02)]
)
def test_rare_positives_miss_by_two_hundredths_in_one_sample_of_five(
    positives, least, most
):
    labels = np.arange(4000) < positives
    rng = np.random.default_rng(7)
    found = [auc(rng.normal(1.25 * labels), labels) for _ in range(400)]
    missed = np.mean(np.abs(np.array(found) - NormalDist().cdf(1.25 / 2**0.5)) > 0.02)
    # Binomial standard error at 0.18 of 400: 0.02; the bounds are three away.
    assert least <= missed <= most


def test_yes_or_no_answers_have_the_balanced_accuracy_as_area():
    scores, labels = sample(1.5)
    yes = scores >= 0.5
    balanced = ((yes & labels).sum() / 60 + (~yes & ~labels).sum() / 140) / 2
    assert auc(yes.astype(float), labels) == pytest.approx(balanced, abs=SUM)


@pytest.mark.parametrize("threshold", [-2.0, 0.5, 4.0])
@pytest.mark.parametrize("separation", [0.0, 3.0])
def test_the_dot_lies_on_the_curve_at_the_counted_rates(threshold, separation):
    fig = Figure()
    facts = figure(fig, threshold, separation)
    curve, dot = (line.get_xydata() for line in fig.axes[0].lines[-2:])
    counts = [0, 0]
    for score, positive in zip(*sample(separation), strict=True):
        counts[int(positive)] += int(score >= threshold)
    np.testing.assert_allclose(dot[0], [counts[0] / 140, counts[1] / 60])
    assert (curve == dot).all(axis=1).any()
    assert (facts["fpr"], facts["tpr"]) == tuple(dot[0])


def test_lines_to_the_dot_are_as_high_and_as_wide_as_the_two_rates():
    fig = Figure()
    facts = figure(fig)
    _, high, wide, *_ = fig.axes[0].lines
    assert np.ptp(high.get_xydata(), axis=0).tolist() == [0, facts["tpr"]]
    assert np.ptp(wide.get_xydata(), axis=0).tolist() == [facts["fpr"], 0]


@pytest.mark.parametrize("threshold", [-2.0, 0.5, 4.0])
def test_full_bars_of_each_row_add_up_to_its_rate(threshold):
    fig = Figure()
    facts = figure(fig, threshold)
    rows = {"tpr": 0.0, "fpr": 0.0}
    for bar in fig.axes[1].patches:
        if bar.get_facecolor()[3] == 1:
            rows["tpr" if bar.get_y() > 0 else "fpr"] += bar.get_height()
    assert rows == pytest.approx({name: facts[name] for name in rows})


@pytest.mark.parametrize("separation", np.linspace(0, 3, 5))
def test_every_case_has_its_bar_and_no_bar_leaves_its_row(separation):
    fig = Figure()
    figure(fig, 0.5, separation)
    bars = fig.axes[1].patches
    heights = np.array([bar.get_height() for bar in bars])
    assert heights.sum() == pytest.approx(2)  # one for each class
    row = max(bar.get_y() for bar in bars)
    assert heights.max() <= row and 2 * row <= fig.axes[1].get_ylim()[1]


def test_facts_quote_area_pairs_and_clipped_scores():
    facts = figure(Figure())
    scores, labels = sample(1.5)
    won = np.mean([p > n for p in scores[labels] for n in scores[~labels]])
    clipped = [min(max(s, 0.0), 1.0) for s in scores]
    ranks = midranks(np.array(clipped))[labels].sum()
    expected = {
        "auc_trapezoid": won,
        "auc_pairs": won,
        "auc_clipped": (ranks - 60 * 61 / 2) / (60 * 140),
    }
    assert {k: facts[k] for k in expected} == pytest.approx(expected, abs=SUM)


@pytest.mark.parametrize("step", STEPS)
def test_tied_pairs_are_counted_and_fill_the_gap_between_the_steps(step):
    facts = ties(Figure(), step)
    scores, labels = sample(1.5, step)
    tied = sum(np.sum(scores[labels] == n) for n in scores[~labels])
    assert facts["tied_pairs"] == pytest.approx(tied / (60 * 140), abs=SUM)
    gap = facts["upper_steps"] - facts["lower_steps"]
    assert gap == pytest.approx(facts["tied_pairs"], abs=SUM)


def test_diagonals_are_the_scores_that_both_classes_have():
    scores, labels = sample(1.5, 1)
    assert ties(Figure(), 1)["diagonals"] == len({*scores[labels]} & {*scores[~labels]})


@pytest.mark.parametrize("step", [0, 1, 4])
def test_stairs_drawn_enclose_the_reported_areas(step):
    fig = Figure()
    facts = ties(fig, step)
    for line, name in zip(
        fig.axes[0].lines, ["upper_steps", "lower_steps", "trapezoids"], strict=True
    ):
        x, y = line.get_xydata().T
        assert np.trapezoid(y, x) == pytest.approx(facts[name], abs=SUM)
