"""The conversation: questions come in on standard input, answers go out on what was standard output."""

from __future__ import annotations

import _thread
import json
import os
import queue
import signal
import sys
import threading
import traceback
from typing import Any, BinaryIO, Callable, Dict, Mapping, Optional

from omega_worker.answer import Lost, NotApplicable, Returned, line, reason, result
from omega_worker.space import Parameter, read_all

PROTOCOL = 1
"""The version of omega-worker that is spoken here."""

_BEAT = 1.0
"""Seconds between two signs of life while a question is open."""
_GRACE = 10.0
"""Seconds for what is under way when nobody asks any longer."""
_LAST = 2.0
"""Seconds after that until the process is ended from inside."""


class Slice(Dict[str, Any]):
    """What omega.toml says of the slice an evaluation is about: its table, as a dict.

    A null version has more in it, `seed` among that. `role` is `train`, `test`, `validation` or `holdout`.
    """

    role: str = ""


Evaluate = Callable[[Dict[str, Any], Slice], Returned]
"""A function to calibrate: parameters by name and the slice to what they are worth."""


class _Streams:
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
        rest = memoryview(line(message))
        # A process that the function has forked has no part in the conversation.
        if os.getpid() != self._process:
            return
        with self._lock:
            while rest:
                rest = rest[self._answers.write(rest) :]


_streams: Optional[_Streams] = None
_busy = threading.Event()
_open: Optional[int] = None


def protect() -> _Streams:
    """Takes the streams for the protocol, once; signs of life are given from now on, until questions are waited for."""
    global _streams
    if _streams is None:
        _streams = _Streams()
        _busy.set()
        threading.Thread(target=_beat, args=(_streams,), daemon=True).start()
    return _streams


def serve(evaluate: Evaluate, space: Optional[Mapping[str, Parameter]] = None) -> None:
    """Answers questions with `evaluate` until nobody asks any longer, and returns.

    `evaluate` is called with the parameters by name and the slice, one call at a time, in the main thread. It returns a
    number, a `Result`, or a dict with the keys of one. An exception is an answer too: these parameters have no fitness;
    its last line is recorded and its traceback is printed. `NotApplicable` and `Lost` are those with another meaning, and
    MemoryError counts as lost.

    `space` has the parameters by name, in order; leave it out where omega.toml has them.

    Started by hand, with a terminal where the questions come from, it says what starts it and ends with exit status 2.
    """
    if _streams is None and sys.stdin is not None and sys.stdin.isatty():
        print("this is a worker of omega-worker/1: `omega test` starts it and asks it", file=sys.stderr)
        raise SystemExit(2)
    streams = protect()
    # A shell that starts something in the background has it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    questions: queue.Queue[Optional[bytes]] = queue.Queue()
    ended = threading.Event()
    threading.Thread(target=_read, args=(streams.questions, questions, ended), daemon=True).start()
    global _open
    try:
        while True:
            _open = None
            _busy.clear()
            asked = questions.get()
            if asked is None:
                return
            if not asked.strip():
                continue
            _busy.set()
            question = json.loads(asked)
            _open = question.get("id")
            _answer(streams, question, evaluate, space)
    except (KeyboardInterrupt, BrokenPipeError):
        return
    finally:
        _open = None
        _busy.clear()
        ended.set()


def progress(fraction: float) -> None:
    """Says how far the evaluation under way is, from 0 to 1."""
    if _streams is not None and _open is not None:
        _streams.say({"type": "progress", "of": _open, "fraction": min(max(float(fraction), 0.0), 1.0)})


def log(text: str, level: str = "info") -> None:
    """Says a line that is kept with those of standard error."""
    if _streams is not None:
        _streams.say({"type": "log", "level": level, "text": str(text)})
    else:
        print(text, file=sys.stderr)


def _answer(streams: _Streams, question: Mapping[str, Any], evaluate: Evaluate, space: Optional[Mapping[str, Parameter]]) -> None:
    kind, number = question.get("type"), question.get("id")
    if kind == "cancel":
        # A call of Python cannot be given up safely; what it is about is answered as always.
        return
    try:
        if kind == "hello":
            said = {"type": "hello", "protocol": PROTOCOL, **_about(space)}
        elif kind == "evaluate":
            said = {"type": "result", **result(_evaluated(question, evaluate, space))}
        else:
            said = {"type": "error", "error": f"no question of omega-worker/{PROTOCOL}: {kind!r}"}
        streams.say({"id": number, **said})
    except NotApplicable as error:
        streams.say({"id": number, "type": "not_applicable", "reason": str(error) or "the parameters do not go together"})
    except (Lost, MemoryError) as error:
        traceback.print_exc()
        streams.say({"id": number, "type": "lost", "error": reason(error)})
    except BrokenPipeError:
        raise
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        streams.say({"id": number, "type": "error", "error": reason(error)})


def _about(space: Optional[Mapping[str, Parameter]]) -> Dict[str, Any]:
    if space is None:
        return {}
    return {"space": [parameter.entry(name) for name, parameter in space.items()]}


def _evaluated(question: Mapping[str, Any], evaluate: Evaluate, space: Optional[Mapping[str, Parameter]]) -> Returned:
    params = question.get("params") or {}
    params = dict(params) if space is None else read_all(space, params)
    told = Slice(question.get("slice") or {})
    told.role = str(question.get("role", ""))
    return evaluate(params, told)


def _read(stream: BinaryIO, questions: queue.Queue[Optional[bytes]], ended: threading.Event) -> None:
    """Passes questions on. At their end nobody waits for an answer, so that a long evaluation is ended too."""
    for asked in stream:
        questions.put(asked)
    questions.put(None)
    if not ended.wait(_GRACE):
        _interrupt()
        if not ended.wait(_LAST):
            os._exit(1)


def _interrupt() -> None:
    """Interrupts the main thread, also where it sleeps."""
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, signal.SIGINT)
    else:
        _thread.interrupt_main()


def _beat(streams: _Streams) -> None:
    """Gives signs of life while a question is open or the worker still starts."""
    pause = threading.Event()
    while _busy.wait() and not pause.wait(_BEAT):
        if _busy.is_set():
            try:
                streams.say({"type": "heartbeat"})
            except OSError:
                return
