"""backpropagation against complex steps, counted products and the theory of errors."""

import numpy as np
import pytest
from matplotlib.figure import Figure

import backpropagation
from backpropagation import (
    EPSILON,
    differences,
    errors,
    exact,
    figure,
    loss,
    nudged,
    problem,
)
from deep_network import backward, forward


def complex_gradient(layers, x, target):
    """dLoss/dW of every layer; nothing is subtracted, so the step may be tiny."""
    found = []
    for number, layer in enumerate(layers):
        g = np.empty(layer.weights.shape)
        for at in np.ndindex(g.shape):
            step = np.zeros(g.shape, complex)
            step[at] = 1e-30j
            moved = layer._replace(weights=layer.weights + step)
            h = forward([*layers[:number], moved, *layers[number + 1 :]], x)[0][-1]
            g[at] = np.sum((h - target) ** 2).imag / (2 * len(x)) / 1e-30
        found.append(g)
    return found


@pytest.mark.parametrize("width", [2, 4, 6])
def test_gradient_agrees_with_complex_steps(width):
    setup = problem(width)
    # both are exact but for some 100 roundings of 1e-16
    np.testing.assert_allclose(
        exact(*setup), complex_gradient(*setup), rtol=1e-11, atol=1e-14
    )


def test_gradient_agrees_with_central_differences_to_1e_8_at_step_1e_5():
    setup = problem(4)
    np.testing.assert_allclose(
        differences(*setup, 1e-5), exact(*setup), rtol=0, atol=1e-8
    )


def test_loss_is_half_the_squared_length_of_the_error_per_example():
    layers, x, target = problem(4)
    h = x
    for layer in layers:
        h = np.tanh(h @ layer.weights)
    each = [np.linalg.norm(a - b) ** 2 / 2 for a, b in zip(h, target, strict=True)]
    assert loss(layers, x, target) == pytest.approx(np.mean(each), rel=1e-13)


@pytest.mark.parametrize("at", [(0, 0, 0), (2, 1, 3)])
def test_nudging_moves_one_weight_of_a_copy(at):
    layers, *_ = problem(4)
    moved = np.array([layer.weights for layer in nudged(layers, at, 0.5)])
    change = moved - [layer.weights for layer in problem(4)[0]]
    assert change[at] == pytest.approx(0.5)
    assert np.count_nonzero(change) == 1
    assert layers[at[0]].weights[at[1:]] == problem(4)[0][at[0]].weights[at[1:]]


def test_computing_a_gradient_leaves_the_weights_unchanged_and_a_step_moves_them():
    layers, x, target = problem(4)
    before = [layer.weights.copy() for layer in layers]
    gradient = exact(layers, x, target)
    differences(layers, x, target, 1e-5)
    assert all(
        np.array_equal(b, layer.weights)
        for b, layer in zip(before, layers, strict=True)
    )
    stepped = [
        layer._replace(weights=layer.weights - 0.1 * g)
        for layer, g in zip(layers, gradient, strict=True)
    ]
    assert loss(stepped, x, target) < loss(layers, x, target)


@pytest.mark.parametrize("width", [2, 4, 6])
def test_error_is_smallest_in_the_middle(width):
    _, error = errors(width)
    at = error.argmin()
    assert 0 < at < len(error) - 1
    assert np.all(np.diff(error[: at + 1]) < 0) and np.all(np.diff(error[at:]) > 0)


def test_a_step_of_1e_5_beats_1e_1_and_1e_12_by_far():
    facts = [figure(Figure(), log10_step=k)["error_here"] for k in (-12, -5, -1)]
    assert facts[0] > 1e4 * facts[1] < facts[2]


@pytest.mark.parametrize("width", [2, 4, 6])
def test_truncation_grows_a_hundredfold_and_rounding_tenfold_per_decade(width):
    _, error = errors(width)
    # from 1e-4 to 1e-2 the next term of the series adds h², a percent at most
    assert error[9:11] / error[8:10] == pytest.approx([100, 100], rel=0.05)
    assert (error[0] / error[5]) ** (1 / 5) == pytest.approx(10, rel=0.2)


def test_rule_of_thumb_lies_next_to_the_best_step():
    facts = figure(Figure())
    assert facts["rule_of_thumb"] ** 3 == pytest.approx(2.0**-52)
    assert abs(np.log10(facts["rule_of_thumb"]) - facts["best_log10_step"]) < 0.5
    # both parts are of order eps^(2/3) = 4e-11 there, times numbers of size 1
    assert EPSILON ** (2 / 3) / 10 < facts["best_error"] < EPSILON ** (2 / 3) * 10


def test_best_step_minimizes_the_sum_of_both_errors():
    h = np.geomspace(1e-7, 1e-3, 100_001)
    f, third = 2.0, 0.3
    total = h**2 * third / 6 + EPSILON * f / h
    expected = (3 * EPSILON * f / third) ** (1 / 3)
    assert h[total.argmin()] == pytest.approx(expected, rel=1e-3)


def test_one_sided_differences_are_best_near_the_root_of_epsilon():
    steps = 10.0 ** np.arange(-12, 0)
    off = [abs((np.sin(1 + h) - np.sin(1)) / h - np.cos(1)) for h in steps]
    assert steps[np.argmin(off)] == 1e-8 and min(off) > 1e-10


@pytest.mark.parametrize("width", [2, 4, 6])
def test_central_differences_take_two_losses_a_weight(width, monkeypatch):
    calls = []

    def counted(*setup):
        calls.append(setup)
        return loss(*setup)

    monkeypatch.setattr(backpropagation, "loss", counted)
    layers, x, target = problem(width)
    differences(layers, x, target, 1e-5)
    taken = len(calls)  # the figure takes more
    facts = figure(Figure(), width=width)
    assert taken == facts["evaluations_needed"] == 2 * facts["parameters"]
    assert facts["parameters"] == sum(layer.weights.size for layer in layers)


class Counting(np.ndarray):
    """An array that counts the multiplications of matrix products."""

    count = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        plain = [np.asarray(i) if isinstance(i, Counting) else i for i in inputs]
        out = getattr(ufunc, method)(*plain, **options)
        if ufunc is np.matmul:
            Counting.count += out.size * plain[0].shape[-1]
        return out.view(Counting) if isinstance(out, np.ndarray) else out


def products(work):
    Counting.count = 0
    work()
    return Counting.count


def test_a_backward_pass_takes_twice_the_products_of_a_forward_pass():
    layers, x, target = problem(4)
    counted = [la._replace(weights=la.weights.view(Counting)) for la in layers]
    outputs, tape = forward(counted, x.view(Counting))
    once = products(lambda: forward(counted, x.view(Counting)))
    back = products(lambda: backward(counted, outputs, tape, outputs[-1] - target))
    assert (once, back) == (3 * 8 * 16, 2 * once)


@pytest.mark.parametrize("width", [2, 4, 6])
def test_the_two_orders_cost_what_the_facts_say(width):
    a, b, c = np.ones((3, width, width)).view(Counting)
    row, facts = np.ones((1, width)).view(Counting), figure(Figure(), width=width)
    assert products(lambda: row @ c @ b @ a) == facts["products_backward"]
    assert products(lambda: row @ (c @ (b @ a))) == facts["products_forward"]


def test_a_gelu_output_does_not_tell_its_slope():
    from activation_functions import FAMILY

    f, slope = FAMILY["gelu"]
    z = np.linspace(-6, 0, 60_001)
    low = f(z).argmin()
    left = z[np.abs(f(z[:low]) + 0.1).argmin()]
    right = z[low + np.abs(f(z[low:]) + 0.1).argmin()]
    assert f(np.array([left, right])) == pytest.approx([-0.1, -0.1], abs=1e-4)
    assert slope(np.array([left]))[0] < 0 < slope(np.array([right]))[0]


@pytest.mark.parametrize("step", [-12, -5, -1])
def test_ring_marks_the_chosen_step_on_the_curve(step):
    fig = Figure()
    facts = figure(fig, log10_step=step)
    *_, curve, ring = (line.get_xydata() for line in fig.axes[0].lines)
    np.testing.assert_allclose(10.0 ** curve[:, 1], errors(4)[1], rtol=1e-12)
    assert ring.tolist() == [[step, np.log10(facts["error_here"])]]
    assert f"{facts['error_here']:.0e}" in fig.axes[0].texts[-1].get_text()


def test_dashed_lines_have_slopes_two_and_minus_one():
    fig = Figure()
    figure(fig)
    truncation, rounding = (line.get_xydata() for line in fig.axes[0].lines[:2])
    assert np.diff(truncation[:, 1]) == pytest.approx(2 * np.diff(truncation[:, 0]))
    assert np.diff(rounding[:, 1]) == pytest.approx(-np.diff(rounding[:, 0]))
