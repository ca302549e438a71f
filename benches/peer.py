"""The part of benches/compare that is done in Python: the same work there, and the table of both."""

import os

# As in fixtures/parity-generators/tpe.py: the sequences of Optuna 5.0 are those of every processor.
os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"

import pathlib
import statistics
import sys
import tempfile
import time


def timed(work):
    """Processor seconds, which what else the machine does hardly changes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def sizes(most):
    """Lines as benches/sizes.rs prints them, and what benches/p1.rs and benches/trail.rs measure."""
    from omega_lock import EvalResult, P1Config, ParamSpec, RandomSearch, run_p1
    from omega_lock.audit import AuditingTarget
    from omega_lock.keyholes.phantom import PhantomKeyhole

    class Bowl:
        def __init__(self, params, entries):
            self.entries = [f"m{n}" for n in range(entries)]
            self.specs = [ParamSpec(f"x{n}", "float", 0.5, -2.0, 2.0) for n in range(params)]

        def param_space(self):
            return self.specs

        def evaluate(self, params):
            x, y, z = params["x0"], params["x1"], params["x2"]
            fitness = -((x - 1.0) ** 2) - 2.0 * (y + 0.5) ** 2 - 4.0 * z**2
            return EvalResult(fitness, 100, {name: x + n for n, name in enumerate(self.entries)})

    def measure(candidates, params, entries):
        target = Bowl(params, entries)
        names = [spec.name for spec in target.specs]
        base = {spec.name: spec.neutral for spec in target.specs}
        whole, alone = [], []
        for _ in range(min(20, 30_000 // (candidates * (params + entries))) * 2 + 1):
            audited = AuditingTarget(target)
            search = RandomSearch(audited, names, n_samples=candidates, seed=42, verbose=False)
            whole.append(timed(lambda search=search: search.run(base)))
            assert len(audited.trail) == candidates
            alone.append(timed(lambda: [target.evaluate(base) for _ in range(candidates)] and None))
        print("evaluations", candidates, params, entries, statistics.median(whole), statistics.median(alone), flush=True)

    for candidates in (10**power for power in range(2, 7)):
        if candidates <= most:
            measure(candidates, 12, 0)
    for size in (10, 100, 1_000, 10_000):
        measure(1_000, size, 0)
    for size in (10, 100, 1_000, 10_000):
        measure(1_000, 12, size)

    train, test = PhantomKeyhole(seed=42), PhantomKeyhole(seed=1337)
    config = P1Config(stress_verbose=False, grid_verbose=False)
    runs = [timed(lambda: run_p1(train_target=train, test_target=test, config=config)) for _ in range(300)]
    print("p1 1", 1e3 * statistics.median(runs))
    trail(most, Bowl, AuditingTarget, P1Config, run_p1)


def trail(most, bowl, audited_by, config_of, run_p1):
    import json

    from omega_lock.audit import AuditReport, make_report

    start = time.process_time()
    audited = audited_by(bowl(4, 0))
    config = config_of(grid_points_per_axis=round(most ** (1 / 3)), stress_verbose=False, grid_verbose=False)
    run_p1(train_target=audited, test_target=bowl(4, 0), config=config)
    report = make_report(audited, method="grid", seed=42)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "audit.json"
        path.write_text(report.to_json(with_hash_chain=True))
        print("written", time.process_time() - start)
        start = time.process_time()
        text = path.read_text()
        assert AuditReport.from_json(text).verify_hash_chain(json.loads(text)["hash_chain"])
        print("read", time.process_time() - start, flush=True)


def optuna_trials(sampler):
    """Lines as benches/tpe.rs prints them."""
    import optuna

    sys.path.insert(0, "fixtures/parity-generators")
    import tpe

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    for trials, count in ((125, 11), (1_000, 1)):
        for space in ("rosenbrock2", "mixed6"):
            runs = [timed(lambda seed=seed: tpe.case(space, trials, 1, seed)) for seed in range(count)]
            print("tpe", space, sampler, trials, 1e3 * statistics.median(runs), flush=True)


def figures(path):
    """What was measured, by what it was measured of: milliseconds or seconds, and those of the target alone."""
    found = {}
    for line in pathlib.Path(path).read_text().splitlines():
        words = line.split()
        values = 2 if words[0] in ("evaluations", "threads") else 1
        found[" ".join(words[:-values])] = [float(word) for word in words[-values:]]
    return found


def table(ours, theirs):
    ours, theirs = figures(ours), figures(theirs)
    before = []

    def row(name, count, here, there, unit):
        """A line: what one of `count` costs, how that compares, and what the line before made of it."""
        costs = [cost and cost / count for cost in (here, there)]
        grown = [f"{cost / last:9.2f}" if cost and last else "" for cost, last in zip(costs, before or [None, None])]
        shown = [f"{cost:12.3f}" if cost else "" for cost in costs]
        ratio = f"{there / here:.1f}" if there else ""
        print(f"{name:<64}{shown[0]:>12}{shown[1]:>12} {unit}{ratio:>8}{grown[0]:>9}{grown[1]:>9}".rstrip())
        before[:] = costs

    print(f"{'':<64}{'here':>12}{'there':>12}   {'ratio':>8}{'growth':>9}{'there':>9}")
    group = None
    for key, value in ours.items():
        if not key.startswith("evaluations"):
            continue
        whole, alone = value
        candidates, params, entries = map(int, key.split()[1:])
        kind = "candidates" if (params, entries) == (12, 0) else "parameters" if entries == 0 else "metadata"
        if kind != group:
            print(f"the tool's own part of an evaluation, by {kind} (the target's, here)")
            group = kind
            before.clear()
        there = theirs.get(key)
        there = 1e6 * (there[0] - there[1]) if there else None
        name = f"  {candidates} candidates, {params} parameters, {entries} of metadata ({1e6 * alone / candidates:.2f})"
        row(name, candidates, 1e6 * (whole - alone), there, "us")
    for key, (one, two) in ((key, value) for key, value in ours.items() if key.startswith("threads")):
        print(f"two threads on a target that costs nothing: {two / one:.2f} of the time of one")
    for space in ("rosenbrock2", "mixed6"):
        for sampler in ("optuna-4.9", "optuna-5.0"):
            print(f"a trial of TPE, target included: {space} as {sampler}")
            before.clear()
            for trials in (125, 1_000):
                key = f"tpe {space} {sampler} {trials}"
                row(f"  {trials} trials", trials, 1e3 * ours[key][0], 1e3 * theirs[key][0], "us")
    print("a run")
    before.clear()
    row("  a strict run of six axes, judged", 1, 1e3 * ours["judged 6"][0], None, "ms")
    for key, name, scale in (("p1 1", "p1 on the phantom keyhole, 50 combinations", 1), ("written", "audited grid, written with its chain", 1e3), ("read", "the same read and verified", 1e3)):
        before.clear()
        row("  " + name, 1, scale * ours[key][0], scale * theirs[key][0], "ms")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sizes", most]:
            sizes(int(most))
        case ["tpe", sampler]:
            optuna_trials(sampler)
        case ["table", ours, theirs]:
            table(ours, theirs)
        case _:
            sys.exit("usage: peer.py sizes MOST | tpe SAMPLER | table OURS THEIRS")
