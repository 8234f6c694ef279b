"""learning_curves: fits by another road, the limits, and who approaches them."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from learning_curves import SIZES, curves, errors, figure, fit, plateau, sample


def squared_bias(degree):
    """Best polynomial on a fine grid, by plain powers instead of quadrature."""
    t = (np.arange(200_000) + 0.5) / 100_000 - 1
    f = np.sin(np.pi * t)
    powers = np.polynomial.polynomial.polyfit(t, f, degree)
    return np.mean((f - np.polynomial.polynomial.polyval(t, powers)) ** 2)


@pytest.mark.parametrize("degree", [1, 3, 5])
def test_plateau_is_noise_plus_the_bias_of_the_best_fit(degree):
    assert plateau(degree, 0.3) == pytest.approx(0.09 + squared_bias(degree), abs=1e-8)


def test_best_line_and_its_bias_are_known_by_hand():
    # slope 3/π, and the bias ½ − 3/π²
    assert plateau(1, 0.3) - 0.09 == pytest.approx(0.5 - 3 / np.pi**2, abs=1e-12)


def test_fit_agrees_with_polyfit():
    x, y = sample(20, 0.3, 4)
    t = np.linspace(-1, 1, 9)
    expected = np.polyval(np.polyfit(x, y, 3), t)
    found = np.polynomial.legendre.legval(t, fit(x, y, 3))
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_test_error_agrees_with_200_000_fresh_cases():
    x, y = sample(15, 0.3, 1)
    rng = np.random.default_rng(9)
    fresh = rng.uniform(-1, 1, 200_000)
    target = np.sin(np.pi * fresh) + rng.normal(0, 0.3, 200_000)
    miss = np.polynomial.legendre.legval(fresh, fit(x, y, 3)) - target
    assert errors(15, 3, 0.3, 1)[1] == pytest.approx(np.mean(miss**2), rel=0.02)


def test_cubic_training_error_rises_and_test_error_falls_with_more_data():
    train, test = curves(3, 0.3).T
    # 100 samples know the last sizes to 0.5%
    assert np.all(np.diff(train[:7]) > 0) and np.all(np.diff(test) < 0)
    assert train[-1] > train[:6].max()


@pytest.mark.parametrize("degree", [1, 3, 5, 9])
def test_both_errors_end_at_the_plateau(degree):
    ends = curves(degree, 0.3)[-1]
    assert ends == pytest.approx(2 * [plateau(degree, 0.3)], rel=0.05)


def test_a_line_ends_far_above_the_noise_whatever_the_data():
    facts = figure(Figure(), degree=1)
    assert facts["plateau"] > 3 * facts["noise_floor"]
    assert curves(1, 0.3)[-1].min() > 3 * 0.09


def test_five_points_and_a_cubic_look_like_overfitting():
    facts = figure(Figure())
    assert facts["train_small_n"] < facts["test_small_n"] / 10


def test_five_points_overfit_more_than_a_thousand_for_every_degree():
    for degree in (1, 3, 9):
        train, test = curves(degree, 0.3).T
        assert test[0] - train[0] > 20 * (test[-1] - train[-1])


@pytest.mark.parametrize("n", [10, 25])
def test_if_the_truth_is_in_the_class_training_error_is_known(n):
    # Degree 9 holds sin πx to 1e-11: σ²(1 − p/n) and nothing else.
    # 500 samples know it to 1.6% at n = 25
    mean = np.mean([errors(n, 9, 0.3, s)[0] for s in range(500)])
    assert mean == pytest.approx(0.09 * (1 - 10 / n), rel=0.06, abs=1e-5)


def test_as_many_points_as_coefficients_are_the_worst_case():
    test = curves(9, 0.3)[:, 1]
    assert SIZES[test.argmax()] == 10


def test_a_penalty_tames_the_worst_case():
    t = (np.arange(400) + 0.5) / 200 - 1
    basis, free, held = np.polynomial.legendre.legvander, [], []
    for seed in range(50):
        x, y = sample(10, 0.3, seed)
        a = basis(x, 9)
        c = np.linalg.solve(a.T @ a + 0.1 * np.eye(10), a.T @ y)
        held.append(np.mean((basis(t, 9) @ c - np.sin(np.pi * t)) ** 2) + 0.09)
        free.append(errors(10, 9, 0.3, seed)[1])
    assert np.median(held) < 0.5 < 100 < np.median(free)


def test_noise_moves_the_floor_and_not_the_bias():
    quiet, loud = (figure(Figure(), 1, noise=v) for v in (0.1, 0.6))
    assert loud["noise_floor"] == pytest.approx(36 * quiet["noise_floor"])
    assert loud["bias2"] == pytest.approx(quiet["bias2"], abs=1e-12)


def test_marks_and_lines_are_drawn_at_the_facts():
    fig = Figure()
    facts = figure(fig, degree=1, points=100)
    lines = [line.get_xydata().tolist() for line in fig.axes[1].lines]
    assert lines[-2:] == [[[100, facts["train"]]], [[100, facts["test"]]]]
    assert lines[0][0][1] == facts["plateau"]
    assert lines[1][0][1] == pytest.approx(0.09)


def test_the_sample_drawn_is_the_sample_fitted():
    fig = Figure()
    figure(fig, degree=3, points=5)
    x, y = fig.axes[0].lines[1].get_xydata().T
    t, curve = fig.axes[0].lines[2].get_xydata().T
    np.testing.assert_allclose(np.polyval(np.polyfit(x, y, 3), t), curve, atol=1e-9)
