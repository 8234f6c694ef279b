"""minibatch_noise: variances by enumeration and formula, floors by simulation."""

import itertools

import numpy as np
import pytest
from matplotlib.figure import Figure

from minibatch_noise import (
    N,
    figure,
    gradient,
    gradient_variance,
    noise_floor,
    noisy_paths,
    numbers,
)


def test_numbers_are_standardized():
    z = numbers()
    assert (len(z), z.mean(), z.var()) == (N, pytest.approx(0), pytest.approx(1))


def test_gradient_is_the_slope_of_half_the_mean_square():
    z, h = numbers()[:7], 1e-30
    loss = ((1.5 + 1j * h - z) ** 2).mean() / 2
    assert gradient(1.5, z) == pytest.approx(loss.imag / h)


@pytest.mark.parametrize("size", [1, 10, 100, 1000])
def test_with_replacement_the_variance_is_one_over_the_batch(size):
    # 2000 draws: the variance of a variance is about 2 / 2000, more if skewed.
    assert gradient_variance(size, True) * size == pytest.approx(1, abs=0.12)
    assert figure(Figure(), batch=size)["variance_ratio"] == pytest.approx(1, abs=0.12)


@pytest.mark.parametrize("size", [1, 10, 100, 500])
def test_in_a_partition_the_finite_population_factor_enters(size):
    expected = (N - size) / (N - 1) / size
    assert gradient_variance(size, False) == pytest.approx(expected, rel=0.15)


def test_whole_data_has_no_noise():
    assert gradient_variance(N, False) < 1e-25


def test_both_variances_by_enumeration_of_all_batches():
    z, w = np.array([1.0, 2.0, 4.0, 9.0, 9.5]), 0.3
    every = [gradient(w, np.array(b)) for b in itertools.product(z, repeat=2)]
    assert np.var(every) == pytest.approx(z.var() / 2)
    assert np.mean(every) == pytest.approx(gradient(w, z))
    apart = [gradient(w, np.array(b)) for b in itertools.combinations(z, 2)]
    assert np.var(apart) == pytest.approx(z.var() / 2 * (5 - 2) / (5 - 1))
    assert np.mean(apart) == pytest.approx(gradient(w, z))


def test_gradients_of_a_partition_average_to_the_full_one():
    z = np.random.default_rng(3).permutation(numbers())
    for size in 1, 20, 250, 1000:
        mean = gradient(1.7, z.reshape(-1, size)).mean()
        assert mean == pytest.approx(gradient(1.7, z))


@pytest.mark.parametrize("rate", [0.1, 0.2, 0.5, 1])
@pytest.mark.parametrize("size", [1, 10])
def test_measured_floor_is_rate_over_two_minus_rate_over_batch(rate, size):
    facts = figure(Figure(), batch=size, rate=rate)
    assert facts["noise_floor"] == pytest.approx(rate / (2 - rate) / size)
    assert facts["measured_floor"] == pytest.approx(facts["noise_floor"], rel=0.2)
    assert facts["spread"] == 2 * facts["noise_floor"] ** 0.5


def test_floor_solves_its_fixed_point():
    for rate in 0.05, 0.7:
        v = 0.0
        for _ in range(1000):
            v = (1 - rate) ** 2 * v + rate**2 / 8
        assert noise_floor(rate, 8) == pytest.approx(v)


def test_doubling_batch_and_rate_leaves_small_floors_nearly_the_same():
    assert noise_floor(0.1, 20) / noise_floor(0.05, 10) == pytest.approx(1, abs=0.03)


def test_runs_start_at_three_and_forget_it():
    runs = noisy_paths(0.2, 10)
    assert np.all(runs[0] == 3)
    mean = runs.mean(axis=1)
    assert mean[:10] == pytest.approx(3 * 0.8 ** np.arange(10), abs=0.06)


def test_band_is_the_spread_and_the_dot_the_variance():
    fig = Figure()
    facts = figure(fig, batch=100, rate=0.5)
    top, low = fig.axes
    band = low.patches[0].get_extents().transformed(low.transData.inverted())
    assert (band.y0, band.y1) == pytest.approx((-facts["spread"], facts["spread"]))
    dots = [
        line.get_xydata().tolist() for line in top.lines if len(line.get_xdata()) == 1
    ]
    assert dots == [[[100, 0.01]]]
