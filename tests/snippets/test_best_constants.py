"""best_constants against statistics, brute force and closed forms."""

from functools import partial
from statistics import NormalDist

import numpy as np
import pytest
from matplotlib.figure import Figure

import regression_losses as losses
from best_constants import best_constant, figure, skewed, spread_ratio
from regression_losses import absolute, huber, percentage, squared_log

LOSSES = [losses.squared, absolute, huber, losses.log_cosh, percentage, squared_log]
SAMPLE = np.array([1, 2, 3, 4, 100.0])


@pytest.mark.parametrize("loss", LOSSES)
def test_no_other_constant_has_a_smaller_mean_loss(loss):
    y = np.random.default_rng(1).lognormal(1, 1, 21)
    grid = np.linspace(y.min(), y.max(), 20_001)[:, None]
    best = loss(best_constant(loss, y), y)[0].mean()
    assert best <= loss(grid, y)[0].mean(axis=1).min() + 1e-12


@pytest.mark.parametrize(
    ("loss", "statistic"),
    [
        (losses.squared, np.mean),
        (absolute, np.median),
        (squared_log, lambda y: np.expm1(np.log1p(y).mean())),
    ],
)
def test_mean_median_and_shifted_geometric_mean(loss, statistic):
    y = np.random.default_rng(2).lognormal(1, 1, 33)
    assert best_constant(loss, y) == pytest.approx(statistic(y), rel=1e-12)


def test_mape_takes_the_median_weighted_by_one_over_the_target():
    y = np.sort(np.random.default_rng(3).lognormal(1, 1, 33))
    share = np.cumsum(1 / y) / np.sum(1 / y)
    expected = y[np.searchsorted(share, 0.5)]
    assert best_constant(percentage, y) == pytest.approx(expected, rel=1e-12)


def test_the_sample_with_an_outlier_has_mean_22_and_median_3():
    facts = figure(Figure())
    assert facts["argmin_mse"] == pytest.approx(22)
    assert facts["argmin_mae"] == pytest.approx(3)
    assert facts["argmin_mape"] == pytest.approx(2)
    assert facts["argmin_msle"] == pytest.approx((2 * 3 * 4 * 5 * 101) ** 0.2 - 1)


@pytest.mark.parametrize(("delta", "best"), [(0.1, 3), (1, 3), (10, 5), (100, 22)])
def test_huber_moves_from_the_median_to_the_mean_as_delta_grows(delta, best):
    assert best_constant(partial(huber, delta=delta), SAMPLE) == pytest.approx(best)


def test_huber_need_not_lie_between_mean_and_median():
    y = np.array([-2, -2, 0, 1, 3.0])
    assert y.mean() == np.median(y) == 0
    grid = np.linspace(-3, 3, 6001)
    costs = [huber(np.array(c), y, 2.0)[0].sum() for c in grid]
    brute = grid[int(np.argmin(costs))]
    assert brute == pytest.approx(-0.25, abs=1e-9)
    assert best_constant(partial(huber, delta=2), y) == pytest.approx(-0.25)


def test_with_an_even_count_every_point_between_the_middle_values_is_best():
    y = np.array([1, 2, 8, 9.0])
    cost = [float(absolute(np.array(c), y)[0].sum()) for c in (2, 3.3, 5, 8)]
    assert cost == [14, 14, 14, 14]
    for outside in (1.99, 8.01):
        assert absolute(np.array(outside), y)[0].sum() > 14
    assert best_constant(absolute, y) == pytest.approx(2)  # the least of them


def test_huber_can_be_level_too_and_log_cosh_cannot():
    y = np.array([1, 2, 8, 9.0])
    assert np.ptp([huber(np.array(c), y)[0].sum() for c in (3.0, 5.0, 7.0)]) == 0
    costs = [losses.log_cosh(np.array(c), y)[0].sum() for c in (3.0, 5.0, 7.0)]
    assert costs[1] < min(costs[0], costs[2])


@pytest.mark.parametrize("loss", [absolute, huber, losses.log_cosh])
def test_no_outlier_however_far_moves_a_bounded_pull_far(loss):
    far = best_constant(loss, np.array([1, 2, 3, 4, 1e9]))
    assert far == pytest.approx(best_constant(loss, SAMPLE), abs=1e-6)


def test_a_far_input_turns_the_absolute_error_line_through_the_origin():
    x, y = np.array([1, 2, 3, 4, 50.0]), np.array([1, 2, 3, 4, 0.0])
    slopes = np.linspace(-1, 2, 3001)
    brute = slopes[np.abs(slopes[:, None] * x - y).sum(axis=1).argmin()]
    assert best_constant(absolute, y / x, x) == pytest.approx(brute, abs=1e-9)
    assert brute == pytest.approx(0, abs=1e-9)


def test_median_of_normal_samples_varies_about_half_pi_times_as_much_as_the_mean():
    # 4000 trials leave each variance with a standard error of 2.2%
    assert spread_ratio() == pytest.approx(np.pi / 2, rel=0.07)


@pytest.mark.parametrize("sigma", [0.2, 1.0, 1.4])
def test_lognormal_optima_have_their_closed_forms(sigma):
    facts = skewed(Figure(), sigma)
    assert facts["skewed_mse"] == pytest.approx(np.exp(sigma**2 / 2), rel=1e-9)
    assert facts["skewed_mae"] == pytest.approx(1, rel=1e-9)
    assert facts["skewed_mape"] == pytest.approx(np.exp(-(sigma**2)), rel=1e-3)
    assert facts["below"] == pytest.approx(np.exp(-1.5 * sigma**2), rel=1e-3)


def test_lognormal_msle_agrees_with_gauss_hermite_quadrature():
    t, weight = np.polynomial.hermite_e.hermegauss(120)
    expected = np.expm1(weight @ np.log1p(np.exp(t)) / weight.sum())
    assert skewed(Figure())["skewed_msle"] == pytest.approx(expected, rel=1e-9)


def test_quantiles_instead_of_a_grid_give_the_same_mape_optimum():
    normal = NormalDist()
    z = np.array([normal.inv_cdf((i + 0.5) / 4000) for i in range(4000)])
    # the weighted median is one of 4000 points, about 0.002 apart
    best = best_constant(percentage, np.exp(z))
    assert skewed(Figure())["skewed_mape"] == pytest.approx(best, abs=3e-3)


def test_mape_of_the_mean_is_worse_than_of_a_constant_far_too_low():
    z = np.linspace(-9, 9, 9001)
    weight, y = np.exp(-(z**2) / 2), np.exp(z)
    low, mean = (np.sum(weight * percentage(np.array(c), y)[0]) for c in (0.37, 1.65))
    assert mean > 2 * low


@pytest.mark.parametrize("outlier", [5, 50, 100])
def test_diamonds_sit_at_the_best_constants_of_the_sample(outlier):
    fig = Figure()
    facts = figure(fig, outlier, 2)
    diamonds = [line for line in fig.axes[0].lines if line.get_marker() == "D"]
    names = "mse", "mae", "huber", "log_cosh", "msle", "mape"
    assert [line.get_xydata().tolist() for line in diamonds] == [
        [[facts[f"argmin_{name}"], row]] for row, name in enumerate(names, 1)
    ]
    labels = [tick.get_text() for tick in fig.axes[0].get_yticklabels()]
    assert labels == ["sample", "MSE", "MAE", "Huber", "log-cosh", "MSLE", "MAPE"]


def test_pale_dots_show_every_outlier_the_slider_offers():
    fig = Figure()
    figure(fig)
    trail = next(line for line in fig.axes[0].lines if len(line.get_xdata()) == 11)
    expected = [np.mean([1, 2, 3, 4, x]) for x in (5, *range(10, 101, 10))]
    np.testing.assert_allclose(trail.get_xdata(), expected)


def test_gray_hill_is_a_density():
    fig = Figure()
    skewed(fig, 0.2)
    y, height = fig.axes[0].collections[0].get_paths()[0].vertices.T
    area = abs(np.sum((y[1:] - y[:-1]) * (height[1:] + height[:-1]) / 2))
    assert area == pytest.approx(1, abs=1e-3)
