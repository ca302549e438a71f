"""The parameters of a target: their kinds, their ranges, and the baseline that a winner is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Sequence, Union


@dataclass(frozen=True)
class Float:
    """A number from `low` to `high`, both included; `neutral` is its value in the baseline.

    `scale="log"` says that factors matter, not differences: then a search walks it in equal factors.
    """

    low: float
    high: float
    neutral: float
    scale: str = "linear"

    def entry(self, name: str) -> Dict[str, Any]:
        """The parameter as the protocol has it."""
        numbers = {"low": float(self.low), "high": float(self.high), "neutral": float(self.neutral)}
        return {"name": name, "kind": "float", **numbers, "scale": self.scale}

    def read(self, name: str, value: Any) -> float:
        """The value of a question, or ValueError."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _wrong(name, value, "a number")
        return float(value)


@dataclass(frozen=True)
class Int:
    """A whole number from `low` to `high`, both included; `neutral` is its value in the baseline."""

    low: int
    high: int
    neutral: int
    scale: str = "linear"

    def entry(self, name: str) -> Dict[str, Any]:
        """The parameter as the protocol has it."""
        numbers = {"low": int(self.low), "high": int(self.high), "neutral": int(self.neutral)}
        return {"name": name, "kind": "int", **numbers, "scale": self.scale}

    def read(self, name: str, value: Any) -> int:
        """The value of a question, or ValueError."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise _wrong(name, value, "a whole number")
        return int(value)


@dataclass(frozen=True)
class Bool:
    """A switch; `neutral` is its value in the baseline."""

    neutral: bool

    def entry(self, name: str) -> Dict[str, Any]:
        """The parameter as the protocol has it."""
        return {"name": name, "kind": "bool", "neutral": bool(self.neutral)}

    def read(self, name: str, value: Any) -> bool:
        """The value of a question, or ValueError."""
        if not isinstance(value, bool):
            raise _wrong(name, value, "true or false")
        return value


@dataclass(frozen=True)
class Choice:
    """One of several words; `neutral` is the one of the baseline."""

    choices: Sequence[str]
    neutral: str

    def entry(self, name: str) -> Dict[str, Any]:
        """The parameter as the protocol has it."""
        return {"name": name, "kind": "choice", "choices": list(self.choices), "neutral": self.neutral}

    def read(self, name: str, value: Any) -> str:
        """The value of a question, or ValueError."""
        if not isinstance(value, str) or value not in self.choices:
            raise _wrong(name, value, f"one of {', '.join(self.choices)}")
        return value


Parameter = Union[Float, Int, Bool, Choice]
"""A parameter of any kind."""


def read_all(space: Mapping[str, Parameter], params: Mapping[str, Any]) -> Dict[str, Any]:
    """The parameters of a question, each of its kind, or ValueError if they are not those of the space."""
    missing = [name for name in space if name not in params]
    unknown = [name for name in params if name not in space]
    if missing or unknown:
        parts = [f"{what} {', '.join(names)}" for what, names in (("without", missing), ("unknown:", unknown)) if names]
        raise ValueError(f"parameters {' and '.join(parts)}; the space has {', '.join(space)}")
    return {name: parameter.read(name, params[name]) for name, parameter in space.items()}


def _wrong(name: str, value: Any, expected: str) -> ValueError:
    return ValueError(f"parameter {name} is {value!r}, expected {expected}")
