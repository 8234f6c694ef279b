"""line_on_parabola against integrals done by hand."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from line_on_parabola import figure, linear_fit, r_squared


def by_hand(a, b):
    """R² of the best line on x² over [a, b]: the miss is (b − a)⁴ / 180."""
    middle, half = (a + b) / 2, (b - a) / 2
    variance = 4 * middle**2 * half**2 / 3 + 4 * half**4 / 45
    return 1 - (2 * half) ** 4 / 180 / variance


@pytest.mark.parametrize("start", [-1, -0.5, 0, 0.5])
def test_r_squared_agrees_with_the_integrals(start):
    assert figure(Figure(), start=start)["r2"] == pytest.approx(
        by_hand(start, 1), abs=2e-3
    )


def test_on_a_symmetric_range_the_line_is_flat_and_explains_nothing():
    facts = figure(Figure())
    assert (facts["slope"], facts["r2"]) == pytest.approx((0, 0), abs=1e-12)


def test_on_zero_to_one_a_fine_grid_gives_fifteen_sixteenths():
    x = np.linspace(0, 1, 200_001)
    c = linear_fit(x, x**2)
    assert c == pytest.approx((-1 / 6, 1), abs=1e-5)
    assert r_squared(x**2, c[0] + c[1] * x) == pytest.approx(15 / 16, abs=1e-5)


def test_far_from_zero_the_line_does_nearly_everything():
    assert by_hand(10, 11) > 0.999


@pytest.mark.parametrize("start", [-1, 0.5])
def test_the_square_as_a_feature_fits_exactly(start):
    facts = figure(Figure(), start=start, square=True)
    assert facts["r2"] == pytest.approx(1, abs=1e-12) and facts["worst"] < 1e-12


def test_least_squares_leaves_residuals_orthogonal_to_the_features():
    x = np.linspace(-1, 1, 50)
    y = np.sin(3 * x)
    c = linear_fit(np.c_[x, x**2], y)
    left = y - c[0] - c[1] * x - c[2] * x**2
    np.testing.assert_allclose([left.sum(), left @ x, left @ x**2], 0, atol=1e-12)


def test_shaded_miss_lies_between_data_and_line():
    fig = Figure()
    figure(fig, start=0)
    x, y = fig.axes[0].lines[1].get_xydata().T
    np.testing.assert_allclose(y, x**2)
    x, y = fig.axes[0].lines[2].get_xydata().T
    np.testing.assert_allclose(y, x - 1 / 6, atol=1e-3)
