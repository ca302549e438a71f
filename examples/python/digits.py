"""Handwritten digits and a model to choose: is the winner better than logistic regression on digits that nobody has used?

The data comes with scikit-learn. A model is fitted once, on digits of its own, whatever the slice; each slice is other
digits that it has not seen. How the winner is judged stands in omega.toml.
"""

from functools import lru_cache

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from omega_worker import NotApplicable, Result, serve

FITTED = 300
"""The digits that models are fitted on come first."""
SLICES = {"train": (300, 797), "test": (797, 1397), "holdout": (1397, 1797)}
"""Where the digits of each slice lie."""
BLOCKS = 8
USUAL = {"strength": 0, "reach": -3}
"""A parameter has no meaning for the other model; there it stays where it usually is."""


@lru_cache(maxsize=4)
def digits(seed):
    """All digits in an order that was drawn once; with a seed their labels are shuffled, so that there is nothing to learn."""
    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(2026).permutation(len(labels))
    images, labels = images[order], labels[order]
    return images, labels if seed is None else np.random.default_rng(seed).permutation(labels)


@lru_cache(maxsize=8)
def fitted(model, strength, reach, seed):
    """A model, fitted on the digits for that."""
    images, labels = digits(seed)
    if model == "logistic":
        made = make_pipeline(StandardScaler(), LogisticRegression(C=10.0**strength, max_iter=500))
    else:
        made = SVC(gamma=10.0**reach)
    return made.fit(images[:FITTED], labels[:FITTED])


def evaluate(params, slice):
    """How many of the digits of a slice the model reads right, in percent."""
    model, strength, reach = params["model"], params["strength"], params["reach"]
    idle = "reach" if model == "logistic" else "strength"
    if params[idle] != USUAL[idle]:
        raise NotApplicable(f"{idle} has no meaning for {model}")
    seed = slice.get("seed")
    images, labels = digits(seed)
    begin, end = SLICES[slice["digits"]]
    right = 100.0 * (fitted(model, strength, reach, seed).predict(images[begin:end]) == labels[begin:end])
    # Parts of what one fitted model has not seen. A model that is fitted again for each part would be another one each time.
    return Result(right.mean(), samples=end - begin, blocks=[part.mean() for part in np.array_split(right, BLOCKS)])


if __name__ == "__main__":
    serve(evaluate)
