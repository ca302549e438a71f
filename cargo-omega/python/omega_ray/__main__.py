"""`python -m omega_ray [OPTION]... MODULE:FUNCTION`: a worker whose evaluations are tasks of a Ray cluster.

The command of a worker in Python may stand there as well, so that it is also a launcher: `--launcher "python3 -m omega_ray"`.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from typing import Dict, Tuple

from omega_ray.bridge import Bridge, Questions
from omega_ray.cluster import Cluster, Needs, Unusable
from omega_ray.target import load, named
from omega_worker.answer import reason
from omega_worker.streams import Streams, protect

_CONNECTED = 180.0
"""Seconds for Ray to connect, or to start a cluster on a machine that is busy."""


def main() -> None:
    """Reads the command line, and answers questions until nobody asks any longer."""
    options = _options()
    if sys.stdin is None or sys.stdin.isatty():
        print("omega_ray is a worker of omega-worker/1: `omega test` starts it and asks it", file=sys.stderr)
        raise SystemExit(2)
    said = protect()
    # A shell that starts something in the background has it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    questions = Questions(said.questions)
    # With `-m` the first place that modules are looked for is the folder that this is started in.
    try:
        target = load(options.target)
    except KeyboardInterrupt:
        return
    except (Exception, SystemExit) as error:
        _refuse(said, questions, f"{' '.join(options.target)} cannot be imported: {reason(error)}")
        return
    waiting = threading.Timer(_CONNECTED, _give_up, (said, questions))
    waiting.daemon = True
    waiting.start()
    try:
        cluster = Cluster(options.address, options.needs, options.working_dir)
    except (KeyboardInterrupt, SystemExit):
        return
    except Unusable as error:
        _refuse(said, questions, str(error))
        return
    finally:
        waiting.cancel()
    Bridge(said, questions, options.target, target, cluster, str(options.needs)).answer()


def _give_up(said: Streams, questions: Questions) -> None:
    """Ends this process while the main thread waits for Ray."""
    question = questions.next()
    if question is not None:
        said.say({"type": "error", "id": question.get("id"), "error": f"Ray has no cluster within {_CONNECTED:g} s"})
    os._exit(1)


def _refuse(said: Streams, questions: Questions, why: str) -> None:
    """Answers every question by why there will be no answer."""
    while True:
        question = questions.next()
        if question is None:
            return
        said.say({"type": "error", "id": question.get("id"), "error": why})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m omega_ray",
        usage="%(prog)s [OPTION]... MODULE:FUNCTION | COMMAND",
        description="A worker of omega-worker/1 whose evaluations are tasks of a Ray cluster; `omega test` starts it.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "words",
        nargs=argparse.REMAINDER,
        metavar="MODULE:FUNCTION | COMMAND",
        help="the function that evaluates, or the command of a worker in Python: so this is also a launcher",
    )
    parser.add_argument(
        "--address",
        metavar="ADDRESS",
        help="HOST:PORT of the cluster, `auto` for the one of this machine, `local` for one of its own; unless said, "
        "RAY_ADDRESS, the cluster that `ray start` has started on this machine, or one of its own",
    )
    parser.add_argument("--num-cpus", type=_count, default=1.0, metavar="N", help="CPUs that one evaluation takes (1)")
    parser.add_argument("--num-gpus", type=_count, default=0.0, metavar="N", help="GPUs that one evaluation takes (0)")
    parser.add_argument(
        "--resources", type=_resource, action="append", default=[], metavar="NAME=N", help="a resource of your own, also several"
    )
    parser.add_argument(
        "--working-dir",
        type=_folder,
        metavar="DIR",
        help="hand this folder to every node, and evaluate there; unless said, nodes find the project under the same path",
    )
    options = parser.parse_args()
    words = options.words
    # What follows a command is its own; a function takes no arguments.
    if words and ":" in words[0]:
        options = parser.parse_args(words[1:], options)
        words = [*words[:1], *options.words]
    try:
        options.target = named(words)
    except ValueError as error:
        parser.error(str(error))
    others: Dict[str, float] = dict(options.resources)
    options.needs = Needs(options.num_cpus, options.num_gpus, others)
    if len(others) < len(options.resources):
        parser.error("--resources names one twice")
    if not options.needs.by_name():
        parser.error("an evaluation takes nothing of a node, so that there is no end of how many go at once: say --num-cpus")
    return options


def _count(text: str) -> float:
    try:
        count = float(text)
    except ValueError:
        count = -1.0
    if not 0 <= count < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 on")
    return count


def _resource(text: str) -> Tuple[str, float]:
    name, equals, count = text.rpartition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is no NAME=N, such as licence=1")
    if name in ("CPU", "GPU"):
        raise argparse.ArgumentTypeError(f"{name} has an option of its own: --num-{name.lower()}s")
    return name, _count(count)


def _folder(text: str) -> str:
    if not os.path.isdir(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no folder")
    return os.path.abspath(text)


if __name__ == "__main__":
    main()
