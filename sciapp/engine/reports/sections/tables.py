"""The tables of a report, as rows of text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sciapp.engine.reports.names import inputs_named, model_name
from sciapp.records.dataset.card import DatasetCard, TargetSummary
from sciapp.records.plan.plan import Plan, TrainPlan
from sciapp.records.project.studies.cross_validation import CrossValidation
from sciapp.records.regular import json_in
from sciapp.records.run.evaluation import Evaluation, Scores
from sciapp.records.run.run import Run
from sciapp.records.run.score_format import score_title, value_text, with_interval


@dataclass(frozen=True)
class Table:
    """columns do not count the first one, which says what a row is about."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Setting:
    """One leaf of the plan; `usual` unless somebody changed it."""

    name: str
    value: str
    usual: bool = True


def test_scores(evaluation: Evaluation) -> Table:
    """The model on the test rows beside what it must beat, or what it was before."""
    sides = (evaluation.model, evaluation.before_compression, evaluation.simple_baseline, evaluation.trivial_baseline)
    return beside_each_other([side for side in sides if side is not None])


def validation_scores(evaluation: Evaluation) -> Table | None:
    """Before and after fine-tuning, on the validation rows."""
    before, after = evaluation.validation_before, evaluation.validation_after
    return None if before is None or after is None else beside_each_other([before, after])


def beside_each_other(sides: Sequence[Scores]) -> Table:
    """A column for each, with the scores of the first."""
    rows = []
    for score in sides[0].scores:
        about = f"{score_title(score.name)}: {score.target}" if score.target else score_title(score.name)
        rows.append((about, *(with_interval(side.get(score.name, score.target)) for side in sides)))
    return Table(tuple(side.predictor for side in sides), tuple(rows))


def folds(found: CrossValidation) -> Table:
    """A column for each score over all targets, a row for each fold, and what they come to together."""
    names = list(dict.fromkeys(score.name for one in found.tested for score in one.scores.scores if not score.target))
    rows = [
        (f"{one.called} (run {one.run.id}, {one.scores.rows:,} rows)", *(value_text(one.scores.get(n)) for n in names))
        for one in found.tested
    ]
    sums = [found.summary(name) for name in names]
    means = [value_text(one[0]) if one else "–" for one in sums]
    spreads = [value_text(one[0].model_copy(update={"value": one[1]})) if one else "–" for one in sums]
    rows += [("Mean", *means), ("Standard deviation", *spreads)]
    return Table(tuple(score_title(name) for name in names), tuple(rows))


def footprints(evaluation: Evaluation) -> Table | None:
    """Size and speed before and after compression."""
    if not evaluation.footprints:
        return None
    rows = tuple(
        (
            one.label,
            f"{one.bytes / 1e6:.2f} MB",
            f"{one.milliseconds_per_row:.2f} ms ({one.milliseconds_low:.2f} to {one.milliseconds_high:.2f})",
            f"{one.threads}",
        )
        for one in evaluation.footprints
    )
    return Table(("Size on disk", "Time for a row (quartiles)", "Threads"), rows)


def data_facts(card: DatasetCard) -> list[tuple[str, str]]:
    """The origin of the rows and the part of them that was used."""
    reasons = "; ".join(f"{count:,} {reason}" for reason, count in card.set_aside_reasons.items())
    counts = ", ".join(f"{count:,} {name}" for name, count in card.split_counts.items())
    column = f" (column “{card.split.column}”)" if card.split.column else ""
    column += f" (file “{card.split.file}”, SHA-256 {card.split.file_sha256})" if card.split.file else ""
    column += f", fold {card.split.fold} of {card.split.folds}" if card.split.folds else ""
    return [
        ("Dataset", card.name),
        ("File", f"{card.source.file_name} ({card.source.bytes:,} bytes)"),
        ("SHA-256 of the file", card.source.sha256),
        ("Imported", f"{card.created.astimezone():%Y-%m-%d %H:%M}"),
        ("Rows", f"{card.rows_read:,} read, {card.rows_kept:,} used, {card.rows_set_aside:,} set aside"),
        ("Set aside because", reasons or "–"),
        ("Input", f"{inputs_named(card)} ({card.domain}{', read as pairs' * bool(card.roles.second_input)})"),
        ("Targets", ", ".join(f"{one.name} ({_from(one)}{one.measured:,} values)" for one in card.targets)),
        *([("Weights of training rows", card.roles.weight)] if card.roles.weight else []),
        ("Length of inputs", f"median {card.lengths.median:g}, at most {card.lengths.maximum:,} {card.lengths.unit}"),
        ("Split", f"{card.split.method}{column}, seed {card.split.seed}: {counts}"),
        ("Fingerprint of the used rows", card.fingerprint),
        *(("Remark", remark) for remark in card.remarks),
    ]


def _from(target: TargetSummary) -> str:
    return f"from the column {target.source_column}, " if target.source_column else ""


def settings(training: TrainPlan, compressions: Sequence[Plan] = ()) -> list[Setting]:
    """Every leaf of the training's plan, and of the plans by which its model was compressed."""
    value, usual = _leaves(training), _leaves(TrainPlan(dataset=""))
    rows = []
    for name, setting in value.items():
        text = model_name(str(setting)) if name == "model" else str(setting)
        rows.append(Setting(name, text, name in {"dataset", "model"} or setting == usual[name]))
    for step in compressions:
        fields = step.model_dump(mode="json", exclude={"kind"})
        rows += [Setting(f"compression: {name}", str(setting)) for name, setting in fields.items()]
    return rows


def _leaves(plan: TrainPlan) -> dict[str, Any]:
    value = plan.model_dump(mode="json", exclude={"kind"})
    parts = [value.pop(name) for name, setting in list(value.items()) if isinstance(setting, dict)]
    for part in parts:
        value |= part
    return value


def environment_of(run: Run) -> Mapping[str, Any]:
    """The content of `environment.json`; empty when it is gone."""
    try:
        environment = json_in(run.environment_file)
    except (OSError, ValueError):
        return {}
    return environment if isinstance(environment, dict) else {}


def versions(environment: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Programs and machine."""
    packages = environment.get("packages")
    facts = {name: value for name, value in environment.items() if name != "packages"}
    if isinstance(facts.get("memory_bytes"), int):
        facts["memory"] = f"{facts.pop('memory_bytes') / 2**30:.1f} GiB"
    return [(name, str(value)) for name, value in {**facts, **(packages if isinstance(packages, dict) else {})}.items()]
