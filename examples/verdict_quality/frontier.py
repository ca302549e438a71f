"""Is there a stronger rule than the one of `margin` that keeps its error? Rules over the blocks of the winner, the baseline and
fresh draws, on the surfaces of `fields.rs` drawn once more with numpy. Needs numpy and scipy.

    python3 examples/verdict_quality/frontier.py [CALIBRATIONS]

Prints how many in a hundred calibrations each rule passes at 5 %, first where there is nothing to find, then where there is.
"""

import sys

import numpy as np
from scipy.special import digamma, polygamma
from scipy.stats import t as student

BLOCKS, DRAWS, ALPHA = 8, 20, 0.05
AXIS = np.linspace(0, 1, 5)
GRID = np.array(np.meshgrid(AXIS, AXIS, AXIS, indexing="ij")).reshape(3, -1).T
BASELINE = len(GRID)


def surface(rng, points, length):
    """A random surface of unit variance; every point has a value of its own where the length is 0."""
    if length == 0:
        return rng.standard_normal(len(points))
    waves = points @ (rng.standard_normal((3, 100)) / length) + rng.uniform(0, 2 * np.pi, 100)
    return np.cos(waves).sum(1) * np.sqrt(2 / 100)


def calibration(rng, length, common=0, baseline="centre", below=0, region=0, luck="even"):
    """Blocks of train and of test, over grid, baseline and draws; and which of the first is the winner on train."""
    base = np.full((1, 3), 0.5) if baseline == "centre" else rng.uniform(0, 1, (1, 3))
    points = np.vstack([GRID, base, rng.uniform(0, 1, (DRAWS, 3))])
    twin = (base == GRID).all(1)

    def drawn():
        found = surface(rng, points, length)
        found[:BASELINE][twin] = found[BASELINE]
        return found

    worth = np.sqrt(common) * drawn() - region * (points[:, 0] > 0.5)
    worth[BASELINE] -= below
    worth[:BASELINE][twin] = worth[BASELINE]
    spread = np.full(len(points), np.sqrt(BLOCKS * (1 - common)))
    if luck == "half":
        spread *= np.where(points[:, 0] > 0.5, 4, 1)
    if luck == "each":
        spread *= np.exp(rng.standard_normal(len(points)))
    train, test = (worth + spread * np.array([drawn() for _ in range(BLOCKS)]) for _ in range(2))
    if luck == "wild":
        test = worth + 3 * (test - worth)
    return train, test, int(np.argmax(train.mean(0)[: BASELINE + 1]))


def p_value(gain, variance=None, freedom=BLOCKS - 1):
    variance = gain.var(ddof=1) if variance is None else variance
    return student.sf(gain.mean() / np.sqrt(variance / BLOCKS), freedom)


def shrunk(gain, others):
    """Smyth's moderated t (2004): the variance shrunk towards those of `others`, as far as these are alike."""
    logs = np.log(others.var(axis=0, ddof=1))
    half = (BLOCKS - 1) / 2
    beyond = logs.var(ddof=1) - polygamma(1, half)
    prior = 40.0
    if beyond > 0.01:
        found = 0.5 + 1 / beyond
        for _ in range(20):
            slope = polygamma(1, found)
            found += slope * (1 - slope / beyond) / polygamma(2, found)
        prior = min(2 * found, prior)
    centre = np.exp(logs.mean() - digamma(half) + np.log(half) + digamma(prior / 2) - np.log(prior / 2))
    freedom = prior + BLOCKS - 1
    return p_value(gain, (prior * centre + (BLOCKS - 1) * gain.var(ddof=1)) / freedom, freedom)


def flipped(gain):
    """The exact test over all signs of the blocks."""
    signs = 1 - 2 * ((np.arange(2**BLOCKS)[:, None] >> np.arange(BLOCKS)) & 1)
    sums = signs @ gain
    return np.mean(sums >= sums[0] - 1e-12)


RULES = ["margin", "baseline only", "mean of both", "signs", "train decides", "train's variance too", "shrunk variance"]


def passes(rng, **kind):
    train, test, winner = calibration(rng, **kind)
    if np.array_equal(test[:, winner], test[:, BASELINE]):
        return np.zeros(len(RULES))
    both = (train, test)
    references = [blocks[:, BASELINE] for blocks in both], [blocks[:, BASELINE + 1 :].mean(1) for blocks in both]
    on_train, gains = ([blocks[:, winner] - reference[place] for reference in references] for place, blocks in enumerate(both))
    p = [p_value(gain) for gain in gains]
    of_references = p_value(references[0][0] - references[1][0])
    pooled = [
        p_value(gain, (gain.var(ddof=1) + before.var(ddof=1)) / 2, 2 * (BLOCKS - 1)) for gain, before in zip(gains, on_train)
    ]
    moderated = [shrunk(gain, test[:, BASELINE + 1 :] - reference[1][:, None]) for gain, reference in zip(gains, references)]
    return np.array(
        [
            max(p) <= ALPHA,
            p[0] <= ALPHA,
            p_value(sum(gains) / 2) <= ALPHA and min(gain.mean() for gain in gains) > 0,
            max(flipped(gain) for gain in gains) <= ALPHA,
            # The half that train leaves no doubt about is left out: draws far below the baseline, or far above it.
            (p[0] if of_references < ALPHA else p[1] if of_references > 1 - ALPHA else max(p)) <= ALPHA,
            max(pooled) <= ALPHA,
            max(moderated) <= ALPHA,
        ]
    )


SITUATIONS = {
    "noise, independent": {"length": 0},
    "noise, length .3": {"length": 0.3},
    "noise, length 1": {"length": 1},
    "shared bad region of 2 sd": {"length": 0.3, "region": 2},
    "shared bad region of 10 sd": {"length": 0.3, "region": 10},
    "baseline 1 sd below": {"length": 0.3, "below": 1},
    "baseline 10 sd below, length .3": {"length": 0.3, "below": 10},
    "baseline 10 sd below, length 1": {"length": 1, "below": 10},
    "the same, half of the space wild": {"length": 0.3, "below": 10, "luck": "half"},
    "the same, each as wild as it is": {"length": 0, "below": 10, "luck": "each"},
    "the same, test three times as wild": {"length": 0.3, "below": 10, "luck": "wild"},
    "region of 10 sd, test as wild": {"length": 0.3, "region": 10, "luck": "wild"},
    "correlation .5, independent": {"length": 0, "common": 0.5},
    "correlation .5, length .3": {"length": 0.3, "common": 0.5},
    "correlation .5, length 1": {"length": 1, "common": 0.5},
    "correlation .5, length 1, anywhere": {"length": 1, "common": 0.5, "baseline": "anywhere"},
    "correlation .8, independent": {"length": 0, "common": 0.8},
    "correlation .8, length .3": {"length": 0.3, "common": 0.8},
    "correlation .8, length 1": {"length": 1, "common": 0.8},
    "correlation .8, length 1, anywhere": {"length": 1, "common": 0.8, "baseline": "anywhere"},
}


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print("| situation |", " | ".join(RULES), "|")
    print("|---" * (len(RULES) + 1) + "|")
    for name, kind in SITUATIONS.items():
        rng = np.random.default_rng(2026)
        shares = 100 * sum(passes(rng, **kind) for _ in range(count)) / count
        print(f"| {name} |", " | ".join(f"{share:.1f}" for share in shares), "|", flush=True)


if __name__ == "__main__":
    main()
