"""The fair ground for default recipes: SciApp's model against simple ones, on data sets in two halves.

    .venv/bin/python tests/benchmarks/recipe.py --out FOLDER [--half development] [--data esol,bbbp] [--seeds 0,1,2]
        [--columns classical,start,trained] [--most-rows 2000] [--minutes 60] [--set key=value …]

A recipe is changed by looking at the development half alone; confirmation is run when it is settled, and then both
tables are printed. No default changes without them. Every measurement is a project, an import and a training by the
command line; what was measured stands in FOLDER/recipe.jsonl, and the same command goes on where it was interrupted.
With --minutes it stops by itself after that time. --most-rows 0 takes all rows: for the final table. Without --out:
one short training on ESOL in a temporary folder, to show that the benchmark works; its numbers mean nothing.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
from fair.data_sets import DataSet, chosen
from fair.journal import Entry, Journal, table
from fair.measure import COLUMNS, Means, Measured, imported, measured
from fair.rows import Imported
from fair.scores import difference, score

SHARED = Path(__file__).parents[3] / "shared/data"
Job = tuple[DataSet, str, int, str]


def main() -> None:
    args = arguments()
    if args.out is None:
        with tempfile.TemporaryDirectory() as name:
            sample = Path(name) / "shared" / chosen("esol", "")[0].files[0]
            sample.parent.mkdir(parents=True)
            shutil.copy(Path(__file__).parents[2] / "resources/samples/esol.csv", sample)
            means = Means(Path(name) / "shared", Path(name), 200, 5, args.threads, ("max_steps=10",))
            walk([(chosen("esol", "")[0], "random", 0, column) for column in COLUMNS], means, Journal(Path(name) / "j"))
        return
    means = Means(
        args.shared, args.out.absolute(), args.most_rows, args.most_minutes, args.threads, tuple(args.settings)
    )
    journal = Journal(args.out / "recipe.jsonl")
    seeds = [int(seed) for seed in args.seeds.split(",")]
    jobs = [
        (data, split, seed, column)
        for seed in seeds
        for column in args.columns.split(",")
        for data in chosen(args.data, args.half)
        for split in data.splits
    ]
    walk(jobs, means, journal, time.monotonic() + 60 * args.minutes if args.minutes else float("inf"))
    for half in ("development", "confirmation"):
        if args.half in {"", half}:
            print("\n" + table(_of_recipe(journal, means), half))


def walk(jobs: list[Job], means: Means, journal: Journal, until: float = float("inf")) -> None:
    """Measure what is not measured yet."""
    for data, split, seed, column in jobs:
        recipe = "" if column == "classical" else " ".join(means.settings)
        if journal.has((data.name, split, seed, column, means.most_rows, recipe)):
            continue
        if time.monotonic() > until:
            print("The time is over; the same command goes on.", flush=True)
            return
        entries = list(_entries(data, split, seed, column, means))
        journal.add(entries)
        for entry in entries:
            gain = (
                f", {entry.gain:+.4f} ± {entry.error:.4f} against the best classical" if entry.gain is not None else ""
            )
            print(
                f"{entry.data} {entry.split} seed {entry.seed}  {entry.name}: {entry.score} {entry.value:.4f}{gain} "
                f"({entry.seconds:.0f} s) {entry.note}".rstrip(),
                flush=True,
            )


def _entries(data: DataSet, split: str, seed: int, column: str, means: Means) -> Iterator[Entry]:
    read = imported(data, split, seed, means)
    for found in measured(column, read, seed, means):
        file = _predictions_file(read, seed, found.name)
        file.parent.mkdir(exist_ok=True)
        np.save(file, found.values)
        gain, error = (None, None) if column == "classical" else _against("* on *", data, read, seed, found)
        learnt = _against("start", data, read, seed, found) if found.name == "alone" else (None, None)
        yield Entry(
            data.name, split, seed, column, found.name, data.score, score(data.score, read.test.labels, found.values),
            found.seconds, means.most_rows, len(read.train.inputs), len(read.test.inputs),
            "" if column == "classical" else " ".join(means.settings), found.steps, found.jump, gain, error,
            *learnt, found.note,
        )  # fmt: skip


def _predictions_file(read: Imported, seed: int, name: str) -> Path:
    return read.project / "predicted" / f"{seed} {name}.npy"


def _against(
    names: str, data: DataSet, read: Imported, seed: int, found: Measured
) -> tuple[float, float] | tuple[None, None]:
    """Gain over that of the models of these names that is best on these very test rows: the hardest comparison."""
    others = [np.load(file) for file in sorted((read.project / "predicted").glob(f"{seed} {names}.npy"))]
    if not others:
        return None, None
    labels = read.test.labels
    best = (max if data.greater_is_better else min)(others, key=lambda values: score(data.score, labels, values))
    return difference(data.score, labels, found.values, best)


def _of_recipe(journal: Journal, means: Means) -> list[Entry]:
    recipe = " ".join(means.settings)
    return [
        entry
        for entry in journal.entries
        if entry.most_rows == means.most_rows and (entry.column == "classical" or entry.recipe == recipe)
    ]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="measurements and projects")
    parser.add_argument("--half", choices=("development", "confirmation", ""), default="development", help="'': both")
    parser.add_argument("--data", default="", help="some data sets only")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--columns", default=",".join(COLUMNS))
    parser.add_argument("--most-rows", type=int, default=2000, help="training rows; 0: all")
    parser.add_argument("--minutes", type=float, default=0, help="stop after that long; 0: when all is measured")
    parser.add_argument("--max-minutes", dest="most_minutes", type=float, default=30, help="of one training")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--set", dest="settings", action="append", default=[], help="a setting of the plan to try")
    parser.add_argument("--shared", type=Path, default=SHARED, help="the shared data sets")
    return parser.parse_args()


if __name__ == "__main__":
    main()
