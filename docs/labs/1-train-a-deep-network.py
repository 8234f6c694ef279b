# ---
# description: Forward and backward pass by hand, the gradient at each of forty
#   layers, and four remedies until the network learns.
# ---

# %% [markdown]
# # Lab: train a deep network by hand
#
# A network of forty equal layers is given to you, and it does not learn. In this lab
# you write its backward pass, look at the gradient layer by layer, and add four
# remedies, one after another, until it trains. After each step you say what you expect
# before you look. Plan 25 minutes; read
# [Vanishing and exploding gradients](../gradients/vanishing-and-exploding.md) first, or
# afterwards.

# %%
import numpy as np

from deep_network import ACTIVATIONS, backward, forward, initialize
from lab_kit import check, drawing
from training_diagnosis import task

# %% [markdown]
# ## The task, and a number to beat
#
# There are 64 examples with eight inputs each, and a target that needs three of them,
# one through a sine and two through their product. A network that has learned nothing
# but the mean of the targets has a loss of half their variance. That is the number to
# beat: a loss that stays there means that the layers below the last one do nothing.

# %%
x, y = task()
constant_loss = np.var(y) / 2
print("inputs", x.shape, "targets", y.shape)
print(f"loss of the best constant: {constant_loss:.3f}")

# %% [markdown]
# ## The forward pass
#
# A layer takes the outputs $h$ of the one below it, one row an example, and computes
#
# $$
# z = h W, \qquad h' = \varphi(z).
# $$
#
# The weights are drawn with standard deviation $s/\sqrt{m}$, where $m$ is the number of
# inputs of the layer and $s$ is the scale. The function below stacks a first layer from
# 8 to 32 units, forty layers of 32, and a linear one to a single output. Its options
# are the remedies; leave them for now.

# %%
DEPTH, WIDTH = 40, 32


def stack(activation, scale, skip=False, batch_norm=False):
    """A first layer, DEPTH hidden layers and a linear output."""
    options = dict(batch_norm=batch_norm)
    first = initialize([8, WIDTH], activation, scale, seed=0, **options)
    hidden = initialize(
        [WIDTH] * (DEPTH + 1), activation, scale, seed=2, skip=skip,
        branch=1 / DEPTH if skip else 1.0, **options,
    )
    return first + hidden + initialize([WIDTH, 1], "linear", 1.0, seed=1)


plain = stack("sigmoid", 1.0)
outputs, tape = forward(plain, x)
by_hand = x
for layer in plain:
    activation, _ = ACTIVATIONS[layer.activation]
    by_hand = activation(by_hand @ layer.weights)
print("layers:", len(plain))
print("by hand as by forward():", np.allclose(by_hand, outputs[-1]))
spread = [h.std(axis=0).mean() for h in outputs]
print(f"spread over the examples: inputs {spread[0]:.2g},")
print(f"after 10 layers {spread[10]:.2g}, after 40 {spread[40]:.2g}")

# %% [markdown]
# The last line is the first sign of trouble. The spread says how much a unit's output
# differs from one example to the next. Where it is gone, the network gives every
# example the same answer.
#
# ## The backward pass
#
# Let $g$ be the derivative of the loss by the layer's outputs $h'$, in their shape. The
# loss reaches the weights and the inputs of the layer through $z$ alone, so the chain
# rule first gives $u = \varphi'(z) \odot g$, a product entry by entry. From there two
# matrix products remain, one for the weights and one for the inputs.
#
# **Exercise 1.** Write both. The shapes leave hardly a choice: `h` is
# (examples, inputs), `u` is (examples, outputs), and each answer has the shape of what
# the loss is differentiated by.

# %% tags=["exercise"]
def gradient_by_weights(h, weights, u):
    """dLoss/dW, (inputs, outputs), from u = slope(z) * g."""
    return ...


def gradient_by_inputs(h, weights, u):
    """dLoss/dh, (examples, inputs), from u = slope(z) * g."""
    return ...


# %% [markdown]
# The check knows nothing of the chain rule. It moves each entry a little up and a
# little down and divides the difference of the losses by the distance.

# %%
def central_difference(loss, at, step=1e-5):
    """Derivative of loss by every entry of an array."""
    found = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        move = np.zeros_like(at)
        move[place] = step
        found[place] = (loss(at + move) - loss(at - move)) / (2 * step)
    return found


rng = np.random.default_rng(0)
h, weights, g = (rng.normal(size=shape) for shape in [(5, 3), (3, 4), (5, 4)])
tanh, slope = ACTIVATIONS["tanh"]
u = slope(h @ weights) * g
check(
    "Exercise 1, weights",
    gradient_by_weights(h, weights, u),
    central_difference(lambda w: np.sum(g * tanh(h @ w)), weights),
    "each weight collects over the examples what its input and its output did",
)
check(
    "Exercise 1, inputs",
    gradient_by_inputs(h, weights, u),
    central_difference(lambda a: np.sum(g * tanh(a @ weights)), h),
    "each input collects over the outputs that it feeds, by the same weights",
)

# %% [markdown]
# <details markdown="1">
# <summary>Solution of exercise 1</summary>
#
# ```python
# def gradient_by_weights(h, weights, u):
#     """dLoss/dW, (inputs, outputs), from u = slope(z) * g."""
#     return h.T @ u
#
#
# def gradient_by_inputs(h, weights, u):
#     """dLoss/dh, (examples, inputs), from u = slope(z) * g."""
#     return u @ weights.T
# ```
#
# The second product is what a deep network repeats: forty layers multiply the error by
# forty transposed matrices and forty sets of slopes.
#
# </details>

# %% [markdown]
# ## The gradient at every layer
#
# The function `backward` does these two products for all layers. Before you run the
# next cell, predict: the slope of a sigmoid is at most a quarter. Take a quarter as the
# factor that one layer leaves, and forty layers. Which power of ten is left of the
# gradient?

# %%
def gradient_norms(layers):
    """Norm of dLoss/dW for each layer, for half the mean squared error."""
    outputs, tape = forward(layers, x)
    error = (outputs[-1] - y) / len(x)
    _, by_weights = backward(layers, outputs, tape, error)
    return np.array([np.linalg.norm(each) for each in by_weights])


norms = gradient_norms(plain)
print(f"a quarter to the power of forty: {0.25**40:.1g}")
print(f"first layer {norms[0]:.1g}, last layer {norms[-1]:.1g}")

# %% [markdown]
# A quarter is a ceiling for the slope, and the weights enter the factor as well, so the
# estimate is rough. It does say the right thing: with a learning rate of 0.1 the
# weights of the first layer are so much larger than their steps that adding a step
# changes no digit of them.
#
# The training loop is plain gradient descent on all examples. It stops when the loss
# gets absurdly large.

# %%
RATE, STEPS, LIMIT = 0.1, 150, 1e4


def descend(layers, rate=RATE, treat=lambda gradients: gradients):
    """Losses of full-batch descent; treat may change the gradients."""
    losses = []
    for _ in range(STEPS):
        outputs, tape = forward(layers, x)
        error = outputs[-1] - y
        losses.append(float(np.mean(error**2)) / 2)
        if not losses[-1] < LIMIT:
            break
        _, by_weights = backward(layers, outputs, tape, error / len(x))
        layers = [
            layer._replace(weights=layer.weights - rate * gradient)
            for layer, gradient in zip(layers, treat(by_weights))
        ]
    return np.array(losses)


stages = {"plain sigmoid": plain}
losses = {"plain sigmoid": descend(plain)}


def report(name):
    """Gradients at the start and the loss at the end of a stage."""
    found, loss = gradient_norms(stages[name]), losses[name]
    print(f"{name}: gradient of first layer {found[0]:.1g},", end=" ")
    print(f"of last layer {found[-1]:.1g}")
    if loss[-1] > LIMIT:
        print(f"diverges at step {len(loss)}")
    else:
        print(f"loss {loss[0]:.3f} → {loss[-1]:.3f}", end=" ")
        print(f"(best constant {constant_loss:.3f})")


report("plain sigmoid")

# %% [markdown]
# The loss falls to that of the best constant and stays there. The last layer has
# learned the mean, and nothing below it has moved.
#
# ## First remedy: an activation that passes the gradient
#
# ReLU has slope 1 wherever it is active, so its slopes cannot shrink the gradient
# there. Predict: will the network train now, at the same scale of the weights?

# %%
stages["ReLU"] = stack("relu", 1.0)
losses["ReLU"] = descend(stages["ReLU"])
report("ReLU")

# %% [markdown]
# Many powers of ten better, and still useless. Half of the units are off for any
# one example, and at scale 1 the layer does not make up for what they drop. The signal
# shrinks on its way up and the gradient shrinks again on its way down.
#
# ## Second remedy: a scale that keeps the size
#
# **Exercise 2.** For which scale $s$ do the outputs of a ReLU layer have the same mean
# square as its inputs? If the mean square of the inputs is $q$, each entry of $z$ is
# roughly normal with mean 0 and variance $s^2 q$. Work out which part of that is left
# after the ReLU, and solve for $s$.

# %% tags=["exercise"]
scale = ...

# %% [markdown]
# The check measures it. Without biases a ReLU layer is homogeneous: doubling the scale
# doubles its outputs. So one run at scale 1 tells by which scale each layer would have
# kept the size. It is a random network, so the check allows five percent.

# %%
wide = initialize([512] * 21, "relu", 1.0, seed=3)
sample = np.random.default_rng(4).normal(size=(64, 512))
sizes = [np.sqrt(np.mean(h**2)) for h in forward(wide, sample)[0]]
measured = (sizes[1] / sizes[-1]) ** (1 / 19)
check(
    "Exercise 2",
    scale,
    measured,
    "a ReLU drops the negative half of a symmetric distribution",
    within=0.05,
)

# %% [markdown]
# <details markdown="1">
# <summary>Solution of exercise 2</summary>
#
# ```python
# scale = 2**0.5
# ```
#
# The distribution of $z$ is symmetric about 0, so the ReLU drops half of its mean
# square: $q' = s^2 q / 2$. It stays the same for $s = \sqrt 2$, which is the
# initialization of He, Zhang, Ren and Sun. The slopes are 1 for half of the units, so
# the same scale keeps the size of the gradient on its way down.
#
# </details>

# %%
HE = 2**0.5
stages["+ He scale"] = stack("relu", HE)
losses["+ He scale"] = descend(stages["+ He scale"])
report("+ He scale")

# %% [markdown]
# All layers get a gradient of the same order now, and yet the loss does not fall at
# this learning rate. The start is right, but it is only a start: the product of
# forty matrices reacts violently when all of them move at once. This is worth a try at
# a smaller rate, which is the honest thing to check before one adds machinery.

# %%
for rate in (0.01, 0.03, 0.1):
    end = descend(stages["+ He scale"], rate)[-1]
    print(f"rate {rate}: loss after {STEPS} steps {end:.3f}")

# %% [markdown]
# At a smaller rate it does learn, slowly and unevenly. A network that needs many small
# steps because its layers get in each other's way is a poor place to stop.
#
# ## Third remedy: residual connections
#
# A residual layer adds its input to its output, $h' = h + b\,\varphi(hW)$, with a
# factor $b$ in front of the branch. Here $b$ is one over the number of layers, so that
# the forty branches together add about as much as one plain layer would.
#
# **Exercise 3.** Write the gradient by the inputs of such a layer. Again
# $u = \varphi'(z) \odot g$, without $b$.

# %% tags=["exercise"]
def residual_gradient(g, u, weights, branch):
    """dLoss/dh, (examples, inputs), of h + branch * f(h @ weights)."""
    return ...


# %%
square = rng.normal(size=(3, 3))
g = rng.normal(size=(5, 3))
u = slope(h @ square) * g
check(
    "Exercise 3",
    residual_gradient(g, u, square, 0.3),
    central_difference(lambda a: np.sum(g * (a + 0.3 * tanh(a @ square))), h),
    "a sum passes its gradient to both of its terms",
)

# %% [markdown]
# <details markdown="1">
# <summary>Solution of exercise 3</summary>
#
# ```python
# def residual_gradient(g, u, weights, branch):
#     """dLoss/dh, (examples, inputs), of h + branch * f(h @ weights)."""
#     return g + branch * u @ weights.T
# ```
#
# The $g$ in front is the point. It reaches every layer without passing through any
# matrix, so the product cannot shrink to nothing.
#
# </details>

# %%
name = "+ residual"
stages[name] = stack("relu", HE, skip=True)
losses[name] = descend(stages[name])
report(name)

# %% [markdown]
# A surprise, if you expected the gradient to be the whole story: every layer has a good
# gradient, and training diverges. The forty branches all push in the direction of the
# same error. ReLU outputs are never negative, so what they add does not cancel, and the
# output moves too far in one step.
#
# There is a belt for that: **clipping** shortens the whole gradient when it is longer
# than a limit.
#
# **Exercise 4.** Scale all gradients by one common factor so that their joint length,
# the root of the sum of all squares, is at most `limit`. Shorter gradients stay as they
# are.

# %% tags=["exercise"]
def clip(gradients, limit):
    """The gradients, shortened together to a joint length of at most limit."""
    return ...


# %%
def flat(gradients):
    """All entries in a row; ... stays as it is."""
    if gradients is ...:
        return ...
    return np.concatenate([each.ravel() for each in gradients])


some = [np.array([[3.0, 0.0]]), np.array([[0.0], [4.0]])]
hint = "the factor is the same for every array, and never above 1"
check("Exercise 4, a long one", flat(clip(some, 1.0)), flat(some) / 5, hint)
check("Exercise 4, a short one", flat(clip(some, 9.0)), flat(some), hint)

# %% [markdown]
# <details markdown="1">
# <summary>Solution of exercise 4</summary>
#
# ```python
# def clip(gradients, limit):
#     """The gradients, shortened together to a joint length of at most limit."""
#     norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
#     return [g * (limit / max(norm, limit)) for g in gradients]
# ```
#
# </details>

# %%
from deep_network import clip_by_global_norm

clipped = descend(stages[name], treat=lambda g: clip_by_global_norm(g, 1.0))
print(f"clipped to length 1: loss {clipped[0]:.3f} → {clipped[-1]:.3f}")

# %% [markdown]
# Clipping keeps the run alive and leaves the cause. The next remedy acts on the cause.
#
# ## Fourth remedy: batch normalization
#
# Each branch now subtracts the mean of its $z$ over the batch and divides by the
# standard deviation. Whatever the weights do, the input of every activation keeps its
# size.

# %%
name = "+ batch norm"
stages[name] = stack("relu", HE, skip=True, batch_norm=True)
losses[name] = descend(stages[name])
report(name)

# %% [markdown]
# The network learns, with no clipping and at the rate at which the others failed. The
# loss rises at first, as the figure at the end shows, and then falls for good. Would
# batch normalization alone have done it? Predict, then look at the gradients.

# %%
alone = stack("relu", HE, batch_norm=True)
norms = gradient_norms(alone)
print(f"first layer {norms[0]:.3g}, last layer {norms[-1]:.3g}")
print(f"loss after {STEPS} steps: {descend(alone)[-1]:.3f}")

# %% [markdown]
# Without the residual connections the gradient *grows* on its way down. Dividing by the
# deviation in each layer keeps the signal's size on the way up and multiplies the
# gradient on the way down by a little more than 1, forty times.
#
# ## All stages side by side

# %%
alt = (
    "Two panels. Above: base-ten logarithm of the gradient norm against "
    "the layer, for five stages. Plain sigmoid rises steadily from the "
    "first layer, where it is below minus 25, to the last; ReLU lies flat "
    "far below 0; the three others lie near 0. Below: loss against the "
    "step. The first three stages stay at the best constant, residual "
    "shoots up and ends, and batch norm goes up, comes back and falls well "
    "below."
)
with drawing(alt) as fig:
    fig.set_size_inches(5.2, 5.6)
    fig.subplots_adjust(left=0.13, right=0.97, top=0.98, bottom=0.09)
    upper, lower = fig.subplots(2, gridspec_kw={"hspace": 0.35})
    heights = (-16, -10.5, -4.8, 2.6, 5.6)
    for number, (stage, layers) in enumerate(stages.items()):
        hue = f"C{number}"
        found = np.log10(gradient_norms(layers))
        upper.plot(np.arange(len(found)) + 1, found, color=hue)
        upper.text(8, heights[number], stage, color=hue)
        loss = losses[stage]
        lower.plot(np.arange(len(loss)) + 1, np.log10(loss), color=hue)
    upper.set(xlabel="layer", ylabel="log₁₀ gradient norm", ylim=(-28, 8))
    lower.axhline(np.log10(constant_loss), color="C7", lw=1, ls=":")
    lower.text(150, -0.18, "best constant", color="C7", ha="right")
    lower.set(xlabel="step", xlim=(0, 151))
    lower.set(ylabel="log₁₀ loss", ylim=(-1.6, 0.6))

# %% [markdown]
# ## What to take along
#
# - A gradient that is small or large by a constant factor per layer is a straight line
#   in the upper panel. Look there before you change the learning rate.
# - Activation and initialization decide where training starts. Residual connections and
#   normalization decide whether it stays there.
# - A good gradient in every layer is necessary and not enough: stage four had one.
# - The remedies were added in one order, with one seed, one rate and 64 examples. That
#   shows that they can work and why. It does not show which of them a real network
#   needs, and the loss here is on the training examples: nothing was said about new
#   ones.
