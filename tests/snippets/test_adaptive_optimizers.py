"""adaptive_optimizers against each paper's algorithm, written out once more."""

from math import sqrt

import numpy as np
import pytest

from adaptive_optimizers import adadelta, adagrad, adam, moves, rmsprop
from surfaces import SURFACES, descend, quadratic, sgd

VALLEY = quadratic(25.0, 0.5)


def by_hand(method, gradient, start, steps, **given):
    """The coordinates one by one, in plain floats, as the paper's lists go."""
    x = [float(c) for c in start]
    memory = [{} for _ in x]
    path = [tuple(x)]
    for t in range(1, steps + 1):
        g = [float(c) for c in gradient(np.array(x))]
        x = [x[i] + method(t, g[i], memory[i], **given) for i in range(len(x))]
        path.append(tuple(x))
    return np.array(path)


def duchi(t, g, memory, rate, delta):
    # x ← x − η g / (δ + s), with s the norm of the coordinate's gradients
    memory.setdefault("all", []).append(g)
    s = sqrt(sum(old * old for old in memory["all"]))
    return -rate * g / (delta + s)


def tieleman_hinton(t, g, memory, rate, keep):
    # MeanSquare(w, t) = 0.9 MeanSquare(w, t − 1) + 0.1 (∂E/∂w)²
    memory["mean"] = keep * memory.get("mean", 0.0) + (1 - keep) * g * g
    return -rate * g / sqrt(memory["mean"])


def zeiler(t, g, memory, rho, eps):
    # Algorithm 1: accumulate g², compute the update, accumulate Δx²
    memory["g2"] = rho * memory.get("g2", 0.0) + (1 - rho) * g**2
    rms_before = sqrt(memory.get("dx2", 0.0) + eps)
    update = -rms_before / sqrt(memory["g2"] + eps) * g
    memory["dx2"] = rho * memory.get("dx2", 0.0) + (1 - rho) * update**2
    return update


def kingma_ba(t, g, memory, rate, beta1, beta2, eps):
    # The note below Algorithm 1: fold both corrections into the rate
    memory["m"] = beta1 * memory.get("m", 0.0) + (1 - beta1) * g
    memory["v"] = beta2 * memory.get("v", 0.0) + (1 - beta2) * g * g
    rate_t = rate * sqrt(1 - beta2**t) / (1 - beta1**t)
    eps_t = eps * sqrt(1 - beta2**t)
    return -rate_t * memory["m"] / (sqrt(memory["v"]) + eps_t)


@pytest.mark.parametrize("surface", [VALLEY, SURFACES["rosenbrock"]])
@pytest.mark.parametrize(
    ("rule", "method", "given"),
    [
        (adagrad(0.3, eps=1e-3), duchi, {"rate": 0.3, "delta": 1e-3}),
        (rmsprop(0.01, 0.9, 0), tieleman_hinton, {"rate": 0.01, "keep": 0.9}),
        (adadelta(0.9, 1e-4), zeiler, {"rho": 0.9, "eps": 1e-4}),
        (
            adam(0.02, 0.8, 0.95, 1e-3),
            kingma_ba,
            {"rate": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3},
        ),
    ],
    ids=["adagrad", "rmsprop", "adadelta", "adam"],
)
def test_forty_steps_agree_with_the_paper(surface, rule, method, given):
    expected = by_hand(method, surface.gradient, surface.start, 40, **given)
    path = descend(rule, surface.gradient, surface.start, 40)
    # rounding, stretched by curvatures of up to a thousand
    np.testing.assert_allclose(path, expected, rtol=1e-8, atol=1e-9)


def test_defaults_are_those_of_the_papers():
    # Adam α free, 0.9, 0.999, 1e-8; Adadelta 0.95, 1e-6; RMSProp 0.9
    g = np.random.default_rng(0).normal(size=(30, 1))
    for plain, said in [
        (adam(1.0), adam(1.0, 0.9, 0.999, 1e-8)),
        (adadelta(), adadelta(0.95, 1e-6)),
        (rmsprop(1.0), rmsprop(1.0, 0.9)),
    ]:
        assert moves(plain, g).tolist() == moves(said, g).tolist()


def test_adam_without_memory_is_sign_descent():
    g = np.random.default_rng(1).normal(size=(50, 3))
    made = moves(adam(0.1, beta1=0, beta2=0, eps=0), g)
    np.testing.assert_allclose(made, -0.1 * np.sign(g), rtol=1e-14)


def test_rmsprop_without_memory_is_sign_descent_too():
    g = np.random.default_rng(1).normal(size=(50, 3))
    np.testing.assert_allclose(
        moves(rmsprop(0.1, beta=0, eps=0), g), -0.1 * np.sign(g), rtol=1e-14
    )


def test_adam_without_its_first_memory_is_rmsprop_with_a_lift():
    g = np.random.default_rng(2).normal(size=(20, 2))
    lift = np.sqrt(1 - 0.9 ** np.arange(1, 21))[:, None]
    np.testing.assert_allclose(
        moves(adam(1.0, 0, 0.9, eps=0), g),
        lift * moves(rmsprop(1.0, 0.9, eps=0), g),
    )


def test_adams_first_step_is_the_rate_times_the_sign():
    g = np.array([[3e4, -2.0, 1e-5]])
    assert moves(adam(0.1, eps=0), g)[0] == pytest.approx([-0.1, 0.1, -0.1])


def test_adams_steps_stay_within_a_small_multiple_of_the_rate():
    # Cauchy and Schwarz on the two sums: 7.3 rates, reached by growing gradients
    bound = 0.1 / sqrt(0.001) / sqrt(1 - 0.9**2 / 0.999)
    wild = np.random.default_rng(0).standard_cauchy((2000, 50))
    growing = (0.999 / 0.9) ** np.arange(2000.0)[:, None]
    for g in wild, growing:
        assert np.abs(moves(adam(1.0, eps=0), g)).max() < bound < 7.3
    assert np.abs(moves(adam(1.0, eps=0), growing)[-1]) > 0.9 * bound


def test_without_correction_the_first_step_is_3_16_times_as_long():
    first = moves(adam(1.0, eps=0, corrected=False), [[5.0]])[0, 0]
    assert -first == pytest.approx(0.1 / sqrt(0.001))


def test_correction_makes_the_means_unbiased_for_equal_gradients():
    # a constant gradient: every mean of it is itself, so every step is the rate
    made = moves(adam(0.1, 0.9, 0.999, eps=0), np.full((500, 1), -7.0))
    np.testing.assert_allclose(made, 0.1, rtol=1e-10)


def test_adagrads_steps_fall_with_the_root_of_time():
    made = -moves(adagrad(0.5, eps=0), np.full((400, 1), 3.0))[:, 0]
    np.testing.assert_allclose(made, 0.5 / np.sqrt(np.arange(1, 401)))


def test_rmsprops_steps_fall_to_the_rate():
    made = -moves(rmsprop(0.5, 0.9, eps=0), np.full((400, 1), 3.0))[:, 0]
    expected = 0.5 / np.sqrt(1 - 0.9 ** np.arange(1, 401))  # a geometric sum
    np.testing.assert_allclose(made, expected)
    assert made[-1] == pytest.approx(0.5)


@pytest.mark.parametrize("g", [1.0, 1e3, 1e6])
def test_adadeltas_first_step_hardly_depends_on_a_gradient_that_is_not_tiny(g):
    first = -moves(adadelta(0.95, 1e-6), [[g]])[0, 0]
    assert first == pytest.approx(sqrt(1e-6 / 0.05), rel=1e-4)
    assert round(first, 4) == 0.0045


def test_adadeltas_first_step_is_a_tiny_gradient_itself():
    first = -moves(adadelta(0.95, 1e-6), [[1e-5]])[0, 0]
    assert first == pytest.approx(1e-5, rel=1e-5)


def test_adadelta_stands_still_without_epsilon():
    assert moves(adadelta(eps=0), np.ones((9, 1))).tolist() == [[0.0]] * 9


def test_a_larger_epsilon_wakes_adadelta():
    g = np.ones((20, 1))
    slow, fast = (-moves(adadelta(eps=e), g).sum() for e in (1e-6, 1e-2))
    assert fast > 50 * slow


ADAPTIVE = {
    "adagrad": adagrad(0.3, eps=0),
    "rmsprop": rmsprop(0.02, eps=0),
    "adam": adam(0.05, eps=0),
}


def paths(rule, surface, factor):
    return descend(rule, lambda x: factor * surface.gradient(x), surface.start, 60)


@pytest.mark.parametrize("name", ADAPTIVE)
def test_ten_times_the_loss_leaves_the_path_alone(name):
    one, ten = (paths(ADAPTIVE[name], VALLEY, k) for k in (1, 10))
    np.testing.assert_allclose(ten, one, rtol=0, atol=1e-9)


def test_ten_times_the_loss_changes_sgd_like_ten_times_the_rate():
    ten = paths(sgd(0.002), VALLEY, 10)
    assert np.abs(ten - paths(sgd(0.002), VALLEY, 1)).max() > 1
    np.testing.assert_allclose(ten, paths(sgd(0.02), VALLEY, 1))


def test_ten_times_the_loss_hardly_changes_adadelta():
    one, ten = (paths(adadelta(), VALLEY, k) for k in (1, 10))
    assert np.abs(ten - one).max() < 1e-3 < np.abs(one - VALLEY.start).max()


@pytest.mark.parametrize("name", ADAPTIVE)
def test_a_factor_on_one_coordinates_gradient_leaves_the_steps_alone(name):
    g = np.random.default_rng(3).normal(size=(40, 2))
    np.testing.assert_allclose(
        moves(ADAPTIVE[name], g * [1, 1000]), moves(ADAPTIVE[name], g), rtol=1e-9
    )
