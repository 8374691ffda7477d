"""The tables of a report, as rows of text."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.reports.names import inputs_named, model_name
from sciapp.engine.reports.text.dataset import counts_of
from sciapp.i18n import joined, msg, term
from sciapp.records.dataset.card import DatasetCard, SplitPlan, TargetSummary
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


def test_scores(evaluation: Evaluation, targets: Collection[str] | None = None) -> Table:
    """The model on the test rows beside what it must beat, or what it was before. targets: those that are listed, of
    many; None: all."""
    sides = (evaluation.model, evaluation.before_compression, *evaluation.baselines)
    return compared_scores([side for side in sides if side is not None], targets)


def validation_scores(evaluation: Evaluation, targets: Collection[str] | None = None) -> Table | None:
    """Before and after fine-tuning, on the validation rows; targets as of `test_scores`."""
    before, after = evaluation.validation_before, evaluation.validation_after
    return None if before is None or after is None else compared_scores([before, after], targets)


def compared_scores(sides: Sequence[Scores], targets: Collection[str] | None = None) -> Table:
    """A column for each, with the scores of the first."""
    rows = []
    for score in sides[0].scores:
        if targets is not None and score.target and score.target not in targets:
            continue
        about = score_title(score.name)
        if score.target:
            about = msg("{score}: {target}", score=about, target=score.target)
        rows.append((about, *(with_interval(side.get(score.name, score.target)) for side in sides)))
    return Table(tuple(side.predictor for side in sides), tuple(rows))


def folds(validation: CrossValidation) -> Table:
    """A column for each score over all targets, a row for each fold, and what they come to together."""
    names = list(
        dict.fromkeys(score.name for one in validation.tested for score in one.scores.scores if not score.target)
    )
    rows = [
        (
            msg("{called} (run {id}, {rows:,} rows)", called=one.called, id=one.run.id, rows=one.scores.rows),
            *(value_text(one.scores.get(n)) for n in names),
        )
        for one in validation.tested
    ]
    sums = [validation.summary(name) for name in names]
    means = [value_text(one[0]) if one else "–" for one in sums]
    spreads = [value_text(one[0].model_copy(update={"value": one[1]})) if one else "–" for one in sums]
    rows += [(msg("Mean"), *means), (msg("Standard deviation"), *spreads)]
    return Table(tuple(score_title(name) for name in names), tuple(rows))


def footprints(evaluation: Evaluation) -> Table | None:
    """Size and speed before and after compression."""
    if not evaluation.footprints:
        return None
    rows = tuple(
        (
            one.label,
            msg("{size:.2f} MB", size=one.bytes / 1e6),
            msg(
                "{median:.2f} ms ({low:.2f} to {high:.2f})",
                median=one.milliseconds_per_row,
                low=one.milliseconds_low,
                high=one.milliseconds_high,
            ),
            f"{one.threads}",
        )
        for one in evaluation.footprints
    )
    return Table((msg("Size on disk"), msg("Time for a row (quartiles)"), msg("Threads")), rows)


def data_facts(card: DatasetCard) -> list[tuple[str, str]]:
    """The origin of the rows and the part of them that was used."""
    reasons, counts = counts_of(card.set_aside_reasons, "; "), counts_of(card.split_counts, ", ")
    return [
        (msg("Dataset"), card.name),
        (msg("File"), msg("{file_name} ({bytes:,} bytes)", file_name=card.source.file_name, bytes=card.source.bytes)),
        (msg("SHA-256 of the file"), card.source.sha256),
        (msg("Imported"), f"{card.created.astimezone():%Y-%m-%d %H:%M}"),
        (
            msg("Rows"),
            msg(
                "{rows_read:,} read, {rows_kept:,} used, {rows_set_aside:,} set aside",
                rows_read=card.rows_read,
                rows_kept=card.rows_kept,
                rows_set_aside=card.rows_set_aside,
            ),
        ),
        (msg("Set aside because"), reasons or "–"),
        (
            msg("Input"),
            msg("{inputs} ({domain}, read as pairs)", inputs=inputs_named(card), domain=card.domain)
            if len(card.roles.inputs) > 1
            else msg("{inputs} ({domain})", inputs=inputs_named(card), domain=card.domain),
        ),
        (
            msg("Targets"),
            _targets(card),
        ),
        *([(msg("Weights of training rows"), card.roles.weight)] if card.roles.weight else []),
        (
            msg("Length of inputs"),
            msg(
                "median {median:g}, at most {maximum:,} {unit}",
                median=card.lengths.median,
                maximum=card.lengths.maximum,
                unit=card.lengths.unit,
            ),
        ),
        (
            msg("Split"),
            msg(
                "{division}, seed {seed}: {counts}",
                division=split_text(card.split),
                seed=card.split.seed,
                counts=counts,
            ),
        ),
        (msg("Fingerprint of the used rows"), card.fingerprint),
        *((msg("Remark"), remark) for remark in card.remarks),
    ]


def split_text(split: SplitPlan) -> str:
    """“scaffold”, “as the file says (column “split”)”, “random, fold 1 of 5”."""
    words: str = term(split.method)
    if split.column and split.method == "column":
        words = msg("as the file says (column “{column}”)", column=split.column)
    elif split.column:
        words = msg("{method} (column “{column}”)", method=words, column=split.column)
    if split.file:
        words = msg("{method} (file “{file}”, SHA-256 {sha})", method=words, file=split.file, sha=split.file_sha256)
    if split.folds:
        words = msg("{method}, fold {fold} of {folds}", method=words, fold=split.fold, folds=split.folds)
    return words


def _targets(card: DatasetCard) -> str:
    listed = target_kind(card.task).words.listed_targets(card)
    first, left = joined(map(_target, listed), ", "), len(card.targets) - len(listed)
    return msg("{first} and {left} more", first=first, left=left) if left else first


def _target(target: TargetSummary) -> str:
    if not target.source_column:
        return msg("{name} ({measured:,} values)", name=target.name, measured=target.measured)
    return msg(
        "{name} (from the column {column}, {measured:,} values)",
        name=target.name,
        column=target.source_column,
        measured=target.measured,
    )


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
        facts["memory"] = msg("{size:.1f} GiB", size=facts.pop("memory_bytes") / 2**30)
    programs = packages if isinstance(packages, dict) else {}
    return [
        (_FACTS.get(name, name), value if isinstance(value, str) else str(value)) for name, value in facts.items()
    ] + [(name, str(version)) for name, version in programs.items()]


_FACTS = {
    "system": msg("system"),
    "processor": msg("processor"),
    "cores": msg("cores"),
    "threads": msg("threads"),
    "device": msg("device"),
    "memory": msg("memory"),
}
