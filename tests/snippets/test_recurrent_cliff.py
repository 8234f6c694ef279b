"""recurrent_cliff against a plain loop, differences and bounds on a step."""

from itertools import pairwise
from math import exp

import numpy as np
import pytest
from matplotlib.figure import Figure

from recurrent_cliff import LIMITS, START, descend, figure, loss_and_gradient


def loss(w, b):
    """The same network in Python's floats."""
    x = 0.5
    for _ in range(25):
        x = w / (1 + exp(-x)) + b
    return (1 / (1 + exp(-x)) - 0.7) ** 2


POINTS = [START, (4.5, -2.2), (4.7, -2.45), (5.5, -2.9), (3.9, -0.7)]


@pytest.mark.parametrize(("w", "b"), POINTS)
def test_loss_is_that_of_a_plain_loop(w, b):
    found, *_ = loss_and_gradient(np.array([w]), np.array([b]))
    # 25 steps, each of which can amplify rounding
    assert found[0] == pytest.approx(loss(w, b), rel=1e-10)


@pytest.mark.parametrize(("w", "b"), POINTS)
def test_gradient_agrees_with_a_central_difference(w, b):
    _, by_w, by_b = loss_and_gradient(np.array([w]), np.array([b]))
    h = 1e-6
    numeric_w = (loss(w + h, b) - loss(w - h, b)) / (2 * h)
    numeric_b = (loss(w, b + h) - loss(w, b - h)) / (2 * h)
    # rounding 1e-16 / h; the cliff's third derivative makes h² count
    assert by_w[0] == pytest.approx(numeric_w, rel=1e-5, abs=1e-8)
    assert by_b[0] == pytest.approx(numeric_b, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("rate", [0.25, 0.5])
@pytest.mark.parametrize("limit", LIMITS)
def test_a_clipped_step_is_never_longer_than_rate_times_threshold(limit, rate):
    path, _, norms = descend(limit, rate)
    steps = np.hypot(*np.diff(path, axis=0).T)
    assert np.all(steps <= rate * limit * (1 + 1e-12))
    expected = rate * np.minimum(norms[:-1], limit)
    # differences of weights of size 10 are rounded to 1e-15
    np.testing.assert_allclose(steps, expected, rtol=1e-9, atol=1e-14)


def test_steps_point_downhill():
    path, _, _ = descend(0.5, 0.5)
    for at, to in pairwise(path):
        _, by_w, by_b = loss_and_gradient(at[:1], at[1:])
        step, g = to - at, np.array([by_w[0], by_b[0]])
        cosine = step @ g / (np.linalg.norm(step) * np.linalg.norm(g))
        # the difference of two nearby points carries rounding of 1e-16 / 0.03
        assert cosine == pytest.approx(-1, abs=1e-9)


@pytest.mark.parametrize("rate", [0.25, 0.5])
def test_one_step_throws_the_raw_descent_off_the_map(rate):
    facts = figure(Figure(), rate=rate)
    path, _, _ = descend(1e9, rate)
    assert facts["longest_step_raw"] > 2 > 1 > path[:5, 0].std()
    assert path[-1, 1] > -0.7  # above or at the map's upper edge
    assert facts["end_loss_raw"] > 0.05


def test_clipped_descent_stays_near_and_ends_lower():
    facts = figure(Figure())
    path, _, _ = descend(0.5, 0.5)
    assert np.all((path > [3.8, -3]) & (path < [6, -0.6]))
    assert facts["end_loss_clipped"] < facts["end_loss_raw"] / 5


def test_a_threshold_of_100_clips_nothing():
    for rate in (0.25, 0.5):
        raw, high = descend(1e9, rate), descend(100.0, rate)
        for one, two in zip(raw, high, strict=True):
            np.testing.assert_array_equal(one, two)


def test_to_match_clipping_the_rate_would_have_to_be_fifty_times_smaller():
    facts = figure(Figure())
    assert facts["longest_step_raw"] / facts["longest_step_clipped"] == pytest.approx(
        50, rel=0.05
    )


def test_on_the_map_steep_points_are_rare_and_far_above_the_median():
    facts = figure(Figure())
    assert facts["surface_max"] > 100 * facts["surface_median"]
    assert 0 < facts["steep_share"] < 0.02


def test_surface_facts_count_points_of_a_grid():
    facts = figure(Figure())
    w, b = np.meshgrid(np.linspace(3.8, 6, 221), np.linspace(-3, -0.6, 241))
    _, by_w, by_b = loss_and_gradient(w, b)
    norm = np.sqrt(by_w**2 + by_b**2)
    assert facts["surface_max"] == pytest.approx(norm.max(), rel=1e-12)
    assert facts["steep_share"] == pytest.approx((norm > 1).mean())


def test_paths_do_not_hang_on_the_last_bits():
    """A chaotic descent would differ from one machine to the next."""
    for rate in (0.25, 0.5):
        for limit in (*LIMITS, 1e9):
            path, losses, _ = descend(limit, rate)
            at = [np.array([START[0] + 2e-15]), np.array([START[1] - 2e-15])]
            for _ in range(len(path) - 1):
                _, *g = loss_and_gradient(*at)
                factor = rate * limit / max(limit, float(np.hypot(*g)[0]))
                at = [v - factor * d for v, d in zip(at, g, strict=True)]
            end = loss_and_gradient(*at)[0][0]
            assert end == pytest.approx(losses[-1], rel=2e-9)


def test_drawn_paths_are_the_descents():
    fig = Figure()
    figure(fig)
    raw, clipped, _ = fig.axes[0].lines
    np.testing.assert_array_equal(raw.get_xydata(), descend(1e9, 0.5)[0])
    np.testing.assert_array_equal(clipped.get_xydata(), descend(0.5, 0.5)[0])
    for line, limit in zip(fig.axes[1].lines, (1e9, 0.5), strict=True):
        steps = np.linalg.norm(np.diff(descend(limit, 0.5)[0], axis=0), axis=1)
        np.testing.assert_allclose(line.get_ydata(), steps, rtol=1e-14)
