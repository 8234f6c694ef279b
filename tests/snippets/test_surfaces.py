"""surfaces: gradients by complex steps, least values, and the common loop."""

import numpy as np
import pytest

from surfaces import SURFACES, descend, quadratic, sgd

each_surface = pytest.mark.parametrize("name", SURFACES)


@each_surface
def test_gradient_is_the_complex_step_of_the_loss(name):
    surface = SURFACES[name]
    points = np.random.default_rng(0).normal(size=(3, 4, 2))
    h = 1e-30
    each = [surface.loss(points + 1j * h * axis).imag / h for axis in np.eye(2)]
    assert surface.gradient(points) == pytest.approx(np.stack(each, axis=-1))


@each_surface
def test_least_value_is_zero_and_stands_at_the_minimum(name):
    surface = SURFACES[name]
    assert surface.loss(surface.minimum) == 0
    assert surface.gradient(surface.minimum).tolist() == [0, 0]
    around = surface.minimum + np.random.default_rng(0).normal(size=(10_000, 2))
    assert np.all(surface.loss(around) > 0)


@pytest.mark.parametrize("condition", [1, 25, 1000])
@pytest.mark.parametrize("angle", [0, 0.5, -2])
def test_valley_has_curvature_one_along_its_angle_and_condition_across(
    condition, angle
):
    gradient = quadratic(condition, angle).gradient
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-np.sin(angle), np.cos(angle)])
    assert gradient(along) == pytest.approx(along, abs=1e-12 * condition)
    assert gradient(across) == pytest.approx(condition * across, abs=1e-12 * condition)


def test_named_valley_is_rotated_and_has_condition_25():
    curved = SURFACES["valley"].gradient(np.eye(2))
    assert np.linalg.eigvalsh(curved) == pytest.approx([1, 25])
    assert abs(curved[0, 1]) > 1


def test_rosenbrock_at_its_usual_start():
    # The value that collections of test functions give for (-1.2, 1).
    surface = SURFACES["rosenbrock"]
    assert surface.loss(surface.start) == pytest.approx(24.2)


def test_saddle_has_one_downward_direction_at_the_origin():
    gradient = SURFACES["saddle"].gradient
    h = 1e-6
    curved = (gradient(h * np.eye(2)) - gradient(-h * np.eye(2))) / (2 * h)
    assert curved == pytest.approx(np.diag([1.0, -1.0]))


@each_surface
def test_sgd_is_the_loop_that_it_stands_for(name):
    surface, x = SURFACES[name], SURFACES[name].start
    path = descend(sgd(0.001), surface.gradient, surface.start, 20)
    assert path.shape == (21, 2)
    for point in path:
        assert point == pytest.approx(x, abs=1e-15)
        x = x - 0.001 * surface.gradient(x)


def test_state_is_none_at_first_and_then_what_the_rule_returned():
    seen = []

    def count(gradient, x, state):
        seen.append(state)
        return x, len(seen)

    descend(count, lambda x: x, [0.0, 0.0], 3)
    assert seen == [None, 1, 2]
