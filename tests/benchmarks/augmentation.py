"""ESOL with 100 training rows, with randomised SMILES and without: a table of test RMSE (must-be-shown 5 of issue 4).

    .venv/bin/python tests/benchmarks/augmentation.py --out FOLDER [--seeds 0,1,2,3,4] [--threads N]

Every number is a real run: project, import, a training process, the saved model's evaluation. A seed draws which 100
rows are trained on, which 100 are validated on, and how the training goes; all columns of a seed share them, and the
other 928 rows are the test. The recipe is the window's, without descriptors, the same number of steps for all columns.
Interrupted, the same command goes on. Without --seeds: seed 0 with few steps, to show that the benchmark works; its
numbers mean nothing.
"""

import argparse
import csv
import json
import os
import random
import shutil
import sys
import time
from pathlib import Path
from statistics import mean, stdev

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from scipy import stats

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.jobs.launch import launcher, processes
from sciapp.jobs.runs.follow import outcome, standing
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.project import Project

PROJECT = Path(__file__).parents[2]
TARGET = "measured log solubility in mols per litre"
TRAINING, VALIDATION = 100, 100  # rows
SHORT_STEPS = 6
POLL = 0.5  # seconds

_SPELT = {"augmentations": "randomized_smiles", "augmentation_strength": 1.0, "augmented_share": 0.5}
COLUMNS: dict[str, dict[str, object]] = {
    "without": {},
    "randomised SMILES": _SPELT,
    "randomised SMILES, 8 copies averaged": {**_SPELT, "test_time": 8},
}


def main() -> None:
    args = arguments()
    # Runs are processes of their own: they are to execute this checkout, whatever else is installed.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
    seeds = [int(seed) for seed in args.seeds.split(",")] if args.seeds else [0]
    more = {"threads": args.threads} | ({} if args.seeds else {"max_steps": SHORT_STEPS})
    args.out.mkdir(parents=True, exist_ok=True)
    notes = args.out / ("augmentation.jsonl" if args.seeds else "augmentation-short.jsonl")
    for seed in seeds:
        project, card = imported(args.out / "projects", seed)
        for column, settings in COLUMNS.items():
            if (column, seed) not in known(notes):
                note = {"column": column, "seed": seed, **measured(project, card, seed, settings | more)}
                with notes.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(note) + "\n")
                print(f"seed {seed}  {column}: RMSE {note['rmse']:.4f}  ({note['seconds']:.0f} s)", flush=True)
    print("\n" + table(known(notes), seeds))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="", help="0,1,2,3,4 for the table")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("benchmark"), help="measurements and projects")
    return parser.parse_args()


def imported(folder: Path, seed: int) -> tuple[Project, DatasetCard]:
    """The seed's project, made if it is not there yet."""
    at = folder / f"esol-100-{seed}"
    if at.exists():
        project = Project.open(at)
        if project.datasets():
            return project, project.datasets()[-1]
        shutil.rmtree(at)  # an import that was interrupted
    project = Project.create(at, domain="molecule")
    request = ImportRequest(
        file=str(divided(folder.parent / "tables" / f"esol-100-{seed}.csv", seed)),
        roles=Roles(input="smiles", targets=(TARGET,), split="split"),
        task="regression",
        split=SplitPlan(method="column", column="split"),
        name=f"ESOL, 100 training rows, seed {seed}",
    )
    return project, import_table(project, request)


def divided(file: Path, seed: int) -> Path:
    """ESOL with a column that says which rows are for what."""
    with (PROJECT / "resources/samples/esol.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    order = list(range(len(rows)))
    random.Random(seed).shuffle(order)
    names = ["train"] * TRAINING + ["validation"] * VALIDATION + ["test"] * (len(rows) - TRAINING - VALIDATION)
    split = dict(zip(order, names, strict=True))
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["smiles", TARGET, "split"])
        writer.writerows([row["smiles"], row[TARGET], split[place]] for place, row in enumerate(rows))
    return file


def measured(project: Project, card: DatasetCard, seed: int, settings: dict[str, object]) -> dict[str, float]:
    began = time.monotonic()
    plan = TrainPlan(dataset=card.id, model="molecule-starter", seed=seed, descriptors="off")
    run = project.new_run(with_settings(plan, settings))
    launcher.start(run)
    try:
        while not standing(run).is_over:
            time.sleep(POLL)
    except BaseException:
        launcher.kill_tree(run)
        raise
    processes.reap()
    evaluation = run.evaluation()
    score = evaluation.model.get("rmse") if evaluation else None
    if score is None or score.value is None:
        raise SystemExit(f"{outcome(run)} See {run.log_file}.")
    for bulky in (run.checkpoints, run.model_folder):
        shutil.rmtree(bulky, ignore_errors=True)
    return {"rmse": score.value, "seconds": time.monotonic() - began, "steps": run.state().step}


def known(notes: Path) -> dict[tuple[str, int], float]:
    if not notes.exists():
        return {}
    lines = [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]
    return {(line["column"], line["seed"]): line["rmse"] for line in lines}


def table(found: dict[tuple[str, int], float], seeds: list[int]) -> str:
    """Markdown; the last row is the mean difference from the first column over seeds, with its 95 % t interval."""
    lines = ["| test RMSE | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    lines += [_line(f"seed {seed}", [f"{found[name, seed]:.3f}" for name in COLUMNS]) for seed in seeds]
    if len(seeds) < 2:
        return "\n".join(lines)
    values = {name: [found[name, seed] for seed in seeds] for name in COLUMNS}
    lines.append(_line("mean (standard deviation)", [f"{mean(v):.3f} ({stdev(v):.3f})" for v in values.values()]))
    plain = values["without"]
    lines.append(_line("difference", ["", *(_difference(v, plain) for name, v in values.items() if name != "without")]))
    return "\n".join(lines)


def _difference(ours: list[float], theirs: list[float]) -> str:
    apart = [a - b for a, b in zip(ours, theirs, strict=True)]
    reach = stats.t.ppf(0.975, len(apart) - 1) * stdev(apart) / len(apart) ** 0.5
    return f"{mean(apart):+.3f} ({mean(apart) - reach:+.3f} to {mean(apart) + reach:+.3f})"


def _line(head: str, cells: list[str]) -> str:
    return "| " + " | ".join([head, *cells]) + " |"


if __name__ == "__main__":
    main()
