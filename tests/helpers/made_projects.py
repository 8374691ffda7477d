"""Projects whose datasets and runs are written by hand: what an import and a training would have left, in no time."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard, LengthSummary, Roles, Source, SplitPlan, TargetSummary
from sciapp.records.plan.plan import Plan
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Confusion, Evaluation, Footprint, Score, Scores
from sciapp.records.run.run import Run, RunState

REJECTED = "line,reason,smiles,y\n3,invalid input,C(,1\n9,duplicate of line 2,CC,2\n"


def made_project(folder: Path) -> Project:
    return Project.create(folder, domain="molecule", lock=True)


def write_rows(path: Path, rows: int, *, row_group: int = 1000, task: str = "regression", columns: int = 1) -> None:
    """A table.parquet; row i has line i + 2, input “C…” with its number, target i / 10."""
    splits = np.array(["train", "validation", "test"], dtype=object)
    numbers = np.arange(rows)
    target = pa.array(numbers / 10) if task == "regression" else pa.array(np.where(numbers % 3, "low", "high"))
    table = {
        "line": pa.array(numbers + 2),
        "input": pa.array([f"C{i}" for i in range(rows)]),
        "split": pa.array(splits[numbers % 3], pa.string()),
        "target:y": target,
    }
    for place in range(columns):
        table[f"column:note {place}"] = pa.array([f"note {i % 97}" for i in range(rows)])
    pq.write_table(pa.table(table), path, row_group_size=row_group)


def made_dataset(project: Project, id: str = "made-1", *, rows: int = 2500, task: str = "regression") -> DatasetCard:
    """A dataset of made-up rows, two of them set aside."""
    folder = project.dataset_folder(id)
    folder.folder.mkdir(parents=True)
    write_rows(folder.table_file, rows, task=task)
    folder.rejected_file.write_text(REJECTED, encoding="utf-8")
    summary = (
        TargetSummary(
            name="y", measured=rows, mean=1.0, standard_deviation=0.5, minimum=0.0, maximum=2.0,
            bin_edges=(0.0, 1.0, 2.0), bin_counts=(1500, 1000),
        )
        if task == "regression"
        else TargetSummary(name="y", measured=rows, classes=("high", "low"), class_counts=(rows // 3, rows - rows // 3))
    )  # fmt: skip
    card = DatasetCard(
        id=id,
        name=id,
        created=datetime.now(UTC),
        domain="molecule",
        task=task,  # type: ignore[arg-type]
        task_reason=msg("“y” holds numbers."),
        roles=Roles(input="smiles", targets=("y",)),
        source=Source(
            file_name="made.csv", path="/made.csv", sha256="0" * 64, bytes=1234, encoding="utf-8", delimiter=","
        ),
        rows_read=rows + 2,
        rows_kept=rows,
        rows_set_aside=2,
        set_aside_reasons={"invalid input": 1, "duplicate": 1},
        split=SplitPlan(),
        split_counts={"train": rows - 200, "validation": 100, "test": 100},
        targets=(summary,),
        lengths=LengthSummary(unit="atoms", median=5, maximum=9, bin_edges=(0, 5, 10), bin_counts=(10, 20)),
        fingerprint="ab" * 32,
    )
    folder.write_card(card)
    return card


def scores(predictor: str, value: float, *, task: str = "regression") -> Scores:
    names = ("rmse", "mae", "r2", "spearman") if task == "regression" else ("macro_f1", "accuracy")
    each = [
        Score(name=n, value=value, low=value * 0.9, high=value * 1.1, greater_is_better=n not in {"rmse", "mae"})
        for n in names
    ]
    return Scores(predictor=predictor, rows=100, scores=tuple(each))


def evaluation(*, task: str = "regression", value: float = 0.6, compressed: bool = False) -> Evaluation:
    footprints = (
        Footprint(label=label, bytes=size, milliseconds_per_row=2, milliseconds_low=1, milliseconds_high=3,
                  threads=1, rows_timed=10)
        for label, size in ((msg("before (fp32)"), 9_000_000), (msg("after (int8)"), 3_000_000))
    )  # fmt: skip
    return Evaluation(
        task=task,
        target_names=("y",),
        class_names=("high", "low") if task == "classification" else (),
        main_score="rmse" if task == "regression" else "macro_f1",
        model=scores(msg("Fine-tuned model"), value, task=task),
        trivial_baseline=scores(msg("Mean of the training rows"), 2.0, task=task),
        simple_baseline=scores(msg("Random forest"), 0.8, task=task),
        validation_before=scores("before", 1.9, task=task),
        validation_after=scores("after", 0.7, task=task),
        confusion=Confusion(classes=("high", "low"), counts=((30, 4), (6, 60))) if task == "classification" else None,
        verdict=msg("The fine-tuned model beats the simple baseline."),
        before_compression=scores("Before compression", value, task=task) if compressed else None,
        footprints=tuple(footprints) if compressed else (),
        bootstrap_samples=1000,
    )


def made_run(project: Project, plan: Plan, *, value: float = 0.6, task: str = "regression") -> Run:
    """A finished run of that plan with what it leaves behind."""
    run = project.new_run(plan)
    now = datetime.now(UTC)
    run.write_state(RunState(status="finished", created=now, started=now, ended=now, step=10, total_steps=10))
    if plan.kind != "predict":
        run.write_evaluation(evaluation(task=task, value=value, compressed=plan.kind == "compress"))
    write_predictions(run.predictions_file, task=task, new=plan.kind == "predict")
    return run


def write_predictions(path: Path, *, task: str = "regression", new: bool = False, rows: int = 100) -> None:
    """Of `rows` rows, a fifth is validation; the absolute error of row i is i mod 7."""
    numbers = np.arange(rows)
    columns: dict[str, object] = {"line": numbers + 2, "input": [f"C{i}" for i in range(rows)]}
    columns["split"] = ["new" if new else "validation" if i % 5 == 0 else "test" for i in range(rows)]
    if task == "regression":
        truth, said = numbers.astype(float), numbers + (numbers % 7) * np.where(numbers % 2, 1.0, -1.0)
    else:
        truth = np.where(numbers % 3, "low", "high").astype(object)
        said = np.where(numbers % 4, "low", "high").astype(object)
        columns |= {"probability:high": np.full(rows, 0.25), "probability:low": np.full(rows, 0.75)}
    if not new:
        columns["target:y"] = truth
    columns["prediction:y"] = said
    pq.write_table(pa.table({name: pa.array(values) for name, values in columns.items()}), path)
