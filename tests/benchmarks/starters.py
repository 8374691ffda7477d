"""The starters against the same networks from random weights and against classical models: the table of issue 3.

    .venv/bin/python tests/benchmarks/starters.py --rows all --out FOLDER [--seeds 0,1,2] [--threads N]

Every number is a real run: project, import, training as the window proposes it, evaluation of the saved model. What
differs from the window's recipe, and why, is said in comparison/rows.py. Seeds vary the split and the training; a split
that the file gives stays as it is. Interrupted, the same command goes on. What `measured/starters.jsonl` holds, from
earlier days on two cores, is not measured again unless `--anew` is given. Without --rows: one short training and the
classical models of ESOL in a temporary folder, to show that the benchmark works; its numbers mean nothing.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import get_args

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from comparison.measure import Means, measured
from comparison.results import Notebook
from comparison.rows import ROWS, Column, Row, row_named

from sciapp.engine.data.targets.registry import task_names

PROJECT = Path(__file__).parents[2]
SHORT_STEPS = 40


def main() -> None:
    args = arguments()
    # Runs are processes of their own: they are to execute this checkout, whatever else is installed.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
    if not args.rows:
        with tempfile.TemporaryDirectory() as name:
            means = Means(None, Path(name), args.threads, args.most_minutes, {"max_steps": SHORT_STEPS})
            compare([row_named("esol-random")], list(get_args(Column)), [0], means)
        return
    rows = list(ROWS) if args.rows == "all" else [row_named(name) for name in args.rows.split(",")]
    settings = {"num_train_epochs": args.epochs} if args.epochs else {}
    means = Means(args.data, args.out.absolute(), args.threads, args.most_minutes, settings)
    known = None if args.anew else Path(__file__).parent / "measured/starters.jsonl"
    compare(rows, args.columns.split(","), [int(seed) for seed in args.seeds.split(",")], means, known)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="", help=f"all, or some of {','.join(row.name for row in ROWS)}")
    parser.add_argument("--columns", default=",".join(get_args(Column)))
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--data", type=Path, default=PROJECT.parent / "shared/data", help="the shared data sets")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("benchmark"), help="measurements, table and projects")
    parser.add_argument(
        "--max-minutes", dest="most_minutes", type=float, default=120, help="a run that takes longer is stopped"
    )
    parser.add_argument("--epochs", type=int, default=0, help="for a quick look; 0: as the window's recipe says")
    parser.add_argument("--anew", action="store_true", help="measure also what measured/starters.jsonl holds")
    return parser.parse_args()


def compare(rows: list[Row], columns: list[str], seeds: list[int], means: Means, known: Path | None = None) -> None:
    """Measure what is not measured yet, seed after seed, and print the table."""
    notebook = Notebook(means.out, known)
    for row in rows:
        if reason := cannot_be_measured(row, means.data):
            print(f"{row.name} is left out: {reason}", flush=True)
            continue
        for seed in seeds:
            for column in (column for column in row.columns if column in columns):
                if notebook.has(row.name, column, seed):
                    continue
                records = measured(row, column, seed, means)
                notebook.add(records)
                notebook.write_table()
                for record in records:
                    said = f"{row.name} seed {seed}  {record['name']}: {row.score} {record['value']:.4f}"
                    print(f"{said}  ({record['seconds']:.0f} s) {record.get('note', '')}".rstrip(), flush=True)
    print("\n" + notebook.write_table())


def cannot_be_measured(row: Row, data: Path | None) -> str:
    """Why not; empty when it can."""
    if row.task not in task_names():
        return f"SciApp does not know the task “{row.task}” yet."
    if row.needs_shared and (data is None or not data.is_dir()):
        return f"its table is not in the project, and there is no folder {data}. Give the shared data with --data."
    return ""


if __name__ == "__main__":
    main()
