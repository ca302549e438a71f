"""Which way? Two moving averages of the S&P 500: in the market while the fast one is above the slow one."""

import numpy as np
from prices import days

from omega_worker import NotApplicable, Result, in_blocks, serve

COST = 0.0005
"""What a change of the position costs, as a part of it."""


def average(values, days):
    """The mean of the last `days` values at each place; not a number where there are not as many."""
    sums = np.cumsum(np.insert(values, 0, 0.0))
    means = np.full(len(values), np.nan)
    means[days - 1 :] = (sums[days:] - sums[:-days]) / days
    return means


def yearly(returns):
    """What a year earns, in log returns."""
    return 252.0 * float(np.mean(returns))


def evaluate(params, slice):
    """What the strategy earns in a year of the slice."""
    fast, slow = params["fast"], params["slow"]
    if fast >= slow:
        raise NotApplicable("the fast average is not faster than the slow one")
    returns, before = days(slice)
    close = np.exp(np.cumsum(returns))
    # Decided at the close of one day, held on the next.
    held = np.roll((average(close, fast) > average(close, slow)).astype(float), 1)
    held[0] = 0.0
    earned = (returns * held - COST * np.abs(np.diff(held, prepend=0.0)))[before:]
    return Result(
        yearly(earned),
        samples=len(earned),
        # A month between two blocks: what is held at the end of one is not what is held at the beginning of the next.
        blocks=in_blocks(earned, 8, gap=21, fitness=yearly),
        metrics={"in_the_market": float(np.mean(held[before:])), "changes": float(np.abs(np.diff(held[before:])).sum())},
    )


if __name__ == "__main__":
    serve(evaluate)
