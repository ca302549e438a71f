"""What a function of Python is as a worker: each test is a conversation with a process, as omega has it."""

import json
import os
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from omega_worker import Bool, Choice, Float, Int, block_ranges, in_blocks

HELLO = {"type": "hello", "id": 1, "protocol": 1, "omega": "0.1.0", "calibration": "c", "roles": {}}
SPACE = 'SPACE = {"x": Float(-2.0, 2.0, neutral=0.5)}\n'


def question(number=2, role="train", slice=None, **params):
    """One evaluation as omega asks for it."""
    return {"type": "evaluate", "id": number, "role": role, "slice": slice or {}, "params": params}


class Worker:
    """A process that serves `evaluate` with this body."""

    def __init__(self, folder, body, serve="serve(evaluate, SPACE)", before="", command=(), arguments=None, variables=None):
        file = folder / "target.py"
        body = textwrap.indent(textwrap.dedent(body), "    ")
        file.write_text(
            f"{before}\nimport os, sys, time\nimport omega_worker.serving as serving\nfrom omega_worker import *\n{SPACE}"
            f"def evaluate(params, slice):\n{body}\n{serve}\n",
            encoding="utf-8",
        )
        self.process = subprocess.Popen(
            [sys.executable, *command, *([str(file)] if arguments is None else arguments)],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A worker sees of the environment what omega.toml names.
            env={name: value for name, value in {**os.environ, **(variables or {})}.items() if name != "PYTHONUNBUFFERED"},
        )

        # A conversation that hangs is one that fails.
        self.watch = threading.Timer(30, self.process.kill)
        self.watch.start()

    def tell(self, asked):
        """Asks, and waits for nothing."""
        self.process.stdin.write(json.dumps(asked).encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, asked, wait_for=None):
        """Asks, and gives back the answer, or the first message of the type that is waited for."""
        self.tell(asked)
        return self.read(wait_for)

    def read(self, wait_for=None):
        """The next answer."""
        while True:
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read().decode()
            said = json.loads(line)
            if said["type"] == wait_for or (wait_for is None and "id" in said):
                return said

    def end(self):
        """Closes its input; its exit status and what it said on standard error."""
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors.decode()


@pytest.fixture
def worker(tmp_path):
    """Makes workers, and ends them."""
    made = []

    def make(body, **more):
        made.append(Worker(tmp_path, body, **more))
        return made[-1]

    yield make
    for one in made:
        one.watch.cancel()
        one.process.kill()
        one.process.wait()
        for stream in (one.process.stdin, one.process.stdout, one.process.stderr):
            stream.close()


def test_a_function_in_five_lines_says_hello_evaluates_and_ends(worker):
    target = worker("return -((params['x'] - slice['best']) ** 2)")
    entry = {"name": "x", "kind": "float", "low": -2.0, "high": 2.0, "neutral": 0.5, "scale": "linear"}
    assert target.ask(HELLO) == {"id": 1, "type": "hello", "protocol": 1, "space": [entry]}
    assert target.ask(question(x=0.5, slice={"best": 1.5})) == {"id": 2, "type": "result", "fitness": -1.0}
    assert target.end() == (0, "")


def test_what_prints_never_reaches_the_protocol_and_nobody_reads_the_questions(worker):
    target = worker(
        """
        print("from Python")
        os.write(1, b"from C\\n")
        os.system("echo from a shell")
        assert os.system("cat") == 0
        return 1 if sys.stdin.read() == "" else 0
        """,
        before='print("while it is imported")',
    )
    target.ask(HELLO)
    assert target.ask(question(x=0.0)) == {"id": 2, "type": "result", "fitness": 1.0}
    code, errors = target.end()
    assert code == 0
    for who in ("while it is imported", "from Python", "from C", "from a shell"):
        assert who in errors


def test_an_exception_is_an_answer_of_one_line_and_its_traceback_is_printed(worker):
    target = worker("raise ValueError(f'{params[\"x\"]} is\\n too high for {object()}')")
    assert target.ask(question(x=1.0))["error"] == "ValueError: 1.0 is too high for <object object at 0x..>"
    assert target.ask(question(number=3, x=1.0))["type"] == "error"
    code, errors = target.end()
    assert (code, "Traceback" in errors, "target.py" in errors) == (0, True, True)


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        ("NotApplicable('fast >= slow')", {"type": "not_applicable", "reason": "fast >= slow"}),
        ("Lost('node 7 is gone')", {"type": "lost", "error": "Lost: node 7 is gone"}),
        ("MemoryError()", {"type": "lost", "error": "MemoryError"}),
        ("SystemExit(3)", {"type": "error", "error": "SystemExit: 3"}),
        ("RuntimeError('a' * 5_000)", {"type": "error", "error": "RuntimeError: " + "a" * 1_986 + " (and so on)"}),
        ("OSError('\\udcff')", {"type": "error", "error": "OSError: ?"}),
    ],
)
def test_each_kind_of_exception_has_its_meaning(worker, raised, expected):
    assert worker(f"raise {raised}").ask(question(x=0.0)) == {"id": 2, **expected}


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ("None", "TypeError: evaluate returned fitness = None, expected a number"),
        ("True", "TypeError: evaluate returned fitness = True, expected a number"),
        ("{'fitnes': 1.0}", "ValueError: evaluate returned a dict with the key 'fitnes': did you mean fitness?"),
        ("{'fitness': 1, 'gain_db': 1}", "ValueError: evaluate returned a dict with the key 'gain_db': numbers of your own "
         'go into "metrics"'),
        ("{'samples': 3}", "ValueError: evaluate returned a dict without fitness"),
        ("Result(1.0, samples=-1)", "TypeError: evaluate returned samples = -1, expected a whole number from 0 on"),
        ("Result(1.0, blocks=[1, '2'])", "TypeError: evaluate returned blocks[1] = '2', expected a number"),
        ("Result(1.0, metrics={'a': []})", "TypeError: evaluate returned metrics.a = [], expected a number"),
        ("Result(1.0, metadata={'a': object})", "TypeError: Object of type type is not JSON serializable"),
        ("Result(1.0, metadata={'a': 'x' * (16 << 20)})", "ValueError: evaluate returned 16777275 bytes as JSON, at most "
         "16777216 are read"),
    ],
)  # fmt: skip
def test_what_is_no_evaluation_is_an_error_that_names_it(worker, returned, expected):
    assert worker(f"return {returned}").ask(question(x=0.0)) == {"id": 2, "type": "error", "error": expected}


def test_numbers_of_numpy_arrays_and_numbers_that_are_not_finite_are_told(worker):
    target = worker(
        """
        class Number:
            def item(self): return 3
        class Array:
            def __init__(self, values): self.values = values
            def __iter__(self): return iter(self.values)
            def tolist(self): return self.values
        return Result(float("-inf"), samples=Number(), blocks=Array([Number(), float("nan")]), metrics={"a": Number()},
                      metadata={"b": Array([1, 2.5]), "c": float("inf"), "d": (True, None)}, attachments={"log": "a.log"})
        """
    )
    assert target.ask(question(x=0.0)) == {
        "id": 2,
        "type": "result",
        "fitness": "-inf",
        "samples": 3,
        "blocks": [3.0, "nan"],
        "metrics": {"a": 3.0},
        "metadata": {"b": [1, 2.5], "c": "inf", "d": [True, None]},
        "attachments": [{"name": "log", "path": "a.log"}],
    }


def test_the_slice_is_a_dict_that_knows_its_role(worker):
    target = worker("return Result(0.0, metadata={'role': slice.role, 'slice': slice})")
    assert target.ask(question(x=0.0, role="test", slice={"a": [1]}))["metadata"] == {"role": "test", "slice": {"a": [1]}}


def test_parameters_come_in_their_kinds_and_strangers_are_refused(worker):
    target = worker(
        "return Result(0.0, metadata={name: type(value).__name__ for name, value in params.items()})",
        serve='serve(evaluate, {"f": Float(0, 9, 1), "i": Int(0, 9, 1), "b": Bool(False), "c": Choice(["p", "q"], "p")})',
    )
    good = {"f": 3, "i": 3, "b": True, "c": "q"}
    assert target.ask(question(**good))["metadata"] == {"f": "float", "i": "int", "b": "bool", "c": "str"}
    for change, expected in [
        ({"f": "high"}, "ValueError: parameter f is 'high', expected a number"),
        ({"i": 2.5}, "ValueError: parameter i is 2.5, expected a whole number"),
        ({"b": 1}, "ValueError: parameter b is 1, expected true or false"),
        ({"c": "r"}, "ValueError: parameter c is 'r', expected one of p, q"),
        ({"z": 1}, "ValueError: parameters unknown: z; the space has f, i, b, c"),
    ]:
        assert target.ask(question(**{**good, **change}))["error"] == expected
    assert target.ask(question(f=1.0))["error"].startswith("ValueError: parameters without i, b, c;")


def test_without_a_space_omega_toml_has_it(worker):
    target = worker("return params['anything']", serve="serve(evaluate)")
    assert target.ask(HELLO) == {"id": 1, "type": "hello", "protocol": 1}
    assert target.ask(question(anything=3.0))["fitness"] == 3.0


def test_a_slow_evaluation_beats_by_itself_and_says_how_far_it_is(worker):
    target = worker("progress(0.25); log('half'); time.sleep(1.5); return 1.0")
    assert target.ask(question(x=0.0), wait_for="progress") == {"type": "progress", "of": 2, "fraction": 0.25}
    assert target.read("log") == {"type": "log", "level": "info", "text": "half"}
    assert target.read("heartbeat") == {"type": "heartbeat"}
    assert target.read()["fitness"] == 1.0


def test_slow_and_noisy_imports_are_safe_where_the_module_starts_the_file(worker):
    slow = "import time; print('loading' * 9_000); time.sleep(1.5)"
    target = worker("return 1.0", before=slow, command=("-m", "omega_worker"))
    assert target.read("heartbeat") == {"type": "heartbeat"}
    assert target.ask(HELLO)["type"] == "hello"
    assert target.end()[0] == 0


def test_a_process_that_the_function_forks_has_no_part_in_the_conversation(worker):
    target = worker(
        """
        child = os.fork()
        if child == 0:
            progress(0.5)
            os._exit(0)
        os.waitpid(child, 0)
        return 1.0
        """
    )
    target.process.stdin.write(json.dumps(question(x=0.0)).encode() + b"\n")
    target.process.stdin.flush()
    assert json.loads(target.process.stdout.readline())["type"] == "result"


def test_a_long_evaluation_ends_soon_after_nobody_asks_any_longer(worker):
    target = worker("time.sleep(60)", before="import omega_worker.serving as s; s._GRACE = 0.2")
    target.process.stdin.write(json.dumps(question(x=0.0)).encode() + b"\n")
    started = time.monotonic()
    assert target.end()[0] == 0
    assert time.monotonic() - started < 10


def test_what_was_asked_before_the_end_is_answered(worker):
    target = worker("time.sleep(0.3); return 1.0")
    answers, _ = target.process.communicate(b"".join(json.dumps(question(n, x=0.0)).encode() + b"\n" for n in (2, 3)), 20)
    assert [json.loads(line)["id"] for line in answers.splitlines()] == [2, 3]
    assert target.process.returncode == 0


def test_started_by_hand_it_says_what_starts_it(tmp_path):
    pty = pytest.importorskip("pty")
    file = tmp_path / "target.py"
    file.write_text("from omega_worker import serve\nserve(lambda params, slice: 1.0)\n", encoding="utf-8")
    ours, theirs = pty.openpty()
    ended = subprocess.run([sys.executable, str(file)], stdin=theirs, capture_output=True, timeout=20, check=False)
    os.close(ours)
    os.close(theirs)
    assert (ended.returncode, b"`omega test` starts it" in ended.stderr) == (2, True)


def test_blocks_are_alike_in_length_with_gaps_between_and_a_short_series_is_refused():
    for periods, count, gap in [(8, 8, 0), (256, 8, 0), (257, 8, 0), (263, 8, 1), (1000, 7, 30), (5, 1, 9)]:
        blocks = block_ranges(periods, count, gap)
        assert (len(blocks), blocks[0].start, blocks[-1].stop) == (count, 0, periods)
        assert all(right.start - left.stop == gap for left, right in zip(blocks, blocks[1:]))
        assert max(map(len, blocks)) - min(map(len, blocks)) <= 1
    for periods, count, gap, least in [(7, 8, 0, 8), (14, 8, 1, 15), (0, 1, 0, 1), (9, 0, 0, 1)]:
        with pytest.raises(ValueError, match=f"{least} periods are the least"):
            block_ranges(periods, count, gap)
    assert in_blocks([1.0, 2.0, 30.0, 4.0, 5.0], 2, 1, sum) == [3.0, 9.0]


def test_a_parameter_says_itself_as_the_protocol_has_it():
    numbers = {"low": 1, "high": 4, "neutral": 2, "scale": "log"}
    assert Int(1, 4, neutral=2, scale="log").entry("n") == {"name": "n", "kind": "int", **numbers}
    assert Float(1, 4, neutral=2).entry("f")["low"] == 1.0
    assert Bool(True).entry("b") == {"name": "b", "kind": "bool", "neutral": True}
    assert Choice(("p", "q"), "q").entry("c") == {"name": "c", "kind": "choice", "choices": ["p", "q"], "neutral": "q"}
