"""early_stopping_filters: the shares, by running the descent and by solving."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from early_stopping_filters import descend, figure, ridge, stopped


def problem(seed=0):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(9, 5)), rng.normal(size=9)
    return x, y, *np.linalg.svd(x, full_matrices=False)


@pytest.mark.parametrize("steps", [0, 1, 7, 100])
@pytest.mark.parametrize("rate", [0.005, 0.05])
def test_descent_from_zero_has_the_filter_factors(steps, rate):
    x, y, u, s, vt = problem()
    rate = min(rate, 1.9 / s[0] ** 2)
    expected = vt.T @ (stopped(s, steps, rate) * (u.T @ y) / s)
    np.testing.assert_allclose(descend(x, y, steps, rate), expected, atol=1e-12)


@pytest.mark.parametrize("penalty", [0.1, 3])
def test_ridge_shares_are_those_of_the_normal_equations(penalty):
    x, y, u, s, vt = problem()
    expected = np.linalg.solve(x.T @ x + penalty * np.eye(5), x.T @ y)
    found = vt.T @ (ridge(s, penalty) * (u.T @ y) / s)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_descent_follows_the_gradient_of_half_the_squares():
    x, y, *_ = problem()

    def loss(w):
        return np.sum((x @ w - y) ** 2) / 2

    slope = [(loss(e) - loss(-e)) / 2e-4 for e in 1e-4 * np.eye(5)]
    np.testing.assert_allclose(descend(x, y, 1, 0.1), -0.1 * np.array(slope), atol=1e-9)


def test_descent_converges_below_two_over_the_largest_square_and_not_above():
    x, y, _, s, _ = problem()
    solution = np.linalg.lstsq(x, y)[0]
    near = descend(x, y, 2000, 1.9 / s[0] ** 2)
    np.testing.assert_allclose(near, solution, atol=1e-6)
    assert np.linalg.norm(descend(x, y, 2000, 2.1 / s[0] ** 2)) > 1e6


def test_strong_directions_are_learned_first_and_all_in_the_end():
    s = np.linspace(0.05, 1, 20)
    early = stopped(s, 10, 0.5)
    assert np.all(np.diff(early) > 0) and early[0] > 0 and early[-1] < 1
    assert np.all(stopped(s, 100_000, 0.5) > 1 - 1e-12)


@pytest.mark.parametrize("steps", [10, 1000])
def test_weak_directions_agree_with_the_matching_ridge(steps):
    s = 0.01 / steps**0.5
    expected = 0.5 * steps * s**2
    # both series go on with a term smaller by that same factor, 5e-5
    assert stopped(s, steps, 0.5) == pytest.approx(expected, rel=1e-4)
    assert ridge(s, 1 / (0.5 * steps)) == pytest.approx(expected, rel=1e-4)


def test_widest_gap_at_many_steps_is_that_of_the_limit():
    z = np.linspace(0, 20, 200_001)
    limit = np.max(1 / (1 + z) - np.exp(-z))
    # steps of 0.5 s² are small where the gap is wide; the grid of s is 1.5% apart
    assert figure(Figure(), steps=1000)["widest"] == pytest.approx(limit, rel=5e-3)


@pytest.mark.parametrize("steps", [1, 30, 1000])
@pytest.mark.parametrize("direction", [0.05, 0.2, 1])
def test_facts_repeat_the_factors_by_running_one_direction(steps, direction):
    facts = figure(Figure(), steps=steps, direction=direction)
    x, y = np.array([[direction]]), np.array([direction])  # solution 1
    kept = descend(x, y, steps, 0.5)[0]
    assert facts["kept"] == pytest.approx(kept, abs=1e-12)
    assert facts["penalty"] == pytest.approx(2 / steps)
    square = direction**2
    assert facts["ridge_kept"] == pytest.approx(square / (square + 2 / steps))


def test_dots_mark_the_direction_on_both_curves():
    fig = Figure()
    facts = figure(fig, steps=100, direction=0.5)
    early, left = (line.get_xydata().tolist() for line in fig.axes[0].lines[-2:])
    assert (early, left) == ([[0.5, facts["kept"]]], [[0.5, facts["ridge_kept"]]])
