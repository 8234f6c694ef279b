"""class_imbalance against likelihoods, copies of cases and Bayes' rule."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from class_imbalance import figure, fit, sample
from roc_auc import auc
from sigmoid_derivatives import sigmoid


def three_features(n=10_000):
    rng = np.random.default_rng(1)
    y = rng.random(n) < 0.02
    return rng.normal(size=(n, 3)) + np.outer(y, [1, 1, 0.5]), y


def log_likelihood(b, x, y, weight):
    z = b[0] + x @ b[1:]
    loss = np.logaddexp(0, np.where(y, -z, z))
    return -(np.where(y, weight, 1) @ loss)


@pytest.mark.parametrize("weight", [1, 49])
def test_fit_is_where_the_weighted_likelihood_is_level(weight):
    x, y = three_features(2000)
    b, h = fit(x, y, weight), 1e-4
    for step in h * np.eye(4):
        up = log_likelihood(b + step, x, y, weight)
        down = log_likelihood(b - step, x, y, weight)
        # the likelihood is near 1000 in size; rounding leaves 1e-13 · 1000 / h
        assert (up - down) / (2 * h) == pytest.approx(0, abs=1e-4)


def test_fit_is_a_maximum():
    x, y = three_features(2000)
    b = fit(x, y, 10)
    top = log_likelihood(b, x, y, 10)
    for step in 0.05 * np.r_[np.eye(4), -np.eye(4)]:
        assert log_likelihood(b + step, x, y, 10) < top


@pytest.mark.parametrize("weight", [2, 49])
def test_a_weight_is_that_many_copies(weight):
    x, y = three_features(2000)
    copies = np.repeat(np.arange(len(y)), np.where(y, weight, 1))
    np.testing.assert_allclose(fit(x[copies], y[copies]), fit(x, y, weight), rtol=1e-9)


def test_plain_fit_is_right_on_average():
    x, y = sample(0.02)
    b = fit(x, y)
    assert sigmoid(b[0] + x @ b[1:]).mean() == pytest.approx(y.mean(), rel=1e-12)


def test_plain_fit_comes_near_the_true_posterior():
    # two unit normals 2 apart: log odds 2x − 2 plus the log odds of the classes
    b = fit(*sample(0.5))
    # standard errors with 10,000 cases are 0.03 to 0.04
    assert b == pytest.approx([-2, 2], abs=0.12)


@pytest.mark.parametrize("prevalence", [0.02, 0.1, 0.5])
@pytest.mark.parametrize("weight", [5, 10, 49])
def test_weight_shifts_the_intercept_by_about_its_logarithm(prevalence, weight):
    facts = figure(Figure(), prevalence=prevalence, weight=weight)
    assert facts["intercept_shift"] == pytest.approx(np.log(weight), abs=0.15)


def test_weight_leaves_slopes_and_auc_nearly_alone():
    x, y = three_features()
    plain, heavy = fit(x, y), fit(x, y, 49)
    assert heavy[0] - plain[0] == pytest.approx(np.log(49), abs=0.12)
    # slopes have standard errors near 0.08 with 191 positives
    np.testing.assert_allclose(heavy[1:], plain[1:], atol=0.16)
    assert abs(auc(x @ heavy[1:], y) - auc(x @ plain[1:], y)) < 0.002


def test_weighted_probabilities_are_far_too_high():
    facts = figure(Figure())
    assert facts["mean_probability_plain"] == pytest.approx(0.02)
    assert facts["mean_probability_weighted"] > 10 * 0.02


@pytest.mark.parametrize("prevalence", [0.005, 0.02, 0.5])
@pytest.mark.parametrize("weight", [5, 49, 100])
def test_weighted_answers_are_those_of_a_moved_threshold(prevalence, weight):
    facts = figure(Figure(), prevalence=prevalence, weight=weight)
    assert facts["moved_threshold"] == 1 / (1 + weight)
    assert facts["agreement"] > 0.99


def test_threshold_under_exact_log_odds_is_exactly_one_over_one_plus_weight():
    z = np.linspace(-8, 8, 1001) + 1e-4
    for w in (1, 5, 49):
        moved = sigmoid(z + np.log(w)) >= 0.5
        assert np.array_equal(moved, sigmoid(z) >= 1 / (1 + w))


def test_dividing_the_odds_by_the_weight_gives_the_plain_probabilities_back():
    x, y = sample(0.02)
    plain, heavy = fit(x, y), fit(x, y, 49)
    p, q = (sigmoid(b[0] + x @ b[1:]) for b in (plain, heavy))
    back = q / (q + 49 * (1 - q))
    assert back.mean() == pytest.approx(0.02, abs=0.002)
    assert np.abs(back - p).mean() < 0.002 < 0.1 < np.abs(q - p).mean()


def test_where_the_model_is_wrong_the_slope_moves_too():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20_000, 1))
    y = rng.random(20_000) < sigmoid(-5 + x[:, 0] + 0.8 * x[:, 0] ** 2)
    assert fit(x, y)[1] - fit(x, y, 20)[1] > 0.5


@pytest.mark.parametrize("prevalence", [0.005, 0.1, 0.5])
def test_saying_no_is_right_for_all_negatives(prevalence):
    _, y = sample(prevalence)
    answers = np.zeros(len(y), bool)
    facts = figure(Figure(), prevalence=prevalence)
    assert facts["trivial_accuracy"] == np.mean(answers == y) == 1 - prevalence


def test_weight_trades_precision_for_recall():
    facts = figure(Figure())
    assert facts["recall_weighted"] > 2 * facts["recall_plain"]
    assert facts["precision_weighted"] < facts["precision_plain"] / 2


def test_observed_shares_lie_near_the_plain_curve_only():
    fig = Figure()
    figure(fig)
    plain, _, heavy, _, dots, *_ = fig.axes[1].lines
    x, share = dots.get_xydata().T
    off = [
        np.abs(share - np.interp(x, *curve.get_xydata().T)).mean()
        for curve in (plain, heavy)
    ]
    assert off[0] < 0.02 < 0.2 < off[1]


def test_dashed_lines_stand_where_the_curves_pass_one_half():
    fig = Figure()
    facts = figure(fig, prevalence=0.1, weight=10)
    for name, (curve, edge) in zip(
        ("plain", "weighted"), np.reshape(fig.axes[1].lines[:4], (2, 2)), strict=True
    ):
        assert edge.get_xdata().tolist() == [facts[f"edge_{name}"]] * 2
        here = np.interp(facts[f"edge_{name}"], *curve.get_xydata().T)
        assert here == pytest.approx(0.5, abs=1e-3)


def test_bars_count_every_case_once():
    fig = Figure()
    figure(fig, prevalence=0.1)
    heights = [bar.get_height() for bar in fig.axes[0].patches]
    assert sum(heights) == pytest.approx(10_000, abs=5)  # beyond the last bin
