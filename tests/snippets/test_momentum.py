"""momentum: each rule against its paper's algorithm, and what the two share."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from momentum import BETAS, RATES, STEPS, averaged, figure, momentum, nesterov
from surfaces import SURFACES, descend, quadratic, sgd

each_surface = pytest.mark.parametrize("name", SURFACES)
RATE = {"valley": 0.02, "rosenbrock": 3e-4, "saddle": 0.1}


def run(rule, name, steps=50):
    return descend(rule, SURFACES[name].gradient, SURFACES[name].start, steps)


@each_surface
@pytest.mark.parametrize("beta", [0.5, 0.9])
def test_heavy_ball_is_polyaks_two_step_iteration(name, beta):
    # Polyak 1964: x(k+1) = x(k) - α f'(x(k)) + β (x(k) - x(k-1)), no velocity.
    f, rate = SURFACES[name].gradient, RATE[name]
    x = [SURFACES[name].start, SURFACES[name].start]
    for _ in range(50):
        x.append(x[-1] - rate * f(x[-1]) + beta * (x[-1] - x[-2]))
    assert run(momentum(rate, beta), name) == pytest.approx(np.array(x[1:]))


@each_surface
@pytest.mark.parametrize("beta", [0.5, 0.9])
def test_nesterov_is_the_form_of_sutskever(name, beta):
    # v ← μ v - ε ∇f(θ + μ v), θ ← θ + v
    theta, v = SURFACES[name].start, np.zeros(2)
    path = [theta]
    for _ in range(50):
        v = beta * v - RATE[name] * SURFACES[name].gradient(theta + beta * v)
        theta = theta + v
        path.append(theta)
    assert run(nesterov(RATE[name], beta), name) == pytest.approx(np.array(path))


@each_surface
def test_nesterov_is_the_two_sequence_form_of_the_1983_paper(name):
    # y(k) = x(k) + β (x(k) - x(k-1)), x(k+1) = y(k) - ε f'(y(k))
    x = [SURFACES[name].start, SURFACES[name].start]
    for _ in range(50):
        y = x[-1] + 0.8 * (x[-1] - x[-2])
        x.append(y - RATE[name] * SURFACES[name].gradient(y))
    found = run(nesterov(RATE[name], 0.8), name)
    assert found == pytest.approx(np.array(x[1:]))


@each_surface
def test_without_momentum_every_rule_is_sgd(name):
    plain = run(sgd(RATE[name]), name)
    for rule in momentum, nesterov, averaged:
        assert np.array_equal(run(rule(RATE[name], 0), name), plain)


@each_surface
@pytest.mark.parametrize("beta", [0.5, 0.9, 0.99])
def test_average_with_a_larger_rate_is_the_sum(name, beta):
    rate = RATE[name] / 2
    one = run(momentum(rate, beta), name)
    assert run(averaged(rate / (1 - beta), beta), name) == pytest.approx(one)
    assert not np.allclose(run(averaged(rate, beta), name), one)


@pytest.mark.parametrize("beta", [0.5, 0.9, 0.99])
def test_velocity_of_a_constant_gradient_tends_to_its_terminal_speed(beta):
    g = np.array([2.0, -3.0])
    for rule in momentum, nesterov:
        path = descend(rule(0.1, beta), lambda x: g, [0, 0], 4000)
        last = (path[-2] - path[-1]) / 0.1
        assert last == pytest.approx(g / (1 - beta))
    assert figure(Figure(), beta=beta)["terminal_speed"] == 1 / (1 - beta)


def test_velocity_of_an_alternating_gradient_is_below_one_gradient():
    signs = iter([1.0, -1.0] * 500)
    path = descend(momentum(1, 0.9), lambda x: np.full(1, next(signs)), [0], 1000)
    assert abs(path[-1, 0] - path[-2, 0]) == pytest.approx(1 / 1.9)


@pytest.mark.parametrize("rule", [sgd(0.02), momentum(0.02, 0.9), nesterov(0.02, 0.9)])
def test_rotating_the_problem_rotates_the_path(rule):
    a = 0.7
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    straight, turned = quadratic(25, 0), quadratic(25, a)
    assert turned.start == pytest.approx(turn @ straight.start)
    one = descend(rule, straight.gradient, straight.start, 60)
    two = descend(rule, turned.gradient, turned.start, 60)
    assert two == pytest.approx(one @ turn.T)


def test_look_ahead_is_momentum_damped_by_the_curvature():
    # On a quadratic: v ← g + β (I - η H) v, exactly.
    surface, v = SURFACES["valley"], np.zeros(2)
    h = surface.gradient(np.eye(2))
    x, path = surface.start, [surface.start]
    for _ in range(40):
        v = x @ h + 0.9 * (np.eye(2) - 0.02 * h) @ v
        x = x - 0.02 * v
        path.append(x)
    assert run(nesterov(0.02, 0.9), "valley", 40) == pytest.approx(np.array(path))


@pytest.mark.parametrize("rate", RATES)
def test_without_momentum_the_three_losses_are_one(rate):
    facts = figure(Figure(), beta=0, rate=rate)
    assert facts["loss_sgd"] == facts["loss_momentum"] == facts["loss_nesterov"]


def test_what_the_page_says_of_the_figure():
    def loss(beta, rate):
        facts = figure(Figure(), beta=beta, rate=rate)
        return [facts["loss_" + n] for n in ("sgd", "momentum", "nesterov")]

    some, more = loss(0.8, 0.02), loss(0.99, 0.02)
    assert some[1] < 1e-4 < some[0] < more[1]
    plain, heavy, ahead = loss(0.9, 0.06)
    assert plain < 20 and heavy < 20 and ahead > 1e6
    assert loss(0.99, 0.06)[1] > 100 * plain


@pytest.mark.parametrize("beta", [BETAS[0], 0.9, BETAS[-1]])
def test_drawn_losses_and_paths_are_those_of_the_rules(beta):
    fig = Figure()
    facts = figure(fig, beta=beta, rate=0.03)
    low, left, right = fig.axes
    for line, name in zip(low.lines, ("sgd", "momentum", "nesterov"), strict=True):
        assert line.get_ydata()[-1] == pytest.approx(facts["loss_" + name])
    rules = sgd(0.03), momentum(0.03, beta), nesterov(0.03, beta)
    paths = [run(rule, "valley", STEPS) for rule in rules]
    assert np.array_equal(left.lines[0].get_xydata(), paths[0])
    assert np.array_equal(left.lines[1].get_xydata(), paths[1])
    assert np.array_equal(right.lines[1].get_xydata(), paths[2])


def test_noise_floor_is_that_of_sgd_at_the_effective_rate():
    # Curvature 1, unit noise: by simulation, where the page iterates covariances.
    rng = np.random.default_rng(0)
    x, v = np.zeros(20_000), np.zeros(20_000)
    for _ in range(300):
        v = 0.9 * v + x + rng.normal(size=len(x))
        x = x - 0.02 * v
    assert x.var() == pytest.approx(0.1005, rel=0.05)  # SGD at 0.2: 0.111
