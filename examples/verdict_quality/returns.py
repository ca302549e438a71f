"""Writes the daily returns of two indices for `verdict_quality --returns FOLDER`: sp500.txt and nasdaq.txt, one number a line.

    python3 examples/verdict_quality/returns.py FOLDER

The series come with the package `arch` of PyPI, which is installed into a virtual environment in FOLDER.
"""

import pathlib
import subprocess
import sys
import venv

SERIES = """
import importlib, math, sys
for name in ("sp500", "nasdaq"):
    closes = importlib.import_module(f"arch.data.{name}").load()["Adj Close"].to_numpy()
    with open(f"{sys.argv[1]}/{name}.txt", "w") as file:
        for before, after in zip(closes, closes[1:]):
            print(repr(math.log(after / before)), file=file)
"""


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1]).resolve()
    environment = folder / "arch"
    if not environment.exists():
        venv.create(environment, with_pip=True)
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "arch==8.0.0"], check=True)
    subprocess.run([python, "-c", SERIES, str(folder)], check=True)
    for name in ("sp500", "nasdaq"):
        path = folder / f"{name}.txt"
        print(f"{path}: {len(path.read_text().splitlines())} returns")


if __name__ == "__main__":
    main()
