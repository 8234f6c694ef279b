"""softmax_cross_entropy against exact arithmetic, differences and identities."""

from math import fsum

import numpy as np
import pytest
from matplotlib.figure import Figure

from softmax_cross_entropy import (
    LOGITS,
    binary,
    by_differences,
    categorical,
    figure,
    gradient,
    log_softmax,
    softmax,
    sparse,
)

RNG = np.random.default_rng(0)
Z = RNG.normal(0, 3, (200, 5))
LABELS = RNG.integers(5, size=200)
SOFT = RNG.dirichlet(np.ones(5), size=200)


def plain(z):
    """Softmax by its definition, in Python's floats."""
    powers = [np.exp(float(v)) for v in z]
    return [power / fsum(powers) for power in powers]


def test_softmax_agrees_with_its_definition():
    expected = [plain(z) for z in Z]
    np.testing.assert_allclose(softmax(Z), expected, rtol=1e-13)


def test_softmax_of_1000_and_0_is_right_where_the_quotient_is_not_a_number():
    z = np.array([1000.0, 0.0])
    assert softmax(z).tolist() == [1, 0]
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isnan((np.exp(z) / np.exp(z).sum())[0])


def test_log_softmax_keeps_what_softmax_underflows():
    assert log_softmax(np.array([1000.0, 0.0])).tolist() == [0, -1000]
    with np.errstate(divide="ignore"):
        assert np.log(softmax(np.array([0.0, -1000.0])))[1] == -np.inf


@pytest.mark.parametrize(("below", "lost"), [(740, False), (750, True)])
def test_a_probability_underflows_some_750_below_the_largest_logit(below, lost):
    assert (softmax(np.array([0.0, -float(below)]))[1] == 0) == lost


@pytest.mark.parametrize("shift", [-1e4, 100.0, 1e4])
def test_a_shift_of_all_logits_changes_nothing(shift):
    # the shifted logits are rounded to eps × 1e4 ≈ 2e-12
    np.testing.assert_allclose(log_softmax(Z + shift), log_softmax(Z), atol=1e-11)


def test_two_classes_are_binary_cross_entropy_on_the_difference():
    z, y = Z[:, :2], SOFT[:, 0]
    two = categorical(z, np.stack([1 - y, y], axis=-1))
    np.testing.assert_allclose(two, binary(z[:, 1] - z[:, 0], y), rtol=0, atol=1e-12)


def test_the_sum_over_two_classes_is_the_binary_formula():
    z, y = Z[:, 0], SOFT[:, 0]
    p = 1 / (1 + np.exp(-z))
    expected = -y * np.log(p) - (1 - y) * np.log(1 - p)
    np.testing.assert_allclose(binary(z, y), expected, rtol=1e-11)


def test_binary_neither_overflows_nor_loses_small_losses():
    z, y = np.array([-1e4, 40.0, 1e4]), np.array([1, 1, 1])
    found = binary(z, y)
    assert found[0] == 1e4 and found[2] == 0
    assert found[1] == pytest.approx(np.exp(-40), rel=1e-12)


def test_sparse_equals_one_hot():
    one_hot = np.eye(5)[LABELS]
    np.testing.assert_array_equal(sparse(Z, LABELS), categorical(Z, one_hot))


def test_cross_entropy_is_minus_log_of_the_true_probability():
    expected = [-np.log(plain(z)[k]) for z, k in zip(Z, LABELS, strict=True)]
    np.testing.assert_allclose(sparse(Z, LABELS), expected, rtol=1e-12, atol=1e-15)


def test_a_masked_class_survives_a_pick_and_not_a_product():
    z = np.array([1.0, 0.0, -np.inf])
    assert sparse(z, np.array(0)) == pytest.approx(np.log1p(np.exp(-1)), rel=1e-14)
    with np.errstate(invalid="ignore"):
        assert np.isnan(categorical(z, np.array([1, 0, 0])))


@pytest.mark.parametrize("targets", [np.eye(5)[LABELS], SOFT], ids=["hard", "soft"])
def test_gradient_is_prediction_minus_target(targets):
    for z, y in zip(Z, targets, strict=True):
        h = 1e-5
        numeric = [
            (categorical(z + e, y) - categorical(z - e, y)) / (2 * h)
            for e in h * np.eye(5)
        ]
        # off by h²/6 and by 10 eps/h ≈ 2e-10
        np.testing.assert_allclose(gradient(z, y), numeric, rtol=0, atol=1e-8)
        np.testing.assert_allclose(by_differences(z, y), numeric, atol=1e-9)


def test_gradient_agrees_with_a_complex_step():
    z, y = LOGITS, np.eye(6)[1]
    steps = z + 1e-30j * np.eye(6)
    loss = np.log(np.exp(steps).sum(axis=1)) - steps @ y
    np.testing.assert_allclose(gradient(z, y), loss.imag / 1e-30, rtol=1e-13)


def test_gradient_entries_add_up_to_zero_and_stay_below_one():
    g = gradient(Z, np.eye(5)[LABELS])
    np.testing.assert_allclose(g.sum(axis=1), 0, atol=1e-15)
    assert np.all(np.abs(g) <= 1)


def test_targets_that_do_not_add_up_to_one_need_their_sum():
    z, y = Z[0], np.array([1, 0, 1, 1, 0])
    numeric = by_differences(z, y)
    np.testing.assert_allclose(numeric, 3 * softmax(z) - y, atol=1e-8)
    assert np.abs(numeric - gradient(z, y)).max() > 0.1


def test_smoothed_targets_have_a_minimum_at_finite_logits():
    y = np.array([0.9, 0.05, 0.05])
    np.testing.assert_allclose(gradient(np.log(y), y), 0, atol=1e-15)


@pytest.mark.parametrize("temperature", [0.25, 4])
def test_temperature_divides_the_gradient(temperature):
    facts = figure(Figure(), temperature=temperature)
    h, z, y = 1e-5, LOGITS[:3], np.eye(3)[1]
    e = h * y
    up, down = (categorical((z + d) / temperature, y) for d in (e, -e))
    # (h/T)² < 2e-9
    assert facts["gradient_z_true"] == pytest.approx((up - down) / (2 * h), abs=1e-8)


@pytest.mark.parametrize("classes", range(2, 7))
def test_equal_logits_cost_the_logarithm_of_the_number_of_classes(classes):
    facts = figure(Figure(), classes=classes)
    assert facts["uniform_loss"] == pytest.approx(np.log(classes), rel=1e-14)


@pytest.mark.parametrize("classes", range(2, 7))
def test_softmax_twice_puts_a_floor_under_the_loss(classes):
    floor = figure(Figure(), classes=classes)["softmax_twice"]
    assert floor == pytest.approx(np.log(1 + (classes - 1) / np.e), rel=1e-13)
    probabilities = np.random.default_rng(3).dirichlet(np.ones(classes) / 5, 1000)
    assert categorical(probabilities, np.eye(classes)[1]).min() >= floor - 1e-15


@pytest.mark.parametrize("temperature", [0.25, 1, 4])
@pytest.mark.parametrize("classes", [2, 6])
def test_gap_between_formula_and_differences_is_rounding(classes, temperature):
    assert figure(Figure(), classes, temperature)["softmax_gap"] < 1e-8


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_bars_are_the_probabilities_and_the_dashed_ones_the_targets(classes):
    fig = Figure()
    facts = figure(fig, classes=classes)
    heights = [bar.get_height() for bar in fig.axes[0].patches]
    assert heights[:classes] == [float(k == 1) for k in range(classes)]
    assert heights[classes:] == pytest.approx(plain(LOGITS[:classes]), rel=1e-13)
    assert heights[classes + 1] == facts["p_true"]
    assert facts["loss"] == pytest.approx(-np.log(facts["p_true"]), rel=1e-13)


def test_arrows_lead_from_prediction_to_target():
    fig = Figure()
    figure(fig)
    arrows = [(a.xyann, a.xy) for a in fig.axes[0].texts if hasattr(a, "xyann")]
    expected = [((k, p), (k, k == 1)) for k, p in enumerate(plain(LOGITS[:3]))]
    assert np.array(arrows) == pytest.approx(np.array(expected, float), abs=1e-12)


def test_labels_say_each_entry_of_the_gradient():
    fig = Figure()
    figure(fig, classes=4)
    words = [t.get_text().replace("−", "-") for t in fig.axes[0].get_xticklabels()]
    said = [float(word.split("\n")[-1]) for word in words]
    assert said == pytest.approx(gradient(LOGITS[:4], np.eye(4)[1]), abs=6e-4)
