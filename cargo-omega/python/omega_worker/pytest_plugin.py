"""Every case of omega.toml as an item of pytest.

One `omega test` runs for all items that are selected, when the first of them runs; the others are looked up in its results.
This shows. What gates is `omega test` itself: in pytest, a conftest.py can rewrite any outcome.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

import pytest

DECLARATION = "omega.toml"
_NO, _USAGE = 1, 2
"""Exit codes of `omega`: the answer is no, and the question is wrong."""
_PATIENCE = 20.0
"""Seconds that a run which was interrupted has to end by itself."""

_refused = pytest.StashKey[List[str]]()
_verdicts = pytest.StashKey[List[Tuple[str, str]]]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Optional[pytest.Collector]:
    """Takes an omega.toml; one in a project of cargo only if it is named, because its cases have to be built."""
    if file_path.name != DECLARATION:
        return None
    if (file_path.parent / "Cargo.toml").exists() and not _is_named(parent.config, file_path):
        return None
    return Declaration.from_parent(parent, path=file_path)


def pytest_collection_finish(session: pytest.Session) -> None:
    """A wrong omega.toml is no failed test but a usage error."""
    refused = session.config.stash.get(_refused, [])
    if refused:
        raise pytest.UsageError("\n".join(refused))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Shows what became of each calibration."""
    verdicts = config.stash.get(_verdicts, [])
    if verdicts:
        terminalreporter.section("omega")
        for calibration, verdict in verdicts:
            terminalreporter.line(f"{calibration}  {verdict}")
        terminalreporter.line("pytest shows the cases; a merge is gated by `omega test`")


class Failed(Exception):
    """A case that did not pass; its text is what `omega test` shows of it."""


class Declaration(pytest.File):
    """An omega.toml and the calibrations in it."""

    declared: int = 0
    """How many cases there are, selected or not."""
    _results: Optional[Dict[str, Mapping[str, Any]]] = None

    def collect(self) -> Iterator[Union[pytest.Item, pytest.Collector]]:
        """The calibrations; none if there is something wrong, which is told at the end of the collection."""
        code, said, errors = _omega(self, ["test", "--", "--list"])
        if code != 0:
            self.config.stash.setdefault(_refused, []).append(errors.strip() or said.strip())
            return
        names = [line[: -len(": test")] for line in said.splitlines() if line.endswith(": test")]
        self.declared = len(names)
        yield from _grouped(self, [name.split("::") for name in names], [])

    def results(self) -> Dict[str, Mapping[str, Any]]:
        """The results of all selected cases by name; the first call runs them."""
        if self._results is None:
            run = _shared(self)
            trials = [trial for suite in run["suites"] for trial in suite["trials"]]
            self._results = {trial["name"]: trial for trial in trials}
            lines = self.config.stash.setdefault(_verdicts, [])
            for suite in run["suites"]:
                lines.extend((one["calibration"], _verdict(one)) for one in suite["runs"])
            if not trials:
                _stop(run["exit_code"], _problems(run))
        return self._results


class Group(pytest.Collector):
    """What several cases have in their names: a calibration, its gates, its constraints."""

    cases: List[List[str]]
    before: List[str]

    def collect(self) -> Iterator[Union[pytest.Item, pytest.Collector]]:
        """The cases below."""
        yield from _grouped(self, self.cases, self.before)


class Case(pytest.Item):
    """One case: a gate, a constraint, the holdout, gold."""

    case: str

    def runtest(self) -> None:
        """Looks the case up in the results."""
        trial = self._declaration().results().get(self.case)
        if trial is None:
            raise Failed(f"`omega test` left no result of `{self.case}`")
        self.user_properties.append(("summary", trial["summary"]))
        if trial["status"] == "skip":
            # Where it is skipped is omega.toml, not a line of this file.
            raise pytest.skip.Exception(trial["summary"], _use_item_location=True)
        if trial["status"] in ("fail", "error"):
            problem = trial["problem"] or {}
            if problem.get("exit_code") == _USAGE:
                _stop(_USAGE, problem["message"])
            raise Failed(trial["details"] or problem.get("message") or trial["summary"])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What `omega test` shows of it, without a traceback of this plugin."""
        return str(excinfo.value) if isinstance(excinfo.value, Failed) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> Tuple[Path, Optional[int], str]:
        """The file, and the name that `omega test` has for it."""
        return self.path, 0, self.case

    def _declaration(self) -> Declaration:
        declaration = self.getparent(Declaration)
        assert declaration is not None, "a case is made by its declaration"
        return declaration


def _grouped(
    parent: pytest.Collector, cases: Sequence[List[str]], before: List[str]
) -> Iterator[Union[pytest.Item, pytest.Collector]]:
    """The cases by the next word of their names, in order, so that any part of a name can be asked for."""
    groups: Dict[str, Group] = {}
    for case in cases:
        if len(case) == 1:
            item = Case.from_parent(parent, name=case[0])
            item.case = "::".join([*before, *case])
            yield item
            continue
        if case[0] not in groups:
            group = Group.from_parent(parent, name=case[0])
            group.cases, group.before = [], [*before, case[0]]
            groups[case[0]] = group
        groups[case[0]].cases.append(case[1:])
    yield from groups.values()


def _is_named(config: pytest.Config, path: Path) -> bool:
    named = (Path(str(argument).split("::")[0]) for argument in config.args)
    return any((config.invocation_params.dir / name).resolve() == path.resolve() for name in named)


def _selected(declaration: Declaration) -> List[str]:
    items = (item for item in declaration.session.items if isinstance(item, Case))
    return [item.case for item in items if item.getparent(Declaration) is declaration]


def _run(declaration: Declaration) -> Dict[str, Any]:
    """One `omega test` of every case that is selected."""
    arguments = ["test", "--format", "json"]
    selected = _selected(declaration)
    if len(selected) != declaration.declared:
        arguments += ["--exact", *selected]
    code, said, errors = _omega(declaration, arguments, declaration.config.getoption("capture") == "no")
    try:
        run = json.loads(said)
    except ValueError:
        _stop(code, errors or f"`omega test` ended with exit status {code} and left no results")
    if not isinstance(run, dict) or "suites" not in run:
        _stop(code, errors or said)
    return dict(run)


def _shared(declaration: Declaration) -> Dict[str, Any]:
    """The results of one run, also where pytest-xdist has several processes that all need them."""
    session = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if session is None:
        return _run(declaration)
    key = hashlib.sha256(f"{session} {declaration.path}".encode()).hexdigest()[:32]
    results, lock = (Path(tempfile.gettempdir()) / f"omega-{key}.{end}" for end in ("json", "lock"))
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        while not results.exists() and lock.exists():
            time.sleep(0.05)
        return dict(json.loads(results.read_text(encoding="utf-8")))
    try:
        run = _run(declaration)
        draft = results.with_suffix(".draft")
        draft.write_text(json.dumps(run), encoding="utf-8")
        draft.replace(results)
        return run
    except BaseException:
        lock.unlink()
        raise


def _omega(declaration: Declaration, arguments: Sequence[str], shown: bool = False) -> Tuple[int, str, str]:
    """Runs the program of this wheel; its exit code, what it printed, and its messages unless they are shown."""
    scripts = sysconfig.get_path("scripts")
    program = shutil.which("omega", path=scripts) or shutil.which("omega")
    if program is None:
        raise pytest.UsageError(f"there is no program omega, in {scripts} or elsewhere: pip install cargo-omega")
    environment = dict(os.environ, CARGO_TERM_COLOR="never")
    # A `python3` in omega.toml is the one that runs pytest.
    environment["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), environment.get("PATH", os.defpath)])
    process = subprocess.Popen(
        [program, *arguments],
        cwd=declaration.path.parent,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if shown else subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    try:
        said, errors = process.communicate()
    except BaseException:
        # Ctrl-C reaches it too; it ends behind the evaluation under way and keeps what it has.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
        process.kill()
        raise
    return process.returncode, said or "", errors or ""


def _stop(code: int, message: str) -> None:
    """Ends pytest: as a usage error if it is one, else as an internal error. A run without results is no failed test."""
    usage = pytest.ExitCode.USAGE_ERROR if code == _USAGE else pytest.ExitCode.INTERNAL_ERROR
    pytest.exit(f"omega test: {message.strip()}", returncode=int(usage))


def _problems(run: Mapping[str, Any]) -> str:
    of_suites = [suite["problem"] for suite in run["suites"] if suite["problem"]]
    return "\n".join(problem["message"] for problem in [*run["problems"], *of_suites]) or "nothing was evaluated"


def _verdict(run: Mapping[str, Any]) -> str:
    verdict = run["verdict"] or "no verdict"
    rests_on = ", ".join(run.get("rests_on") or [])
    return f"{verdict} ({rests_on})" if rests_on and verdict == "PASS" else str(verdict)
