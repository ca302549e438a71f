"""A slice cut into blocks: disjoint parts of it, each of which an evaluation tells the fitness of."""

from __future__ import annotations

from typing import Any, Callable, List


def block_ranges(periods: int, count: int, gap: int = 0) -> List[range]:
    """Where the blocks of a series lie: `count` of them, alike in length to one period, with `gap` periods between two.

    What happens in one period may reach into the next ones: a position that is held for ten days, an average over thirty. A
    gap as long as that keeps blocks independent, which the gate `margin` takes them for.

    >>> block_ranges(20, 3, 1)
    [range(0, 6), range(7, 13), range(14, 20)]

    Raises ValueError if the series is too short to give every block a period.
    """
    inside = periods - gap * (count - 1)
    if count < 1 or gap < 0 or inside < count:
        least = max(gap, 0) * max(count - 1, 0) + max(count, 1)
        raise ValueError(
            f"a series of {periods} periods cannot be cut into {count} blocks with gaps of {gap}: {least} periods are the least"
        )
    begins = [inside // count * block + inside % count * block // count for block in range(count + 1)]
    return [range(begins[block] + gap * block, begins[block + 1] + gap * block) for block in range(count)]


def in_blocks(series: Any, count: int, gap: int, fitness: Callable[[Any], float]) -> List[float]:
    """The fitness of each block of `series`, by your own function of the values in it.

    `series` is anything that can be sliced: a list, an array of numpy, a series or a frame of pandas. `fitness` is the
    function that the fitness of the whole slice comes from, and needs an answer for every block: where nothing happened in
    one, no trade and no request, return what doing nothing is worth, such as 0.

    >>> in_blocks([1.0, 2.0, 3.0, 4.0], 2, 0, sum)
    [3.0, 7.0]

    Raises ValueError if the series is too short to give every block a period.
    """
    by_place = getattr(series, "iloc", series)
    return [fitness(by_place[block.start : block.stop]) for block in block_ranges(len(series), count, gap)]
