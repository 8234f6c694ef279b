"""dropout against enumeration, the binomial law and large samples."""

from itertools import product

import numpy as np
import pytest
from matplotlib.figure import Figure

from dropout import dropout, dropout_least_squares, figure, keep, variance_ratio


def test_testing_changes_nothing():
    a = np.array([1.0, -2.0])
    assert dropout(a, 0.5).tolist() == [1, -2]


def test_training_passes_on_nothing_or_the_scaled_value():
    a = np.arange(1.0, 1001.0)
    passed = dropout(a, 0.2, np.random.default_rng(0)) / a
    assert np.allclose(np.unique(passed.round(12)), [0, 1.25])


def test_rate_is_the_share_dropped_and_not_the_share_kept():
    # one standard error is sqrt(0.09 / 1e5) = 0.001
    kept = keep((100_000,), 0.1, np.random.default_rng(0))
    assert kept.mean() == pytest.approx(0.9, abs=0.005)


def test_examples_of_a_batch_get_masks_of_their_own():
    masks = keep((50, 30), 0.5, np.random.default_rng(0))
    assert len(np.unique(masks, axis=0)) == 50


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.8])
def test_mean_stays_and_variance_grows_by_the_quoted_amount(rate):
    passed = dropout(np.full(400_000, 3.0), rate, np.random.default_rng(0))
    variance = 9 * figure(Figure(), rate=rate)["activation_variance"]
    # four standard errors of the mean; the variance's are of similar size
    assert passed.mean() == pytest.approx(3, abs=4 * (variance / 400_000) ** 0.5)
    assert passed.var() == pytest.approx(variance, rel=0.02)


@pytest.mark.parametrize(("rate", "units"), [(0.3, 100), (0.8, 10)])
def test_count_of_dropped_units_is_binomial(rate, units):
    facts = figure(Figure(), rate=rate, units=units)
    rng = np.random.default_rng(5)
    dropped = units - keep((40_000, units), rate, rng).sum(axis=1)
    assert facts["expected_dropped"] == pytest.approx(dropped.mean(), abs=0.1)
    assert facts["sd_dropped"] == pytest.approx(dropped.std(), rel=0.02)


def test_thirty_of_a_hundred_have_a_deviation_of_4_6():
    facts = figure(Figure(), rate=0.3, units=100)
    assert (facts["expected_dropped"], round(facts["sd_dropped"], 1)) == (30, 4.6)


def test_ten_thousand_draws_lie_far_around_the_mean():
    facts = figure(Figure(), rate=0.3, units=100)
    # P(count < 8) and P(count > 54) are below 1e-7
    assert 8 <= facts["fewest_dropped"] < 20 and 42 < facts["most_dropped"] <= 54


def mean_loss(w, x, y, rate):
    """Expected squared error over all masks, row by row."""
    total = 0.0
    for mask in product([0, 1], repeat=x.shape[1]):
        odds = np.prod([(1 - rate) if m else rate for m in mask])
        total += odds * np.sum((y - x * mask / (1 - rate) @ w) ** 2)
    return total


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.7])
def test_dropout_least_squares_has_no_slope_over_the_mean_of_all_masks(rate):
    rng = np.random.default_rng(1)
    x, y, h = rng.normal(size=(12, 4)), rng.normal(size=12), 1e-4
    w = dropout_least_squares(x, y, rate)
    slope = [
        mean_loss(w + e, x, y, rate) - mean_loss(w - e, x, y, rate)
        for e in h * np.eye(4)
    ]
    assert np.array(slope) / (2 * h) == pytest.approx(np.zeros(4), abs=1e-8)


def test_mean_loss_is_the_loss_and_a_penalty_with_the_gram_diagonal():
    rng = np.random.default_rng(2)
    x, y, w = rng.normal(size=(12, 4)), rng.normal(size=12), rng.normal(size=4)
    penalty = 0.3 / 0.7 * np.sum(w**2 * np.diag(x.T @ x))
    expected = np.sum((y - x @ w) ** 2) + penalty
    assert mean_loss(w, x, y, 0.3) == pytest.approx(expected)


def test_with_standardized_features_it_is_ridge():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(12, 4)), rng.normal(size=12)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    lam = 12 * 0.3 / 0.7
    rows = np.r_[x, lam**0.5 * np.eye(4)]  # ridge as least squares
    ridge = np.linalg.lstsq(rows, np.r_[y, np.zeros(4)], rcond=None)[0]
    assert dropout_least_squares(x, y, 0.3) == pytest.approx(ridge)


def test_units_of_a_feature_do_not_matter():
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(12, 3)), rng.normal(size=12)
    wide = x * [1, 10, 1]
    assert wide @ dropout_least_squares(wide, y, 0.4) == pytest.approx(
        x @ dropout_least_squares(x, y, 0.4)
    )


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_variance_ratios_agree_with_a_sample(rate):
    rng = np.random.default_rng(0)
    facts, z = figure(Figure(), rate=rate), rng.normal(size=1_000_000)
    for a, name in (np.maximum(z, 0), "rectified"), (np.abs(z), "half_normal"):
        ratio = dropout(a, rate, rng).var() / a.var()
        assert facts[f"{name}_ratio"] == pytest.approx(ratio, rel=0.01)


def test_half_normal_ratio_at_a_half_is_3_75():
    facts = figure(Figure(), rate=0.5)
    expected = (2 - 2 / np.pi) / (1 - 2 / np.pi)
    assert facts["half_normal_ratio"] == pytest.approx(expected)
    assert round(expected, 2) == 3.75


def test_ratio_is_the_same_for_a_weighted_sum_of_independent_units():
    rng = np.random.default_rng(0)
    a, w = np.maximum(rng.normal(size=(100_000, 16)), 0), rng.normal(size=16)
    ratio = (dropout(a, 0.5, rng) @ w).var() / (a @ w).var()
    expected = variance_ratio((2 * np.pi) ** -0.5, 0.5, 0.5)
    assert ratio == pytest.approx(expected, rel=0.03)


def test_drawn_hill_is_the_binomial_distribution():
    fig = Figure()
    figure(fig, rate=0.3, units=10)
    heights, edges, _ = fig.axes[0].patches[0].get_data()
    counts = 10 - keep((200_000, 10), 0.3, np.random.default_rng(9)).sum(axis=1)
    often = np.bincount(counts.astype(int), minlength=11)
    assert heights == pytest.approx(often / often.max(), abs=0.02)
    assert (edges[:-1] + edges[1:]) / 2 == pytest.approx(np.arange(11) / 10)


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.8])
def test_two_values_of_an_activation_have_the_drawn_mean_and_deviation(rate):
    fig = Figure()
    facts = figure(fig, rate=rate)
    low = fig.axes[1]
    points = {
        tuple(line.get_xydata()[0])
        for line in low.lines
        if len(line.get_xydata()) == 1 and line.get_marker() == "o"
    }
    kept = facts["kept_value"]
    assert {(rate, 0.0), (rate, kept), (rate, 1.0)} == points
    (segment,) = low.collections[-1].get_segments()
    deviation = np.sqrt((1 - rate) * (kept - 1) ** 2 + rate)
    assert segment[:, 1] == pytest.approx([1 - deviation, 1 + deviation])
    assert f"deviation {deviation:.2f}" in low.get_title()


def test_band_is_one_deviation_wide_at_every_rate():
    fig = Figure()
    figure(fig)
    outline = fig.axes[1].collections[0].get_paths()[0].vertices
    for rate, height in outline[1:-1:20]:
        variance = figure(Figure(), rate=rate)["activation_variance"]
        assert abs(height - 1) == pytest.approx(variance**0.5, abs=1e-9)
