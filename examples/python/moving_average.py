"""Two moving averages of the S&P 500: in the market while the fast one is above the slow one.

The series comes with the package arch: 1999 to 2018, one row a day. How the winner is judged stands in omega.toml.
"""

from functools import cache

import numpy as np
from arch.data import sp500

from omega_worker import NotApplicable, Result, in_blocks, serve

COST = 0.0005
"""What a change of the position costs, as a part of it."""
LONGEST = 250
"""Days before a slice that the slowest average needs."""


@cache
def prices(first, last):
    """Closing prices of these years and of the days before that the averages need; how many of them are before."""
    series = sp500.load()["Adj Close"]
    before = int((series.index.year < first).sum())
    end = int((series.index.year <= last).sum())
    begin = max(before - LONGEST, 0)
    return series.to_numpy()[begin:end], before - begin


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
    close, before = prices(slice["first"], slice["last"])
    # Decided at the close of one day, held on the next.
    held = np.roll((average(close, fast) > average(close, slow)).astype(float), 1)
    held[0] = 0.0
    returns = np.diff(np.log(close), prepend=np.log(close[0])) * held - COST * np.abs(np.diff(held, prepend=0.0))
    returns = returns[before:]
    return Result(
        yearly(returns),
        samples=len(returns),
        # A month between two blocks: what is held at the end of one is not what is held at the beginning of the next.
        blocks=in_blocks(returns, 8, gap=21, fitness=yearly),
        metrics={"in_the_market": float(np.mean(held[before:])), "changes": float(np.abs(np.diff(held[before:])).sum())},
    )


if __name__ == "__main__":
    serve(evaluate)
