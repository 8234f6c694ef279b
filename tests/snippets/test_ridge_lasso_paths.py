"""ridge_lasso_paths against optimality conditions and other solvers."""

from functools import partial

import numpy as np
import pytest
from matplotlib.figure import Figure

from ridge_lasso_paths import (
    FITTED,
    LOGS,
    figure,
    ista,
    paths,
    planted,
    ridge,
    subgradient,
)

CORRELATIONS = [0, 0.5, 0.9, 0.99]

each_correlation = pytest.mark.parametrize("correlation", CORRELATIONS)


def coordinate_descent(x, y, lam, sweeps=3000):
    """The lasso one coefficient at a time; another road to the same minimum."""
    b = np.zeros(x.shape[1])
    for _ in range(sweeps):
        for j, column in enumerate(x.T):
            pull = column @ (y - x @ b + column * b[j])
            b[j] = np.sign(pull) * max(abs(pull) - lam, 0) / (column @ column)
    return b


def random_problem():
    rng = np.random.default_rng(7)
    x = rng.normal(size=(40, 4)) @ rng.normal(size=(4, 4))
    return x, x @ [2, 0, -1, 0] + rng.normal(size=40)


@each_correlation
def test_features_are_centered_of_length_one_and_correlated_as_asked(correlation):
    x, _ = planted(correlation)
    expected = np.eye(6)
    expected[0, 1] = expected[1, 0] = correlation
    assert np.abs(x.mean(axis=0)).max() < 1e-15
    assert x.T @ x == pytest.approx(expected, abs=1e-14)


@each_correlation
def test_least_squares_returns_the_planted_coefficients(correlation):
    x, y = planted(correlation)
    # cond(x) < 15, so rounding stays near 1e-14
    assert np.linalg.lstsq(x, y, rcond=None)[0] == pytest.approx(FITTED, abs=1e-12)


def test_gradient_of_the_ridge_objective_is_zero_at_its_solution():
    x, y = random_problem()
    b = ridge(x, y, 3.0)
    assert x.T @ (x @ b - y) + 3.0 * b == pytest.approx(np.zeros(4), abs=1e-10)


def test_ridge_is_least_squares_with_rows_of_root_lambda_added():
    x, y = random_problem()
    more, zeros = np.r_[x, 3.0**0.5 * np.eye(4)], np.r_[y, np.zeros(4)]
    expected = np.linalg.lstsq(more, zeros, rcond=None)[0]
    assert ridge(x, y, 3.0) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("lam", [0.1, 5.0, 60.0])
def test_ista_agrees_with_coordinate_descent(lam):
    x, y = random_problem()
    assert ista(x, y, lam)[:, 0] == pytest.approx(
        coordinate_descent(x, y, lam), abs=1e-8
    )


@each_correlation
def test_drawn_lasso_paths_satisfy_the_optimality_conditions(correlation):
    (x, y), (_, b), lam = planted(correlation), paths(correlation), 10**LOGS
    pull = x.T @ (y[:, None] - x @ b)
    assert np.all(np.abs(pull) <= lam + 1e-9)
    away = np.abs(pull - lam * np.sign(b))
    assert away[b != 0].max() < 1e-9


def test_orthonormal_columns_give_soft_thresholding_and_one_ridge_factor():
    x, y = planted(0)
    soft = [2.5, 0, 1.0, 0, 0, 0]  # FITTED moved 1.5 toward 0
    assert ista(x, y, 1.5)[:, 0] == pytest.approx(soft, abs=1e-12)
    assert ridge(x, y, 1.5) == pytest.approx(FITTED / 2.5, abs=1e-12)


@pytest.mark.parametrize("problem", [partial(planted, 0.9), random_problem])
def test_lasso_is_empty_exactly_from_the_largest_pull_on(problem):
    x, y = problem()
    largest = np.abs(x.T @ y).max()
    assert not ista(x, y, largest * (1 + 1e-9)).any()
    assert ista(x, y, largest * (1 - 1e-6)).any()


def test_lambda_max_is_quoted_as_the_largest_pull():
    # the first column's pull is 4 + ρ · 0
    assert figure(Figure())["lambda_max"] == pytest.approx(4)


@each_correlation
def test_ridge_norm_and_degrees_of_freedom_fall_all_the_way(correlation):
    fig = Figure()
    figure(fig, correlation=correlation)
    norm, df = (line.get_ydata() for line in fig.axes[2].lines[:2])
    assert np.all(np.diff(norm) < 0) and np.all(np.diff(df) < 0)


@pytest.mark.parametrize("log10_lambda", [-3, 0, 1.5])
def test_degrees_of_freedom_are_the_trace_of_the_hat_matrix(log10_lambda):
    x, _ = planted(0.9)
    hat = x @ np.linalg.solve(x.T @ x + 10**log10_lambda * np.eye(6), x.T)
    df = figure(Figure(), log10_lambda=log10_lambda)["ridge_df"]
    assert df == pytest.approx(np.trace(hat))


def test_degrees_of_freedom_of_the_card():
    facts = figure(Figure(), log10_lambda=0, correlation=0.5)
    assert facts["ridge_df"] == pytest.approx(1.5 / 2.5 + 0.5 / 1.5 + 2)


def test_second_ridge_coefficient_grows_from_zero_to_above_one():
    facts = figure(Figure(), correlation=0.9)
    start = ridge(*planted(0.9), 0.0)[1]
    assert abs(start) < 1e-12 and facts["ridge_second_peak"] > 1


@pytest.mark.parametrize("rho", [0.5, 0.9, 0.99])
def test_second_ridge_coefficient_follows_sum_and_difference(rho):
    lam = 10**LOGS
    both, apart = (1 + rho) / (1 + rho + lam), (1 - rho) / (1 - rho + lam)
    assert paths(rho)[0][1] == pytest.approx(2 * (both - apart), abs=1e-11)


def test_ista_finds_zeros_where_subgradient_descent_finds_none():
    x, y = planted(0.9)
    exact, rough = ista(x, y, 1.0)[:, 0], subgradient(x, y, 1.0)
    assert ((exact == 0).sum(), (rough == 0).sum()) == (3, 0)
    assert np.abs(exact - rough).max() < 0.05


def test_subgradient_step_goes_down_the_slope_of_the_objective():
    x, y = random_problem()
    h = 1e-6

    def objective(b):
        return np.sum((y - x @ b) ** 2) / 2 + 2.0 * np.abs(b).sum()

    b = subgradient(x, y, 2.0, steps=3)
    slope = [(objective(b + e) - objective(b - e)) / (2 * h) for e in h * np.eye(4)]
    first = 1 / np.linalg.norm(x.T @ x, 2)
    step = subgradient(x, y, 2.0, steps=4) - b
    assert step == pytest.approx(-first / 2 * np.array(slope), abs=1e-6)


def test_duplicated_columns_leave_the_lasso_objective_open():
    x, y = planted(0)
    twice = x[:, [0, 0]]
    values = [
        np.sum((y - twice @ b) ** 2) / 2 + np.abs(b).sum()
        for b in np.array([[3, 0], [0, 3], [1.5, 1.5], [4, -1]])
    ]
    least = np.sum((y - twice @ ista(twice, y, 1.0)[:, 0]) ** 2) / 2 + 3
    assert values[:3] == pytest.approx(3 * [least]) and values[3] > least + 1


def test_coordinate_descent_stops_with_all_of_a_pair_of_copies_on_one():
    x, y = planted(0)
    assert coordinate_descent(x[:, [0, 0]], y, 1.0) == pytest.approx([3, 0])


def test_ridge_splits_copies_equally():
    x, y = planted(0)
    assert ridge(x[:, [0, 0]], y, 1.0) == pytest.approx([4 / 3, 4 / 3])


def test_rescaling_a_feature_changes_ridge_predictions_but_not_least_squares():
    x, y = planted(0.5)
    wide = x * [1, 1, 10, 1, 1, 1]

    def change(lam):
        return np.abs(x @ ridge(x, y, lam) - wide @ ridge(wide, y, lam)).max()

    assert change(0.0) < 1e-12 and change(1.0) > 0.1


def test_rescaled_relu_layers_keep_the_function_and_not_the_norm():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(8, 3)), rng.normal(size=(1, 8))
    inputs = rng.normal(size=(3, 50))
    before = second @ np.maximum(first @ inputs, 0)
    after = (second / 100) @ np.maximum(100 * first @ inputs, 0)
    norms = [
        np.sum(a**2) + np.sum(b**2)
        for a, b in ((first, second), (100 * first, second / 100))
    ]
    assert after == pytest.approx(before, abs=1e-12) and norms[1] > 1000 * norms[0]


def test_penalty_of_one_estimate_is_best_at_noise_over_signal():
    lam, b, sigma = np.linspace(0, 5, 50_001), 2.0, 1.0
    draws = b + sigma * np.random.default_rng(0).normal(size=200_000)
    for at in (0.25, 4.0):
        mean = np.mean((draws / (1 + at) - b) ** 2)
        assert mean == pytest.approx(
            (at**2 * b**2 + sigma**2) / (1 + at) ** 2, rel=0.02
        )
    error = (lam**2 * b**2 + sigma**2) / (1 + lam) ** 2
    assert lam[np.argmin(error)] == pytest.approx(sigma**2 / b**2)


@pytest.mark.parametrize("log10_lambda", [-3.0, -0.5, 1.5])
def test_dots_mark_the_quoted_penalty_on_every_path(log10_lambda):
    fig = Figure()
    facts = figure(fig, log10_lambda=log10_lambda)
    x, y = planted(0.9)
    expected = ridge(x, y, 10**log10_lambda), ista(x, y, 10**log10_lambda)[:, 0]
    for ax, b in zip(fig.axes[:2], expected, strict=True):
        dots = np.array([line.get_xydata()[0] for line in ax.lines[1:12:2]])
        assert dots[:, 0] == pytest.approx(6 * [log10_lambda])
        assert dots[:, 1] == pytest.approx(b, abs=1e-9)
    norms = [fig.axes[k].lines[2].get_ydata()[0] for k in (2, 3)]
    assert norms == [facts["ridge_norm"], facts["lasso_norm"]]
    assert fig.axes[3].lines[3].get_ydata()[0] == facts["nonzero_at_lambda"]


def test_count_is_five_at_the_start_and_one_beyond_the_third_pull():
    counts = [
        figure(Figure(), log10_lambda=t)["nonzero_at_lambda"] for t in (-0.5, 0.5)
    ]
    assert counts == [5, 1]
