"""input_scaling against integrals, brute force and its own drawings."""

from typing import get_args

import numpy as np
import pytest
from matplotlib.figure import Figure

from input_scaling import (
    RATIOS,
    START,
    Treatment,
    condition,
    descend,
    figure,
    hessian,
    inputs,
    steps_needed,
    treat,
)

HOWS = get_args(Treatment)


def kappa(ratio, how):
    return condition(hessian(treat(inputs(ratio), how)))


@pytest.mark.parametrize("how", HOWS)
def test_hessian_is_the_second_difference_of_the_loss(how):
    x = treat(inputs(3), how)
    y = np.random.default_rng(1).normal(size=len(x))

    def loss(w):
        return np.mean((x @ w - y) ** 2) / 2

    step = np.eye(2)  # exact for a quadratic, whatever the step
    second = [
        [loss(a + b) - loss(a) - loss(b) + loss(np.zeros(2)) for b in step]
        for a in step
    ]
    np.testing.assert_allclose(hessian(x), second, rtol=1e-9, atol=1e-12)


def test_condition_is_the_ratio_of_squared_singular_values():
    x = treat(inputs(30), "raw")
    s = np.linalg.svd(x, compute_uv=False)
    assert condition(hessian(x)) == pytest.approx((s[0] / s[1]) ** 2, rel=1e-8)


def uniform_moments(ratio, how):
    """The Hessian of uniform inputs, integrated by hand instead of sampled."""
    s = 1 / ratio
    return {
        "raw": np.array([[1 / 3, s / 4], [s / 4, s**2 / 3]]),
        "centered": np.diag([1 / 12, s**2 / 12]),
        "scaled": np.array([[4, 3], [3, 4]]),
        "standardized": np.eye(2),
    }[how]


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("ratio", RATIOS)
def test_conditions_are_those_of_the_integrals(ratio, how):
    # 10,000 rows leave a correlation of about 0.02, twice that in κ
    expected = condition(uniform_moments(ratio, how))
    assert kappa(ratio, how) == pytest.approx(expected, rel=0.06)


def test_raw_is_above_ten_thousand_centered_about_that_standardized_near_one():
    raw, centered, standardized = (
        kappa(100, how) for how in ("raw", "centered", "standardized")
    )
    assert raw > 1e4 and centered == pytest.approx(1e4, rel=0.02)
    assert standardized < 1.05


@pytest.mark.parametrize("ratio", RATIOS)
def test_scaling_without_centering_leaves_about_seven(ratio):
    assert kappa(ratio, "scaled") == pytest.approx(7, abs=0.15)


def test_what_standardizing_leaves_is_the_correlation():
    r = abs(np.corrcoef(inputs(30).T)[0, 1])
    assert kappa(30, "standardized") == pytest.approx((1 + r) / (1 - r), rel=1e-9)


@pytest.mark.parametrize("how", HOWS)
def test_best_rate_shrinks_the_error_by_one_factor_in_every_step(how):
    h = hessian(treat(inputs(3), how))
    path = descend(h, START, 5)
    energy = np.einsum("ki,ij,kj->k", path, h, path)
    k = condition(h)
    expected = ((k - 1) / (k + 1)) ** 2
    np.testing.assert_allclose(energy[1:] / energy[:-1], expected, rtol=1e-6)


def test_no_other_constant_rate_shrinks_the_worst_error_as_much():
    low, high = np.linalg.eigvalsh(hessian(inputs(3)))
    rates = np.linspace(0, 2 / high, 2001)
    worst = np.maximum(abs(1 - rates * low), abs(1 - rates * high))
    best = rates[worst.argmin()]
    assert best == pytest.approx(2 / (low + high), abs=rates[1])


@pytest.mark.parametrize(
    ("ratio", "how"), [(1, "raw"), (3, "raw"), (10, "centered"), (3, "standardized")]
)
def test_steps_needed_agree_with_a_descent(ratio, how):
    h, steps = hessian(treat(inputs(ratio), how)), steps_needed(kappa(ratio, how))
    path = descend(h, START, steps)
    left = np.einsum("ki,ij,kj->k", path, h, path) / (START @ h @ START)
    assert left[-1] <= 1e-6 < left[-2]


def test_steps_grow_like_the_squared_ratio_when_centered():
    steps = np.array([steps_needed(kappa(r, "centered")) for r in RATIOS[1:]])
    # n = κ ln(10⁶)/4, up to O(1/κ) and one step
    expected = np.array(RATIOS[1:]) ** 2 * np.log(1e6) / 4
    np.testing.assert_allclose(steps, expected, rtol=0.04)


def test_the_weight_of_the_small_input_gets_the_small_gradient():
    gradient = hessian(inputs(100)) @ np.array([1.0, 1.0])
    assert gradient[0] > 50 * gradient[1] > 0


def test_a_thousandfold_input_lowers_the_largest_rate_a_millionfold():
    x = treat(inputs(1), "standardized")
    one, other = (np.linalg.eigvalsh(hessian(c * x))[-1] for c in (1, 1000))
    assert other / one == pytest.approx(1e6)


@pytest.mark.parametrize("how", ["raw", "scaled"])
def test_a_bias_column_makes_uncentered_inputs_worse(how):
    facts = figure(Figure(), scale_ratio=100, treatment=how)
    assert facts["condition_with_bias"] > 4 * facts["condition"]


def test_standardized_inputs_do_not_notice_the_bias():
    facts = figure(Figure(), treatment="standardized")
    assert facts["condition_with_bias"] == pytest.approx(facts["condition"])


def test_scaled_inputs_with_a_bias_have_the_condition_of_the_integral():
    m = 3**0.5  # mean over deviation
    h = np.array([[4, 3, m], [3, 4, m], [m, m, 1]])
    found = figure(Figure(), treatment="scaled")["condition_with_bias"]
    assert found == pytest.approx(condition(h), rel=0.06)


@pytest.mark.parametrize("how", HOWS)
def test_treatments_do_what_their_names_say(how):
    x = treat(inputs(10), how)
    assert np.allclose(x.mean(axis=0), 0) == (how in ("centered", "standardized"))
    assert np.allclose(x.std(axis=0), 1) == (how in ("scaled", "standardized"))


def test_least_squares_predicts_the_same_from_rescaled_inputs():
    x = inputs(30)
    y = np.random.default_rng(1).normal(size=len(x))
    one, other = (
        z @ np.linalg.lstsq(z, y, rcond=None)[0] for z in (x, treat(x, "scaled"))
    )
    np.testing.assert_allclose(one, other, atol=1e-10)


def test_drawn_path_is_the_descent():
    fig = Figure()
    figure(fig, scale_ratio=10, treatment="raw")
    drawn = fig.axes[0].lines[0].get_xydata()
    assert np.array_equal(drawn, descend(hessian(inputs(10)), START, 40))


def test_drawn_steps_are_those_of_each_treatment_and_the_dot_is_the_chosen():
    fig = Figure()
    facts = figure(fig, scale_ratio=30, treatment="centered")
    *curves, dot = fig.axes[1].lines
    for curve, how in zip(curves, HOWS, strict=True):
        expected = [[r, steps_needed(kappa(r, how))] for r in RATIOS]
        assert curve.get_xydata().tolist() == expected
    assert dot.get_xydata().tolist() == [[30, facts["steps"]]]


def test_figure_says_condition_and_steps():
    fig = Figure()
    facts = figure(fig, scale_ratio=100, treatment="raw")
    texts = " ".join(t.get_text() for t in fig.axes[0].texts)
    assert f"{facts['condition']:,.0f}" in texts and f"{facts['steps']:,}" in texts
