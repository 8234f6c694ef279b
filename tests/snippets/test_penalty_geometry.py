"""penalty_geometry against searches over the whole boundary of each ball."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.path import Path

import penalty_geometry
from penalty_geometry import BEST, figure, hessian, on_diamond, on_disk

TURN = np.linspace(0, 2 * np.pi, 400_001)
CASES = [(0.3, 0, 10), (0.9, 45, 3), (1.8, 45, 3), (1.2, 135, 10), (2.1, 90, 1)]

each_case = pytest.mark.parametrize(("budget", "angle", "condition"), CASES)


def loss(w, h):
    return np.einsum("...i,ij,...j", w - BEST, h, w - BEST) / 2


def ball(budget, power):
    """Points on the boundary, found by scaling directions to the right norm."""
    way = np.c_[np.cos(TURN), np.sin(TURN)]
    return budget * way / np.linalg.norm(way, power, axis=1, keepdims=True)


@each_case
def test_no_point_on_the_diamond_has_a_lower_loss(budget, angle, condition):
    h = hessian(angle, condition)
    found = on_diamond(h, budget)
    assert np.abs(found).sum() <= budget + 1e-12
    assert loss(found, h) <= loss(ball(budget, 1), h).min() + 1e-12


@each_case
def test_no_point_on_the_disk_has_a_lower_loss(budget, angle, condition):
    h = hessian(angle, condition)
    found = on_disk(h, budget)
    assert np.linalg.norm(found) <= budget + 1e-12
    assert loss(found, h) <= loss(ball(budget, 2), h).min() + 1e-12


@pytest.mark.parametrize("solve", [on_diamond, on_disk])
def test_a_budget_that_reaches_the_minimum_changes_nothing(solve):
    assert solve(hessian(45, 3), 3.0).tolist() == BEST.tolist()


def test_with_equal_curvature_the_corner_is_soft_thresholding():
    # |2 − λ| + |1 − λ| = 1.8 at λ = 0.6
    assert on_diamond(hessian(0, 1), 1.8) == pytest.approx([1.4, 0.4])


def test_valley_runs_at_the_angle_and_is_as_long_as_the_condition_says():
    values, axes = np.linalg.eigh(hessian(30, 10))
    way = axes[:, 0] * np.sign(axes[0, 0])
    assert values[1] / values[0] == pytest.approx(10)
    assert way == pytest.approx([np.cos(np.pi / 6), np.sin(np.pi / 6)])


def test_starting_picture_has_a_zero_on_the_diamond_only():
    facts = figure(Figure())
    assert (facts["l1_zero_count"], facts["l2_zero_count"]) == (1, 0)
    assert (facts["l1_first"], facts["l1_second"]) == (0.9, 0)


def test_a_budget_of_1_8_ends_on_an_edge():
    facts = figure(Figure(), budget=1.8)
    assert facts["l1_zero_count"] == 0 and facts["l1_first"] * facts["l1_second"] > 0


def test_disk_never_gives_a_zero_in_the_drawings():
    for budget in np.linspace(0.3, 3, 10):
        for angle in range(0, 180, 45):
            assert np.all(np.abs(on_disk(hessian(angle, 3), budget)) > 1e-3)


@pytest.mark.parametrize("angle", [0, 45, 135])
def test_a_minimum_gives_a_zero_exactly_where_the_wedges_are(monkeypatch, angle):
    fig = Figure()
    figure(fig, budget=0.9, angle=angle)
    wedges = [Path(patch.get_xy()) for patch in fig.axes[0].patches[:4]]
    for best in np.random.default_rng(0).uniform(-2.4, 3.4, (300, 2)):
        if np.abs(best).sum() > 0.9:
            monkeypatch.setattr(penalty_geometry, "BEST", best)
            zero = 0 in on_diamond(hessian(angle, 3), 0.9)
            assert zero == any(wedge.contains_point(best) for wedge in wedges)


def test_minima_on_the_rays_give_a_zero_on_the_disk_and_their_neighbors_not(
    monkeypatch,
):
    fig = Figure()
    figure(fig, budget=0.9, angle=45)
    for ray, slot in zip(fig.axes[1].lines[:4], (1, 0, 1, 0), strict=True):
        start, end = ray.get_xydata()
        on_ray = start + 0.05 * (end - start)
        for best, smallest, largest in (
            (on_ray, 0, 1e-12),
            (on_ray + 0.1 * np.eye(2)[slot], 1e-3, 1),
        ):
            monkeypatch.setattr(penalty_geometry, "BEST", best)
            assert smallest <= abs(on_disk(hessian(45, 3), 0.9)[slot]) <= largest


@each_case
def test_contour_goes_through_the_answer(budget, angle, condition):
    fig = Figure()
    figure(fig, budget=budget, angle=angle, condition=condition)
    h = hessian(angle, condition)
    for ax, skip in zip(fig.axes, (0, 4), strict=True):
        contour, dot = ax.lines[skip].get_xydata(), ax.lines[skip + 4].get_xydata()[0]
        assert loss(contour, h) == pytest.approx(float(loss(dot, h)))


def test_dots_and_titles_say_the_answers():
    fig = Figure()
    facts = figure(fig, budget=1.2, angle=90)
    for ax, name, skip in zip(fig.axes, ("l1", "l2"), (0, 4), strict=True):
        answer = (facts[f"{name}_first"], facts[f"{name}_second"])
        assert tuple(ax.lines[skip + 4].get_xydata()[0]) == answer
        assert ax.get_title().endswith(f"w = ({answer[0]:.2f}, {answer[1]:.2f})")
