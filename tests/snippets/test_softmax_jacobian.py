"""softmax_jacobian against difference quotients and known special cases."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from softmax_jacobian import figure, jacobian, softmax

Z = np.random.default_rng(4).normal(0, 2, (6, 5))
SCALES = [0, 0.25, 0.5, 1, 2, 4, 8]


def test_rows_are_distributions_in_proportion_to_exp():
    p = softmax(Z)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(p / p[:, :1], np.exp(Z - Z[:, :1]), rtol=1e-12)


@pytest.mark.parametrize("shift", [-1e4, 3.0, 1e4])
def test_a_common_shift_changes_nothing_and_overflows_nothing(shift):
    # adding 1e4 rounds each logit by up to 1e-12
    np.testing.assert_allclose(softmax(Z + shift), softmax(Z), rtol=1e-11)


@pytest.mark.parametrize("z", Z)
def test_jacobian_agrees_with_central_differences(z):
    steps = 1e-5 * np.eye(5)
    columns = [(softmax(z + e) - softmax(z - e)) / 2e-5 for e in steps]
    np.testing.assert_allclose(jacobian(z), np.transpose(columns), rtol=0, atol=1e-10)


@pytest.mark.parametrize("z", Z)
def test_jacobian_is_symmetric_semidefinite_and_its_rows_sum_to_zero(z):
    j = jacobian(z)
    np.testing.assert_array_equal(j, j.T)
    assert np.linalg.eigvalsh(j)[0] > -1e-15
    np.testing.assert_allclose(j.sum(axis=1), 0, atol=1e-15)


@pytest.mark.parametrize("z", Z)
def test_quadratic_form_is_a_variance(z):
    v, p = np.arange(5.0), softmax(z)
    assert v @ jacobian(z) @ v == pytest.approx(np.cov(v, aweights=p, ddof=0))


def test_no_eigenvalue_exceeds_one_half_and_two_equal_logits_reach_it():
    wild = np.random.default_rng(0).normal(0, 5, (500, 4))
    assert max(np.linalg.eigvalsh(jacobian(z))[-1] for z in wild) <= 0.5
    assert np.linalg.eigvalsh(jacobian(np.zeros(2)))[-1] == pytest.approx(0.5)


def test_two_classes_are_a_sigmoid_of_the_difference():
    p = softmax(np.array([1.2, -0.5]))
    assert p[0] == pytest.approx(1 / (1 + np.exp(-1.7)), rel=1e-14)


@pytest.mark.parametrize("label", range(5))
def test_log_loss_cancels_the_jacobian(label):
    def loss(z):
        return -np.log(np.exp(z[label]) / np.exp(z).sum())

    z, y = Z[0], np.eye(5)[label]
    numeric = [(loss(z + e) - loss(z - e)) / 2e-5 for e in 1e-5 * np.eye(5)]
    np.testing.assert_allclose(softmax(z) - y, numeric, rtol=0, atol=1e-9)
    np.testing.assert_allclose(
        jacobian(z) @ (-y / softmax(z)), softmax(z) - y, rtol=0, atol=1e-14
    )


def test_equal_logits_give_equal_shares():
    facts = figure(Figure(), logit_scale=0)
    assert (facts["top_probability"], facts["own_slope"]) == (0.25, 0.1875)


def test_a_confident_softmax_has_hardly_any_slope():
    largest = [figure(Figure(), logit_scale=s)["largest_entry"] for s in SCALES]
    assert largest[-1] < 1e-3 < largest[0]


@pytest.mark.parametrize("scale", SCALES)
def test_areas_of_the_squares_are_the_entries(scale):
    fig = Figure()
    figure(fig, logit_scale=scale)
    j = jacobian(scale * np.array([2.0, 1.0, 0.0, -1.0]))
    squares = np.array([p.get_width() * p.get_height() for p in fig.axes[1].patches])
    np.testing.assert_allclose(
        squares.reshape(4, 4), np.abs(j) / 0.25 * 0.96**2, rtol=1e-9
    )
    colors = {p.get_facecolor() for p in fig.axes[1].patches[::5]}
    assert len(colors) == 1  # the diagonal, and nothing else has that color
    assert not colors & {fig.axes[1].patches[1].get_facecolor()}


def test_bars_are_the_probabilities():
    fig = Figure()
    facts = figure(fig, logit_scale=2)
    widths = [bar.get_width() for bar in fig.axes[0].patches]
    assert widths[0] == facts["top_probability"]
    assert sum(widths) == pytest.approx(1)
