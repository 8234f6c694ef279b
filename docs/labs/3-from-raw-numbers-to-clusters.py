# ---
# description: Scaling, principal components, k-means, the elbow and three other
#   criteria, and what they say where there are no clusters.
# ---

# %% [markdown]
# # Lab: from raw numbers to clusters
#
# You get a table of 240 rows and six columns in six different units, and the question
# whether the rows fall into groups. In this lab you scale it, look at it along its
# principal components, cluster it, and ask four criteria how many clusters there are.
# At the end the same steps meet a table without any groups. Plan 25 minutes.

# %%
import numpy as np

from kmeans import best, runs, sample
from kmeans_criteria import KS, bic, gap, gap_choice, silhouette
from kmeans_elbow import largest_drop, second_difference
from kmeans_starts import draw_clusters
from lab_kit import check, drawing

# %% [markdown]
# ## The table
#
# Four groups are planted in two hidden directions, and six columns mix these with
# noise. Each column is written in a unit of its own, so that the sizes of the numbers
# say nothing.

# %%
UNITS = np.array([1000.0, 1.0, 0.01, 30.0, 0.2, 5.0])


def table(data):
    """Six columns in their units, (240, 6), over two hidden directions."""
    rng = np.random.default_rng(5)
    mix = np.linalg.qr(rng.normal(size=(6, 6)))[0][:2]
    mix = mix * [0.2, 1, 1, 1, 1, 1]  # the first column knows little
    noise = 0.6 * rng.normal(size=(240, 6))
    return (sample(data) @ mix + noise) * UNITS + 3 * UNITS


raw = table("square")
planted = np.repeat(np.arange(4), 60)
print("mean     ", *(f"{value:8.3g}" for value in raw.mean(axis=0)))
print("deviation", *(f"{value:8.3g}" for value in raw.std(axis=0)))

# %% [markdown]
# ## Scaling
#
# **Exercise 1.** Give every column mean 0 and standard deviation 1.

# %% tags=["exercise"]
def standardize(x):
    """Columns of mean 0 and standard deviation 1, same shape."""
    return ...


# %%
def column_by_column(x):
    """The same by the definitions, one column after another."""
    columns = []
    for column in x.T:
        mean = sum(column) / len(column)
        variance = sum((value - mean) ** 2 for value in column) / len(column)
        columns.append([(value - mean) / variance**0.5 for value in column])
    return np.array(columns).T


hint = "axis=0 runs down a column"
check("Exercise 1", standardize(raw), column_by_column(raw), hint)

# %% [markdown]
# <details markdown="1">
# <summary>Solution of exercise 1</summary>
#
# ```python
# def standardize(x):
#     """Columns of mean 0 and standard deviation 1, same shape."""
#     return (x - x.mean(axis=0)) / x.std(axis=0)
# ```
#
# </details>
#
# Does it matter? The groups are planted, so the answer can be checked. Two partitions
# agree on a pair of rows if both put it together or both keep it apart.
#
# **Exercise 2.** Write the share of pairs of different rows on which two partitions
# agree, the Rand index. Comparing `a[:, None] == a` does all pairs at once.

# %% tags=["exercise"]
def agreement(a, b):
    """Share of the pairs of rows on which two partitions agree."""
    return ...


# %%
def pair_by_pair(a, b):
    """The same, one pair after another."""
    pairs = [(i, j) for i in range(len(a)) for j in range(i)]
    same = [(a[i] == a[j]) == (b[i] == b[j]) for i, j in pairs]
    return sum(same) / len(same)


first, second = np.random.default_rng(0).integers(3, size=(2, 50))
hint = "leave out the diagonal, on which every row meets itself"
wanted = pair_by_pair(first, second)
check("Exercise 2", agreement(first, second), wanted, hint)

# %% [markdown]
# <details markdown="1">
# <summary>Solution of exercise 2</summary>
#
# ```python
# def agreement(a, b):
#     """Share of the pairs of rows on which two partitions agree."""
#     same = (a[:, None] == a) == (b[:, None] == b)
#     n = len(a)
#     return (same.sum() - n) / (n * (n - 1))
# ```
#
# Two random partitions agree on many pairs too, since most pairs are apart in both. So
# compare the number with that of a shuffled partition, not with 0.
#
# </details>
#
# Predict before you run: which column decides about the clusters of the raw table?

# %%
scaled = column_by_column(raw)
shuffled = np.random.default_rng(1).permutation(planted)
print(f"shuffled labels: {pair_by_pair(planted, shuffled):.2f}")
for name, rows in (("raw", raw), ("scaled", scaled)):
    found = best(rows, 4)[1]
    print(f"{name}: agrees with the planted groups on", end=" ")
    print(f"{pair_by_pair(planted, found):.2f} of the pairs")
spread = raw.var(axis=0)
print("share of the raw variance:", np.round(spread / spread.sum(), 3))

# %% [markdown]
# Squared distances add up over the columns, so the column with the largest numbers has
# all the say, and here it is the one that knows least. Scaling gives each column the
# same say. That is a choice as well, and a wrong one where one column carries the
# groups and five are noise.
#
# ## Principal components
#
# The scaled table $Z$ has six directions. Its singular value decomposition
# $Z = U S V^\top$ turns them so that the first takes the most variance, the second the
# most of what is left, and so on.
#
# **Exercise 3.** From `np.linalg.svd(z, full_matrices=False)`, compute the rows'
# coordinates along the first two directions, and the share of the variance that each of
# the six directions takes.

# %% tags=["exercise"]
def components(z):
    """Coordinates (n, 2), and the shares of variance (6,)."""
    return ..., ...


# %%
values, vectors = np.linalg.eigh(scaled.T @ scaled / len(scaled))
values, vectors = values[::-1], vectors[:, ::-1]
pcs = scaled @ vectors[:, :2]
yours, shares = components(scaled)
hint = "the squares of the singular values are in proportion to the variances"
check("Exercise 3, shares", shares, values / values.sum(), hint)
# A direction has no sign, so the check compares sizes.
lengths = ... if yours is ... else np.abs(yours)
check("Exercise 3, coordinates", lengths, np.abs(pcs), "project the rows on V")
print("shares of the variance:", np.round(values / values.sum(), 2))

# %% [markdown]
# <details markdown="1">
# <summary>Solution of exercise 3</summary>
#
# ```python
# def components(z):
#     """Coordinates (n, 2), and the shares of variance (6,)."""
#     u, s, vt = np.linalg.svd(z, full_matrices=False)
#     return z @ vt[:2].T, s**2 / np.sum(s**2)
# ```
#
# The check takes another road, the eigenvectors of the covariance matrix.
#
# </details>
#
# Two directions take most of it, as many as were planted. The third is mostly the
# column that knows little. That the groups lie where the variance is was arranged here:
# principal components look for variance, not for groups, and groups can hide in a
# direction of little variance.
#
# ## k-means
#
# **Exercise 4.** k-means takes two steps in turn. Write the first: each row goes to the
# nearest center.

# %% tags=["exercise"]
def assign(points, centers):
    """Number of the nearest center for each point, (n,)."""
    return ...


# %%
centers = pcs[:4]
nearest = [
    min(range(4), key=lambda k: sum((point - centers[k]) ** 2))
    for point in pcs
]
check("Exercise 4", assign(pcs, centers), nearest, "square, sum, then argmin")
ends = [run[2][-1] for run in runs(pcs, 4, 12, "random")]
print("twelve random starts:", *(f"{end:.0f}" for end in ends))
print(f"best of ten spread-out starts: {best(pcs, 4)[2]:.0f}")

# %% [markdown]
# <details markdown="1">
# <summary>Solution of exercise 4</summary>
#
# ```python
# def assign(points, centers):
#     """Number of the nearest center for each point, (n,)."""
#     apart = points[:, None] - centers  # (n, K, d)
#     return (apart**2).sum(axis=2).argmin(axis=1)
# ```
#
# </details>
#
# The numbers are distortions, the sums of the squared distances to the nearest center.
# Lloyd's iteration only walks downhill, so the start decides where it ends. From here
# on every result is the best of ten starts.
#
# ## The number of clusters
#
# Four criteria, each with its own idea of enough. The elbow asks where the distortion
# stops falling fast, here by two rules. The silhouette asks how much nearer a point is
# to its own cluster than to the next. The gap compares the distortion with that of
# uniform points in the same box. BIC asks whether a mixture of round Gaussians is worth
# its parameters. Which of them could ever answer 1?

# %%
def criteria(points):
    """What each criterion answers, and the curves by K = 1 … 10."""
    found = [best(points, k) for k in KS]
    curve = np.array([run[2] for run in found])
    widths = [silhouette(points, run[1]) for run in found[1:]]
    gaps, error = gap(points, copies=8)
    scores = [bic(points, run[0]) for run in found]
    answers = {
        "elbow, largest drop": largest_drop(curve),
        "elbow, second difference": second_difference(curve),
        "silhouette": 2 + int(np.argmax(widths)),
        "gap": gap_choice(gaps, error),
        "BIC": 1 + int(np.argmin(scores)),
    }
    return answers, curve / curve[0], np.array(widths)


answers, curve, widths = criteria(pcs)
for name, k in answers.items():
    print(f"{name:25} K = {k}")
print(f"highest silhouette {widths.max():.2f}")
labels = best(pcs, 4)[1]
print("agreement with the planted groups:", end=" ")
print(f"{pair_by_pair(planted, labels):.2f}")

# %%
def panels(fig, points, curve, k):
    """The points in k clusters, beside the fall of the distortion."""
    fig.set_size_inches(5.2, 2.7)
    fig.subplots_adjust(left=0.02, right=0.97, bottom=0.18, wspace=0.35)
    left, right = fig.subplots(1, 2)
    centers, labels, _ = best(points, k)
    draw_clusters(left, points, centers, labels)
    reach = 1.1 * np.abs(points).max()
    left.set(xlim=(-reach, reach), ylim=(-reach, reach))
    right.plot(KS, 1 / np.array(KS), "C7:")
    right.plot(KS, curve, "C0o-", ms=4)
    right.set(xlabel="clusters K", ylabel="distortion, share", ylim=(0, 1.05))
    right.set_xticks(range(1, 11))


alt = (
    "Left: the rows along the first two principal components, four "
    "separate groups in four colors with a center in each. Right: the "
    "distortion falls fast until K is 4 and hardly any further; a dotted "
    "curve shows one over K."
)
with drawing(alt) as fig:
    panels(fig, pcs, curve, 4)

# %% [markdown]
# The three criteria agree with what was planted and the two rules for the elbow do not.
# The groups form two pairs, and the step from one cluster to two saves the most; a rule
# that looks for the largest saving stops there. The dotted curve is $1/K$, roughly what
# the distortion of a plain square does.
#
# ## The same steps on a table without groups
#
# Now the two hidden directions are uniform on a square. There is nothing to find.
# Predict for each criterion what it will answer, and for how you would notice.

# %%
flat = column_by_column(table("uniform"))
vectors = np.linalg.eigh(flat.T @ flat)[1][:, ::-1]
flat_pcs = flat @ vectors[:, :2]
flat_answers, flat_curve, flat_widths = criteria(flat_pcs)
for name, k in flat_answers.items():
    print(f"{name:25} K = {k}")
print(f"highest silhouette {flat_widths.max():.2f}, before {widths.max():.2f}")

# %%
alt = (
    "Left: the rows without groups along the first two principal "
    "components, one even patch that k-means has cut into four colored "
    "pieces. Right: the distortion falls smoothly, close to the dotted "
    "curve of one over K."
)
with drawing(alt) as fig:
    panels(fig, flat_pcs, flat_curve, 4)

# %% [markdown]
# k-means cuts an even patch into neat pieces, and the colors make them look like
# groups. The rules for the elbow and the silhouette *cannot* answer 1: they compare one
# number of clusters with another, from two on. Only a criterion that knows what no
# structure looks like can say that there is none. The gap does. BIC could, and need
# not: a mixture of two round Gaussians describes a square patch better than one does.
#
# One more test needs no criterion. Cluster two random halves of the rows separately,
# let each half's centers label all rows, and see whether the two agree. Clusters that
# exist are found twice; pieces of an even patch fall differently each time.

# %%
def twice(points, k, times=10):
    """Mean agreement of the clusters found in two random halves."""
    rng, found = np.random.default_rng(0), []
    for _ in range(times):
        order = rng.permutation(len(points))
        both = []
        for half in (order[::2], order[1::2]):
            apart = points[:, None] - best(points[half], k)[0]
            both.append((apart**2).sum(axis=2).argmin(axis=1))
        same = [labels[:, None] == labels for labels in both]
        found.append(np.mean(same[0] == same[1]))
    return np.mean(found)


for k in (2, 3, 4, 5):
    print(f"K = {k}: with groups {twice(pcs, k):.2f}, ", end="")
    print(f"without {twice(flat_pcs, k):.2f}")

# %% [markdown]
# Read this table with care. An even patch with four corners pulls four centers to
# nearly the same places every time, and the agreement there is high as well. Stability
# says that a partition repeats. It does not say that there is a gap between its parts.
#
# ## What to take along
#
# - Scale before you measure distances, and say why in the way you did: it decides which
#   columns count.
# - Principal components show variance. Groups may be there, or in what was dropped.
# - Several criteria that agree on a number are worth something only if at least one of
#   them could have said "none".
# - The honest answer to "how many clusters" may be "the data do not say", and the curve
#   of a patch without groups, put beside yours, is how you show it.
