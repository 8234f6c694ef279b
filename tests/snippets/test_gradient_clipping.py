"""gradient_clipping against norms and angles that are computed in other ways."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from deep_network import backward, clip_by_global_norm, forward, initialize
from gradient_clipping import (
    clip_by_value,
    clip_each_norm,
    cosine,
    figure,
    joint_norm,
)

RNG = np.random.default_rng(0)
RANDOM = [
    [scale * RNG.normal(size=(3, 4)), RNG.normal(size=5)]
    for scale in (0.1, 0.3, 1, 3, 30)
]


def flat(gradients):
    return np.concatenate([g.ravel() for g in gradients])


@pytest.mark.parametrize("gradients", RANDOM)
@pytest.mark.parametrize("limit", [0.1, 1.0, 5.0, 1000.0])
def test_global_norm_is_the_smaller_of_norm_and_limit_in_the_same_direction(
    gradients, limit
):
    after = flat(clip_by_global_norm(gradients, limit))
    raw = flat(gradients)
    expected = min(np.linalg.norm(raw), limit)
    assert np.linalg.norm(after) == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(
        after / np.linalg.norm(after), raw / np.linalg.norm(raw), rtol=1e-13
    )


@pytest.mark.parametrize("rule", [clip_by_value, clip_each_norm, clip_by_global_norm])
@pytest.mark.parametrize("gradients", RANDOM)
def test_clipping_twice_is_clipping_once(rule, gradients):
    once = rule(gradients, 0.7)
    np.testing.assert_allclose(flat(rule(once, 0.7)), flat(once), rtol=1e-15)


@pytest.mark.parametrize("gradients", RANDOM)
def test_value_clipping_is_the_nearest_point_of_the_box(gradients):
    after = flat(clip_by_value(gradients, 0.5))
    expected = [max(-0.5, min(0.5, float(v))) for v in flat(gradients)]
    assert after.tolist() == expected
    assert np.linalg.norm(after) <= 0.5 * np.sqrt(17)


def test_value_clipping_reaches_nearly_the_root_of_ten_thousand():
    g = [4 * np.random.default_rng(0).normal(size=10_000)]
    assert 90 < joint_norm(clip_by_value(g, 1.0)) < 100
    assert joint_norm(clip_by_value([1e9 * g[0]], 1.0)) == pytest.approx(100, abs=0.01)


def test_value_clipping_turns_the_example_to_cosine_0_962():
    g = [np.array([3.0, 0.5, -4.0])]
    after = clip_by_value(g, 1.0)
    assert after[0].tolist() == [1, 0.5, -1]
    assert cosine(g, after) == pytest.approx(7.25 / (25.25**0.5 * 1.5), rel=1e-14)
    assert round(cosine(g, after), 3) == 0.962


def test_separate_clipping_turns_the_whole_and_exceeds_the_limit():
    g = [np.array([3.0, 4.0]), np.array([0.0, 2.0])]
    after = clip_each_norm(g, 1.0)
    assert joint_norm(after) == pytest.approx(2**0.5)
    assert cosine(g, after) == pytest.approx(7 / (29**0.5 * 2**0.5))
    g[1] = np.array([0.225])  # a second tensor below the limit
    after = clip_each_norm(g, 1.0)
    assert joint_norm(after) == pytest.approx((1 + 0.225**2) ** 0.5)
    assert cosine(g, after) < 0.99


def test_separate_clipping_keeps_each_direction_and_the_bound_with_root_k():
    for gradients in RANDOM:
        after = clip_each_norm(gradients, 0.7)
        assert joint_norm(after) <= 0.7 * 2**0.5 + 1e-15
        for raw, clipped in zip(gradients, after, strict=True):
            assert np.linalg.norm(clipped) <= 0.7 + 1e-15
            assert cosine([raw], [clipped]) == pytest.approx(1, abs=1e-14)


def test_cosine_and_norm_are_those_of_one_long_vector():
    one, two = RANDOM[0], RANDOM[3]
    a, b = flat(one), flat(two)
    assert joint_norm(one) == pytest.approx(np.linalg.norm(a), rel=1e-14)
    expected = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
    assert cosine(one, two) == pytest.approx(expected, rel=1e-12)


def test_in_a_deep_network_only_one_factor_keeps_the_ratio_between_layers():
    layers = initialize([32] * 11, "tanh", 2.0, seed=0)
    x, error = np.random.default_rng(1).normal(size=(2, 8, 32))
    _, g = backward(layers, *forward(layers, x), error)
    ratio = np.linalg.norm(g[0]) / np.linalg.norm(g[-1])
    joint, each = clip_by_global_norm(g, 1.0), clip_each_norm(g, 1.0)
    assert ratio > 2
    assert np.linalg.norm(joint[0]) / np.linalg.norm(joint[-1]) == pytest.approx(ratio)
    assert np.linalg.norm(each[0]) / np.linalg.norm(each[-1]) == pytest.approx(1)
    assert joint_norm(each) == pytest.approx(10**0.5)


def test_a_norm_test_against_a_negative_limit_never_fires():
    downhill = [[-np.abs(g) for g in gradients] for gradients in RANDOM]
    assert min(joint_norm(g) for g in RANDOM + downhill) > 0
    assert joint_norm([np.zeros(3), np.zeros(2)]) == 0


@pytest.mark.parametrize("angle", range(0, 91, 15))
@pytest.mark.parametrize("threshold", [0.25, 1.0, 2.5, 3.5])
def test_facts_are_the_lengths_and_angles_of_the_plane(threshold, angle):
    facts = figure(Figure(), threshold, angle)
    raw = 3 * np.exp(1j * np.radians(angle))
    cut = complex(min(raw.real, threshold), min(raw.imag, threshold))
    assert facts["value_norm"] == pytest.approx(abs(cut), rel=1e-12)
    assert facts["norm_after"] == pytest.approx(min(3, threshold), rel=1e-12)
    turned = abs(np.degrees(np.angle(cut / raw)))
    # an arc cosine near 1 has an error of the root of eps, in degrees 1e-6
    assert facts["turned"] == pytest.approx(turned, abs=3e-6)
    assert facts["value_norm"] <= facts["bound"] + 1e-12


def test_value_clipping_turns_nothing_along_axes_and_the_diagonal():
    for angle in (0, 45, 90):
        assert figure(Figure(), 1.0, angle)["turned"] == pytest.approx(0, abs=3e-6)
    assert figure(Figure(), 1.0, 15)["turned"] > 20


def test_arrows_end_at_the_three_gradients():
    fig = Figure()
    facts = figure(fig)
    arrows = [a for a in fig.axes[0].texts if hasattr(a, "arrow_patch")]
    raw, value, norm = (complex(*a.xy) for a in arrows)
    assert abs(raw) == pytest.approx(3)
    assert (abs(value), abs(norm)) == pytest.approx(
        (facts["value_norm"], facts["norm_after"])
    )
    assert np.angle(norm) == pytest.approx(np.angle(raw))


def test_the_box_and_the_ball_have_the_size_of_the_threshold():
    fig = Figure()
    figure(fig, threshold=1.5)
    box, ball = fig.axes[0].patches
    assert (box.get_width(), ball.get_radius()) == (3, 1.5)


def test_clipping_at_every_step_cannot_come_to_rest():
    w = 1.0
    for _ in range(1000):
        (g,) = clip_by_global_norm([np.array([200 * w])], 1.0)
        w -= 0.3 * float(g[0])
    assert abs(w) > 0.05


def test_the_mean_of_clipped_gradients_may_point_the_other_way():
    batches = np.array([1.0] * 9 + [-10.0])
    (clipped,) = zip(*(clip_by_value([b], 1.0) for b in batches), strict=True)
    assert batches.mean() < 0 < np.mean(clipped)
