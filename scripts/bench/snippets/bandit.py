"""A gambler who explores a little earns more than one who never does."""

import numpy as np
from matplotlib.figure import Figure

SEED = 0


def play(epsilon: float, rng: np.random.Generator, steps: int = 300) -> np.ndarray:
    """Rewards of 200 players of ten-armed bandits, (steps, 200)."""
    arms, players = rng.normal(size=(200, 10)), np.arange(200)
    sums, counts = np.zeros((200, 10)), np.zeros((200, 10))
    rewards = []
    for _ in range(steps):
        best = (sums / np.maximum(counts, 1)).argmax(axis=1)
        explore = rng.random(200) < epsilon
        chosen = np.where(explore, rng.integers(10, size=200), best)
        reward = arms[players, chosen] + rng.normal(size=200)
        sums[players, chosen] += reward
        counts[players, chosen] += 1
        rewards.append(reward)
    return np.array(rewards)


def figure(fig: Figure) -> dict[str, float]:
    """Draw the mean reward over time, with its standard error."""
    rng = np.random.default_rng(SEED)
    ax, facts = fig.subplots(), {}
    for i, epsilon in enumerate((0.0, 0.01, 0.1, 0.3)):
        rewards = play(epsilon, rng)
        mean, error = rewards.mean(axis=1), rewards.std(axis=1) / 200**0.5
        steps = np.arange(len(mean))
        ax.fill_between(steps, mean - error, mean + error, color=f"C{i}", alpha=0.2)
        ax.plot(steps, mean, f"C{i}", lw=1, label=f"ε = {epsilon}")
        facts[f"late_{i}"] = float(mean[-50:].mean())
    ax.set(xlim=(0, 300), ylim=(-0.3, 1.8), xlabel="step", ylabel="mean reward")
    ax.legend(loc="lower right", ncols=2)
    return facts
