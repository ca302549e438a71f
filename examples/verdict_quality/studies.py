"""Studies of Optuna over the phantom keyhole of the Python package, a journal each.

    python examples/verdict_quality/studies.py FOLDER [COUNT] [TRIALS]

needs the packages `optuna` and `omega-lock` 0.3.8. Study N searches the series that the row "phantom keyhole, study of Optuna"
has for its slice of train, by Optuna's own TPE over the three parameters that matter: 100 studies of 125 trials unless told. For
each of them follows `cargo omega import FOLDER/N.log -o FOLDER/N.json`, and `--studies FOLDER` reads what that writes.
"""

import pathlib
import sys

import optuna
from omega_lock.keyholes.phantom import PhantomKeyhole


def fitness(keyhole, trial):
    params = {spec.name: spec.neutral for spec in keyhole.param_space()}
    params["alpha"] = trial.suggest_float("alpha", 0.0, 1.0)
    params["window"] = trial.suggest_int("window", 3, 30)
    params["long_mode"] = trial.suggest_categorical("long_mode", [False, True])
    return keyhole.evaluate(params).fitness


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    told = [int(word) for word in sys.argv[2:4]]
    count, trials = told + [100, 125][len(told) :]
    folder.mkdir(parents=True, exist_ok=True)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    for number in range(count):
        train = PhantomKeyhole(seed=100_000 + 2 * number)
        # In memory, and copied whole: a journal or a database is slower than the search.
        memory = optuna.storages.InMemoryStorage()
        sampler = optuna.samplers.TPESampler(seed=number)
        search = optuna.create_study(study_name="phantom", storage=memory, direction="maximize", sampler=sampler)
        search.optimize(lambda trial, train=train: fitness(train, trial), n_trials=trials)
        path = folder / f"{number}.log"
        path.unlink(missing_ok=True)
        journal = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(path)))
        optuna.copy_study(from_study_name="phantom", from_storage=memory, to_storage=journal)
    print(f"{folder}: {count} studies of {trials} trials by Optuna {optuna.__version__}")


if __name__ == "__main__":
    main()
