"""`python -m omega_worker FILE`: starts the worker in FILE with the streams protected from its very first line.

For a file whose imports print, or take longer than the ten seconds that a worker has for its first answer.
"""

import os
import runpy
import sys

from omega_worker.streams import protect


def main() -> None:
    """Runs the file as the main module."""
    if len(sys.argv) < 2 or sys.stdin.isatty():
        print("usage: python -m omega_worker FILE [ARGUMENT]...; `omega test` starts it", file=sys.stderr)
        raise SystemExit(2)
    protect()
    del sys.argv[0]
    sys.path[0] = os.path.dirname(os.path.abspath(sys.argv[0]))
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
