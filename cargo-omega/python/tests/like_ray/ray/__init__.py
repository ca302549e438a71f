"""As much of Ray as the bridge uses, on one machine: each task is a process that is forked. No test of the bridge needs more.

LIKE_RAY names a folder: `nodes.json` there has the nodes, and `told.jsonl` gets what Ray was told.
"""

import json
import multiprocessing
import os
import pathlib
import threading
import time
from concurrent.futures import Future
from types import SimpleNamespace

_forked = multiprocessing.get_context("fork")
_folder = pathlib.Path(os.environ["LIKE_RAY"])


def _tell(**what):
    with (_folder / "told.jsonl").open("a", encoding="utf-8") as told:
        told.write(json.dumps(what) + "\n")


class WorkerCrashedError(Exception):
    """The process of a task has ended before its answer."""


class _Task:
    """Waits for ever where no node has a CPU."""

    def __init__(self, function, arguments):
        self._future, self._process = Future(), None
        if any("CPU" in node["Resources"] for node in nodes()):
            ours, theirs = _forked.Pipe(duplex=False)
            self._process = _forked.Process(target=lambda: theirs.send(function(*arguments)), daemon=True)
            self._process.start()
            theirs.close()
            threading.Thread(target=self._wait, args=(ours,), daemon=True).start()

    def _wait(self, ours):
        try:
            self._future.set_result(ours.recv())
        except EOFError:
            self._future.set_exception(WorkerCrashedError("The worker died unexpectedly while executing this task."))

    def future(self):
        return self._future

    def kill(self):
        if self._process is None:
            self._future.set_exception(WorkerCrashedError("cancelled before it began"))
        else:
            self._process.kill()


class _Function:
    def __init__(self, function):
        self._function = function

    def options(self, **options):
        _tell(options=options)
        return self

    def remote(self, *arguments):
        return _Task(self._function, arguments)


remote = _Function


def init(address=None, **settings):
    time.sleep(float(os.environ.get("LIKE_RAY_TAKES", "0")))
    _tell(init=address, **settings)
    print("what Ray prints")


def nodes():
    return json.loads((_folder / "nodes.json").read_text(encoding="utf-8"))


def cluster_resources():
    return nodes()[0]["Resources"]


def cancel(task, force=False):
    _tell(cancel=force)
    task.kill()


def shutdown():
    _tell(shutdown=True)


def _found(address):
    """LIKE_RAY_HERE is the cluster that `ray start` has started here."""
    found = address or os.environ.get("LIKE_RAY_HERE")
    return None if found in (None, "", "local") else found


_private = SimpleNamespace(services=SimpleNamespace(canonicalize_bootstrap_address=_found))
