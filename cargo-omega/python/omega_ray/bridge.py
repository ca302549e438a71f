"""The conversation: questions go to the cluster as they come, answers come back in any order."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
import threading
import time
from typing import Any, BinaryIO, Dict, Mapping, Optional, Protocol, Tuple

from omega_ray.cluster import Done
from omega_ray.target import Name, Target
from omega_worker import streams
from omega_worker.answer import line
from omega_worker.serving import answered, greeting

_LOOK = 1.0
"""Seconds between two looks at the nodes of the cluster."""
_NO_ROOM = 300.0
"""Seconds without a node that has room for an evaluation, until those that wait for one are lost."""
_SILENT = 60.0
"""Seconds without a word of the cluster's head, until this process gives up."""
_CANCELLED = 4.0
"""Seconds for the cluster to end what is under way when nobody asks any longer."""
_LAST = 8.0
"""Seconds after the end of the questions until this process ends in any case, less than the ten that a worker has."""


class Cluster(Protocol):
    """What evaluates: the one of `omega_ray.cluster`."""

    def capacity(self) -> int:
        """How many evaluations there is room for."""

    def ask(self, name: Name, asked: bytes, done: Done) -> Any:
        """Starts an evaluation."""

    def cancel(self, reference: Any) -> None:
        """Ends one."""

    def end(self) -> None:
        """Leaves the cluster."""


Event = Tuple[str, Any, Any]
"""`asked` with a line, `ended`, `done` with the id of a question and how its task ended, or `room` with the capacity."""


class Questions:
    """What is asked and answered, in the order in which it happens."""

    def __init__(self, stream: BinaryIO) -> None:
        """Reads questions from now on. At their end nobody waits for an answer, so that this process ends soon, whatever
        it waits for.
        """
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: BinaryIO) -> None:
        for asked in stream:
            self.events.put(("asked", asked, None))
        self.end()
        time.sleep(_LAST)
        os._exit(0)

    def end(self) -> None:
        """Lets what has happened be answered, and then nothing more."""
        self.events.put(("ended", None, None))

    def next(self) -> Optional[Dict[str, Any]]:
        """The next question; None if nobody asks any longer."""
        while True:
            what, asked, _ = self.events.get()
            if what == "ended":
                return None
            if asked.strip():
                question: Dict[str, Any] = json.loads(asked)
                if question.get("type") != "cancel":
                    return question


class Bridge:
    """Answers questions about one target by one cluster."""

    def __init__(
        self, said: streams.Streams, questions: Questions, name: Name, target: Target, cluster: Cluster, needs: str
    ) -> None:
        self._said = said
        self._questions = questions
        self._events = questions.events
        self._name = name
        self._target = target
        self._cluster = cluster
        self._needs = needs
        self._room = cluster.capacity()
        self._without: Optional[float] = None
        """Since when there is no room."""
        self._heard = time.monotonic()
        self._open: Dict[int, Any] = {}
        """The evaluations that are under way. Whoever takes one out of it answers it."""
        self._ended = threading.Event()

    def answer(self) -> None:
        """Answers until nobody asks any longer, and leaves nothing running."""
        for watch in (self._look, self._watch):
            threading.Thread(target=watch, daemon=True).start()
        # An exception could come between the start of a task and the note that it is under way.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._questions.end())
        try:
            while True:
                if self._open:
                    streams.alive.set()
                else:
                    streams.alive.clear()
                what, of, how = self._events.get()
                if what == "ended":
                    return
                if what == "room":
                    self._has_room(of)
                elif what == "done":
                    self._done(of, *how)
                elif of.strip():
                    self._asked(of)
        except BrokenPipeError:
            return
        finally:
            self._end()

    def _asked(self, asked: bytes) -> None:
        question: Mapping[str, Any] = json.loads(asked)
        kind, number = question.get("type"), question.get("id")
        if kind == "hello":
            said = {"id": number, **greeting(self._target.space), "concurrency": max(self._room, 1)}
            self._said.say(said)
        elif kind == "evaluate" and isinstance(number, int):
            self._open[number] = self._cluster.ask(
                self._name, asked, lambda answer, why: self._events.put(("done", number, (answer, why)))
            )
        elif kind == "cancel":
            self._cancel(question.get("of"))
        else:
            answer = answered(question, self._target.evaluate, self._target.space)
            if answer is not None:
                self._said.write(answer)

    def _cancel(self, of: Any) -> None:
        """The question is answered before its task has ended: the process that runs it may take a while to be killed, and
        others need not wait for that.
        """
        task = self._open.pop(of, None)
        if task is not None:
            self._cluster.cancel(task)
            self._said.say({"id": of, "type": "cancelled"})

    def _done(self, number: int, answer: Optional[bytes], why: str) -> None:
        if self._open.pop(number, None) is None:
            return
        self._said.write(answer if answer is not None else line({"id": number, "type": "lost", "error": why}))

    def _has_room(self, room: int) -> None:
        """Says how many evaluations there is room for as nodes come and go. Without any, those that are asked wait: more
        nodes may be on their way, but not for ever.
        """
        if room != self._room:
            self._room = room
            self._said.say({"type": "capacity", "concurrency": max(room, 1)})
        if room > 0:
            self._without = None
            return
        why = f"no node of the cluster has {self._needs}, which one evaluation needs"
        if self._without is None:
            self._without = time.monotonic()
            self._said.say({"type": "log", "level": "warning", "text": why})
        if time.monotonic() - self._without >= _NO_ROOM and self._open:
            for number, task in list(self._open.items()):
                self._cluster.cancel(task)
                self._done(number, None, f"{why}, since {_NO_ROOM:g} s")
            self._without = time.monotonic()

    def _look(self) -> None:
        while not self._ended.wait(_LOOK):
            # Without an answer it waits, or fails: either way nothing is heard.
            with contextlib.suppress(Exception):
                self._events.put(("room", self._cluster.capacity(), None))
                self._heard = time.monotonic()

    def _watch(self) -> None:
        """Ends this process if the cluster is gone, for then Ray answers nothing, for ever. What was under way is lost."""
        while not self._ended.wait(_LOOK):
            if time.monotonic() - self._heard > _SILENT:
                print(f"the head of the Ray cluster has said nothing for {_SILENT:g} s", file=sys.stderr)
                os._exit(1)

    def _end(self) -> None:
        """Ends what is under way, and waits until it has ended; Ray itself ends what is left once this process is gone."""
        self._ended.set()
        streams.alive.clear()
        for task in self._open.values():
            self._cluster.cancel(task)
        until = time.monotonic() + _CANCELLED
        while self._open and time.monotonic() < until:
            with contextlib.suppress(queue.Empty):
                what, of, _ = self._events.get(timeout=0.1)
                if what == "done":
                    self._open.pop(of, None)
        self._cluster.end()
