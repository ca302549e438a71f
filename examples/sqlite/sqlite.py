"""Settings of SQLite, timed: which make reading faster than the settings that SQLite has by itself?

Nothing but the standard library. Wall time is measured, and that is noisy: every part of the work is done with the settings
in question and with SQLite's own, in turn, so that what else the machine does slows both. How the winner is judged stands
in omega.toml.
"""

import atexit
import random
import shutil
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from math import log
from pathlib import Path
from statistics import mean, median
from time import perf_counter

from omega_worker import Result, serve

CUSTOMERS, ORDERS = 1000, 40000
BLOCKS = 8
TURNS = 5
"""So often each side does the same work in a block; the median of how much faster it was counts."""
OWN = {"page": "4096", "cache_kib": 2000, "mmap": False, "synchronous": "full", "temp_store": "default", "threads": 0}
"""What SQLite does where nothing is said."""

folder = Path(tempfile.mkdtemp(prefix="omega-sqlite-"))
atexit.register(shutil.rmtree, folder, ignore_errors=True)


@cache
def shop(page):
    """A file with all orders, in pages of so many bytes."""
    path = folder / f"shop-{page}.db"
    drawn = random.Random(2026)
    orders = ((drawn.randrange(CUSTOMERS), drawn.randrange(1, 500), "-" * drawn.randrange(40, 160)) for _ in range(ORDERS))
    with closing(sqlite3.connect(path)) as made:
        made.execute(f"PRAGMA page_size = {int(page)}")
        made.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, price INTEGER, note TEXT)")
        made.executemany("INSERT INTO orders (customer, price, note) VALUES (?, ?, ?)", orders)
        made.execute("CREATE INDEX of_customer ON orders (customer)")
        made.commit()
    return path


def opened(settings):
    """The shop with these settings."""
    base = sqlite3.connect(shop(settings["page"]), isolation_level=None)
    base.execute(f"PRAGMA cache_size = {-int(settings['cache_kib'])}")
    base.execute(f"PRAGMA mmap_size = {(64 << 20) if settings['mmap'] else 0}")
    for name in ("synchronous", "temp_store", "threads"):
        base.execute(f"PRAGMA {name} = {settings[name]}")
    return base


def seconds(base, part):
    """What a part of a day takes: what single customers have spent, and how long the notes of many orders are."""
    drawn = random.Random(part)
    start = perf_counter()
    for _ in range(10):
        base.execute("SELECT sum(price) FROM orders WHERE customer = ?", (drawn.randrange(CUSTOMERS),)).fetchone()
    first = drawn.randrange(ORDERS - 500)
    base.execute("SELECT sum(length(note)) FROM orders WHERE id BETWEEN ? AND ?", (first, first + 500)).fetchone()
    return perf_counter() - start


def evaluate(params, slice):
    """How much faster the settings are than SQLite's own, in percent; below 0 they are slower."""
    # In the null version nobody turns the knobs: all that can be found there is luck.
    settings = {**OWN, **params} if slice.get("turned", True) else OWN
    with closing(opened(settings)) as tried, closing(opened(OWN)) as own:
        sides = [tried, own]
        blocks = []
        for block in range(BLOCKS):
            faster = []
            for turn in range(TURNS):
                took = {side: seconds(side, f"{slice['day']} {block} {turn}") for side in sides}
                faster.append(100.0 * log(took[own] / took[tried]))
                sides.reverse()
            blocks.append(median(faster))
    return Result(mean(blocks), samples=BLOCKS * TURNS, blocks=blocks)


if __name__ == "__main__":
    serve(evaluate)
