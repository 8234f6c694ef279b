"""momentum_rates: factors against runs, limits and best constants by search."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from momentum import momentum, nesterov
from momentum_rates import (
    CONDITIONS,
    figure,
    heavy_ball_factor,
    nesterov_factor,
    steps_to,
    tuned_gd,
    tuned_momentum,
    tuned_nesterov,
)
from surfaces import descend, sgd

FACTORS = {momentum: heavy_ball_factor, nesterov: nesterov_factor}
each_rule = pytest.mark.parametrize("rule", FACTORS)


@each_rule
@pytest.mark.parametrize("beta", [0, 0.5, 0.9])
@pytest.mark.parametrize("scaled", [0.05, 0.7, 1.3])
def test_factor_is_what_a_run_on_one_curvature_shows(rule, beta, scaled):
    rate, curvature = scaled / 25, 25
    path = descend(rule(rate, beta), lambda x: curvature * x, [1.0], 400)[:, 0]
    # Oscillation hides single steps: compare the sizes of (x, x before).
    size = np.hypot(path[1:], path[:-1])
    found = (size[380] / size[80]) ** (1 / 300)
    assert found == pytest.approx(FACTORS[rule](rate, beta, curvature), rel=0.01)


@pytest.mark.parametrize("beta", [0, 0.5, 0.9, 0.99])
def test_limits_of_the_rate_are_those_of_the_table(beta):
    for factor, limit in (
        (heavy_ball_factor, 2 * (1 + beta)),
        (nesterov_factor, 2 * (1 + beta) / (1 + 2 * beta)),
    ):
        scaled = np.linspace(0.001, 4.2, 4200)
        stable = [factor(s / 25, beta, 25) < 1 for s in scaled]
        assert scaled[np.argmin(stable)] == pytest.approx(limit, abs=0.002)
        assert not any(stable[np.argmin(stable) :])


def test_numbers_of_the_table():
    assert 2 * 1.9 == 3.8 and round(2 * 1.9 / 2.8, 2) == 1.36


@pytest.mark.parametrize("beta", [0.5, 0.9])
def test_complex_roots_have_the_size_of_root_beta(beta):
    inside = np.linspace((1 - beta**0.5) ** 2, (1 + beta**0.5) ** 2, 30)[1:-1]
    for scaled in inside:
        assert heavy_ball_factor(scaled, beta, 1) == pytest.approx(beta**0.5)
    assert heavy_ball_factor(0.9 * (1 - beta**0.5) ** 2, beta, 1) > beta**0.5


@pytest.mark.parametrize("condition", [5, 100])
def test_no_constants_beat_polyaks(condition):
    best = (condition**0.5 - 1) / (condition**0.5 + 1)
    found = min(
        max(heavy_ball_factor(rate, beta, c) for c in (1, condition))
        for rate in np.linspace(0.1, 4, 60) / condition
        for beta in np.linspace(0, 0.99, 60)
    )
    assert best <= found < best + 0.05


@pytest.mark.parametrize("condition", CONDITIONS)
def test_tuned_rules_have_the_quoted_factors(condition):
    root, facts = condition**0.5, figure(Figure(), condition=condition)
    rate, beta = 4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2
    for curvature in 1, condition:  # a double root: computed to half the digits
        found = heavy_ball_factor(rate, beta, curvature)
        assert found == pytest.approx(facts["momentum_factor"], abs=1e-6)
    ends = [nesterov_factor(1 / condition, beta**0.5, c) for c in (1, condition)]
    assert max(ends) == pytest.approx(facts["nesterov_factor"], abs=1e-6)
    assert facts["gd_factor"] == pytest.approx(1 - 2 / (condition + 1))


@pytest.mark.parametrize("condition", [1, 10, 100])
def test_tuned_rules_are_the_stated_constants(condition):
    root = condition**0.5
    stated = (
        (tuned_gd, sgd(2 / (condition + 1))),
        (tuned_nesterov, nesterov(1 / condition, (root - 1) / (root + 1))),
    )
    curved = np.array([1.0, condition])
    for tuned, rule in stated:
        one = descend(tuned(condition), lambda x: curved * x, [1, 1], 20)
        assert one == pytest.approx(descend(rule, lambda x: curved * x, [1, 1], 20))
    heavy = descend(tuned_momentum(condition), lambda x: curved * x, [1, 1], 2)
    x1 = 1 - 4 / (root + 1) ** 2 * curved
    beta = ((root - 1) / (root + 1)) ** 2
    expected = x1 - 4 / (root + 1) ** 2 * curved * x1 + beta * (x1 - 1)
    assert heavy[2] == pytest.approx(expected)


def test_steps_grow_tenfold_for_descent_and_by_root_ten_for_the_others():
    for method, growth in ("gd", 10), ("momentum", 10**0.5), ("nesterov", 10**0.5):
        steps = np.array([steps_to(1e-6, method, c) for c in (10, 100, 1000)])
        assert steps[1:] / steps[:-1] == pytest.approx(growth, rel=0.15)


def test_descent_needs_what_its_factor_says_and_heavy_ball_a_little_more():
    for condition in 10, 100, 1000:
        facts = figure(Figure(), condition=condition)
        exact = np.log(1e-6) / np.log(facts["gd_factor"])
        assert facts["steps_gd"] == np.ceil(exact)
        alone = np.log(1e-6) / np.log(facts["momentum_factor"])
        assert facts["root_steps"] == pytest.approx(alone)
        assert alone < facts["steps_momentum"] < 1.5 * alone


def test_on_a_round_bowl_all_three_arrive_in_one_step():
    for method in "gd", "momentum", "nesterov":
        assert steps_to(1e-6, method, 1) == 1


def bent(x):
    return np.where(x < 1, 25 * x, np.where(x < 2, x + 24, 25 * x - 24))


def test_heavy_ball_circles_where_nesterov_and_descent_converge():
    x = np.linspace(-5, 5, 1001)
    slopes = np.diff(bent(x)) / np.diff(x)  # continuous, from 1 to 25
    assert slopes.min() == pytest.approx(1) and slopes.max() == pytest.approx(25)
    path = descend(tuned_momentum(25), bent, [3.3], 999)[:, 0]
    assert path[-1] == pytest.approx(path[-4])
    assert np.abs(path[-3:]).min() > 0.6
    for tuned in tuned_gd, tuned_nesterov:
        assert abs(descend(tuned(25), bent, [3.3], 999)[-1, 0]) < 1e-9


@pytest.mark.parametrize("tolerance", [-6, -2])
def test_drawn_lines_hold_the_counted_steps(tolerance):
    fig = Figure()
    facts = figure(fig, condition=300, log10_tolerance=tolerance)
    lines = [line for line in fig.axes[0].lines if len(line.get_xdata()) == 5]
    for line, method in zip(lines, ("gd", "momentum", "nesterov"), strict=True):
        assert line.get_ydata()[3] == facts["steps_" + method]
    assert facts["saved"] == facts["steps_gd"] / facts["steps_momentum"]
