"""batch_norm_statistics against exact distributions of normal samples."""

from math import ceil, exp, lgamma, log, sqrt

import numpy as np
import pytest
from matplotlib.figure import Figure

from batch_norm import SIZES
from batch_norm_statistics import estimates, figure, follow, running, with_mates


def facts(**knobs):
    return figure(Figure(), **knobs)


# 10,000 batches: a variance of 4 is known to a share of sqrt(2 / m) / 100
@pytest.mark.parametrize("batch", SIZES)
def test_batch_variance_is_too_small_by_the_factor_m_minus_1_over_m(batch):
    found = estimates(batch)
    assert found["mean_batch_variance"] == pytest.approx(
        4 * (batch - 1) / batch, rel=0.03
    )
    assert found["corrected_variance"] == pytest.approx(4, rel=0.03)


@pytest.mark.parametrize("batch", SIZES)
def test_root_of_the_corrected_variance_is_biased_as_the_chi_law_says(batch):
    n = batch - 1
    c4 = sqrt(2 / n) * exp(lgamma((n + 1) / 2) - lgamma(n / 2))
    found = estimates(batch)["corrected_deviation"]
    assert found == pytest.approx(2 * c4, rel=0.02)
    assert c4 < 1
    training = estimates(batch)["mean_batch_deviation"]
    assert training == pytest.approx(2 * c4 * sqrt(n / batch), rel=0.02)


def test_numbers_at_eight():
    found = facts(batch=8)
    assert found["mean_batch_variance"] == pytest.approx(3.5, abs=0.05)
    assert found["corrected_deviation"] == pytest.approx(1.93, abs=0.01)
    assert found["mean_batch_deviation"] == pytest.approx(1.81, abs=0.01)


@pytest.mark.parametrize("batch", SIZES)
def test_batch_mean_scatters_with_sigma_over_root_m(batch):
    found = estimates(batch)["spread_of_mean"]
    assert found == pytest.approx(2 / sqrt(batch), rel=0.03)


def test_outputs_of_one_example_scatter_less_among_more_mates():
    spread = [facts(batch=m)["output_spread"] for m in SIZES[2:]]
    assert spread == sorted(spread, reverse=True)
    # 200 batches know a deviation to a share of 5 %
    assert spread[0] / spread[-1] == pytest.approx(sqrt(16), rel=0.25)


def test_among_two_an_output_is_plus_or_minus_one():
    out = with_mates(2)
    # |x̂| = a / √(a² + EPS), with 2a the distance; it may be small
    assert np.mean(np.abs(np.abs(out) - 1) < 1e-3) > 0.95
    assert np.mean(out > 0) == pytest.approx(0.84, abs=0.1)  # P(mate < 7)


def test_outputs_are_normalized_batch_by_batch():
    x = np.random.default_rng(1).normal(5, 2, size=(8, 200))
    x[0] = 7
    expected = [(7 - b.mean()) / np.sqrt(b.var() + 1e-5) for b in x.T]
    np.testing.assert_allclose(with_mates(8), expected, rtol=1e-12)


@pytest.mark.parametrize(("momentum", "steps"), [(0.5, 7), (0.9, 44), (0.99, 459)])
def test_memory_counts_the_steps_until_the_start_is_under_one_percent(momentum, steps):
    found = running(Figure(), running_momentum=momentum)["memory"]
    assert found == steps == ceil(log(0.01) / log(momentum))
    assert momentum**steps < 0.01 <= momentum ** (steps - 1)


def test_running_mean_lags_by_momentum_over_one_minus_it_steps():
    found = running(Figure(), running_momentum=0.9, examples=128)
    # the mean moves by 0.05 per step, and averaging looks 9 steps back
    assert found["lag"] == pytest.approx(9 * 0.05, abs=0.05)


def test_more_momentum_means_less_noise_and_more_lag():
    low, high = (running(Figure(), running_momentum=m) for m in (0.5, 0.9))
    assert low["running_noise"] > high["running_noise"]
    assert low["lag"] < high["lag"]
    assert running(Figure(), running_momentum=0.99)["running_gap"] > 1


def test_running_figure_draws_what_it_followed():
    fig = Figure()
    found = running(fig, running_momentum=0.5, examples=32)
    dots, line, average = (drawn.get_ydata() for drawn in fig.axes[0].lines)
    true, mean, expected = follow(0.5, 32)
    assert dots.tolist() == mean.tolist()
    assert line.tolist() == true.tolist()
    assert average.tolist() == expected.tolist()
    assert found["running_gap"] == line[-1] - average[-1]
    assert expected[0] == pytest.approx(0.5 * mean[0])  # from a start of 0


@pytest.mark.parametrize("batch", [2, 8, 128])
def test_figure_draws_outputs_and_shares(batch):
    fig = Figure()
    found = figure(fig, batch=batch)
    left, right = fig.axes
    heights = [patch.get_height() for patch in left.patches]
    assert sum(heights) == 200 == left.get_ylim()[1]  # none falls outside
    share = right.lines[5].get_xydata()[0]
    assert share.tolist() == [np.log2(batch), found["mean_batch_variance"] / 4]
