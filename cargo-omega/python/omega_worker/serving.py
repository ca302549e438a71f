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
from contextlib import contextmanager
from typing import Any, BinaryIO, Callable, Dict, Iterator, List, Mapping, Optional

from omega_worker import streams
from omega_worker.answer import Lost, NotApplicable, Returned, line, reason, result
from omega_worker.space import Parameter, read_all

PROTOCOL = 1
"""The version of omega-worker that is spoken here."""

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


_open: Optional[int] = None


class Serving:
    """What a call of `serve` was given."""

    def __init__(self, evaluate: Evaluate, space: Optional[Mapping[str, Parameter]]) -> None:
        self.evaluate = evaluate
        self.space = space


_host: Optional[List[Serving]] = None


@contextmanager
def hosted() -> Iterator[List[Serving]]:
    """As long as it is entered, `serve` answers nothing: what it is given is put into this list, and it returns.

    For an engine that imports a file, which may end with a call of `serve`, and answers the questions itself.
    """
    global _host
    before, _host = _host, []
    try:
        yield _host
    finally:
        _host = before


def serve(evaluate: Evaluate, space: Optional[Mapping[str, Parameter]] = None) -> None:
    """Answers questions with `evaluate` until nobody asks any longer, and returns.

    `evaluate` is called with the parameters by name and the slice, one call at a time, in the main thread. It returns a
    number, a `Result`, or a dict with the keys of one. An exception is an answer too: these parameters have no fitness;
    its last line is recorded and its traceback is printed. `NotApplicable` and `Lost` are those with another meaning, and
    MemoryError counts as lost.

    `space` has the parameters by name, in order; leave it out where omega.toml has them.

    Started by hand, with a terminal where the questions come from, it says what starts it and ends with exit status 2.
    """
    if _host is not None:
        _host.append(Serving(evaluate, space))
        return
    if streams.taken is None and sys.stdin is not None and sys.stdin.isatty():
        print("this is a worker of omega-worker/1: `omega test` starts it and asks it", file=sys.stderr)
        raise SystemExit(2)
    said = streams.protect()
    # A shell that starts something in the background has it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    questions: queue.Queue[Optional[bytes]] = queue.Queue()
    ended = threading.Event()
    threading.Thread(target=_read, args=(said.questions, questions, ended), daemon=True).start()
    global _open
    try:
        while True:
            _open = None
            streams.alive.clear()
            asked = questions.get()
            if asked is None:
                return
            if not asked.strip():
                continue
            streams.alive.set()
            question = json.loads(asked)
            _open = question.get("id")
            answer = answered(question, evaluate, space)
            if answer is not None:
                said.write(answer)
    except (KeyboardInterrupt, BrokenPipeError):
        return
    finally:
        _open = None
        streams.alive.clear()
        ended.set()


def progress(fraction: float) -> None:
    """Says how far the evaluation under way is, from 0 to 1."""
    if streams.taken is not None and _open is not None:
        streams.taken.say({"type": "progress", "of": _open, "fraction": min(max(float(fraction), 0.0), 1.0)})


def log(text: str, level: str = "info") -> None:
    """Says a line that is kept with those of standard error."""
    if streams.taken is not None:
        streams.taken.say({"type": "log", "level": level, "text": str(text)})
    else:
        print(text, file=sys.stderr)


def answered(question: Mapping[str, Any], evaluate: Evaluate, space: Optional[Mapping[str, Parameter]]) -> Optional[bytes]:
    """The line that answers a question; None if it has no answer of its own."""
    kind, number = question.get("type"), question.get("id")
    if kind == "cancel":
        # A call of Python cannot be given up safely; what it is about is answered as always.
        return None
    try:
        if kind == "hello":
            return line({"id": number, **greeting(space)})
        if kind == "evaluate":
            return line({"id": number, "type": "result", **result(_evaluated(question, evaluate, space))})
        return line({"id": number, "type": "error", "error": f"no question of omega-worker/{PROTOCOL}: {kind!r}"})
    except NotApplicable as error:
        return line({"id": number, "type": "not_applicable", "reason": str(error) or "the parameters do not go together"})
    except (Lost, MemoryError) as error:
        traceback.print_exc()
        return line({"id": number, "type": "lost", "error": reason(error)})
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        return line({"id": number, "type": "error", "error": reason(error)})


def greeting(space: Optional[Mapping[str, Parameter]]) -> Dict[str, Any]:
    """The answer to `hello`."""
    said: Dict[str, Any] = {"type": "hello", "protocol": PROTOCOL}
    if space is not None:
        said["space"] = [parameter.entry(name) for name, parameter in space.items()]
    return said


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
