"""What `python -m omega_ray` is as a worker: conversations with a process, and in the place of Ray what `like_ray` has of it."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import time

import pytest
from test_worker import HELLO, Worker, question

ROOM = {"CPU": 4.0, "GPU": 1.0, "memory": 1e9}
BY_COMMAND = ("-m", "omega_ray", sys.executable, "-m", "omega_worker")


@pytest.fixture
def ray(tmp_path):
    """Starts bridges, and ends them."""
    made = []
    (tmp_path / "cluster").mkdir()

    def nodes(*resources):
        found = [{"Alive": True, "Resources": one} for one in resources]
        new = tmp_path / "cluster" / "new"
        new.write_text(json.dumps(found), encoding="utf-8")
        new.rename(tmp_path / "cluster" / "nodes.json")

    def make(body, command=("-m", "omega_ray"), arguments=("target:evaluate",), variables=None, **more):
        path = os.pathsep.join([str(pathlib.Path(__file__).parent / "like_ray"), os.environ.get("PYTHONPATH", "")])
        seen = {"LIKE_RAY": str(tmp_path / "cluster"), "PYTHONPATH": path, **(variables or {})}
        made.append(Worker(tmp_path, body, command=command, arguments=arguments, variables=seen, **more))
        return made[-1]

    def told(what):
        lines = (tmp_path / "cluster" / "told.jsonl").read_text(encoding="utf-8").splitlines()
        return [said for said in map(json.loads, lines) if what in said]

    nodes(ROOM)
    make.nodes, make.told = nodes, told
    # Somebody who takes connections, as the head of a cluster does, and a port where nobody does any longer.
    with socket.create_server(("127.0.0.1", 0)) as head:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            make.gone = "{}:{}".format(*closed.getsockname())
        make.head = "{}:{}".format(*head.getsockname())
        yield make
    for one in made:
        one.watch.cancel()
        one.process.kill()
        one.process.wait()
        for stream in (one.process.stdin, one.process.stdout, one.process.stderr):
            stream.close()


def gone(pid):
    """Whether a process has ended, or ends within five seconds."""
    for _ in range(100):
        try:
            state = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_hello_has_the_space_of_the_file_and_as_much_at_once_as_the_nodes_have_room_for(ray):
    ray.nodes({"CPU": 4.0}, {"CPU": 7.5}, {"GPU": 1.0})
    target = ray("return 1.0", arguments=("--num-cpus", "2", "target:evaluate"))
    said = target.ask(HELLO)
    assert (said["type"], said["protocol"], said["concurrency"]) == ("hello", 1, 5)
    assert [entry["name"] for entry in said["space"]] == ["x"]
    assert target.end()[0] == 0
    options = {"num_cpus": 2.0, "num_gpus": 0.0, "resources": {}, "max_retries": 0, "retry_exceptions": False}
    assert ray.told("options") == [{"options": options}]


def test_gpus_and_resources_of_ones_own_are_asked_of_each_node(ray):
    ray.nodes({"CPU": 8.0, "GPU": 1.0, "licence": 3.0}, {"CPU": 8.0, "GPU": 4.0, "licence": 1.0}, {"CPU": 8.0})
    target = ray("return 1.0", arguments=("target:evaluate", "--num-gpus", "0.5", "--resources", "licence=1"))
    assert target.ask(HELLO)["concurrency"] == 3
    assert ray.told("options")[0]["options"]["resources"] == {"licence": 1.0}


BODY = """
print("printed on a node")
kind = slice.get("kind")
if kind == "error": raise ValueError(f"{params['x']} is\\n too high for {object()}")
if kind == "exit": sys.exit(3)
if kind == "apart": raise NotApplicable("fast >= slow")
if kind == "lost": raise Lost("the licence is gone")
if kind == "memory": raise MemoryError()
if kind == "none": return None
if kind == "json": return Result(1.0, metadata={"a": object})
return Result(params["x"], samples=3, blocks=[0.1, float("nan")], metrics={"m": 1}, metadata={"role": slice.role, "s": slice})
"""


@pytest.mark.parametrize("form", [{}, {"command": BY_COMMAND, "arguments": ("target.py",)}])
def test_every_answer_is_that_of_one_local_process_to_the_last_byte(ray, form):
    kinds = [None, "error", "exit", "apart", "lost", "memory", "none", "json"]
    asked = [question(number, "test", {"kind": kind}, x=number / 3) for number, kind in enumerate(kinds, 2)]
    asked += [question(20, x="high"), question(21), {"type": "forecast", "id": 22}, {"type": "cancel", "id": 23, "of": 2}]
    bridge, local = ray(BODY, **form), ray(BODY, command=("-m", "omega_worker"), arguments=("target.py",))
    lines = b"".join(json.dumps(one).encode() + b"\n" for one in asked)
    said, _ = local.process.communicate(lines, timeout=20)
    expected = {line for line in said.splitlines() if b'"id"' in line}
    assert len(expected) == len(asked) - 1
    bridge.process.stdin.write(lines[: -len(json.dumps(asked[-1])) - 1])
    bridge.process.stdin.flush()
    found = set()
    while len(found) < len(expected):
        line = bridge.process.stdout.readline()
        assert line
        if b'"id"' in line:
            assert line.strip() not in found
            found.add(line.strip())
    assert found == expected
    bridge.tell(asked[-1])
    code, errors = bridge.end()
    assert (code, "printed on a node" in errors, "what Ray prints" in errors) == (0, True, True)


def test_many_are_under_way_at_once_and_come_back_as_they_end(ray):
    target = ray("time.sleep(slice['pause']); return params['x']")
    pauses = {2: 2.0, 3: 0.5, 4: 0.1, 5: 0.5}
    for number, pause in pauses.items():
        target.tell(question(number, slice={"pause": pause}, x=float(number)))
    answers = [target.read() for _ in pauses]
    assert (answers[0]["id"], answers[3]["id"]) == (4, 2)
    assert all(one["fitness"] == one["id"] for one in answers)
    assert target.end()[0] == 0


@pytest.mark.parametrize("signal", ["SIGKILL", "SIGTERM"])
def test_an_evaluation_whose_process_is_ended_is_lost_once_and_ray_is_told_to_try_nothing_twice(ray, signal):
    target = ray(
        f"""
        import signal
        if slice: os.kill(os.getpid(), signal.{signal}); time.sleep(5)
        return 1.0
        """
    )
    lost = target.ask(question(2, slice={"end": True}, x=0.0))
    assert (lost["type"], lost["id"], "began" in lost) == ("lost", 2, False)
    assert lost["error"].startswith("WorkerCrashedError: ")
    assert target.ask(question(3, x=0.0)) == {"type": "result", "id": 3, "fitness": 1.0}
    assert ray.told("options")[0]["options"]["max_retries"] == 0


def test_a_cancelled_evaluation_is_said_to_be_once_and_its_process_is_killed(ray, tmp_path):
    target = ray("open('pid', 'w').write(str(os.getpid())); os.rename('pid', 'there'); time.sleep(60)")
    target.tell(question(2, x=0.0))
    while not (tmp_path / "there").exists():
        time.sleep(0.01)
    assert target.ask({"type": "cancel", "id": 3, "of": 2}) == {"id": 2, "type": "cancelled"}
    assert gone(int((tmp_path / "there").read_text()))
    target.tell({"type": "cancel", "id": 4, "of": 2})
    assert target.ask({"type": "forecast", "id": 5})["id"] == 5
    assert ray.told("cancel") == [{"cancel": True}]


@pytest.mark.parametrize("how", ["closed", "interrupted"])
def test_when_nobody_asks_any_longer_everything_is_cancelled_and_the_cluster_left(ray, tmp_path, how):
    target = ray("open(f'{os.getpid()}.pid', 'w').close(); time.sleep(60)")
    for number in (2, 3, 4):
        target.tell(question(number, x=0.0))
    while len(list(tmp_path.glob("*.pid"))) < 3:
        time.sleep(0.01)
    started = time.monotonic()
    if how == "interrupted":
        target.process.send_signal(2)
    code, _ = target.end()
    assert (code, time.monotonic() - started < 5) == (0, True)
    assert all(gone(int(file.stem)) for file in tmp_path.glob("*.pid"))
    assert len(ray.told("cancel")) == 3
    assert len(ray.told("shutdown")) == 1


def test_nodes_that_join_and_leave_change_how_much_is_asked_at_once(ray):
    target = ray("return 1.0")
    assert target.ask(HELLO)["concurrency"] == 4
    ray.nodes(ROOM, ROOM)
    assert target.read("capacity") == {"type": "capacity", "concurrency": 8}
    ray.nodes({"CPU": 1.0})
    assert target.read("capacity") == {"type": "capacity", "concurrency": 1}


def test_where_no_node_has_room_an_evaluation_waits_for_one_and_is_lost_in_the_end(ray):
    ray.nodes({"GPU": 1.0})
    soon = "import omega_ray.bridge as bridge; bridge._NO_ROOM = 1.5; from omega_ray.__main__ import main; main()"
    target = ray("return 1.0", command=("-c", soon), arguments=("--address", ray.head, "target:evaluate"))
    assert target.ask(HELLO)["concurrency"] == 1
    lost = target.ask(question(2, x=0.0))
    assert lost["error"] == "no node of the cluster has CPU 1, which one evaluation needs, since 1.5 s"
    ray.nodes(ROOM)
    assert target.read("capacity") == {"type": "capacity", "concurrency": 4}
    assert target.ask(question(3, x=0.0))["type"] == "result"


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("nowhere", "Every node needs it under the same path, or the worker the option --working-dir"),
        (".", "ModuleNotFoundError: No module named 'target'"),
    ],
)
def test_a_node_without_the_project_loses_an_evaluation_that_provably_never_began(tmp_path, folder, expected):
    node = (
        "import sys; from omega_ray.task import evaluated\n"
        'print(evaluated((\'target:evaluate\',), sys.argv[1], b\'{"type":"evaluate","id":7}\').decode())'
    )
    command = [sys.executable, "-c", node, str(tmp_path / folder)]
    lost = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=20).stdout)
    assert (lost["type"], lost["id"], lost["began"]) == ("lost", 7, False)
    assert expected in lost["error"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("nothing:evaluate",), "nothing:evaluate cannot be imported: ModuleNotFoundError: No module named 'nothing'"),
        (("target:nothing",), "target:nothing cannot be imported: ValueError: the module target has no function nothing"),
        (("target:SPACE",), "target:SPACE cannot be imported: ValueError: the module target has no function SPACE"),
        (
            ("python3", "other.py"),
            "other.py cannot be imported: ValueError: other.py is no worker of omega_worker: it calls no `serve`",
        ),
        (("--num-gpus", "2", "target:evaluate"), "one evaluation needs CPU 1, GPU 2, and this machine has CPU 4, GPU 1"),
        (
            ("--address", "ray://head:10001", "target:evaluate"),
            "the address ray://head:10001 is none of a node: HOST:6379 is one, and `auto` the cluster of this machine",
        ),
    ],
)  # fmt: skip
def test_what_cannot_evaluate_refuses_in_one_sentence(ray, tmp_path, arguments, expected):
    (tmp_path / "other.py").write_text("print(1)\n", encoding="utf-8")
    target = ray("return 1.0", arguments=arguments)
    assert target.ask(HELLO) == {"type": "error", "id": 1, "error": expected}
    assert target.end()[0] == 0


def test_a_cluster_that_is_gone_refuses_if_it_was_named_and_is_left_alone_if_it_was_only_found(ray):
    named = ray("return 1.0", arguments=("--address", ray.gone, "target:evaluate"))
    assert (
        named.ask(HELLO)["error"]
        == f"no cluster of Ray answers at {ray.gone}: ConnectionRefusedError: [Errno 111] Connection refused"
    )
    found = ray("return 1.0", variables={"LIKE_RAY_HERE": ray.gone})
    assert found.ask(HELLO)["type"] == "hello"
    assert "is gone: this starts one of its own" in found.end()[1]
    assert [told["init"] for told in ray.told("init")] == ["local"]


def test_a_cluster_that_never_comes_refuses(ray):
    soon = "import omega_ray.__main__ as ray; ray._CONNECTED = 0.5; ray.main()"
    target = ray("return 1.0", command=("-c", soon), variables={"LIKE_RAY_TAKES": "60"})
    assert target.ask(HELLO) == {"type": "error", "id": 1, "error": "Ray has no cluster within 0.5 s"}


def test_a_cluster_that_says_nothing_any_longer_ends_the_process_so_that_what_is_under_way_is_lost(ray, tmp_path):
    soon = "import omega_ray.bridge as bridge; bridge._SILENT = 2.0; from omega_ray.__main__ import main; main()"
    target = ray("open('there', 'w').close(); time.sleep(60)", command=("-c", soon))
    target.tell(question(2, x=0.0))
    while not (tmp_path / "there").exists():
        time.sleep(0.01)
    (tmp_path / "cluster" / "nodes.json").unlink()
    assert target.process.wait(timeout=20) == 1
    assert b"the head of the Ray cluster has said nothing for 2 s" in target.process.stderr.read()


def test_without_ray_it_says_what_to_install(ray):
    target = ray("return 1.0", before="import sys; sys.modules['ray'] = None", variables={"RAY_ADDRESS": ""})
    assert target.ask(HELLO)["error"].endswith("pip install 'cargo-omega[ray]'")


def test_the_address_of_the_environment_is_taken_and_what_omega_toml_sets_goes_to_every_node(ray):
    target = ray("return 1.0", variables={"RAY_ADDRESS": ray.head, "DEPTH": "3"})
    target.ask(HELLO)
    (told,) = ray.told("init")
    variables = told["runtime_env"]["env_vars"]
    assert (told["init"], variables["DEPTH"], "PATH" in variables, "RAY_ADDRESS" in variables) == (ray.head, "3", False, False)
    assert "working_dir" not in told["runtime_env"]


def test_a_working_directory_is_handed_to_ray(ray, tmp_path):
    target = ray("return 1.0", arguments=("--working-dir", ".", "target:evaluate"))
    target.ask(HELLO)
    assert ray.told("init")[0]["runtime_env"]["working_dir"] == str(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "`` is neither MODULE:FUNCTION"),
        (("target",), "`target` is neither MODULE:FUNCTION, such as strategies.averages:evaluate, nor the command of a worker"),
        (("sh", "worker.sh"), "`sh worker.sh` is neither"),
        (("python3", "-c", "pass"), "`python3 -c pass` is neither"),
        (("--num-cpus", "many", "a:b"), "argument --num-cpus: 'many' is no number from 0 on"),
        (("--num-cpus", "nan", "a:b"), "argument --num-cpus: 'nan' is no number from 0 on"),
        (("--num-cpus", "0", "a:b"), "an evaluation takes nothing of a node"),
        (("--resources", "licence", "a:b"), "argument --resources: 'licence' is no NAME=N, such as licence=1"),
        (("--resources", "GPU=1", "a:b"), "argument --resources: GPU has an option of its own: --num-gpus"),
        (("--resources", "a=1", "--resources", "a=2", "a:b"), "--resources names one twice"),
        (("--working-dir", "nowhere", "a:b"), "argument --working-dir: 'nowhere' is no folder"),
    ],
)
def test_a_wrong_command_line_is_exit_status_2(tmp_path, arguments, expected):
    command = [sys.executable, "-m", "omega_ray", *arguments]
    ended = subprocess.run(command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
    assert (ended.returncode, expected in ended.stderr.decode(), ended.stdout) == (2, True, b"")
