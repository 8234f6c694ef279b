# ---
# description: A rare class from the first look to a threshold with a price: ROC,
#   precision, calibration, uncertainty, and a leak to find.
# ---

# %% [markdown]
# # Lab: judge a classifier end to end
#
# You get 600 cases, one in ten of them positive, and a model that looks good. In this
# lab you judge it: by its ranking, by its precision, by whether its probabilities can
# be believed, and by what it costs. You also say how far each number can be trusted.
# One cell of the lab makes a mistake on purpose. It lets answers leak into the
# evaluation, and you are to find it. Plan 30 minutes.

# %%
import numpy as np

from class_imbalance import fit
from lab_kit import check, drawing
from roc_auc import auc, roc_curve
from sigmoid_derivatives import sigmoid

# %% [markdown]
# ## The data
#
# Each case has 300 measured columns, of which a few are worth something and the others
# are noise. You are not told which. A model with 301 weights for 60 positives would fit
# anything, so the preparation keeps the 15 columns in which positives and negatives
# differ most.

# %%
CASES, COLUMNS, KEPT = 600, 300, 15


def sample(seed):
    """Cases (600, 300) and labels (600,); four columns are informative."""
    rng = np.random.default_rng(seed)
    labels = np.arange(CASES) < CASES // 10
    x = rng.normal(size=(CASES, COLUMNS))
    x[:, [7, 91, 150, 233]] += 0.55 * labels[:, None]
    order = rng.permutation(CASES)
    return x[order], labels[order]


def strongest(x, labels):
    """The columns in which the two classes differ most, (KEPT,)."""
    apart = x[labels].mean(axis=0) - x[~labels].mean(axis=0)
    return np.argsort(-np.abs(apart) / x.std(axis=0))[:KEPT]


everything, labels = sample(seed=0)
x = everything[:, strongest(everything, labels)]
print("cases", x.shape, "positives", labels.sum())
print(f"accuracy of always saying no: {1 - labels.mean():.2f}")

# %% [markdown]
# The last line is why this lab does not mention accuracy again.
#
# ## Predictions for cases that the model has not seen
#
# Five folds, each with its share of the positives. Every case gets its probability from
# a model that was fitted without its fold. The fit is a plain logistic one, with no
# weight on the rare class.

# %%
def folds_of(labels, seed, count=5):
    """A fold for every case, the positives spread evenly, (n,)."""
    rng, fold = np.random.default_rng(seed), np.zeros(len(labels), int)
    for kind in (labels, ~labels):
        places = rng.permutation(np.flatnonzero(kind))
        fold[places] = np.arange(len(places)) % count
    return fold


def predict(weights, x):
    """Probabilities by intercept and slopes."""
    return sigmoid(weights[0] + x @ weights[1:])


def out_of_fold(x, labels, fold):
    """For every case the probability by the fit without its fold, (n,)."""
    found = np.empty(len(labels))
    for each in np.unique(fold):
        rest = fold != each
        weights = fit(x[rest], labels[rest])
        found[~rest] = predict(weights, x[~rest])
    return found


fold = folds_of(labels, seed=1)
p = out_of_fold(x, labels, fold)
print(f"AUC over all cases: {auc(p, labels):.3f}")

# %% [markdown]
# ## Ranking: ROC and precision against recall
#
# The area under the ROC curve is the share of pairs, one positive and one negative, in
# which the positive has the higher score. It does not see how rare positives are.
# Precision does: of the cases that you call positive, which share is?
#
# **Exercise 1.** For every case taken as the threshold, that is for saying yes to all
# cases with at least its score, compute precision and recall. Sort the scores from high
# to low and count. There are no ties here.

# %% tags=["exercise"]
def precision_recall(scores, labels):
    """Precision and recall at each score, highest first, (2, n)."""
    return ...


# %%
def one_by_one(scores, labels):
    """The same from the definitions, one threshold after another."""
    found = []
    for threshold in np.sort(scores)[::-1]:
        yes = scores >= threshold
        right = np.sum(yes & labels)
        found.append((right / yes.sum(), right / labels.sum()))
    return np.array(found).T


hint = "after sorting, a cumulative sum counts the positives found so far"
wanted = one_by_one(p, labels)
check("Exercise 1", precision_recall(p, labels), wanted, hint)

# %% [markdown]
# <details markdown="1">
# <summary>Solution of exercise 1</summary>
#
# ```python
# def precision_recall(scores, labels):
#     """Precision and recall at each score, highest first, (2, n)."""
#     found = np.cumsum(labels[np.argsort(-scores)])
#     yes = np.arange(1, len(labels) + 1)
#     return np.array([found / yes, found / found[-1]])
# ```
#
# </details>
#
# Before you look at the curves: at a recall of one half, which precision do you expect
# from this AUC, with one positive in ten?

# %%
precision, recall = one_by_one(p, labels)
half = np.argmax(recall >= 0.5)
print(f"precision at a recall of one half: {precision[half]:.2f}")


def draw_curves(fig, scores):
    """ROC at the left, precision and recall at the right, by color."""
    fig.set_size_inches(5.2, 2.9)
    fig.subplots_adjust(left=0.1, right=0.98, top=0.97, wspace=0.32)
    left, right = fig.subplots(1, 2)
    left.plot([0, 1], [0, 1], "C7:")
    right.axhline(labels.mean(), color="C7", ls=":")
    for color, given in scores.items():
        left.plot(*roc_curve(given, labels), color)
        right.plot(*one_by_one(given, labels)[::-1], color)
    left.set(xlabel="false positive rate", ylabel="true positive rate")
    right.set(xlabel="recall", ylabel="precision", ylim=(-0.02, 1.02))
    return left, right


alt = (
    "Two panels. Left: the ROC curve of the model, well above the "
    "diagonal. Right: precision against recall; it jumps about at low "
    "recall and falls to a tenth, the share of positives, at the right."
)
with drawing(alt) as fig:
    draw_curves(fig, {"C0": p})

# %% [markdown]
# ## Calibration: whether to believe the probabilities
#
# Among the cases with a probability near 0.3, about three in ten should be positive.
#
# **Exercise 2.** For each bin of probabilities compute the mean probability and the
# share of positives. A bin holds the cases with `edges[i] <= p < edges[i + 1]`; every
# bin has cases here.

# %% tags=["exercise"]
def reliability(p, labels, edges):
    """Mean probability and share of positives by bin, (2, bins)."""
    return ...


# %%
edges = np.array([0, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0])


def bin_by_bin(p, labels, edges):
    """The same, case by case, with the number of cases as a third row."""
    sums = np.zeros((3, len(edges) - 1))
    for value, label in zip(p, labels):
        sums[:, np.sum(value >= edges) - 1] += value, label, 1
    return np.vstack([sums[:2] / sums[2], sums[2]])


hint = "np.digitize(p, edges) - 1 numbers the bin of each case"
check("Exercise 2", reliability(p, labels, edges),
      bin_by_bin(p, labels, edges)[:2], hint)


def table(p):
    """Print said and observed shares, with one standard deviation."""
    for mean, share, count in bin_by_bin(p, labels, edges).T:
        error = np.sqrt(mean * (1 - mean) / count)
        print(f"said {mean:.3f}   observed {share:.3f} ± {error:.3f}", end="")
        print(f"   {count:3.0f} cases")


table(p)

# %% [markdown]
# <details markdown="1">
# <summary>Solution of exercise 2</summary>
#
# ```python
# def reliability(p, labels, edges):
#     """Mean probability and share of positives by bin, (2, bins)."""
#     place = np.digitize(p, edges) - 1
#     bins = place == np.arange(len(edges) - 1)[:, None]
#     size = bins.sum(axis=1)
#     return np.array([bins @ p / size, bins @ labels.astype(float) / size])
# ```
#
# A trap on the way: the matrix product of two boolean arrays is boolean too, and counts
# nothing beyond one.
#
# </details>
#
# The ± is one standard deviation of the share if the probabilities are right. With 60
# positives a bin holds few of them, so only a gross error shows. There is a hint of
# one: the last bin promises more than it holds and the second less. A fit that is too
# sure of itself looks like that, and fifteen columns for sixty positives make it so. A
# weight on the rare class would move all bins the same way, and by a known amount.
#
# ## A threshold with a price
#
# Say a missed positive costs 20 and a false alarm costs 1. If the probability $p$ of a
# case is right, saying yes costs $1 \cdot (1 - p)$ on average, and saying no costs
# $20\,p$.
#
# **Exercise 3.** From which probability on is yes the cheaper answer? Write it for any
# two costs.

# %% tags=["exercise"]
def best_threshold(miss, alarm):
    """Probability from which on saying yes costs less."""
    return ...


# %%
def by_search(miss, alarm):
    """The same, by trying a million probabilities."""
    tried = np.linspace(0, 1, 1_000_001)
    return tried[np.argmax(alarm * (1 - tried) <= miss * tried)]


hint = "set the two average costs equal and solve for p"
for miss, alarm in ((20, 1), (3, 2)):
    name, wanted = f"Exercise 3, {miss} and {alarm}", by_search(miss, alarm)
    check(name, best_threshold(miss, alarm), wanted, hint, within=1e-4)

# %% [markdown]
# <details markdown="1">
# <summary>Solution of exercise 3</summary>
#
# ```python
# def best_threshold(miss, alarm):
#     """Probability from which on saying yes costs less."""
#     return alarm / (alarm + miss)
# ```
#
# The threshold follows from the costs alone. It needs no data, as long as the
# probabilities are right.
#
# </details>

# %%
MISS, ALARM = 20, 1


def cost(p, labels, threshold):
    """Cost of a hundred cases."""
    yes = p >= threshold
    missed, alarms = np.mean(~yes & labels), np.mean(yes & ~labels)
    return 100 * (MISS * missed + ALARM * alarms)


print("cost of a hundred cases")
for name, at in (("one half", 0.5), ("by the costs", by_search(MISS, ALARM))):
    print(f"threshold {name} ({at:.3f}): {cost(p, labels, at):.0f}")
print(f"always yes {cost(p, labels, 0):.0f}, ", end="")
print(f"always no {cost(p, labels, 2):.0f}")

# %% [markdown]
# ## The uncertainty of the AUC
#
# Two numbers answer two questions. Drawing the cases anew with replacement, the
# *bootstrap*, says how much another sample of this size would move the AUC. Drawing the
# folds anew says only how much the luck of the split matters. Which of the two do you
# expect to be larger?

# %%
def bootstrap(p, labels, times=500):
    """Middle 95% of the AUC over cases drawn with replacement."""
    rng = np.random.default_rng(2)
    draws = rng.integers(len(p), size=(times, len(p)))
    return np.percentile([auc(p[d], labels[d]) for d in draws], [2.5, 97.5])


splits = [
    auc(out_of_fold(x, labels, folds_of(labels, seed)), labels)
    for seed in range(10)
]
low, high = bootstrap(p, labels)
print(f"AUC {auc(p, labels):.3f}, bootstrap {low:.3f} to {high:.3f}")
print(f"ten other splits: {min(splits):.3f} to {max(splits):.3f}")

# %% [markdown]
# The second range is narrow, and narrow for the wrong reason: all splits share the same
# 60 positives. Report the first one, and say what it leaves out: another sample would
# also have given another model. Neither sees what is wrong with the procedure itself,
# and something is.
#
# ## Find the leak
#
# **Stop here.** Every number above comes from out-of-fold predictions, and all of them
# are too good. Go back and find the cell that uses labels which it must not use. Write
# down which one before you go on.
#
# This is a test that needs no insight. A prediction for a fold must not depend on the
# labels *of that fold*: the model is not supposed to know them. So turn these labels
# round, do everything again from the raw columns, and see whether the predictions for
# that fold move.

# %%
def as_above(everything, labels, fold):
    """What this lab has done so far, from the raw columns on."""
    x = everything[:, strongest(everything, labels)]
    return out_of_fold(x, labels, fold)


def moved(procedure):
    """Largest change of a prediction when its own fold's labels turn round."""
    own = fold == 0
    before = procedure(everything, labels, fold)
    if before is ...:
        return ...
    after = procedure(everything, np.where(own, ~labels, labels), fold)
    return np.abs(after - before)[own].max()


print(f"as above: a prediction moves by up to {moved(as_above):.2f}")

# %% [markdown]
# <details markdown="1">
# <summary>Where the leak is</summary>
#
# In the second cell with code, in `x = everything[:, strongest(everything, labels)]`.
# The columns were chosen by the labels of *all* cases. A noise column that happens to
# separate the positives is kept, and it separates them in every fold, since every fold
# had its say in the choice. Cross-validation started one step too late.
#
# </details>
#
# **Exercise 4.** Write the procedure without the leak. Everything that looks at a label
# belongs inside the loop.

# %% tags=["exercise"]
def honest(everything, labels, fold):
    """For every case a probability by what was learned without its fold."""
    return ...


# %%
hint = "choose the columns anew for every fold, from the other folds' cases"
check("Exercise 4", moved(honest), 0.0, hint)

# %% [markdown]
# <details markdown="1">
# <summary>Solution of exercise 4</summary>
#
# ```python
# def honest(everything, labels, fold):
#     """For every case a probability by what was learned without its fold."""
#     found = np.empty(len(labels))
#     for each in np.unique(fold):
#         rest = fold != each
#         columns = strongest(everything[rest], labels[rest])
#         weights = fit(everything[rest][:, columns], labels[rest])
#         found[~rest] = predict(weights, everything[~rest][:, columns])
#     return found
# ```
#
# </details>
#
# ## The honest numbers
#
# How much of the AUC do you expect to remain? The next cell does it without the leak,
# and then shuffles the labels, so that there is nothing to learn at all. An honest
# procedure must come out near one half there.

# %%
def refit(everything, labels, fold):
    """Columns and weights by the other folds alone, fold by fold."""
    found = np.empty(len(labels))
    for each in np.unique(fold):
        rest, own = fold != each, fold == each
        columns = strongest(everything[rest], labels[rest])
        inside = everything[:, columns]
        found[own] = predict(fit(inside[rest], labels[rest]), inside[own])
    return found


q = refit(everything, labels, fold)
rng = np.random.default_rng(3)
for name, procedure in (("with the leak", as_above), ("without it", refit)):
    r = procedure(everything, labels, fold)
    low, high = bootstrap(r, labels)
    chance = []
    for _ in range(5):
        lot = rng.permutation(labels)
        guess = procedure(everything, lot, folds_of(lot, 0))
        chance.append(auc(guess, lot))
    at = by_search(MISS, ALARM)
    print(f"{name}: AUC {auc(r, labels):.3f}", end=" ")
    print(f"({low:.3f} to {high:.3f}),", end=" ")
    print(f"shuffled {np.mean(chance):.3f},", end=" ")
    print(f"cost {cost(r, labels, at):.0f}")

# %%
alt = (
    "Two panels, each with two curves. Left: ROC. The curve with the leak "
    "lies above the one without it, which is still above the diagonal. "
    "Right: precision against recall, in the same order."
)
with drawing(alt) as fig:
    _, right = draw_curves(fig, {"C1": p, "C0": q})
    right.text(0.36, 0.5, "with the leak", color="C1")
    right.text(0.36, 0.02, "without it", color="C0")

# %% [markdown]
# Compare the costs with those of the lazy answers further up: at this threshold the
# honest model costs more than saying yes to everybody. The threshold is right for right
# probabilities, so look at these again:

# %%
table(q)

# %% [markdown]
# The model is far too sure of itself at both ends, since most of its weights were
# fitted to noise. With the leak the noise seemed to keep its promises. What to do is
# another lab: fewer columns, a penalty on the weights, or probabilities that are
# recalibrated, each chosen inside the folds.
#
# ## What to take along
#
# - Whatever looks at a label is part of the model, and belongs inside
#   cross-validation: choosing columns, filling gaps by class, resampling, tuning.
# - Two tests find most leaks: shuffle the labels and expect one half; turn a fold's own
#   labels round and expect no change.
# - AUC judges the order, calibration judges the numbers, and the costs choose the
#   threshold. They can fail one at a time.
# - The intervals here are about the sample of cases. They assume that new cases come
#   from where these came from; no computation on these 600 can check that.
