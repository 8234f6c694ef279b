"""number_precision against the formats' own definitions."""

from math import frexp, inf

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure

from number_precision import EXPONENTS, figure, relative_spacing, stored_error


def test_spacing_is_that_of_53_bits():
    x = np.geomspace(1e-3, 1e100, 1000)
    expected = [2.0 ** (frexp(v)[1] - 53) / v for v in x]
    np.testing.assert_allclose(relative_spacing(x), expected, rtol=1e-15)


def test_spacing_over_magnitude_stays_within_a_factor_of_two():
    facts = figure(Figure())
    assert 1.1e-16 < facts["spacing_low"] < facts["spacing_high"] < 2.3e-16
    assert facts["spacing_high"] < 2.001 * facts["spacing_low"]


@pytest.mark.parametrize("power", [-100, -20, 7, 60])
def test_a_power_of_two_leaves_every_digit_of_single_precision(power):
    assert stored_error(2.0**power, 0, "single") == stored_error(1, 0, "single")


@pytest.mark.parametrize("factor", [1e-30, 1e-8, 1e6, 1e30])
def test_scale_costs_single_precision_nothing(factor):
    # rounding is uniform in half a spacing: between 2⁻²⁵ and 2⁻²⁴, over √3
    assert 2**-25 / 3**0.5 < stored_error(factor, 0, "single") < 2**-24 / 3**0.5


@pytest.mark.parametrize("power", [10, 16, 20])
def test_an_offset_costs_its_spacing(power):
    # above 2ᵏ floats lie 2ᵏ⁻²³ apart, below it half of that; half the inputs each
    above = 2.0 ** (power - 23) / 12**0.5
    expected = np.hypot(above, above / 2) / 2**0.5
    assert stored_error(1, 2.0**power, "single") == pytest.approx(expected, rel=0.1)


def test_a_large_enough_offset_loses_every_input():
    assert stored_error(1, 1e12, "single") == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("size", "precision"), [(1e5, "half"), (1e39, "single")])
def test_the_ends_of_the_range_are_an_infinite_error(size, precision):
    assert stored_error(size, 0, precision) == inf
    assert stored_error(1, size, precision) == inf


def test_half_precision_loses_small_inputs():
    assert stored_error(1e-8, 0, "half") > 0.9 > stored_error(1e-3, 0, "half") * 1000


@pytest.mark.parametrize("precision", ["half", "single"])
@pytest.mark.parametrize("log10_size", [-8, 2, 12])
def test_dots_stand_on_their_curves_at_the_facts(log10_size, precision):
    fig = Figure()
    facts = figure(fig, log10_size, precision)
    offset, dot, scale, other = fig.axes[0].lines
    for curve, mark, name in (offset, dot, "offset"), (scale, other, "scale"):
        ((x, y),) = mark.get_xydata()
        assert (x, 10**y) == (log10_size, pytest.approx(facts[f"{name}_error"]))
        assert y in curve.get_ydata()
        assert same_color(mark.get_color(), curve.get_color())


def test_curves_are_drawn_over_the_sizes_that_they_name():
    fig = Figure()
    figure(fig)
    scale = fig.axes[0].lines[2]
    assert np.array_equal(scale.get_xdata(), EXPONENTS)
    assert scale.get_ydata()[0] == np.log10(stored_error(1e-8, 0, "single"))
