"""early_stopping_honesty: promises against truths, set by set."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from early_stopping import sample, train, true_loss
from early_stopping_honesty import chosen, figure

CASES = [10, 20, 40, 80, 160]


def test_each_set_chooses_its_lowest_check():
    x, y = sample(1, 2003, 20)
    losses = [np.mean((y - x @ w) ** 2) for w in train(1)]
    at = losses.index(min(losses))
    assert chosen(20)[3] == pytest.approx([losses[at], true_loss(train(1), 1)[at]])


def test_a_check_fixed_beforehand_is_judged_without_bias():
    at, losses = 30, []
    for seed in range(2000, 2200):
        x, y = sample(1, seed, 20)
        losses.append(np.mean((y - x @ train(1)[at]) ** 2))
    error = np.std(losses) / 200**0.5
    assert np.mean(losses) == pytest.approx(true_loss(train(1), 1)[at], abs=3 * error)


@pytest.mark.parametrize("cases", [10, 20, 40])
def test_the_chosen_check_promises_too_much(cases):
    promised, true = chosen(cases).T
    gap = true - promised
    assert gap.mean() > 3 * gap.std() / 200**0.5


def test_promise_lies_below_the_best_that_any_check_delivers():
    assert chosen(20)[:, 0].mean() < true_loss(train(1), 1).min()


def test_more_validation_cases_are_more_honest_and_choose_better():
    facts = [figure(Figure(), cases=c) for c in CASES]
    assert facts[0]["optimism"] > 3 * facts[2]["optimism"]
    assert facts[2]["optimism"] > facts[4]["optimism"]
    true = [f["true"] for f in facts]
    assert true == sorted(true, reverse=True)


@pytest.mark.parametrize("cases", CASES)
def test_every_set_is_drawn_inside_the_axes_with_the_mean(cases):
    fig = Figure()
    facts = figure(fig, cases=cases)
    _, dots, mean = fig.axes[0].lines
    assert dots.get_xydata().tolist() == chosen(cases).tolist()
    assert mean.get_xydata().tolist() == [[facts["promised"], facts["true"]]]
    assert dots.get_xydata().max() < fig.axes[0].get_xlim()[1]
    above = np.mean([x < y for x, y in dots.get_xydata()])
    assert facts["too_low"] == above
