"""What is calibrated, by the words that name it: a function, or the command of a worker."""

from __future__ import annotations

import functools
import importlib
import os
import runpy
import sys
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence, Tuple

from omega_worker.serving import Evaluate, hosted
from omega_worker.space import Parameter

Name = Tuple[str, ...]
"""`MODULE:FUNCTION`, or a file and its arguments."""


@dataclass(frozen=True)
class Target:
    """A function to calibrate, and its parameters where the file says them by `serve`."""

    evaluate: Evaluate
    space: Optional[Mapping[str, Parameter]]


def named(words: Sequence[str]) -> Name:
    """What these words of a command line name; ValueError if it is nothing that can be evaluated here."""
    module, colon, function = words[0].partition(":") if words else ("", "", "")
    if len(words) == 1 and colon and all(part.isidentifier() for part in [*module.split("."), *function.split(".")]):
        return (words[0],)
    if words and os.path.basename(words[0]).startswith("python"):
        rest = list(words[1:])
        if rest[:1] == ["-u"]:
            del rest[0]
        if rest[:2] == ["-m", "omega_worker"]:
            del rest[:2]
        if rest and not rest[0].startswith("-"):
            return tuple(rest)
    raise ValueError(
        f"`{' '.join(words)}` is neither MODULE:FUNCTION, such as strategies.averages:evaluate, nor the command of a worker "
        "in Python, such as python3 -m omega_worker averages.py"
    )


@functools.cache
def load(name: Name) -> Target:
    """The target of this name, which is imported once in each process; ValueError or what the import raises."""
    # A file that is a worker ends with a call of `serve`: here it starts nothing.
    with hosted() as servings:
        if len(name) > 1 or ":" not in name[0]:
            sys.argv = list(name)
            sys.path.insert(0, os.path.dirname(os.path.abspath(name[0])))
            runpy.run_path(name[0], run_name="__main__")
            if not servings:
                raise ValueError(f"{name[0]} is no worker of omega_worker: it calls no `serve`")
            return Target(servings[-1].evaluate, servings[-1].space)
        module, _, function = name[0].partition(":")
        evaluate: Any = importlib.import_module(module)
    for part in function.split("."):
        evaluate = getattr(evaluate, part, None)
    if not callable(evaluate):
        raise ValueError(f"the module {module} has no function {function}")
    spaces = [serving.space for serving in servings if serving.evaluate is evaluate]
    return Target(evaluate, spaces[-1] if spaces else None)
