"""What is calibrated: `omega test` starts this file, asks `evaluate` for the worth of parameters, and judges the winner.

The parameters, the slices and how the winner is judged stand in omega.toml. `python3 calibration.py` alone says what starts it.
"""

from omega_worker import Result, serve

# An example to replace: a worker that takes jobs in batches, and is fastest at settings that depend little on the load.
# A slice is eight hours, each with a load of its own.
HOURS = [0.0, 3.0, -2.0, 5.0, -4.0, 1.0, -3.0, 2.0]


def evaluate(params, slice):
    """The larger the fitness, the better."""
    batch, threads, pause_ms = params["batch"], params["threads"], params["pause_ms"]

    def throughput(hour):
        load = slice["load"] + hour
        return load - 0.02 * load * (batch - 6.0) ** 2 - (threads - 4.0) ** 2 - 0.05 * pause_ms

    # One block an hour, so that a gate can ask whether the winner is better in all of them. `in_blocks` cuts a series; a
    # block in which nothing happened has the fitness of doing nothing.
    blocks = [throughput(hour) for hour in HOURS]
    return Result(
        sum(blocks) / len(blocks),
        blocks=blocks,
        samples=1_000,
        metrics={"latency_ms": 4.0 + batch + pause_ms},
    )


if __name__ == "__main__":
    serve(evaluate)
