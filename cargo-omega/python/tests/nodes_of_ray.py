"""A calibration on a cluster of Ray with several nodes, of which workers, nodes and the driver are taken away.

`.ci/ray --nodes` runs it: pytest looks for no file of this name by itself. It needs Ray, and `omega` in PATH.
"""

import contextlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

import pytest
from ray.cluster_utils import Cluster

# Whatever the cluster starts is in this session, and nothing else is.
if os.getpid() != os.getpgrp():
    os.setsid()

TARGET = """
import os, time
from omega_worker import Float, Result, serve


def evaluate(params, slice):
    # What is killed has begun and not ended. The name is a process that may be looked for afterwards.
    here = os.environ["SEEN"]
    mark = f"{here}/{os.getpid()}-{time.time_ns()}"
    open(f"{mark}.began", "w").write(os.environ.get("RAY_RAYLET_PID", ""))
    time.sleep(60.0 if params["x"] > 7.5 and "hangs" in slice else float(os.environ["PAUSE"]))
    value = -((params["x"] - slice["best"]) ** 2) - (params["y"] - 1) ** 2
    open(f"{mark}.ended", "w").close()
    parts = [value, value * 0.9, value - 0.1, value * 1.1]
    return Result(value, samples=500, blocks=parts, metrics={"sum": params["x"] + params["y"]})


serve(evaluate)
"""

DECLARED = """
[calibration.bowl]
search = { method = "grid", unlock_k = 2, points_per_axis = 8 }

[calibration.bowl.worker]
command = ["python3", "-m", "omega_worker", "bowl.py"]
inputs = ["bowl.py"]
env = { pass = ["PYTHONPATH", "PAUSE", "SEEN"] }

[calibration.bowl.space]
x = { kind = "float", low = 0.0, high = 8.0, neutral = 1.0 }
y = { kind = "float", low = -2.0, high = 2.0, neutral = 0.0 }

[calibration.bowl.roles]
train = { best = 3.0 }
test = { best = 3.1 }
holdout = { best = 3.05 }
"""


class Project:
    """A calibration in a folder, and how its run went."""

    def __init__(self, folder):
        self.folder, self.seen = folder, folder / "seen"
        self.seen.mkdir()
        (folder / "bowl.py").write_text(TARGET, encoding="utf-8")
        (folder / "omega.toml").write_text(DECLARED, encoding="utf-8")
        self.omega("lock").wait()

    def late(self):
        """Lets evaluations on train with a large `x` hang, and gives each eight seconds."""
        declared = DECLARED.replace("best = 3.0 }", "best = 3.0, hangs = true }")
        declared = declared.replace("inputs =", "evaluation_timeout = 8.0\ninputs =")
        declared = declared.replace("8 }", "8 }\nmax_failed_evaluations = 60", 1)
        (self.folder / "omega.toml").write_text(declared, encoding="utf-8")
        self.omega("lock").wait()

    def omega(self, *arguments, pause=0.0, launcher=None):
        """Starts the program."""
        path = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        seen = {**os.environ, "PATH": path, "PAUSE": str(pause), "SEEN": str(self.seen), "OMEGA_LOCK_PROGRESS": "never"}
        for name in ("CI", "RAY_ADDRESS"):
            seen.pop(name, None)
        if launcher is not None:
            seen["OMEGA_LOCK_LAUNCHER"] = launcher
        command = ["omega", *arguments]
        # In a group of its own, which is what the Ctrl-C of a terminal reaches.
        return subprocess.Popen(
            command, cwd=self.folder, env=seen, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )

    def began(self):
        """How many evaluations have begun so far."""
        return len(list(self.seen.glob("*.began")))

    def until(self, count):
        """Waits until so many have begun."""
        until = time.monotonic() + 120
        while self.began() < count:
            assert time.monotonic() < until, (self.folder / "target/omega/workers/bowl/workers.log").read_text()
            time.sleep(0.05)

    def processes(self):
        """The processes that have evaluated, on whichever node."""
        return {int(file.name.partition("-")[0]) for file in self.seen.glob("*.began")}

    def under_way(self):
        """The processes of evaluations that have not ended."""
        began = [file for file in self.seen.glob("*.began") if not file.with_suffix(".ended").exists()]
        return {int(file.name.partition("-")[0]) for file in began}

    def nodes(self, under_way=False):
        """The nodes that have evaluated, or still do, by the process of their raylet."""
        began = [file for file in self.seen.glob("*.began") if not (under_way and file.with_suffix(".ended").exists())]
        return {int(file.read_text(encoding="utf-8") or 0) for file in began} - {0}

    def ended(self, run):
        """The exit code, the trail and what became of the workers."""
        printed, _ = run.communicate(timeout=300)
        kept = self.folder / "target/omega/workers/bowl"
        assert run.returncode in (0, 1), printed.decode()
        timings = json.loads((kept / "timings.json").read_text(encoding="utf-8"))
        return run.returncode, (kept / "trail.jsonl").read_bytes(), timings["workers"]


@pytest.fixture
def project(tmp_path):
    """A calibration that was not run yet."""
    (tmp_path / "project").mkdir()
    return Project(tmp_path / "project")


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """Exit code and trail of one local process."""
    project = Project(tmp_path_factory.mktemp("local"))
    return project.ended(project.omega("test", "--fresh"))[:2]


@pytest.fixture
def cluster():
    """A head that evaluates nothing and two nodes of two CPUs."""
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    for _ in range(2):
        cluster.add_node(num_cpus=2)
    cluster.launcher = f"python3 -m omega_ray --address {cluster.address}"
    yield cluster
    assert evaluating() == []
    # One that is asked to end waits for half a minute, and one that is not leaves its agents behind.
    for node in [*cluster.worker_nodes, cluster.head_node]:
        if node is not None:
            cluster.remove_node(node, allow_graceful=False)
    for number, _ in processes():
        os.kill(number, signal.SIGKILL)


def processes():
    """What the cluster has started, by number, and what Ray calls it."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes().rstrip(b"\0").decode(errors="replace")
            if os.getsid(int(folder.name)) == os.getsid(0) and command.startswith("ray::"):
                found.append((int(folder.name), command))
    return found


def evaluating():
    """The processes that evaluate."""
    return [number for number, command in processes() if command.startswith("ray::evaluated")]


def parent(process):
    """Who has started a process."""
    return int(pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


def there(process):
    """Whether a process is there and has not ended."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_several_nodes_give_the_trail_of_one_local_process(project, cluster, local):
    started = time.monotonic()
    run = project.omega("test", "--fresh", "--threads", "4", launcher=cluster.launcher)
    project.until(1)
    first = time.monotonic() - started
    code, trail, workers = project.ended(run)
    assert ((code, trail), workers) == (local, {"started": 1, "lost": 0, "retries": 0})
    print(f"{first:.1f} s to the first evaluation, {time.monotonic() - started:.1f} s in all, {project.began()} evaluations")
    assert len(project.processes()) >= 3


def test_five_workers_that_are_killed_leave_no_more_than_retries(project, cluster, local):
    draw = random.Random(int(os.environ.get("OMEGA_SEED", "1")))
    run = project.omega("test", "--fresh", "--threads", "4", pause=0.4, launcher=cluster.launcher)
    killed = 0
    for _ in range(5):
        project.until(project.began() + draw.randint(2, 9))
        os.kill(draw.choice(evaluating()), signal.SIGKILL)
        killed += 1
    code, trail, workers = project.ended(run)
    assert (code, trail) == local
    print(f"{killed} kills, {workers}, {project.began()} begun, {len(list(project.seen.glob('*.ended')))} ended")
    assert 1 <= workers["retries"] <= 5
    assert workers["started"] == 1


def test_the_evaluations_of_a_node_that_is_taken_away_are_asked_of_others(project, cluster, local):
    run = project.omega("test", "--fresh", "--threads", "4", pause=0.4, launcher=cluster.launcher)
    project.until(12)
    raylets = {node.all_processes["raylet"][0].process.pid: node for node in cluster.worker_nodes}
    gone = max(raylets.keys() & project.nodes(under_way=True))
    # A machine that is gone takes everything with it.
    on_it = [number for number in evaluating() if parent(number) == gone]
    for number in [gone, *on_it]:
        os.kill(number, signal.SIGKILL)
    cluster.remove_node(raylets[gone], allow_graceful=False)
    code, trail, workers = project.ended(run)
    assert (code, trail) == local
    print(f"{workers}, {project.began()} begun, {len(list(project.seen.glob('*.ended')))} ended")
    assert workers["retries"] >= 1


def test_a_node_that_joins_evaluates(project, cluster, local):
    run = project.omega("test", "--fresh", "--threads", "8", pause=0.4, launcher=cluster.launcher)
    project.until(12)
    before = project.nodes()
    cluster.add_node(num_cpus=4)
    code, trail, workers = project.ended(run)
    assert ((code, trail), workers["retries"]) == (local, 0)
    assert len(project.nodes() - before) == 1


@pytest.mark.parametrize(
    "signals", [(signal.SIGINT,), (signal.SIGINT, signal.SIGINT), (signal.SIGKILL,)], ids=["ctrl-c", "ctrl-c-twice", "killed"]
)
def test_half_a_minute_after_the_end_of_the_run_nothing_is_evaluated_any_longer(project, cluster, signals):
    run = project.omega("test", "--fresh", "--threads", "4", pause=120.0, launcher=cluster.launcher)
    project.until(1)
    time.sleep(1.0)
    started = time.monotonic()
    for number in signals:
        os.killpg(run.pid, number)
        time.sleep(0.5)
    while any(map(there, project.processes())):
        assert time.monotonic() - started < 30
        time.sleep(0.1)
    print(f"none of {project.began()} evaluations {time.monotonic() - started:.1f} s after {signals}")
    run.communicate(timeout=30)


def test_a_driver_that_is_killed_is_started_again_and_nothing_is_answered_twice(project, cluster, local):
    run = project.omega("test", "--fresh", "--threads", "4", pause=0.4, launcher=cluster.launcher)
    project.until(12)
    drivers = [
        file.parent for file in pathlib.Path("/proc").glob("[0-9]*/cmdline") if b"omega_ray\0--address\0" in file.read_bytes()
    ]
    (driver,) = [int(folder.name) for folder in drivers if (folder / "cwd").resolve() == project.folder]
    os.kill(driver, signal.SIGKILL)
    code, trail, workers = project.ended(run)
    assert (code, trail) == local
    assert (workers["started"], workers["lost"]) == (2, 1)
    print(workers)


def test_a_folder_that_is_handed_over_is_evaluated_in_on_every_node(project, cluster, local):
    run = project.omega("test", "--fresh", "--threads", "4", launcher=f"{cluster.launcher} --working-dir .")
    code, trail, _ = project.ended(run)
    assert (code, trail) == local


def test_an_evaluation_that_is_too_late_is_the_same_answer_and_its_process_is_killed(project, cluster):
    project.late()
    trails = []
    for launcher in (None, cluster.launcher):
        code, trail, _ = project.ended(project.omega("test", "--fresh", "--threads", "4", launcher=launcher))
        trails.append((code, trail))
    assert b"no answer within 8 s" in trails[0][1]
    assert trails[0] == trails[1]
    assert not any(map(there, project.under_way()))


def test_a_cluster_that_is_gone_ends_the_run_with_a_reason(project, cluster):
    run = project.omega("test", "--fresh", "--threads", "4", pause=0.4, launcher=cluster.launcher)
    project.until(12)
    started = time.monotonic()
    for node in [*cluster.worker_nodes, cluster.head_node]:
        cluster.remove_node(node, allow_graceful=False)
    cluster.head_node = None
    printed, _ = run.communicate(timeout=300)
    print(f"exit code {run.returncode} after {time.monotonic() - started:.1f} s")
    assert run.returncode == 4
    assert b"no cluster of Ray answers at" in printed, printed.decode()
