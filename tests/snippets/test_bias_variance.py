"""bias_variance: the exact parts against samples and against linear algebra."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from bias_variance import DEGREES, decompose, figure, measure, simulate, truth

X = np.linspace(-1, 1, 25)


def predictions(degree, noise=0.3, times=4000):
    """Fitted values at the design points, by a basis of plain powers."""
    c = simulate(degree, noise, len(X), times)
    return np.polynomial.legendre.legval(X, c.T)  # (times, 25)


@pytest.mark.parametrize("degree", [0, 3, 12])
def test_on_one_set_of_samples_error_is_bias_plus_variance_exactly(degree):
    bias2, variance, error = measure(predictions(degree, times=50), truth(X))
    assert error == pytest.approx(bias2 + variance, abs=1e-10)


@pytest.mark.parametrize("degree", [0, 1, 3, 7, 15])
def test_exact_parts_agree_with_4000_samples(degree):
    exact = decompose(degree, 0.3, 25)
    bias2, variance, _ = measure(predictions(degree), truth(X))
    # a mean of degree + 1 squared normals over 4000 samples: 2% is 5 errors
    assert variance == pytest.approx(exact.variance, rel=0.04)
    # the mean of the samples itself scatters by variance / 4000
    assert bias2 == pytest.approx(exact.bias2, abs=5 * exact.variance / 4000 + 1e-3)


def test_simulated_fits_are_least_squares_fits():
    c = simulate(3, 0.3, 25, 5)
    rng = np.random.default_rng(0)
    y = np.sin(np.pi * X) + rng.normal(0, 0.3, (5, 25))
    powers = np.polynomial.polynomial.polyfit(X, y.T, 3)
    expected = np.polynomial.polynomial.polyval(X, powers)
    found = np.polynomial.legendre.legval(X, c.T)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("points", [20, 25, 60])
@pytest.mark.parametrize("degree", [0, 3, 15])
def test_variance_is_noise_times_coefficients_over_points(degree, points):
    variance = decompose(degree, 0.5, points).variance
    assert variance == pytest.approx(0.25 * (degree + 1) / points, rel=1e-12)


def test_bias_agrees_with_a_polynomial_fitted_to_the_truth():
    powers = np.polynomial.polynomial.polyfit(X, truth(X), 3)
    gap = truth(X) - np.polynomial.polynomial.polyval(X, powers)
    assert decompose(3, 0.3, 25).bias2 == pytest.approx(np.mean(gap**2), rel=1e-10)


def test_bias_never_rises_with_the_degree():
    bias2 = [decompose(d, 0.3, 25).bias2 for d in DEGREES]
    assert np.all(np.diff(bias2) <= 1e-15)


def test_an_even_degree_lowers_no_bias_of_an_odd_truth():
    bias2 = [decompose(d, 0.3, 25).bias2 for d in range(6)]
    assert bias2[2] == pytest.approx(bias2[1]) and bias2[4] == pytest.approx(bias2[3])


def test_bias_depends_on_neither_noise_nor_luck():
    assert decompose(1, 0.1, 25).bias2 == decompose(1, 0.5, 25).bias2


def test_many_points_leave_the_bias_of_the_best_cubic_on_the_interval():
    # Projection of sin πx on P₁ and P₃ by Gauss-Legendre quadrature.
    t, w = np.polynomial.legendre.leggauss(60)
    f = np.sin(np.pi * t)
    p1, p3 = t, (5 * t**3 - 3 * t) / 2
    best = sum((w @ (f * p)) / (w @ (p * p)) * p for p in (p1, p3))
    expected = w @ (f - best) ** 2 / 2
    assert decompose(3, 0.3, 400).bias2 == pytest.approx(expected, rel=0.03)


def test_total_is_smallest_at_degree_3_and_its_ends_have_different_causes():
    facts = figure(Figure())
    assert facts["best_degree"] == 3
    for degree in (0, 1):
        parts = decompose(degree, 0.3, 25)
        assert parts.bias2 > 10 * parts.variance
    for degree in range(12, 16):
        parts = decompose(degree, 0.3, 25)
        assert parts.variance > 10 * parts.bias2


def test_most_of_the_least_total_is_noise():
    facts = figure(Figure())
    assert facts["noise_floor"] / facts["best_total"] > 0.8


def test_less_noise_moves_the_best_degree_up():
    assert figure(Figure(), noise=0.1)["best_degree"] == 5
    assert figure(Figure(), noise=0.5)["best_degree"] == 3


def test_the_parts_add_up_in_the_facts():
    facts = figure(Figure(), degree=7, noise=0.5)
    parts = facts["bias2"] + facts["variance"] + facts["noise_floor"]
    assert facts["total"] == pytest.approx(parts, rel=1e-12)


def test_bars_stack_to_the_total():
    fig = Figure()
    figure(fig, degree=4)
    low, totals = fig.axes[1], np.zeros(16)
    for bar in low.patches:
        degree = round(bar.get_x() + bar.get_width() / 2)
        totals[degree] = max(totals[degree], bar.get_y() + bar.get_height())
    expected = [sum(decompose(d, 0.3, 25)) for d in DEGREES]
    np.testing.assert_allclose(totals, expected, rtol=1e-12)


def test_mean_fit_is_drawn_where_the_samples_average():
    fig = Figure()
    figure(fig, degree=1)
    x, y = fig.axes[0].lines[-1].get_xydata().T
    many = np.polynomial.legendre.legval(x, simulate(1, 0.3, 25, 4000).T).mean(axis=0)
    # at the ends the standard error is 0.3 · (2/√25) / √4000 = 0.002
    np.testing.assert_allclose(y, many, atol=0.01)


def test_fan_has_twenty_fits():
    fig = Figure()
    figure(fig)
    assert len(fig.axes[0].lines) == 20 + 2
