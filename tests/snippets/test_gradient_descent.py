"""gradient_descent: limits, factors and directions, each by brute force."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from gradient_descent import RATES, STEEP, best_rate, factor, figure, steepest, valley
from surfaces import descend, sgd


def distances(rate, condition, steps=400):
    surface = valley(condition)
    path = descend(sgd(rate), surface.gradient, surface.start, steps)
    return np.linalg.norm(path, axis=1)


@pytest.mark.parametrize("norm", ["euclidean", "maximum"])
def test_no_direction_of_the_same_length_falls_further(norm):
    rng = np.random.default_rng(0)
    g = rng.normal(size=5)
    steps = rng.normal(size=(50_000, 5))
    size = {"euclidean": 2, "maximum": np.inf}[norm]
    steps /= np.linalg.norm(steps, size, axis=1, keepdims=True)
    d = steepest(g, norm)
    assert np.linalg.norm(d, size) == pytest.approx(1)
    assert g @ d <= (steps @ g).min()


def test_sign_step_falls_by_the_sum_and_beats_the_scaled_gradient():
    g = np.array([3.0, 1.0, -2.0])
    assert g @ steepest(g, "maximum") == -6
    assert -(g @ g) / 3 == pytest.approx(-14 / 3)


def test_it_is_newton_in_the_norm_of_the_curvature():
    # The page says so: no step of the same H-norm falls further than -H⁻¹ g.
    rng = np.random.default_rng(1)
    h, g = np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([1.0, -2.0])
    steps = rng.normal(size=(50_000, 2))
    steps /= np.sqrt(((steps @ h) * steps).sum(axis=1))[:, None]
    newton = -np.linalg.solve(h, g)
    newton /= np.sqrt(newton @ h @ newton)
    assert g @ newton <= (steps @ g).min()


@pytest.mark.parametrize("condition", [1, 5, 25, 100])
def test_valley_keeps_its_steep_curvature(condition):
    curved = np.linalg.eigvalsh(valley(condition).gradient(np.eye(2)))
    assert curved == pytest.approx([STEEP / condition, STEEP])
    x = np.random.default_rng(0).normal(size=2)
    h = 1e-30
    slope = [valley(condition).loss(x + 1j * h * e).imag / h for e in np.eye(2)]
    assert valley(condition).gradient(x) == pytest.approx(slope)


@pytest.mark.parametrize("condition", [5, 25, 100])
@pytest.mark.parametrize("share", [0.3, 0.9, 0.999, 1.0, 1.001, 1.05])
def test_two_over_the_steepest_curvature_parts_convergence_from_divergence(
    condition, share
):
    far = distances(share * 2 / STEEP, condition, 2000)
    if share < 1:
        assert far[-1] < 0.025
    elif share == 1:  # the steep direction keeps its distance of 1
        assert far[-1] == pytest.approx(1, abs=0.01)
    else:
        assert far[-1] > 2 * far[-500]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("condition", [5, 25, 100])
def test_last_steps_shrink_by_the_quoted_factor(rate, condition):
    # Far out, only the slower direction is left.
    far = distances(rate, condition)
    facts = figure(Figure(), rate=rate, condition=condition)
    if far[-1] > 1e-100:
        assert far[-1] / far[-2] == pytest.approx(facts["factor"], rel=1e-3)


@pytest.mark.parametrize("condition", [5, 25, 100])
def test_best_rate_has_the_textbook_factor_and_no_rate_has_a_smaller(condition):
    flat = STEEP / condition
    rates = np.linspace(0.001, 0.1, 100_000)
    worst = np.maximum(factor(rates, STEEP), factor(rates, flat))
    best = best_rate(STEEP, flat)
    assert rates[worst.argmin()] == pytest.approx(best, abs=2e-6)
    textbook = (condition - 1) / (condition + 1)
    assert factor(best, flat) == pytest.approx(textbook)
    assert worst.min() == pytest.approx(textbook, abs=1e-4)


def test_numbers_of_condition_25():
    facts = figure(Figure(), condition=25)
    assert facts["limit"] == 0.08
    assert facts["best_factor"] == pytest.approx(24 / 26)
    assert facts["best_rate"] == pytest.approx(2 / 26)


def test_at_one_over_the_curvature_a_round_valley_takes_one_step():
    assert distances(0.04, 1, 1)[-1] < 1e-12


def test_above_the_limit_the_loss_rises_from_the_first_steps_on():
    fig = Figure()
    figure(fig, rate=0.084, condition=100)
    loss = fig.axes[1].lines[0].get_ydata()
    assert np.all(np.diff(loss) > 0)


def test_descent_lemma_holds_on_the_valley_up_to_the_limit():
    surface = valley(25)
    points = np.random.default_rng(0).normal(size=(500, 2))
    g = surface.gradient(points)
    for rate in 0.01, 0.04, 0.079:
        after = surface.loss(points - rate * g)
        promised = rate * (1 - rate * STEEP / 2) * (g**2).sum(axis=1)
        assert np.all(after <= surface.loss(points) - promised + 1e-12)


def test_gradient_knows_no_learning_rate():
    sizes = []
    for rate in 0.001, 0.084:
        surface = valley(25)
        first = descend(sgd(rate), surface.gradient, surface.start, 1)
        sizes.append((first[0] - first[1]) / rate)
    assert sizes[0] == pytest.approx(sizes[1])


def test_path_and_dot_are_drawn_where_the_facts_say():
    fig = Figure()
    facts = figure(fig, rate=0.06, condition=5)
    plane, below, beside = fig.axes
    path = next(line.get_xydata() for line in plane.lines if len(line.get_xdata()) > 1)
    assert np.linalg.norm(path[-1]) == pytest.approx(facts["distance_end"])
    assert below.lines[0].get_ydata()[0] == pytest.approx(valley(5).loss(path[0]))
    dot = next(line for line in beside.lines if line.get_marker() == "o")
    assert dot.get_xydata()[0].tolist() == [0.06, facts["factor"]]
    assert facts["factor"] == max(facts["across_factor"], facts["along_factor"])


def test_warm_up_on_a_quartic_is_needed_where_the_page_says():
    # |1 - rate w²| < 1 needs rate < 2 / w²: 0.22 at w = 3, and 0.5 at w < 2.
    w = 3.0
    for _ in range(3):
        w -= 0.05 * w**3
    assert w < 2 and abs(3 - 0.5 * 27) > 3
