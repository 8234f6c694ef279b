"""batch_norm against complex steps, bounds and its own inverse."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from batch_norm import (
    EPS,
    SIZES,
    BatchNorm,
    backward,
    figure,
    fresh,
    infer,
    track,
    train_forward,
)

RNG = np.random.default_rng(7)
X, G = RNG.normal(3, 2, size=(8, 4)), RNG.normal(size=(8, 4))
LAYER = fresh(4)._replace(gamma=RNG.normal(size=4), beta=RNG.normal(size=4))


def loss(layer, x):
    """Any loss whose gradient at the output is G."""
    return np.sum(G * train_forward(layer, x)[0])


def test_gradient_by_inputs_agrees_with_complex_steps():
    _, normalized, deviation = train_forward(LAYER, X)
    by_x, _, _ = backward(LAYER, normalized, deviation, G)
    expected = np.empty_like(X)
    for place in np.ndindex(X.shape):
        nudged = X.astype(complex)
        nudged[place] += 1e-30j
        expected[place] = loss(LAYER, nudged).imag / 1e-30
    np.testing.assert_allclose(by_x, expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("name", "which"), [("gamma", 1), ("beta", 2)])
def test_gradients_by_scale_and_shift_agree_with_complex_steps(name, which):
    _, normalized, deviation = train_forward(LAYER, X)
    found = backward(LAYER, normalized, deviation, G)[which]
    for feature in range(4):
        step = np.zeros(4, complex)
        step[feature] = 1e-30j
        nudged = LAYER._replace(**{name: getattr(LAYER, name) + step})
        assert found[feature] == pytest.approx(
            loss(nudged, X).imag / 1e-30, rel=1e-12, abs=1e-14
        )


def test_gradient_has_no_part_along_shift_and_stretch_of_the_batch():
    _, normalized, deviation = train_forward(LAYER, X)
    by_x, *_ = backward(LAYER, normalized, deviation, G)
    np.testing.assert_allclose(by_x.sum(axis=0), 0, atol=1e-14)
    # EPS leaves a share of EPS / variance along the stretch
    np.testing.assert_allclose((by_x * normalized).sum(axis=0), 0, atol=1e-4)


def test_training_outputs_have_mean_beta_and_deviation_gamma():
    out, *_ = train_forward(LAYER, X)
    np.testing.assert_allclose(out.mean(axis=0), LAYER.beta, atol=1e-14)
    np.testing.assert_allclose(out.std(axis=0), np.abs(LAYER.gamma), rtol=EPS)


def test_scale_and_shift_can_undo_the_normalization():
    undo = fresh(4)._replace(gamma=np.sqrt(X.var(axis=0) + EPS), beta=X.mean(axis=0))
    np.testing.assert_allclose(train_forward(undo, X)[0], X, rtol=1e-14)


@pytest.mark.parametrize("batch", SIZES)
def test_normalized_values_stay_within_root_of_batch_less_one(batch):
    x = np.zeros((batch, 1))
    x[0] = 1e6  # the worst case: all others equal
    _, normalized, _ = train_forward(fresh(1), x)
    limit = np.sqrt(batch - 1) * (1 + 1e-15)  # rounding
    assert limit * (1 - 1e-9) < normalized.max() <= limit
    random = np.random.default_rng(0).standard_cauchy((batch, 500))
    assert np.abs(train_forward(fresh(500), random)[1]).max() <= limit


def test_the_limit_at_eight_is_about_2_646():
    assert round(figure(Figure(), batch=8)["limit"], 3) == 2.646


def test_gamma_lifts_the_limit():
    layer = fresh(1)._replace(gamma=np.array([1e3]))
    x = np.zeros((8, 1))
    x[0] = 1.0
    assert train_forward(layer, x)[0].max() > 1e3


def test_in_training_an_output_depends_on_the_mates():
    other = X.copy()
    other[1:] += np.arange(7)[:, None]
    assert np.all(train_forward(LAYER, X)[0][0] != train_forward(LAYER, other)[0][0])


def test_in_inference_it_does_not():
    layer = track(LAYER, X)
    np.testing.assert_array_equal(infer(layer, X[:1])[0], infer(layer, X)[0])


def test_a_batch_of_one_gives_beta_and_passes_no_gradient():
    out, normalized, deviation = train_forward(LAYER, X[:1])
    np.testing.assert_array_equal(out[0], LAYER.beta)
    by_x, *_ = backward(LAYER, normalized, deviation, G[:1])
    assert np.all(by_x == 0)


def test_of_a_batch_of_two_only_the_order_survives():
    x = np.array([[3.0, -70.0], [5.0, -90.0]])
    np.testing.assert_allclose(
        train_forward(fresh(2), x)[0], [[-1, 1], [1, -1]], rtol=1e-5
    )


def test_training_and_inference_agree_for_the_batchs_own_statistics():
    layer = LAYER._replace(running_mean=X.mean(axis=0), running_variance=X.var(axis=0))
    np.testing.assert_allclose(infer(layer, X), train_forward(layer, X)[0], rtol=1e-12)


@pytest.mark.parametrize("momentum", [0.5, 0.9, 0.99])
def test_running_statistics_are_geometric_averages(momentum):
    batches = np.random.default_rng(1).normal(2, 3, size=(20, 8, 4))
    layer = LAYER
    for batch in batches:
        layer = track(layer, batch, momentum)
    weight = (1 - momentum) * momentum ** np.arange(19, -1, -1)
    np.testing.assert_allclose(
        layer.running_mean, weight @ batches.mean(axis=1), rtol=1e-12
    )
    corrected = batches.var(axis=1) * 8 / 7
    np.testing.assert_allclose(
        layer.running_variance, momentum**20 + weight @ corrected, rtol=1e-12
    )
    np.testing.assert_array_equal(layer.gamma, LAYER.gamma)


def test_a_fresh_layer_holds_two_trained_and_two_tracked_numbers_per_channel():
    layer = fresh(64)
    assert isinstance(layer, BatchNorm)
    assert sum(numbers.size for numbers in layer) == 4 * 64
    assert np.all(layer.gamma == 1) and np.all(layer.beta == 0)
    assert np.all(layer.running_mean == 0) and np.all(layer.running_variance == 1)


W = np.random.default_rng(2).normal(size=(4, 3))


def by_weights(weights):
    layer = fresh(3)
    _, normalized, deviation = train_forward(layer, X @ weights)
    return X.T @ backward(layer, normalized, deviation, G[:, :3])[0]


@pytest.mark.parametrize("scale", [10.0, 1000.0])
def test_scaling_the_weights_keeps_outputs_and_divides_gradients(scale):
    one, other = (train_forward(fresh(3), X @ w)[0] for w in (W, scale * W))
    # EPS over a variance of the order of 10
    np.testing.assert_allclose(other, one, atol=1e-5)
    np.testing.assert_allclose(scale * by_weights(scale * W), by_weights(W), atol=1e-4)


def test_gradient_is_orthogonal_to_each_column_of_weights():
    products = (W * by_weights(W)).sum(axis=0)
    lengths = np.linalg.norm(W, axis=0) * np.linalg.norm(by_weights(W), axis=0)
    assert np.abs(products / lengths).max() < 1e-5


def test_a_step_can_only_lengthen_the_weights():
    step = W - 0.7 * by_weights(W)
    np.testing.assert_allclose(
        np.sum(step**2, axis=0),
        np.sum(W**2, axis=0) + 0.49 * np.sum(by_weights(W) ** 2, axis=0),
        rtol=1e-5,
    )


def test_an_added_bias_has_no_effect():
    one, other = (train_forward(fresh(3), X @ W + b)[0] for b in (0, 3))
    np.testing.assert_allclose(other, one, atol=1e-14)


def test_dropout_before_it_nearly_quadruples_the_variance_of_half_normals():
    # h = |z|: mean √(2/π), mean square 1; dropped: mean the same, square 2
    expected = (2 - 2 / np.pi) / (1 - 2 / np.pi)
    rng = np.random.default_rng(0)
    h = np.abs(rng.normal(size=1_000_000))
    dropped = 2 * h * (rng.random(h.size) < 0.5)
    # standard error about 0.4 %
    assert dropped.var() / h.var() == pytest.approx(expected, rel=0.02)
    assert round(expected, 2) == 3.75


@pytest.mark.parametrize("outlier", [False, True])
@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_figure_follows_each_value_through_the_three_rows(outlier, gamma):
    fig = Figure()
    facts = figure(fig, batch=8, gamma=gamma, outlier=outlier)
    band, *lines = fig.axes[0].lines
    assert band.get_xdata() == pytest.approx([-(7**0.5), 7**0.5])
    paths = np.array([line.get_xdata() for line in lines[1:16:2]])
    assert paths.shape == (8, 3)
    x, normalized, out = paths.T
    centered = (x - x.mean()) / np.sqrt(x.var() + EPS)
    np.testing.assert_allclose(normalized, centered, rtol=1e-12)
    np.testing.assert_allclose(out, gamma * normalized + 3, rtol=1e-12)
    assert facts["max_normalized"] == np.abs(normalized).max() <= facts["limit"]
    assert facts["largest_output"] == out.max()
    low, high = fig.axes[0].get_xlim()
    assert low < paths.min() and paths.max() < high


def test_no_value_leaves_the_axes_in_the_largest_batch():
    fig = Figure()
    figure(fig, batch=128, gamma=2.0, outlier=True)
    low, high = fig.axes[0].get_xlim()
    drawn = np.concatenate([line.get_xdata() for line in fig.axes[0].lines[1:257]])
    assert low < drawn.min() and drawn.max() < high
