"""One HTML file that says everything about a run: scores, figures, data, settings, versions. Nothing is fetched."""

import json
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sciapp.engine.data.prediction_table import PREDICTION_PREFIX
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.reports import figures
from sciapp.engine.reports.methods import paragraph
from sciapp.errors import ProjectProblem, RunProblem
from sciapp.records.atomic import write_text
from sciapp.records.dataset import INPUT, LINE, SPLIT, TARGET_PREFIX, DatasetCard
from sciapp.records.lineage import trained_run
from sciapp.records.plan import CompressPlan, PredictPlan, TrainPlan
from sciapp.records.project import Project
from sciapp.records.report import Evaluation, Score, Scores
from sciapp.records.run import Run

_WORST = 10


def build_report(project: Project, run: Run, out: Path) -> Path:
    """Write the report of a run that was evaluated to `out`, whole or not at all.

    Raises RunProblem for a run without an evaluation, ProjectProblem when `out` cannot be written.
    """
    evaluation, plan = run.evaluation(), run.plan()
    if evaluation is None or isinstance(plan, PredictPlan):
        raise RunProblem(
            f"Run {run.id} has no evaluation to report.",
            hint="Let it finish, or stop it: a stopped run keeps its best model and is evaluated.",
        )
    training_run, card = trained_run(project, run.id)
    training = training_run.plan()
    assert isinstance(training, TrainPlan)
    page = (
        _environment()
        .get_template("page")
        .render(
            title=f"{project.name}: {', '.join(card.target_names)}",
            subtitle=_subtitle(project, run),
            evaluation=evaluation,
            good=evaluation.beats_simple_baseline or isinstance(plan, CompressPlan),
            remarks=evaluation.remarks,
            scores=_score_table(evaluation),
            change=_change(evaluation),
            footprints=evaluation.footprints,
            pictures=_pictures(training_run, run, card, evaluation),
            worst=_worst(run, card, evaluation),
            methods=paragraph(plan, training, card, evaluation),
            data=_data(card),
            settings=_settings(plan, training),
            versions=_versions(run),
        )
    )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_text(out, page)
    except OSError as error:
        raise ProjectProblem(
            f"The report cannot be written: {error.strerror}.", hint="Choose another place.", context=str(out)
        ) from error
    return out


def _environment() -> jinja2.Environment:
    text = resources.files("sciapp.engine.reports").joinpath("page.html.j2").read_text(encoding="utf-8")
    # Names of columns, classes and projects are other people's text: escaped, always.
    return jinja2.Environment(
        loader=jinja2.DictLoader({"page": text}), autoescape=True, undefined=jinja2.StrictUndefined
    )


def _subtitle(project: Project, run: Run) -> str:
    state = run.state()
    ended = state.ended or state.created
    took = (
        f", {(state.ended - state.started).total_seconds() / 60:.1f} minutes" if state.ended and state.started else ""
    )
    how = " Stopped by hand; the best model so far was evaluated." if state.status == "stopped" else ""
    return f"Run {run.id} of project {project.name}, {ended.astimezone():%Y-%m-%d %H:%M}{took}.{how}"


def _score_table(evaluation: Evaluation) -> dict[str, Any]:
    several = len(evaluation.target_names) > 1
    sides = (
        evaluation.before_compression,
        evaluation.model,
        evaluation.simple_baseline,
        evaluation.trivial_baseline,
    )
    shown = [side for side in sides if side is not None]
    rows = []
    for score in evaluation.model.scores:
        label = f"{score.name} · {score.target}" if score.target else score.name
        rows.append([label, *(_cell(side.get(score.name, score.target)) for side in shown)])
    note = "Scores over all targets are in units of each target's spread in training." if several else ""
    return {"columns": [side.predictor for side in shown], "rows": rows, "note": note}


def _cell(score: Score | None) -> str:
    if score is None or score.value is None:
        return "–"
    if score.low is None or score.high is None:
        return f"{score.value:.3g}"
    return f"{score.value:.3g} ({score.low:.3g} to {score.high:.3g})"


def _change(evaluation: Evaluation) -> str:
    before, after = evaluation.validation_before, evaluation.validation_after
    if before is None or after is None:
        return ""
    name = evaluation.main_score
    return f"On the validation rows {name} went from {_side(before, name)} before fine-tuning to {_side(after, name)}."


def _side(scores: Scores, name: str) -> str:
    return _cell(scores.get(name))


def _pictures(training: Run, run: Run, card: DatasetCard, evaluation: Evaluation) -> list[dict[str, str]]:
    pictures = []
    curves = figures.loss_curves(training.events())
    if curves is not None:
        pictures.append(curves)
    if evaluation.confusion is not None:
        pictures.append(figures.confusion_matrix(evaluation.confusion))
    if evaluation.roc:
        pictures.append(figures.roc(evaluation.roc))
    if card.task == "regression":
        table = _test_rows(run)
        for name in card.target_names:
            measured, predicted = _pair(table, name)
            if len(measured):
                pictures.append(figures.parity(name, measured, predicted))
    pictures += figures.targets(card)
    return [asdict(picture) | {"file": f"{picture.name}.csv"} for picture in pictures]


def _test_rows(run: Run) -> pa.Table:
    return pq.read_table(run.predictions_file, filters=[(SPLIT, "=", "test")])


def _pair(table: pa.Table, name: str) -> tuple[figures.Floats, figures.Floats]:
    known = table.filter(pc.is_valid(table.column(TARGET_PREFIX + name)))
    return (
        np.asarray(known.column(TARGET_PREFIX + name).to_numpy(), dtype=np.float64),
        np.asarray(known.column(PREDICTION_PREFIX + name).to_numpy(), dtype=np.float64),
    )


def _worst(run: Run, card: DatasetCard, evaluation: Evaluation) -> dict[str, Any] | None:
    """The test rows furthest off (first target), or the surest wrong ones."""
    name = card.target_names[0]
    table = _test_rows(run)
    if card.task == "regression":
        table = table.filter(pc.is_valid(table.column(TARGET_PREFIX + name)))
        measured, predicted = _pair(table, name)
        order = np.argsort(-np.abs(predicted - measured))[:_WORST]
    else:
        wrong = pc.not_equal(table.column(TARGET_PREFIX + name), table.column(PREDICTION_PREFIX + name))
        table = table.filter(wrong)
        sure = np.column_stack([table.column(f"probability:{label}").to_numpy() for label in evaluation.class_names])
        order = np.argsort(-sure.max(axis=1))[:_WORST] if len(sure) else np.empty(0, dtype=int)
    if not len(order):
        return None
    domain = domain_named(card.domain)
    rows = []
    for index in order.tolist():
        value = table.column(INPUT)[index].as_py()
        rows.append(
            {
                "line": table.column(LINE)[index].as_py(),
                "input": value if len(value) <= 300 else value[:299] + "…",
                "svg": domain.depict(value),
                "measured": _shown(table.column(TARGET_PREFIX + name)[index].as_py()),
                "predicted": _shown(table.column(PREDICTION_PREFIX + name)[index].as_py()),
            }
        )
    return {"columns": ["line", card.roles.input, f"measured {name}", "predicted"], "rows": rows}


def _shown(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _data(card: DatasetCard) -> list[tuple[str, str]]:
    reasons = "; ".join(f"{count:,} {reason}" for reason, count in card.set_aside_reasons.items())
    return [
        ("File", f"{card.source.file_name} ({card.source.bytes:,} bytes)"),
        ("SHA-256 of the file", card.source.sha256),
        ("Imported", f"{card.created.astimezone():%Y-%m-%d %H:%M}"),
        ("Rows", f"{card.rows_read:,} read, {card.rows_kept:,} used, {card.rows_set_aside:,} set aside"),
        ("Set aside because", reasons or "–"),
        ("Input", f"{card.roles.input} ({card.domain})"),
        ("Targets", ", ".join(card.target_names)),
        ("Split", f"{card.split.method}, seed {card.split.seed}: " + _counts(card.split_counts)),
        ("Fingerprint of the used rows", card.fingerprint),
        *(("Remark", remark) for remark in card.remarks),
    ]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _settings(plan: TrainPlan | CompressPlan, training: TrainPlan) -> list[tuple[str, str]]:
    value = training.model_dump(mode="json")
    for part in ("optimization", "batching", "stopping"):
        value |= value.pop(part)
    if isinstance(plan, CompressPlan):
        value |= {"compression": plan.method, "compressed_run": plan.run}
    return [(name, str(setting)) for name, setting in value.items() if name != "kind"]


def _versions(run: Run) -> list[tuple[str, str]]:
    try:
        said = json.loads(run.environment_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    packages = said.pop("packages", {})
    return [(name, str(value)) for name, value in {**said, **packages}.items()]
