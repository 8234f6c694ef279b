"""step_lengths against closed forms, and its drawings by their artists."""

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure

from step_lengths import correction, figure, given


def test_given_gradients_are_what_their_names_say():
    assert np.ptp(given("constant", 3.0)) == 0
    falls = given("falls tenfold", 2.0)
    assert (falls[99], falls[100]) == (2.0, 0.2)
    assert given("alternates", 1.0, 4).tolist() == [1, -1, 1, -1]


def test_only_sgd_follows_the_size_of_the_gradient():
    small, large = (figure(Figure(), size=s) for s in (1, 100))
    assert large["first_sgd"] == 100 * small["first_sgd"]
    for name in ("adagrad", "rmsprop", "adadelta", "adam"):
        for when in ("first", "hundredth", "last"):
            fact = f"{when}_{name}"
            assert large[fact] == pytest.approx(small[fact], rel=1e-4)


def test_the_hundredth_step_of_adagrad_is_a_tenth_of_the_rate():
    assert figure(Figure())["hundredth_adagrad"] == pytest.approx(0.1)


def test_after_a_fall_rmsprop_recovers_and_adagrad_does_not():
    facts = figure(Figure(), "falls tenfold")
    assert facts["last_rmsprop"] == pytest.approx(1, abs=1e-4)
    # 100 gradients of 1 and 200 of 0.1 are in the sum
    assert facts["last_adagrad"] == pytest.approx(0.1 / np.sqrt(102))


def test_alternating_gradients_cancel_in_adams_mean_only():
    facts = figure(Figure(), "alternates")
    # the mean of ±1 settles at (1 − β₁)/(1 + β₁)
    assert facts["last_adam"] == pytest.approx(0.1 / 1.9, rel=1e-6)
    assert facts["last_rmsprop"] == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("beta1", [0, 0.9])
@pytest.mark.parametrize("beta2", [0.9, 0.999])
def test_drawn_lengths_without_correction_have_their_closed_form(beta1, beta2):
    fig = Figure()
    facts = correction(fig, beta1, beta2)
    t, length = fig.axes[0].lines[0].get_xydata().T
    # √v cannot fall below √(1 − β₂), so eps costs less than 4e-7
    expected = (1 - beta1**t) / np.sqrt(1 - beta2**t)
    np.testing.assert_allclose(length, expected, rtol=1e-6)
    first = (1 - beta1) / np.sqrt(1 - beta2)
    assert facts["uncorrected_first_step"] == pytest.approx(first, rel=1e-6)


def test_the_largest_step_without_correction_is_not_the_first():
    facts = correction(Figure())
    t = np.linspace(1, 100, 99_001)
    form = (1 - 0.9**t) / np.sqrt(1 - 0.999**t)
    assert facts["largest_at"] == pytest.approx(t[form.argmax()], abs=0.5)
    assert facts["largest_uncorrected"] == pytest.approx(form.max(), rel=1e-3)


def test_corrected_steps_are_drawn_at_the_rate():
    fig = Figure()
    correction(fig)
    np.testing.assert_allclose(fig.axes[0].lines[1].get_ydata(), 1, rtol=1e-7)


@pytest.mark.parametrize("gradient", ["constant", "falls tenfold", "alternates"])
@pytest.mark.parametrize("size", [0.01, 100])
def test_every_curve_stays_inside_and_has_its_name_in_its_colour(gradient, size):
    fig = Figure()
    figure(fig, gradient, size)
    ax = fig.axes[0]
    low, high = ax.get_ylim()
    leaders = ax.collections[0].get_segments()
    for line, text, leader in zip(ax.lines, ax.texts, leaders, strict=True):
        length = line.get_ydata()
        assert low < length.min() and length.max() < high
        assert same_color(text.get_color(), line.get_color())
        (_, end), (_, beside) = leader
        assert low * (high / low) ** end == pytest.approx(length[-1])
        assert beside == text.get_position()[1]


def test_names_stand_in_the_order_of_the_curves_and_apart():
    fig = Figure()
    facts = figure(fig)
    heights = {t.get_text().lower(): t.get_position()[1] for t in fig.axes[0].texts}
    by_height = sorted(heights, key=lambda name: heights[name])
    by_end = [facts[f"last_{name}"] for name in by_height]
    assert by_end == sorted(by_end)
    assert np.diff(sorted(heights.values())).min() > 0.12
    assert min(heights.values()) > 0 and max(heights.values()) < 1
