"""How wild? Tomorrow's variance of the S&P 500 from the days before, the latest counted most."""

import numpy as np
from prices import LONGEST, days

from omega_worker import Result, in_blocks, serve


def evaluate(params, slice):
    """How likely the returns of the slice were under the forecasts: the log of their density, mean of a day."""
    returns, before = days(slice)
    squares = returns**2
    weights = 0.5 ** (np.arange(LONGEST) / params["half_life"])
    weights = (1.0 - params["level"]) * weights / weights.sum() + params["level"] / LONGEST
    # The last forecast is about a day behind the slice. Where there are fewer days before, the first ones are not judged.
    forecast = np.convolve(squares, weights)[LONGEST - 1 : len(squares) - 1]
    likely = (-0.5 * (np.log(2.0 * np.pi * forecast) + squares[LONGEST:] / forecast))[max(before - LONGEST, 0) :]
    return Result(
        float(np.mean(likely)),
        samples=len(likely),
        blocks=in_blocks(likely, 8, gap=21, fitness=lambda part: float(np.mean(part))),
    )


if __name__ == "__main__":
    serve(evaluate)
