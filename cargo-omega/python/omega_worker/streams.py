"""The protocol's own ends of both streams, and the signs of life that are given on them."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any, BinaryIO, Mapping, Optional

from omega_worker.answer import line

_BEAT = 1.0
"""Seconds between two signs of life while a question is open."""

alive = threading.Event()
"""As long as it is set, signs of life are given."""


class Streams:
    """The protocol's own ends of both streams. Whoever prints, and be it a library in C, prints to standard error."""

    def __init__(self) -> None:
        self.questions: BinaryIO = os.fdopen(os.dup(0), "rb")
        self._answers: BinaryIO = os.fdopen(os.dup(1), "wb", buffering=0)
        self._lock = threading.Lock()
        self._process = os.getpid()
        # What was printed until now waits in the buffer of sys.stdout, and goes the same way.
        os.dup2(2, 1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(line_buffering=True, errors="backslashreplace")

    def say(self, message: Mapping[str, Any]) -> None:
        """Writes one message; TypeError or ValueError if it cannot be one, and then nothing is written."""
        self.write(line(message))

    def write(self, said: bytes) -> None:
        """Writes a message that is a line already."""
        rest = memoryview(said)
        # A process that the function has forked has no part in the conversation.
        if os.getpid() != self._process:
            return
        with self._lock:
            while rest:
                rest = rest[self._answers.write(rest) :]


taken: Optional[Streams] = None
"""The streams, once they are the protocol's."""


def protect() -> Streams:
    """Takes the streams for the protocol, once; signs of life are given from now on, until questions are waited for."""
    global taken
    if taken is None:
        taken = Streams()
        alive.set()
        threading.Thread(target=_beat, args=(taken,), daemon=True).start()
    return taken


def _beat(streams: Streams) -> None:
    """Gives signs of life while a question is open or the worker still starts."""
    pause = threading.Event()
    while alive.wait() and not pause.wait(_BEAT):
        if alive.is_set():
            try:
                streams.say({"type": "heartbeat"})
            except OSError:
                return
