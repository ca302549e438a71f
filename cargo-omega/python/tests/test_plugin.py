"""The plugin for pytest, with the program of this wheel and a project as `omega init --python` makes it."""

import os
import re
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ElementTree

import pytest

# What is best where it is searched is worst elsewhere.
OVERFIT = ("batch - 6.0", 'batch - (9.0 if slice["load"] == 100.0 else 1.0)')


def run(folder, *arguments):
    """Runs a program as somebody outside of CI does; its exit status and what it printed."""
    environment = {
        name: value for name, value in os.environ.items() if not re.match(r"CI$|GITHUB_|PYTEST_|COV_|PYTHONPATH", name)
    }
    environment["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), environment["PATH"]])
    ended = subprocess.run(
        arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False
    )
    return ended.returncode, ended.stdout.decode()


def pytest_in(folder, *arguments):
    """Runs pytest, with the name and the outcome of every case in what it prints."""
    return run(folder, sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *arguments)


def outcomes(printed):
    """The cases and what became of them, by what pytest -v printed."""
    found = re.findall(r"omega\.toml::(\S+) (PASSED|FAILED|SKIPPED)", printed)
    return {name: outcome.lower() for name, outcome in found}


@pytest.fixture
def project(tmp_path):
    """A folder that is set up."""
    folder = tmp_path / "demo"
    folder.mkdir()
    code, printed = run(folder, "omega", "init", "--python")
    assert code == 0, printed
    return folder


def overfit(project):
    """Lets the best settings of the train slice be the worst of all others."""
    file = project / "calibration.py"
    text = file.read_text(encoding="utf-8")
    assert OVERFIT[0] in text
    file.write_text(text.replace(*OVERFIT), encoding="utf-8")


def test_every_case_is_an_item_and_skips_are_skips(project):
    code, listed = run(project, "omega", "test", "--", "--list")
    names = re.findall(r"^(\S+): test$", listed, re.MULTILINE)
    code, printed = pytest_in(project)
    assert code == 0, printed
    found = outcomes(printed)
    assert sorted(found) == sorted(names)
    assert (found["demo::gate::margin"], found["demo::gate::null"], found["demo::gold"]) == ("passed", "skipped", "skipped")
    assert "demo  PASS (blocks 8)" in printed
    assert "pytest shows the cases; a merge is gated by `omega test`" in printed


def test_overfitting_fails_the_same_cases_here_and_there_and_shows_the_table(project):
    overfit(project)
    code, shown = run(project, "omega", "test")
    assert code == 1, shown
    there = set(re.findall(r"^ +FAIL \[.*?\] \( *\d+/\d+\) (\S+)", shown, re.MULTILINE))
    code, printed = pytest_in(project)
    assert code == 1
    assert {name for name, outcome in outcomes(printed).items() if outcome == "failed"} == there
    assert "demo::gate::margin" in there
    assert re.search(r"metric +measured +required +verdict\n.*p over the baseline", printed, re.DOTALL), printed
    assert "Traceback" not in printed


def test_a_part_is_asked_for_by_an_expression_or_by_name_and_nothing_else_is_judged(project):
    for asked in (["-k", "demo and margin"], ["omega.toml::demo::gate::margin"]):
        code, printed = pytest_in(project, *asked)
        assert (code, outcomes(printed)) == (0, {"demo::gate::margin": "passed"}), printed
    code, printed = pytest_in(project, "omega.toml::demo::gate")
    assert code == 0
    assert {name.rpartition("::")[0] for name in outcomes(printed)} == {"demo::gate"}


def test_the_first_failure_is_enough_if_that_is_asked(project):
    overfit(project)
    code, printed = pytest_in(project, "-x")
    assert (code, list(outcomes(printed).values()).count("failed")) == (1, 1), printed


def test_junit_has_every_case_with_what_was_measured(project):
    code, printed = pytest_in(project, "--junitxml", "junit.xml")
    assert code == 0, printed
    cases = ElementTree.parse(project / "junit.xml").getroot().findall(".//testcase")
    skipped = [case.get("name") for case in cases if case.find("skipped") is not None]
    assert (len(cases), sorted(skipped)) == (len(outcomes(printed)), ["gold", "null", "sc2"])
    margin = next(case for case in cases if case.get("name") == "margin")
    assert "p over the baseline" in margin.find(".//property").get("value")


def test_a_wrong_omega_toml_is_a_usage_error_with_its_line(project):
    with (project / "omega.toml").open("a", encoding="utf-8") as file:
        file.write("\n[calibration.demo.gates]\nalhpa = 1\n")
    code, printed = pytest_in(project)
    assert (code, "ERROR" in printed, "alhpa" in printed) == (pytest.ExitCode.USAGE_ERROR, True, True), printed


def test_a_command_that_cannot_be_started_is_a_usage_error(project):
    file = project / "omega.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"python3"', '"no-such-python"'), encoding="utf-8")
    assert run(project, "omega", "lock")[0] == 0
    code, printed = pytest_in(project)
    assert (code, "`no-such-python` could not be started" in printed) == (pytest.ExitCode.USAGE_ERROR, True), printed


def test_a_target_that_fails_is_a_failure_with_the_last_line_of_its_traceback(project):
    file = project / "calibration.py"
    text = file.read_text(encoding="utf-8").replace(
        "    batch, threads", "    raise ValueError('no data')\n    batch, threads", 1
    )
    file.write_text(text, encoding="utf-8")
    code, printed = pytest_in(project)
    assert (code, "ValueError: no data" in printed, outcomes(printed)["demo::run"]) == (1, True, "failed"), printed


def test_in_a_project_of_cargo_the_file_has_to_be_named(project):
    (project / "Cargo.toml").write_text("[package\n", encoding="utf-8")
    assert pytest_in(project)[0] == pytest.ExitCode.NO_TESTS_COLLECTED
    code, printed = pytest_in(project, "omega.toml")
    assert (code, "could not" in printed) == (pytest.ExitCode.USAGE_ERROR, True), printed


def test_several_processes_of_pytest_share_one_run(project):
    pytest.importorskip("xdist")
    note = 'if __name__ == "__main__":\n    open("started", "a").write("once\\n")\n'
    file = project / "calibration.py"
    file.write_text(file.read_text(encoding="utf-8").replace('if __name__ == "__main__":\n', note), encoding="utf-8")
    pytest_in(project)
    alone = (project / "started").read_text(encoding="utf-8")
    code, printed = pytest_in(project, "-n", "3")
    assert code == 0, printed
    assert (project / "started").read_text(encoding="utf-8") == alone * 2
