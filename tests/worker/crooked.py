"""The worker of examples/workers/bowl.py with one thing wrong, or special, that its arguments name."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../examples/workers"))
import bowl  # noqa: E402

what, *more = sys.argv[1:]
out = os.fdopen(os.dup(1), "wb", buffering=0)
lock = threading.Lock()
asked = 0
cancelled = set()


def raw(data):
    with lock:
        out.write(data)


def say(message):
    try:
        raw(json.dumps(message).encode() + b"\n")
    except BrokenPipeError:
        if not what.startswith("immortal"):
            raise


def nothing_on_standard_output():
    os.close(1)
    out.close()


def hello(said):
    if what == "slow-to-start":
        time.sleep(2)
    if what == "early":
        say({"id": 2, "type": "result", "fitness": 1})
    if what in ("silent", "immortal-silent"):
        time.sleep(1000)
    if what == "killed-first" and not os.path.exists(more[0]):
        open(more[0], "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "exits-first":
        print("ModuleNotFoundError: No module named 'numpy'", file=sys.stderr)
        sys.exit(1)
    if what == "greets":
        raw(b"Loading \x1b[1mdata\x1b[0m ...\n")
    if what == "asks-back":
        raw(b'{"type": "question", "id": 1}\n')
    if what == "refuses":
        return {"id": said["id"], "type": "error", "error": "no calibration `bowl` here"}
    if what == "answers-at-once":
        return {"id": said["id"], "type": "result", "fitness": 1}
    if what == "other-version":
        said["protocol"] = 2
    if what == "no-version":
        del said["protocol"]
    if what == "no-space":
        del said["space"]
    if what == "space":
        said["space"] = json.loads(more[0])
    if what == "no-room":
        said["concurrency"] = 0
    if what in ("backwards", "cancels"):
        said["concurrency"] = 4
    if what in ("changes-space", "changes-data"):
        first = not os.path.exists(more[0])
        open(more[0], "w").close()
        if what == "changes-data":
            said["data"] = {"train": "sha256:1" if first else "sha256:2"}
        elif not first:
            said["space"] = [dict(entry, high=3.0) if entry["name"] == "x" else entry for entry in said["space"]]
    return said


def evaluate(question, said):
    global asked
    asked += 1
    number = question["id"]
    late = asked > 3
    moved = question.get("params", {}).get("x") != 0.5
    if what == "noisy" and late:
        raw(b"epoch 3: loss 0.25\n")
    if what == "python" and late:
        return raw(str(said).encode() + b"\n")
    if what == "array":
        return raw(b"[1, 2]\n")
    if what == "bytes":
        return raw(b"\xff\xfe\x00\n")
    if what == "endless":
        return raw(b"x" * (17 << 20) + b"\n")
    if what == "wrong-id":
        said["id"] = number + 1000
    if what == "twice":
        say(said)
    if what == "no-id":
        del said["id"]
    if what == "no-fitness":
        del said["fitness"]
    if what == "text":
        said["fitness"] = "high"
    if what == "samples":
        said["samples"] = -1
    if what == "blocks":
        said["blocks"] = [1.0, None]
    if what == "no-type":
        del said["type"]
    if what == "other-type":
        said["type"] = "reuslt"
    if what == "hello-again":
        said = {"id": number, "type": "hello", "protocol": 1}
    if what == "exits" and moved:
        print("MemoryError", file=sys.stderr)
        os._exit(3)
    if what == "exits-well" and moved:
        os._exit(0)
    if what == "dies-every" and asked == int(more[0]):
        os._exit(3)
    if what == "killed" and moved:
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "crashes" and moved:
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "leaves-a-child" and moved:
        subprocess.Popen(["sleep", "1000"])
        os._exit(3)
    if what == "mute" and late:
        nothing_on_standard_output()
        time.sleep(1000)
    if what == "half" and moved:
        raw(json.dumps(said)[:40].encode())
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "stopped" and late:
        os.kill(os.getpid(), signal.SIGSTOP)
    if what == "abyss" and late:
        return raw(b"[" * 100_000 + b"\n")
    if what == "deep":
        deep = 1
        for _ in range(100):
            deep = [deep]
        said["metadata"] = {"deep": deep}
    if what == "capacity" and late:
        say({"type": "capacity", "concurrency": -1})
    if what == "latin" and late:
        return raw(b'{"type": "log", "text": "caf\xe9"}\n')
    if what in ("hangs", "immortal-hangs") and late:
        time.sleep(1000)
    if what in ("changes-space", "changes-data"):
        time.sleep(0.03)
    if what == "immortal-mortal" and asked == 40:
        os._exit(3)
    if what in ("slow-to-start", "paced", "paced-with-a-child", "immortal", "immortal-mortal"):
        time.sleep(0.01)
    if what == "draws":
        said["fitness"] += asked
    if what == "counts" and "fitness" in said:
        said["blocks"] = [0.0] * (2 if moved else 1)
    if what == "small-ids":
        said["id"] = min(number, 1_000_000)
    if what == "lost" or what == "lost-from" and asked > int(more[0]):
        return say({"id": number, "type": "lost", "error": "node 7 is gone"})
    if what == "backwards":
        time.sleep(0.002 * (number % 5))
    if what == "slow-from" and question["params"]["x"] > 1.5:
        time.sleep(1000)
    if what == "cancels" and question["params"]["x"] > 1.5:
        while number not in cancelled:
            time.sleep(0.01)
        return say({"id": number, "type": "cancelled"})
    if what == "beats":
        for _ in range(10):
            time.sleep(0.2)
            say({"type": "heartbeat"})
    if what == "echo-seed":
        said["metadata"] = {"seed": question.get("seed")}
        if "seed" in question:
            draw = question["seed"] / 2**53
            said["fitness"] += draw
            said["blocks"] = [said["fitness"]] * 5
            said["metrics"] = {"draw": draw}
    if what == "uneven-blocks":
        said["blocks"] = [0.0] * (1 + question["seed"] % 2)
    if what == "talks":
        print("evaluating", question["params"]["x"], file=sys.stderr, flush=True)
    if what == "echo-slice":
        said["metadata"] = {"slice": question["slice"]}
    if what == "echo-environment":
        said["metadata"] = dict(os.environ)
    if what == "bare-words":
        said["fitness"], said["blocks"] = float("nan"), [float("inf"), float("-inf")]
        said["metadata"] = {"high": float("inf")}
    if what in ("slow-from", "cancels"):
        said["metadata"] = {"pid": os.getpid()}
    say(said)


if what.startswith("immortal"):
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
if what in ("forks", "paced-with-a-child"):
    subprocess.Popen(["sleep", "1000"])
for line in sys.stdin.buffer:
    if not line.strip():
        continue
    if what == "short-lines" and len(line) > 65536:
        sys.exit("a line is longer than 65536 bytes")
    question = json.loads(line)
    if question["type"] == "cancel":
        cancelled.add(question["of"])
    elif question["type"] == "hello":
        say(hello(bowl.answer(question)))
    elif what in ("backwards", "cancels"):
        threading.Thread(target=evaluate, args=(question, bowl.answer(question)), daemon=True).start()
    else:
        evaluate(question, bowl.answer(question))
if what == "exits-badly":
    sys.exit(7)
if what == "ignores-the-end" or what.startswith("immortal"):
    time.sleep(1000)
