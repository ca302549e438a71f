"""What a node of the cluster runs for one question."""

from __future__ import annotations

import json
import os
import platform
import signal
import sys
from typing import Any, Dict, Optional

from omega_ray.target import Name, Target, load
from omega_worker.answer import line, reason
from omega_worker.serving import answered


def evaluated(name: Name, folder: Optional[str], asked: bytes) -> bytes:
    """The line that answers an evaluation of the target `name`.

    `folder` is where the paths of a slice start; None if Ray has put the process there. Every exception of the target is an
    answer, so that what Ray reports about a task is about the cluster.
    """
    # Ray's own handler raises SystemExit, which would pass for an exception of the target.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    question: Dict[str, Any] = json.loads(asked)
    try:
        target = _target(name, folder)
    except (Exception, SystemExit) as error:
        said = f"node {platform.node()}: {reason(error)}"
        return line({"id": question["id"], "type": "lost", "error": said, "began": False})
    answer = answered(question, target.evaluate, target.space)
    assert answer is not None, "an evaluation has an answer"
    return answer


def _target(name: Name, folder: Optional[str]) -> Target:
    if folder is not None:
        try:
            os.chdir(folder)
        except OSError as error:
            raise OSError(
                f"the folder of the project cannot be entered: {error}. Every node needs it under the same path, or the worker "
                "the option --working-dir"
            ) from None
        if folder not in sys.path:
            sys.path.insert(0, folder)
    return load(name)
