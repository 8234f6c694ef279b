"""shrinkage: the averaged formulas against drawn data."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from shrinkage import FEATURES, POINTS, figure, risk


def drawn_risk(penalty, signal, times=3000):
    """Ridge fitted to drawn designs, coefficients and noise."""
    rng = np.random.default_rng(7)
    total = []
    for _ in range(times):
        x = rng.normal(size=(POINTS, FEATURES))
        beta = rng.normal(size=FEATURES)
        beta *= np.sqrt(signal) / np.linalg.norm(beta)
        y = x @ beta + rng.normal(size=POINTS)
        found = np.linalg.solve(x.T @ x + penalty * np.eye(FEATURES), x.T @ y)
        total.append(np.sum((found - beta) ** 2))
    return np.mean(total)


@pytest.mark.parametrize(("penalty", "signal"), [(0, 2), (10, 2), (100, 8)])
def test_risk_agrees_with_fits_to_drawn_data(penalty, signal):
    # standard error about 1%, plus the 400 designs of the snippet
    assert sum(risk(penalty, signal)) == pytest.approx(
        drawn_risk(penalty, signal), rel=0.05
    )


def test_least_squares_has_no_bias_and_the_known_variance():
    bias2, variance = risk(0, 2)
    # E tr (XᵀX)⁻¹ of a Gaussian design; 400 designs know it to 1%
    expected = FEATURES / (POINTS - FEATURES - 1)
    assert bias2 == 0 and variance == pytest.approx(expected, rel=0.03)


def test_ridge_at_its_best_has_about_half_the_error_of_least_squares():
    facts = figure(Figure())
    assert 0.4 < facts["ridge"] / facts["least_squares"] < 0.6
    assert facts["bias2"] > 0.1


@pytest.mark.parametrize("signal", [1, 2, 8])
def test_best_penalty_is_noise_variance_over_the_variance_of_a_coefficient(signal):
    best = figure(Figure(), signal=signal)["best_penalty"]
    around = [sum(risk(best * factor, signal)) for factor in (0.98, 1, 1.02)]
    assert np.argmin(around) == 1


@pytest.mark.parametrize("signal", [1, 2, 8])
def test_some_penalty_beats_least_squares_and_a_huge_one_may_not(signal):
    assert sum(risk(FEATURES / signal, signal)) < risk(0, signal)[1]
    assert (sum(risk(1e6, signal)) < risk(0, signal)[1]) == (signal == 1)


def test_bias_rises_and_variance_falls_with_the_penalty():
    bias2, variance = np.transpose([risk(10.0**t, 2) for t in range(-2, 5)])
    assert np.all(np.diff(bias2) > 0) and np.all(np.diff(variance) < 0)


def test_shaded_areas_meet_at_the_bias_and_end_at_the_total():
    fig = Figure()
    figure(fig, signal=1)
    line = fig.axes[0].lines[0].get_xydata()
    assert line[40, 1] == pytest.approx(sum(risk(10.0, 1)))
    marks = [tuple(mark.get_ydata()) for mark in fig.axes[0].lines[2:]]
    bias2, variance = risk(10.0, 1)
    assert marks == [(0, bias2), (bias2, bias2 + variance)]
