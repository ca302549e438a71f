"""A worker of omega-worker/1 with nothing but the standard library of Python 3.9 or newer.

`cargo omega worker check -- python3 examples/workers/bowl.py` holds it against the protocol.
"""

import json
import os
import sys

SPACE = [
    {"name": "x", "kind": "float", "low": -2.0, "high": 2.0, "neutral": 0.5},
    {"name": "y", "kind": "float", "low": -2.0, "high": 2.0, "neutral": 0.0},
    {"name": "n", "kind": "int", "low": 1, "high": 4, "neutral": 2},
    {"name": "flip", "kind": "bool", "neutral": False},
    {"name": "mode", "kind": "choice", "choices": ["plain", "steep", "both"], "neutral": "plain"},
]
NAMES = {entry["name"] for entry in SPACE}


class NotApplicable(Exception):
    """Parameters that do not go together."""


def evaluate(params, slice):
    """What is calibrated: replace this function, and SPACE."""
    x, y, n, flip, mode = (params[entry["name"]] for entry in SPACE)
    if flip and mode == "both":
        raise NotApplicable("both ways at once")
    if x > 1.9:
        raise ValueError("off the table")
    slope = 9.0 if mode == "plain" else 12.0
    dx, dy = x - slice.get("center", 1.0), y + 0.5
    fitness = -(dx * dx) - slope * (dy * dy) + 0.125 * n - (0.25 if flip else 0.0)
    return {
        "fitness": fitness,
        "samples": 100 * n,
        "blocks": [fitness + 0.5 * part for part in range(-2, 3)],
        "metrics": {"distance": dx * dx + dy * dy},
        "metadata": {"mode": mode, "steps": [n, n + 1]},
    }


def answer(question):
    """The answer to one question, or None to what has none."""
    kind, number = question.get("type"), question.get("id")
    if kind == "hello":
        return {"id": number, "type": "hello", "protocol": 1, "space": SPACE}
    if kind == "cancel":
        return None
    if kind != "evaluate":
        return {"id": number, "type": "error", "error": f"no question of omega-worker/1: {kind!r}"}
    try:
        params = question["params"]
        if set(params) != NAMES:
            raise ValueError(f"expected the parameters {sorted(NAMES)}, found {sorted(params)}")
        return {"id": number, "type": "result", **evaluate(params, question.get("slice", {}))}
    except NotApplicable as reason:
        return {"id": number, "type": "not_applicable", "reason": str(reason)}
    except Exception as error:  # an answer too: these parameters have no fitness
        return {"id": number, "type": "error", "error": f"{type(error).__name__}: {error}"}


def main():
    # The protocol has standard output to itself: whatever prints from here on, be it a library in C, writes to standard error.
    protocol = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        said = answer(json.loads(line))
        if said is not None:
            protocol.write(json.dumps(said) + "\n")
            protocol.flush()


if __name__ == "__main__":
    main()
