"""Calibrations on a real Slurm, with Debian's packages and one node: `python3 .ci/slurm.py [PATH OF cargo-omega] [SEED]`.

Runs one calibration by local processes and through srun: from the machine itself, inside of an allocation and as a batch job,
while steps, workers and srun are killed, interrupted by Ctrl-C, and with its harness killed. Each leaves the same record to the
last byte, and nothing is left running. Needs root, who installs the packages if they are missing and starts the daemons, which
end with it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["slurmctld", "slurmd", "slurm-client"]

TARGET = """import json, os, sys, time
def evaluate(params, told):
    time.sleep(1000 if os.path.exists("hang") else float(open("pause").read()))
    return -(params["x"] - told["center"]) ** 2 - 2 * (params["y"] + 0.5) ** 2
if sys.argv[1:] == ["once"]:
    asked = json.loads(sys.stdin.readline())
    print(json.dumps({"fitness": evaluate(asked["params"], asked["slice"]), "samples": 100}))
    sys.exit()
for line in sys.stdin:
    asked = json.loads(line)
    answer = {"id": asked["id"], "type": "hello", "protocol": 1}
    if asked["type"] == "evaluate":
        answer.update(type="result", fitness=evaluate(asked["params"], asked["slice"]), samples=100)
    print(json.dumps(answer), flush=True)
"""

DECLARED = """[calibration.bowl]
search = {{ method = "grid", unlock_k = 2, points_per_axis = 9 }}
gates = {{ gini_min = -1.0, top_bot_ratio_min = 0.0 }}
lock = "off"
gold = "off"

[calibration.bowl.worker]
command = ["python3", "target.py"{once}]
protocol = "{protocol}"
processes = {processes}
lost_retries = 100

[calibration.bowl.roles]
train = {{ center = 1.0 }}
test = {{ center = 1.25 }}

[calibration.bowl.space]
x = {{ kind = "float", low = -2, high = 2, neutral = 0 }}
y = {{ kind = "float", low = -2, high = 2, neutral = 0 }}
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def said(*command: str) -> str:
    """What a command prints."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@contextmanager
def slurm() -> Iterator[None]:
    """One node of sixteen processors, whatever the machine has; its variables are those of this process."""
    if shutil.which("slurmctld") is None or shutil.which("slurmd") is None:
        subprocess.run(["apt-get", "install", "--yes", "--no-install-recommends", *PACKAGES], check=True)
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))
    host = socket.gethostname().split(".")[0]
    for name in ("state", "spool"):
        (folder / name).mkdir()
    settings = f"""ClusterName=one
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
AuthType=auth/none
CredType=cred/none
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=16 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES State=UP
"""
    (folder / "slurm.conf").write_text(settings)
    os.environ["SLURM_CONF"] = str(folder / "slurm.conf")
    daemons = []
    try:
        for name in ("slurmctld", "slurmd"):
            with (folder / f"{name}.log").open("w") as log:
                daemons.append(subprocess.Popen([name, "-D"], stdout=log, stderr=log))
        begun = time.monotonic()
        while "idle" not in said("sinfo", "--noheader", "--format=%t"):
            if time.monotonic() - begun > 60:
                logs = [(folder / f"{name}.log").read_text()[-2000:] for name in ("slurmctld", "slurmd")]
                sys.exit("Slurm did not start:\n" + "\n".join(logs))
            time.sleep(0.2)
        yield
    finally:
        subprocess.run(["scancel", "--user=root"], check=False)
        time.sleep(2)
        for daemon in reversed(daemons):
            daemon.terminate()
            daemon.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def in_folder(folder: Path, program: str, *argument: str) -> list[int]:
    """The processes that run in this folder, of this program, with this argument."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            here = process.name.isdigit() and (process / "cwd").readlink() == folder
            line = (process / "cmdline").read_text().split("\0") if here else [""]
        except OSError:
            continue
        # Slurm starts a program by its whole path.
        if Path(line[0]).name == program and all(word in line for word in argument):
            found.append(int(process.name))
    return found


def step_daemons() -> list[int]:
    """The processes by which Slurm keeps a step, unless they have ended."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            is_one = process.name.isdigit() and (process / "comm").read_text().startswith("slurmstepd")
            if is_one and (process / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                found.append(int(process.name))
        except OSError:
            continue
    return found


class Project:
    """A folder with a calibration, and its runs."""

    def __init__(self, omega: Path, chance: random.Random) -> None:
        self.omega, self.chance = omega, chance
        self.runs: list[subprocess.Popen[str]] = []
        self.folder = Path(tempfile.mkdtemp(prefix="calibrated-")).resolve()
        (self.folder / "target.py").write_text(TARGET)
        self.declare()

    def declare(self, processes: int = 1, pause: float = 0.0, protocol: str = "worker") -> None:
        """Says how the next run is made."""
        once = ', "once"' if protocol == "once" else ""
        declared = DECLARED.format(processes=processes, protocol=protocol, once=once)
        (self.folder / "omega.toml").write_text(declared)
        (self.folder / "pause").write_text(str(pause))

    def command(self, launcher: str = "", before: tuple[str, ...] = ()) -> list[str]:
        """The command line of a run."""
        launched = ["--launcher", launcher] if launcher else []
        return [*before, str(self.omega), "omega", "test", "--fresh", *launched]

    def start(self, launcher: str = "", before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        """Starts a run."""
        run = subprocess.Popen(
            self.command(launcher, before),
            cwd=self.folder,
            text=True,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.runs.append(run)
        return run

    def close(self) -> None:
        """Ends what is still running, and takes the folder away."""
        for run in self.runs:
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGTERM)
                run.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def beside(self, name: str) -> Path:
        """A file of the run."""
        return self.folder / "target/omega/workers/bowl" / name

    def trail(self) -> bytes:
        """The record, byte for byte."""
        return self.beside("trail.jsonl").read_bytes()

    def rows(self) -> int:
        """How many lines the record has so far."""
        return self.trail().count(b"\n") if self.beside("trail.jsonl").exists() else 0

    def ended(self, what: str, run: subprocess.Popen[str], since: float, expected: bytes | None) -> bytes:
        """Waits for the end of a run, holds its record against the expected one, and tells what it took."""
        output, _ = run.communicate(timeout=600)
        seconds = time.monotonic() - since
        if run.returncode != 0:
            sys.exit(f"{what}: exit code {run.returncode}\n{output}")
        timings = json.loads(self.beside("timings.json").read_text())
        if expected is not None and self.trail() != expected:
            sys.exit(f"{what}: another record")
        if b"retr" in self.beside("result.json").read_bytes():
            sys.exit(f"{what}: the result tells of retries")
        same = "same bytes" if expected is not None else "the record"
        own = timings["total_seconds"]
        print(f"{what:58} {same}  {seconds:6.1f} s, run {own:6.2f} s, {timings['workers']}", flush=True)
        return self.trail()

    def run(self, what: str, expected: bytes | None, launcher: str = "", before: tuple[str, ...] = ()) -> bytes:
        """Runs it to its end."""
        since = time.monotonic()
        return self.ended(what, self.start(launcher, before), since, expected)

    def kill_one(self, on_slurm: bool) -> str | None:
        """Ends one of what evaluates, by chance; what it was."""
        kinds = ["worker", "srun", "step"] if on_slurm else ["worker"]
        kind = self.chance.choice(kinds)
        if kind == "step":
            steps = [name for name in said("squeue", "--steps", "--noheader", "--format=%i").split() if name[-1].isdigit()]
            if not steps:
                return None
            done = subprocess.run(["scancel", self.chance.choice(steps)], check=False, capture_output=True)
            return kind if done.returncode == 0 else None
        words = ("srun",) if kind == "srun" else ("python3", "target.py")
        try:
            # srun has a child that ends the step once srun is gone.
            found = [number for number in in_folder(self.folder, *words) if kind == "worker" or os.getpgid(number) == number]
            if not found:
                return None
            os.kill(self.chance.choice(found), signal.SIGKILL)
        except ProcessLookupError:
            return None
        return kind

    def killed(self, what: str, expected: bytes, launcher: str = "") -> None:
        """A run during which twenty are killed."""
        self.beside("trail.jsonl").unlink()
        since, run, kills = time.monotonic(), self.start(launcher), list[str]()
        # Behind them the search begins.
        while self.rows() < 9:
            time.sleep(0.01)
        while len(kills) < 20:
            time.sleep(self.chance.uniform(0.1, 1.2))
            if run.poll() is not None:
                sys.exit(f"{what}: ended behind {len(kills)} kills\n{run.communicate()[0]}")
            kind = self.kill_one(bool(launcher))
            kills += [kind] if kind else []
        rows = self.rows()
        self.ended(what, run, since, expected)
        timings = json.loads(self.beside("timings.json").read_text())["workers"]
        told = ", ".join(f"{kills.count(kind)} {kind}" for kind in ("worker", "srun", "step") if kind in kills)
        print(f"    20 kills ({told}) from row 9 to row {rows}; retries {timings['retries']}", flush=True)
        if timings["retries"] == 0:
            sys.exit(f"{what}: nothing was lost")
        self.left(f"    {what}", time.monotonic())

    def begun(self, launcher: str) -> subprocess.Popen[str]:
        """A run whose evaluations never end."""
        (self.folder / "hang").touch()
        run = self.start(launcher)
        begun = time.monotonic()
        while len(in_folder(self.folder, "python3", "target.py")) < 4:
            if time.monotonic() - begun > 60:
                sys.exit("no workers within a minute")
            time.sleep(0.05)
        time.sleep(1)
        return run

    def left(self, what: str, since: float) -> None:
        """Waits until nothing is left, thirty seconds at most."""
        while True:
            workers, steps = in_folder(self.folder, "python3", "target.py"), step_daemons()
            queue = said("squeue", "--noheader") + said("squeue", "--steps", "--noheader")
            seconds = time.monotonic() - since
            if not (workers or steps or queue.strip()):
                print(f"{what:58} nothing is left after {seconds:.1f} s", flush=True)
                return
            if seconds > 30:
                sys.exit(f"{what}: left after 30 s: workers {workers}, steps {steps}, queue {queue}")
            time.sleep(0.2)

    def interrupted(self, what: str, launcher: str, sign: signal.Signals) -> None:
        """Ends a run whose evaluations never end, and everything that was started with it."""
        run = self.begun(launcher)
        since = time.monotonic()
        os.killpg(run.pid, sign)
        self.left(what, since)
        output, _ = run.communicate(timeout=30)
        if sign == signal.SIGINT and run.returncode != 5:
            sys.exit(f"{what}: exit code {run.returncode}\n{output}")
        (self.folder / "hang").unlink()

    def signalled(self, what: str) -> None:
        """A batch job that is told to end, as Slurm does it before its time is over."""
        (self.folder / "hang").touch()
        line = f"exec {self.omega} omega test --fresh --launcher 'srun -n1 --exact'"
        job = said("sbatch", "--parsable", "-n4", f"--chdir={self.folder}", "--output=batch.log", "--wrap", line).strip()
        begun = time.monotonic()
        while len(in_folder(self.folder, "python3", "target.py")) < 4:
            if time.monotonic() - begun > 60:
                sys.exit(f"{what}: no workers within a minute")
            time.sleep(0.05)
        since = time.monotonic()
        subprocess.run(["scancel", "--batch", "--signal=TERM", job], check=True)
        self.left(what, since)
        if "is given up" not in (self.folder / "batch.log").read_text():
            sys.exit(f"{what}: the signal did not reach it")
        (self.folder / "hang").unlink()


def start_up() -> None:
    """What srun takes to start something, the best of five."""
    seconds = []
    for _ in range(5):
        since = time.monotonic()
        subprocess.run(["srun", "-n1", "true"], check=True)
        seconds.append(time.monotonic() - since)
    print(f"srun -n1 true: {min(seconds) * 1000:.0f} ms", flush=True)


def main() -> None:
    """Plays all of it."""
    omega = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/debug/cargo-omega").resolve()
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    print(f"{omega}, seed {seed}", flush=True)
    with slurm(), closing(Project(omega, random.Random(seed))) as project:
        print(said("srun", "--version").strip(), flush=True)
        start_up()
        expected = project.run("1 local process", None)
        project.declare(processes=8)
        project.run("8 local processes", expected)
        project.run("8 processes by srun", expected, "srun -n1")
        project.declare(processes=1)
        project.run("1 process by srun", expected, "srun -n1")
        project.declare(processes=4)
        project.run("allocation of 4: steps by srun", expected, "srun -n1 --exact", ("salloc", "--quiet", "-n4"))
        batch = ("sbatch", "--quiet", "--wait", "-n4", "--output=batch.log", "--wrap")
        line = " ".join([f"exec {omega} omega test --fresh --launcher", "'srun -n1 --exact'"])
        since, job = time.monotonic(), subprocess.Popen([*batch, line], cwd=project.folder, text=True)
        project.ended("batch job of 4: steps by srun", job, since, expected)
        project.declare(processes=4, protocol="once")
        once = project.run("4 local processes, one for each evaluation", None)
        project.run("4 by srun, one for each evaluation", once, "srun -n1")
        project.declare(processes=4, pause=0.8)
        project.killed("4 local processes, 20 of them killed", expected)
        project.killed("4 processes by srun, 20 kills", expected, "srun -n1")
        project.interrupted("Ctrl-C, 4 local processes that never answer", "", signal.SIGINT)
        project.interrupted("Ctrl-C, 4 processes by srun that never answer", "srun -n1", signal.SIGINT)
        project.signalled("SIGTERM to a batch job whose steps never answer")
        project.interrupted("kill -9 of all of cargo omega, 4 by srun", "srun -n1", signal.SIGKILL)
    print("all of it held", flush=True)


main()
