"""dropout_ensemble against loops over masks and samples of them."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from dropout import keep
from dropout_ensemble import (
    HIDDEN,
    all_masks,
    figure,
    geometric_mean,
    network,
    softmax,
)

X = np.linspace(-3, 3, 61)
RATES = [0.2, 0.5, 0.8]


@pytest.mark.parametrize("rate", [0.0, *RATES])
def test_masks_are_all_different_and_their_odds_add_up(rate):
    masks, odds = all_masks(6, rate)
    assert len(np.unique(masks, axis=0)) == 64
    assert odds.sum() == pytest.approx(1)
    assert odds @ masks == pytest.approx(np.full(6, 1 - rate))


def test_odds_agree_with_drawn_masks():
    masks, odds = all_masks(3, 0.3)
    drawn = keep((200_000, 3), 0.3, np.random.default_rng(0))
    for mask, share in zip(masks, odds, strict=True):
        # one standard error is at most 0.0011
        assert (drawn == mask).all(axis=1).mean() == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize("rate", RATES)
def test_linear_layer_makes_the_single_pass_the_average(rate):
    gap = figure(Figure(), rate=rate, last="linear")["ensemble_gap"]
    assert gap < 1e-12


@pytest.mark.parametrize("rate", RATES)
def test_relu_layer_makes_them_differ(rate):
    assert figure(Figure(), rate=rate, last="ReLU")["ensemble_gap"] > 0.1


def test_gap_grows_with_the_rate():
    rates = np.linspace(0, 0.8, 9)
    gaps = [figure(Figure(), rate=rate)["ensemble_gap"] for rate in rates]
    assert gaps[0] < 1e-12 and np.all(np.diff(gaps) > 0)


def test_average_agrees_with_drawn_masks():
    rate, n = 0.5, 20_000
    masks = keep((n, HIDDEN), rate, np.random.default_rng(1))
    outputs = network(X[::20], masks / (1 - rate), "ReLU")
    fig = Figure()
    figure(fig, rate=rate)
    average = fig.axes[0].lines[-2].get_ydata()[::20]
    error = outputs.std(axis=0) / n**0.5
    assert np.all(np.abs(outputs.mean(axis=0) - average) < 4 * error)


def test_a_masked_unit_changes_nothing_wherever_it_is():
    # a unit that is multiplied by 0 leaves the hinge of its own out
    masks = np.ones((2, HIDDEN))
    masks[1, 4] = 0
    whole, without = network(X, masks, "linear")
    change = np.diff(whole - without, 2)
    assert np.sum(np.abs(change) > 1e-12) <= 2  # one hinge, between two points


@pytest.mark.parametrize("rate", RATES)
def test_softmax_layer_is_the_geometric_mean_of_all_masks(rate):
    rng = np.random.default_rng(0)
    h, w, b = rng.random(7), rng.normal(size=(4, 7)), rng.normal(size=4)
    masks, odds = all_masks(7, rate)
    each = softmax(masks * h / (1 - rate) @ w.T + b)
    single = softmax(w @ h + b)
    product = np.prod(each ** odds[:, None], axis=0)
    assert np.abs(product / product.sum() - single).max() < 1e-12
    assert np.abs(geometric_mean(each, odds) - single).max() < 1e-12
    assert np.abs(odds @ each - single).max() > 1e-3


def test_softmax_keeps_ratios_and_does_not_overflow():
    p = softmax(np.array([1000.0, 1000.0 + np.log(3)]))
    assert p == pytest.approx([0.25, 0.75])


@pytest.mark.parametrize("rate", RATES)
def test_a_relu_unit_has_a_mean_of_at_least_the_single_pass(rate):
    rng = np.random.default_rng(2)
    masks, odds = all_masks(8, rate)
    for _ in range(50):
        h, w = rng.random(8), rng.normal(size=8)
        mean = odds @ np.maximum(masks * h / (1 - rate) @ w, 0)
        assert mean >= max(h @ w, 0) - 1e-12


def test_original_and_inverted_form_agree_for_a_linear_layer():
    rng = np.random.default_rng(3)
    h, w = rng.random(8), rng.normal(size=8)
    masks, odds = all_masks(8, 0.3)
    assert abs(odds @ (masks * h @ w) - h @ (0.7 * w)) < 1e-12
    assert abs(odds @ (masks * h / 0.7 @ w) - h @ w) < 1e-12


def test_drawn_lines_are_networks_their_average_and_the_single_pass():
    fig = Figure()
    facts = figure(fig, rate=0.5)
    *some, average, single = (line.get_ydata() for line in fig.axes[0].lines)
    masks, _ = all_masks(HIDDEN, 0.5)
    each = network(X, 2 * masks, "ReLU")
    assert len(some) == 60 and facts["networks"] == len(each) == 1024
    assert all(np.abs(each - line).max(axis=1).min() < 1e-12 for line in some)
    assert average == pytest.approx(each.mean(axis=0))  # at 0.5 all are as likely
    assert single == pytest.approx(network(X, np.ones((1, HIDDEN)), "ReLU")[0])
    assert facts["ensemble_gap"] == np.abs(average - single).max()
    assert fig.axes[0].texts[-1].get_text() == f"gap up to {facts['ensemble_gap']:.2f}"
