"""Ray, as far as evaluations need it."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Mapping, Optional

from omega_ray import task
from omega_ray.target import Name
from omega_worker.answer import reason

_ANSWERS = 10.0
"""Seconds for the head of a cluster to take a connection."""

Done = Callable[[Optional[bytes], str], None]
"""Is told how a task ended: the line that it answered, or None and why there is none."""

# What the harness hands on to every worker and to every launcher, and what the system sets for each process anew. Everything
# else is there because omega.toml names it.
_OWN = ("PATH", "HOME", "LANG", "TMPDIR", "LC_CTYPE", "PWD", "OLDPWD", "SHLVL", "_", "USER", "LOGNAME", "XDG_RUNTIME_DIR")
_OF_LAUNCHERS = ("RAY_", "SLURM_", "DOCKER_", "CONTAINER_", "SSH_AUTH_SOCK", "KUBECONFIG", "KRB5CCNAME")


class Unusable(Exception):
    """Why no evaluation can be asked for, in one sentence."""


@dataclass(frozen=True)
class Needs:
    """What one evaluation takes of a node."""

    cpus: float = 1.0
    gpus: float = 0.0
    others: Mapping[str, float] = field(default_factory=dict)

    def by_name(self) -> Dict[str, float]:
        """Every resource that is needed at all, as Ray calls it."""
        return {name: count for name, count in {"CPU": self.cpus, "GPU": self.gpus, **self.others}.items() if count > 0}

    def __str__(self) -> str:
        return ", ".join(f"{name} {count:g}" for name, count in self.by_name().items())


class Cluster:
    """A cluster of Ray: the one at an address, the one that runs on this machine, or one of its own."""

    def __init__(self, address: Optional[str], needs: Needs, working_dir: Optional[str]) -> None:
        """Connects, or starts one; `Unusable` if that cannot be. To be called in the main thread, with which a cluster that
        is started here ends, whatever ends it.
        """
        # Whoever runs a gate has not asked for reports to anybody.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        # What is printed on the nodes is kept in a file.
        os.environ.setdefault("RAY_COLOR_PREFIX", "0")
        try:
            import ray
        except ImportError as error:
            raise Unusable(f"Ray cannot be imported ({reason(error)}): pip install 'cargo-omega[ray]'") from None
        address = address or os.environ.get("RAY_ADDRESS") or None
        if address is not None and "://" in address:
            raise Unusable(f"the address {address} is none of a node: HOST:6379 is one, and `auto` the cluster of this machine")
        self._ray: Any = ray
        self._needs = needs
        # Relative paths start in the folder that the harness has started this in, on every node.
        self._folder = None if working_dir else os.getcwd()
        environment: Dict[str, Any] = {"working_dir": working_dir} if working_dir else {}
        named = {name: value for name, value in os.environ.items() if name not in _OWN and not name.startswith(_OF_LAUNCHERS)}
        if named:
            environment["env_vars"] = named
        try:
            found = _running(ray, address)
            ray.init(found or "local", runtime_env=environment or None, include_dashboard=False, logging_level="WARNING")
            # A task that is lost is asked again by the harness, which counts it. Ray asks nothing twice.
            self._evaluated = ray.remote(task.evaluated).options(
                num_cpus=needs.cpus, num_gpus=needs.gpus, resources=dict(needs.others), max_retries=0, retry_exceptions=False
            )
        except Unusable:
            raise
        except Exception as error:
            raise Unusable(f"no cluster of Ray evaluates for it: {reason(error)}") from None
        # To a cluster of others nodes may join.
        if not found and not self.capacity():
            raise Unusable(f"one evaluation needs {needs}, and this machine has {self._resources()}")

    def _resources(self) -> str:
        found = self._ray.cluster_resources()
        return ", ".join(f"{name} {found[name]:g}" for name in sorted(found) if ":" not in name and "memory" not in name)

    def capacity(self) -> int:
        """How many evaluations all nodes together have room for."""
        needed = self._needs.by_name()
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        # A fraction of a resource is counted in ten-thousandths, as Ray does.
        parts = [
            [round(node.get(name, 0) * 10_000) // max(round(count * 10_000), 1) for name, count in needed.items()]
            for node in nodes
        ]
        return sum(map(min, parts))

    def ask(self, name: Name, asked: bytes, done: Done) -> Any:
        """Starts an evaluation; what `cancel` takes. `done` is called in a thread of Ray."""
        reference = self._evaluated.remote(name, self._folder, asked)

        def ended(future: Any) -> None:
            error = future.exception()
            if error is None:
                done(future.result(), "")
            else:
                done(None, reason(error))

        reference.future().add_done_callback(ended)
        return reference

    def cancel(self, reference: Any) -> None:
        """Ends an evaluation, and the process that it runs in."""
        self._ray.cancel(reference, force=True)

    def end(self) -> None:
        """Leaves the cluster, and ends it if it was started here."""
        self._ray.shutdown()


def _running(ray: Any, address: Optional[str]) -> Optional[str]:
    """Where the cluster is that Ray would connect to; None if it would start one. Ray waits for one that is gone for ever."""
    found: Optional[str] = ray._private.services.canonicalize_bootstrap_address(address)
    if found is None:
        return None
    host, _, port = found.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _ANSWERS).close()
    except OSError as error:
        if address is not None:
            raise Unusable(f"no cluster of Ray answers at {found}: {reason(error)}") from None
        print(f"the cluster that was started here last, at {found}, is gone: this starts one of its own", file=sys.stderr)
        return None
    return found
