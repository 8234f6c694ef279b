"""dice_loss against sets, differences and expectations over drawn labels."""

from math import comb, sqrt

import numpy as np
import pytest
from matplotlib.figure import Figure

from dice_loss import (
    dice,
    expected,
    figure,
    jaccard,
    object_share,
    soft_gradient,
    soft_loss,
    tversky,
)
from rare_measures import measures

COUNTS = [(40, 10, 20), (1, 0, 5), (7, 30, 0), (3, 3, 3)]


@pytest.mark.parametrize("counts", COUNTS)
def test_dice_and_jaccard_agree_with_sets(counts):
    tp, fp, fn = counts
    said, true = set(range(tp + fp)), set(range(fp, tp + fp + fn))
    assert len(said & true) == tp
    assert dice(*counts) == 2 * len(said & true) / (len(said) + len(true))
    assert jaccard(*counts) == len(said & true) / len(said | true)


@pytest.mark.parametrize("counts", COUNTS)
def test_dice_is_f1_and_a_function_of_jaccard(counts):
    tp, fp, fn = counts
    precision, recall, j = tp / (tp + fp), tp / (tp + fn), jaccard(*counts)
    assert dice(*counts) == pytest.approx(2 / (1 / precision + 1 / recall))
    assert dice(*counts) == pytest.approx(2 * j / (1 + j))


def test_dice_is_the_f1_of_rare_measures():
    # 60 positives among 1000, of which 40 found, and 10 of 940 false
    f1 = measures(0.06, 40 / 60, 10 / 940)["F1"]
    assert dice(40, 10, 20) == pytest.approx(f1)


@pytest.mark.parametrize("counts", COUNTS)
def test_tversky_contains_dice_and_jaccard(counts):
    assert tversky(*counts, 0.5, 0.5) == pytest.approx(dice(*counts))
    assert tversky(*counts, 1, 1) == pytest.approx(jaccard(*counts))


@pytest.mark.parametrize("a", [0.1, 0.3, 0.9])
def test_tversky_is_a_weighted_harmonic_mean_of_precision_and_recall(a):
    tp, fp, fn = 40, 10, 20
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    mean = 1 / (a / precision + (1 - a) / recall)
    assert tversky(tp, fp, fn, a, 1 - a) == pytest.approx(mean)


def test_tversky_weighs_errors_unequally_unless_its_weights_agree():
    assert tversky(40, 10, 20, 0.3, 0.7) != tversky(40, 20, 10, 0.3, 0.7)
    assert tversky(40, 10, 20, 0.4, 0.4) == tversky(40, 20, 10, 0.4, 0.4)


def test_more_true_negatives_change_accuracy_but_not_soft_dice():
    p, y = np.array([1.0, 1, 0, 0]), np.array([1.0, 0, 1, 0])
    more = soft_loss(np.r_[p, np.zeros(996)], np.r_[y, np.zeros(996)])
    assert more == soft_loss(p, y) == 1 - dice(1, 1, 1)


@pytest.mark.parametrize("eps", [0, 1])
def test_gradient_agrees_with_a_central_difference(eps):
    rng = np.random.default_rng(0)
    p, y, h = rng.random(12), rng.random(12) < 0.3, 1e-6
    found = [
        (soft_loss(p + e, y, eps) - soft_loss(p - e, y, eps)) / (2 * h)
        for e in h * np.eye(12)
    ]
    np.testing.assert_allclose(soft_gradient(p, y, eps), found, atol=1e-9)


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("n", [1, 7, 50])
def test_expected_dice_of_a_constant_is_best_at_one_for_few_pixels_too(rate, n):
    p, k = np.linspace(0.01, 1, 100), np.arange(n + 1)
    chance = np.array([comb(n, i) * rate**i * (1 - rate) ** (n - i) for i in k])
    scores = 2 * np.outer(p, k) / (n * p[:, None] + k)  # (p, k)
    assert p[np.argmax(scores @ chance)] == 1


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_losses_of_a_constant_agree_with_many_drawn_labels(rate):
    y = np.random.default_rng(0).random(200_000) < rate
    p = np.full(len(y), 0.3)
    got = expected(0.3, rate)
    entropy = -np.mean(np.where(y, np.log(p), np.log(1 - p)))
    squared = 1 - 2 * (p @ y) / (p @ p + y.sum())
    drawn = {"plain": soft_loss(p, y), "squared": squared, "cross_entropy": entropy}
    # the drawn rate is off by 0.001 or so
    assert got == pytest.approx(drawn, abs=5e-3)


@pytest.mark.parametrize("alpha", [0.1, 0.3, 0.7])
def test_tversky_loss_of_a_constant_agrees_with_its_counts(alpha):
    p, rate = 0.4, 0.2
    got = expected(p, rate, alpha)["plain"]
    tp, fp, fn = p * rate, p * (1 - rate), (1 - p) * rate
    assert got == pytest.approx(1 - tversky(tp, fp, fn, alpha, 1 - alpha))


@pytest.mark.parametrize("alpha", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("rate", [0.005, 0.1, 0.5])
def test_optima_are_one_the_root_of_the_rate_and_the_rate(rate, alpha):
    facts = figure(Figure(), object_fraction=rate, alpha=alpha)
    assert facts["plain_optimum"] == 1
    assert facts["squared_optimum"] == pytest.approx(sqrt(rate), abs=1e-3)
    assert facts["cross_entropy_optimum"] == pytest.approx(rate, abs=1e-3)


def test_squared_optimum_at_a_tenth_is_0_32():
    facts = figure(Figure(), object_fraction=0.1)
    assert round(facts["squared_optimum"], 2) == 0.32


@pytest.mark.parametrize(("rate", "alpha", "p"), [(0.05, 0.5, 0.5), (0.3, 0.2, 0.1)])
def test_shares_of_pull_agree_with_differences_in_the_logits(rate, alpha, p):
    n, h = 200, 1e-5
    y = np.arange(n) < rate * n
    logit = np.log(p / (1 - p))

    def losses(z):
        q = 1 / (1 + np.exp(-z))
        overlap = q @ y / (alpha * q.sum() + (1 - alpha) * y.sum())
        return -overlap, -np.log(np.where(y, q, 1 - q)).mean()

    z = np.full(n, logit)
    up, down = (np.array([losses(z + s * e) for e in np.eye(n)]) for s in (h, -h))
    pull = np.abs(up - down)  # (n, 2)
    found = pull[y].sum(axis=0) / pull.sum(axis=0)
    got = object_share(rate, p, alpha)
    assert list(got.values()) == pytest.approx(list(found), abs=1e-5)


def test_gradient_ratio_is_that_of_an_object_pixel_to_a_background_pixel():
    y = np.arange(2000) < 100
    slopes = soft_gradient(np.full(2000, 0.5), y)
    facts = figure(Figure(), object_fraction=0.05)
    assert facts["gradient_ratio"] == pytest.approx(-slopes[0] / slopes[-1])
    assert slopes[0] < 0 < slopes[-1]


@pytest.mark.parametrize("alpha", [0.1, 0.5, 0.9])
def test_for_tiny_objects_the_overlap_pull_is_halved_between_the_classes(alpha):
    got = object_share(1e-6, 0.5, alpha)
    assert got["overlap"] == pytest.approx(0.5, abs=1e-4)
    assert got["cross_entropy"] == pytest.approx(1e-6)


def test_empty_mask_gives_loss_one_and_no_gradient_for_every_prediction():
    rng, empty = np.random.default_rng(0), np.zeros(9)
    for p in (rng.random(9), np.full(9, 1e-6), np.ones(9)):
        assert soft_loss(p, empty) == 1
        assert np.all(soft_gradient(p, empty) == 0)


def test_smoothing_gives_empty_masks_a_gradient_toward_zero():
    p, empty = np.full(9, 0.5), np.zeros(9)
    assert np.all(soft_gradient(p, empty, eps=1) > 0)
    assert soft_loss(0 * p, empty, eps=1) == 0


def test_probabilities_that_are_right_score_below_zeros_and_ones():
    q = (np.arange(100_000) + 0.5) / 100_000
    honest = q @ q / q.sum()  # expected overlap 2Σq² over Σq + Σq
    cut = q >= 0.382
    hard = 2 * q[cut].sum() / (cut.sum() + q.sum())
    assert honest == pytest.approx(2 / 3, abs=1e-4)
    # best threshold t solves t² − 3t + 1 = 0, and the best Dice is 2t
    assert hard == pytest.approx(3 - sqrt(5), abs=1e-4)


def test_dots_mark_the_lowest_points_of_their_curves():
    fig = Figure()
    figure(fig, object_fraction=0.1)
    lines = fig.axes[0].lines[:6]
    for curve, dot in zip(lines[::2], lines[1::2], strict=True):
        assert dot.get_ydata()[0] == curve.get_ydata().min()
