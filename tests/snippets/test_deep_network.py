"""deep_network against derivatives and identities that it does not use."""

import numpy as np
import pytest

from deep_network import (
    ACTIVATIONS,
    Layer,
    backward,
    clip_by_global_norm,
    forward,
    initialize,
    sigmoid,
)

EXTRAS = {
    "plain": {},
    "skip": {"skip": True},
    "batch norm": {"batch_norm": True},
    "both": {"skip": True, "batch_norm": True},
    "half branch": {"skip": True, "branch": 0.5},
}
X, ERROR = np.random.default_rng(7).normal(size=(2, 5, 4))  # batch 5, width 4


def loss(layers, x):
    """Any loss whose gradient at the output is ERROR."""
    return np.sum(ERROR * forward(layers, x)[0][-1])


def complex_step(layers, number, i, j):
    """dLoss/dW[i, j] of one layer; exact, since nothing is subtracted."""
    step = np.zeros(layers[number].weights.shape, complex)
    step[i, j] = 1e-30j
    nudged = layers[number]._replace(weights=layers[number].weights + step)
    return loss([*layers[:number], nudged, *layers[number + 1 :]], X).imag / 1e-30


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("extra", EXTRAS)
def test_weight_gradients_agree_with_complex_steps(activation, extra):
    layers = initialize([4, 4, 4, 4], activation, 1.3, seed=3, **EXTRAS[extra])
    _, by_weights = backward(layers, *forward(layers, X), ERROR)
    expected = [
        [[complex_step(layers, n, i, j) for j in range(4)] for i in range(4)]
        for n in range(3)
    ]
    # both sides are exact but for some 100 roundings of 1e-16
    np.testing.assert_allclose(by_weights, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("extra", EXTRAS)
def test_input_gradient_agrees_with_central_differences(activation, extra):
    layers = initialize([4, 4, 4, 4], activation, 1.3, seed=3, **EXTRAS[extra])
    by_output, _ = backward(layers, *forward(layers, X), ERROR)
    way, h = np.random.default_rng(8).normal(size=X.shape), 1e-5
    numeric = (loss(layers, X + h * way) - loss(layers, X - h * way)) / (2 * h)
    # truncation is O(h²) = 1e-10 times a third derivative of order 10
    assert np.sum(by_output[0] * way) == pytest.approx(numeric, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_slope_agrees_with_a_central_difference(activation):
    f, slope = ACTIVATIONS[activation]
    z = np.linspace(-4, 4, 16)  # no point at the kink
    numeric = (f(z + 1e-5) - f(z - 1e-5)) / 2e-5
    # O(h²) = 1e-10, and rounding 1e-16 / 1e-5
    np.testing.assert_allclose(slope(z), numeric, atol=1e-9)


def test_vanished_gradient_is_still_exact():
    layers = initialize([4] * 11, "sigmoid", 1.0, seed=0)
    _, by_weights = backward(layers, *forward(layers, X), ERROR)
    assert np.linalg.norm(by_weights[0]) < 1e-5 * np.linalg.norm(by_weights[-1])
    assert by_weights[0][1, 2] == pytest.approx(
        complex_step(layers, 0, 1, 2), rel=1e-12
    )


def test_widths_may_differ_and_the_error_comes_back_unchanged():
    layers = initialize([4, 7, 2], "tanh", 1.0, seed=0)
    outputs, tape = forward(layers, X)
    by_output, by_weights = backward(layers, outputs, tape, ERROR[:, :2])
    assert [g.shape for g in by_output] == [h.shape for h in outputs]
    assert [g.shape for g in by_weights] == [(4, 7), (7, 2)]
    np.testing.assert_array_equal(by_output[-1], ERROR[:, :2])


def test_sigmoid_neither_overflows_nor_leaves_its_range():
    z = np.array([-1e4, -30.0, 0.0, 30.0, 1e4])  # pytest makes warnings errors
    assert np.all((sigmoid(z) >= 0) & (sigmoid(z) <= 1))
    assert sigmoid(np.array(2.0)) == pytest.approx(np.e**2 / (1 + np.e**2), rel=1e-15)


def test_weights_have_deviation_scale_over_root_fan_in():
    (layer,) = initialize([400, 300], "relu", 1.5, seed=0)
    # 120,000 draws: the deviation is off by a share of 1 / sqrt(240,000) = 0.002
    assert layer.weights.std() == pytest.approx(1.5 / 20, rel=0.01)


def test_seed_decides_the_weights():
    one, same, other = (initialize([3, 3], "relu", 1.0, s)[0] for s in (0, 0, 1))
    assert np.array_equal(one.weights, same.weights)
    assert not np.array_equal(one.weights, other.weights)


def test_batch_norm_gives_mean_zero_and_variance_one():
    layers = initialize([4, 4], "linear", 1.0, seed=0, batch_norm=True)
    out = forward(layers, X)[0][-1]
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(out.var(axis=0), 1, rtol=1e-3)  # EPS / variance


def test_batch_norm_of_one_example_passes_no_gradient():
    layers = initialize([4, 4], "tanh", 1.0, seed=0, batch_norm=True)
    by_output, _ = backward(layers, *forward(layers, X[:1]), ERROR[:1])
    assert np.all(by_output[0] == 0)


def test_batch_norm_divides_the_gradient_by_the_weight_scale():
    small = initialize([4, 4], "tanh", 10.0, seed=0, batch_norm=True)
    large = [layer._replace(weights=7 * layer.weights) for layer in small]
    one = backward(small, *forward(small, X), ERROR)[1][0]
    other = backward(large, *forward(large, X), ERROR)[1][0]
    # EPS is about 1e-7 of the variances here
    np.testing.assert_allclose(other, one / 7, rtol=1e-4, atol=1e-6)


def test_a_silent_branch_with_a_skip_is_the_identity():
    layers = initialize([4, 4], "tanh", 1.0, seed=0, skip=True, branch=0.0)
    outputs, tape = forward(layers, X)
    np.testing.assert_array_equal(outputs[-1], X)
    np.testing.assert_array_equal(backward(layers, outputs, tape, ERROR)[0][0], ERROR)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_float32_stays_float32(activation):
    (layer,) = initialize([4, 4], activation, 1.0, seed=0, batch_norm=True)
    layers = [Layer(layer.weights.astype(np.float32), *layer[1:])]
    by_output, by_weights = backward(
        layers, *forward(layers, X.astype(np.float32)), ERROR.astype(np.float32)
    )
    assert {by_output[0].dtype, by_weights[0].dtype} == {np.dtype(np.float32)}


def test_clipping_shortens_the_joint_vector_and_keeps_its_direction():
    gradients = [np.array([3.0, 0.0]), np.array([[4.0]])]
    clipped = clip_by_global_norm(gradients, 1.0)
    np.testing.assert_allclose(clipped[0], [0.6, 0.0], rtol=1e-15)
    np.testing.assert_allclose(clipped[1], [[0.8]], rtol=1e-15)


@pytest.mark.parametrize("gradient", [[0.0, 0.0], [0.3, -0.4], [1.0, 0.0]])
def test_clipping_leaves_short_gradients_alone(gradient):
    (clipped,) = clip_by_global_norm([np.array(gradient)], 1.0)
    assert clipped.tolist() == gradient


def test_clipping_turns_an_infinite_gradient_into_nan():
    with np.errstate(invalid="ignore"):
        (clipped,) = clip_by_global_norm([np.array([np.inf, 1.0])], 1.0)
    assert np.isnan(clipped[0])
    assert clipped[1] == 0.0


def test_the_first_value_that_is_not_finite_is_an_overflow():
    layers = initialize([64] * 40, "linear", 20.0, seed=0)
    layers = [Layer(w.weights.astype(np.float32), "linear") for w in layers]
    x = np.random.default_rng(0).normal(size=(4, 64)).astype(np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        outputs, _ = forward(layers, x)
    # Infinity or NaN: a sum may pass both infinities, as the library's order has it.
    first = [bool(np.isfinite(h).all()) for h in outputs].index(False)
    odd = ~np.isfinite(outputs[first])
    terms = outputs[first - 1].astype(float)[:, :, None] * layers[first - 1].weights
    largest = np.finfo(np.float32).max
    assert np.abs(terms).sum(axis=1)[odd].min() > largest
    assert np.abs(terms.sum(axis=1))[~odd].max() < largest
    assert np.isnan(outputs[first + 1]).all()
