"""Daily prices of the S&P 500, 1999 to 2018. They come with the package arch."""

from functools import lru_cache

import numpy as np
from arch.data import sp500

LONGEST = 250
"""Days before a slice that a rule may look back."""
HELD_OUT = 2016
"""From this year on the days are the holdout's: no null version is made of them."""


@lru_cache(maxsize=2)
def series(seed):
    """The year and the log return of every day; with a seed the days of the windows change places, so that none says
    anything of the next.
    """
    close = sp500.load()["Adj Close"]
    years, returns = close.index.year.to_numpy(), np.diff(np.log(close.to_numpy()), prepend=np.log(close.iloc[0]))
    if seed is not None:
        inside = int((years < HELD_OUT).sum())
        returns[:inside] = np.random.default_rng(seed).permutation(returns[:inside])
    return years, returns


def days(slice):
    """The returns of the years of a slice and of the days before that a rule may look back on; how many are before."""
    years, returns = series(slice.get("seed"))
    before, end = (int((years < year).sum()) for year in (slice["first"], slice["last"] + 1))
    begin = max(before - LONGEST, 0)
    return returns[begin:end], before - begin
