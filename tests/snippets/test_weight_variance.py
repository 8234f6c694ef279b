"""weight_variance against quadrature, its own cancellation and other draws."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from weight_variance import FANS, factors, figure, gain, variances


@pytest.mark.parametrize("leak", [0.0, 0.25, 0.5, 1.0])
def test_gain_is_the_mean_square_of_a_leaky_unit_by_quadrature(leak):
    z = np.linspace(-12, 12, 240_001)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    mean_square = np.sum(np.maximum(z, leak * z) ** 2 * density) * (z[1] - z[0])
    assert gain(leak) == pytest.approx(mean_square, rel=1e-9)


@pytest.mark.parametrize("leak", [0.0, 0.25, 1.0])
def test_forward_variance_is_hes(leak):
    assert variances(400, 100, leak)["forward"] == pytest.approx(
        2 / ((1 + leak**2) * 400), rel=1e-15
    )


@pytest.mark.parametrize("fan_out", FANS)
@pytest.mark.parametrize("leak", [0.0, 0.5, 1.0])
def test_each_choice_keeps_what_its_name_says(fan_out, leak):
    chosen = variances(400, fan_out, leak)
    # 300 rows; each factor scatters by a share of about sqrt(6 / (300 · 25))
    assert factors(chosen["forward"], 400, fan_out, leak)[0] == pytest.approx(
        1, abs=0.06
    )
    assert factors(chosen["backward"], 400, fan_out, leak)[1] == pytest.approx(
        1, abs=0.06
    )
    assert sum(factors(chosen["Glorot"], 400, fan_out, leak)) == pytest.approx(
        2, abs=0.1
    )


def test_400_inputs_and_100_outputs():
    facts = figure(Figure(), fan_out=100, leak=1.0)
    # each factor scatters by about 1 %
    expected = {
        "forward_ahead": 1.0,
        "forward_back": 0.25,
        "glorot_ahead": 1.6,
        "glorot_back": 0.4,
        "backward_ahead": 4.0,
        "backward_back": 1.0,
    }
    assert {name: facts[name] for name in expected} == pytest.approx(expected, rel=0.03)


def test_the_distribution_does_not_matter_only_its_variance():
    rng, limit = np.random.default_rng(5), np.sqrt(6 / 500)
    h = rng.normal(size=(300, 400))
    uniform = rng.uniform(-limit, limit, (400, 100))  # Glorot's own form
    assert np.mean((h @ uniform) ** 2) == pytest.approx(1.6, rel=0.04)
    assert limit**2 / 3 == pytest.approx(variances(400, 100, 1.0)["Glorot"])


@pytest.mark.parametrize(
    ("rule", "expected"), [("forward", 1.0), ("backward", 1.0), ("Glorot", 0.64)]
)
def test_over_a_pair_of_layers_only_the_compromise_loses(rule, expected):
    down = factors(variances(400, 100, 1.0)[rule], 400, 100, 1.0)
    up = factors(variances(100, 400, 1.0)[rule], 100, 400, 1.0)
    assert down[0] * up[0] == pytest.approx(expected, rel=0.04)
    assert down[1] * up[1] == pytest.approx(expected, rel=0.04)


def test_a_square_layer_has_one_variance_for_all():
    assert len(set(variances(400, 400, 0.3).values())) == 1


def test_relu_halves_the_mean_square_but_not_the_variance():
    z = np.random.default_rng(0).normal(size=1_000_000)
    h = np.maximum(z, 0)
    # standard errors below 0.002
    assert np.mean(h**2) == pytest.approx(0.5, abs=0.01)
    assert np.var(h) == pytest.approx(0.5 - 1 / (2 * np.pi), abs=0.01)


@pytest.mark.parametrize(("fan_out", "leak"), [(25, 0.0), (1600, 1.0)])
def test_marks_lie_on_their_lines_within_the_axes(fan_out, leak):
    fig = Figure()
    facts = figure(fig, fan_out=fan_out, leak=leak)
    _, ahead, back, *marks = fig.axes[0].lines
    slopes = [line.get_ydata()[0] / line.get_xdata()[0] for line in (ahead, back)]
    assert slopes == pytest.approx([gain(leak), gain(leak) * fan_out / 400])
    low, high = fig.axes[0].get_ylim()
    for bar, one, other in zip(marks[::3], marks[1::3], marks[2::3], strict=True):
        (x, a), (_, b) = bar.get_xydata()
        assert one.get_xydata().tolist() == [[x, a]]
        assert other.get_xydata().tolist() == [[x, b]]
        assert [a / x, b / x] == pytest.approx(slopes, rel=0.06)
        assert low < min(a, b) and max(a, b) < high
    assert marks[4].get_ydata()[0] == facts["glorot_ahead"]
    assert marks[5].get_ydata()[0] == facts["glorot_back"]
