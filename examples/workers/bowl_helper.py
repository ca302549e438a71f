"""The worker of bowl.py with the module omega_worker, which `pip install cargo-omega` brings.

`omega worker check -- python3 examples/workers/bowl_helper.py` holds it against the protocol.
"""

from omega_worker import Bool, Choice, Float, Int, NotApplicable, Result, serve


def evaluate(params, slice):
    """What is calibrated."""
    x, y, n = params["x"], params["y"], params["n"]
    if params["flip"] and params["mode"] == "both":
        raise NotApplicable("both ways at once")
    if x > 1.9:
        raise ValueError("off the table")
    slope = 9.0 if params["mode"] == "plain" else 12.0
    dx, dy = x - slice.get("center", 1.0), y + 0.5
    fitness = -(dx * dx) - slope * (dy * dy) + 0.125 * n - (0.25 if params["flip"] else 0.0)
    print("standard output is safe here")
    return Result(
        fitness,
        samples=100 * n,
        blocks=[fitness + 0.5 * part for part in range(-2, 3)],
        metrics={"distance": dx * dx + dy * dy},
        metadata={"mode": params["mode"], "steps": [n, n + 1]},
    )


SPACE = {
    "x": Float(-2.0, 2.0, neutral=0.5),
    "y": Float(-2.0, 2.0, neutral=0.0),
    "n": Int(1, 4, neutral=2),
    "flip": Bool(neutral=False),
    "mode": Choice(["plain", "steep", "both"], neutral="plain"),
}

if __name__ == "__main__":
    serve(evaluate, SPACE)
