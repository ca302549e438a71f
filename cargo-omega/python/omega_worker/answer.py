"""What a function returns or raises, as an answer of the protocol."""

from __future__ import annotations

import difflib
import json
import math
import re
from dataclasses import dataclass, field, fields
from typing import Any, Dict, Mapping, Optional, Sequence, Union

LONGEST_LINE = 16 << 20
"""A line that is longer is refused, in bytes."""

_LONGEST_ERROR = 2_000


class NotApplicable(Exception):
    """Raise it for parameters that do not go together, such as a fast average that is slower than the slow one.

    They are recorded, never selected, and no failure. It is decided by the parameters alone.
    """


class Lost(Exception):
    """Raise it where there is no answer for a reason that is not in the parameters: a node or a licence is gone.

    The evaluation is asked again, and nothing is recorded.
    """


@dataclass
class Result:
    """An evaluation. A function may also return a dict with these keys, or the fitness alone."""

    fitness: float
    """The larger, the better."""
    samples: Optional[int] = None
    """How many samples stand behind it: trades, requests, rows."""
    blocks: Sequence[float] = ()
    """The fitness of disjoint parts of the slice, always as many; `in_blocks` makes them."""
    metrics: Mapping[str, float] = field(default_factory=dict)
    """Numbers by name; constraints read them as `metadata.NAME`."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Any JSON by name."""
    attachments: Mapping[str, str] = field(default_factory=dict)
    """Paths of files, by name."""


Returned = Union[float, Result, Mapping[str, Any]]
"""What a function returns."""

_KEYS = [entry.name for entry in fields(Result)]


def result(returned: Any) -> Dict[str, Any]:
    """The fields of the message `result`; TypeError or ValueError if it is no evaluation."""
    if isinstance(returned, Mapping):
        for key in returned:
            if key not in _KEYS:
                near = difflib.get_close_matches(str(key), _KEYS, 1)
                hint = f"did you mean {near[0]}?" if near else 'numbers of your own go into "metrics"'
                raise ValueError(f"evaluate returned a dict with the key {key!r}: {hint}")
        if "fitness" not in returned:
            raise ValueError("evaluate returned a dict without fitness")
        returned = Result(**returned)
    if not isinstance(returned, Result):
        returned = Result(returned)
    said: Dict[str, Any] = {"fitness": _number("fitness", returned.fitness)}
    if returned.samples is not None:
        said["samples"] = _count("samples", returned.samples)
    blocks = [_number(f"blocks[{place}]", value) for place, value in enumerate(returned.blocks)]
    metrics = {str(name): _number(f"metrics.{name}", value) for name, value in returned.metrics.items()}
    attachments = [{"name": str(name), "path": str(path)} for name, path in returned.attachments.items()]
    further = {"blocks": blocks, "metrics": metrics, "metadata": dict(returned.metadata), "attachments": attachments}
    said.update((key, value) for key, value in further.items() if value)
    return said


def reason(error: BaseException) -> str:
    """An exception as the last line of its traceback, on one line.

    Where an object lies in memory differs from process to process, and an answer must not.
    """
    said = " ".join(str(error).split())
    kind = type(error).__name__
    said = re.sub(r"\bat 0x[0-9a-fA-F]+", "at 0x..", f"{kind}: {said}" if said else kind)
    return said if len(said) <= _LONGEST_ERROR else said[:_LONGEST_ERROR] + " (and so on)"


def line(message: Mapping[str, Any]) -> bytes:
    """A message as its line; TypeError or ValueError if something in it is no JSON or it is too long."""
    text = json.dumps(_plain(message), allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    # Half of a character, as in the name of a file that is not UTF-8, has no bytes of its own.
    made = text.encode("utf-8", "replace") + b"\n"
    if len(made) > LONGEST_LINE:
        raise ValueError(f"evaluate returned {len(made)} bytes as JSON, at most {LONGEST_LINE} are read")
    return made


def _number(name: str, value: Any) -> float:
    value = _item(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"evaluate returned {name} = {value!r}, expected a number")
    return float(value)


def _count(name: str, value: Any) -> int:
    value = _item(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError(f"evaluate returned {name} = {value!r}, expected a whole number from 0 on")
    return int(value)


def _item(value: Any) -> Any:
    """A number of numpy, or an array without a dimension, as a number of Python."""
    if isinstance(value, (int, float)) and type(value) not in (int, float, bool):
        return float(value) if isinstance(value, float) else int(value)
    if not isinstance(value, (bool, int, float, str)) and callable(getattr(value, "item", None)):
        return value if getattr(value, "ndim", 0) else value.item()
    return value


def _plain(value: Any) -> Any:
    """What JSON has a word for: numbers that are not finite are texts, arrays are lists."""
    value = _item(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if callable(getattr(value, "tolist", None)):
        value = value.tolist()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(inner) for inner in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    return value
