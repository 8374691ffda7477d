"""History of a project as entries in the order of time: data imported, runs, studies; and the step that comes next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sciapp.actions.tasks import targets_title
from sciapp.i18n import joined, msg, number, plural
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.damage import DamagedDataset
from sciapp.records.formatting import number_with_error
from sciapp.records.project.items import Item
from sciapp.records.run.evaluation import Score
from sciapp.records.run.progress import duration
from sciapp.records.run.run import RunStatus
from sciapp.records.run.score_format import in_sentence, value_text
from sciapp.records.run.summary import RunSummary, StudySummary, best_training
from sciapp.ui.theme import Status

_RUN_ICONS = {"train": "activity", "pretrain": "graduation-cap", "compress": "package", "predict": "target"}


@dataclass(frozen=True)
class Entry:
    """One card of the timeline.

    key: tells it from the others. item: what is renamed and deleted; None for a study. when: None for now. tone: token
    of the icon's colour. share: from 0 to 1, of a run that is on. members: entries that a study folds out.
    """

    key: str
    title: str
    sentence: str = ""
    item: Item | None = None
    when: datetime | None = None
    icon: str = "activity"
    tone: str = "ink2"
    score: str = ""
    pill: str = ""
    status: Status | None = None
    button: str = ""
    name: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    is_on: bool = False
    share: float | None = None
    is_run: bool = False
    inside: str = ""
    members: tuple["Entry", ...] = field(default=())


@dataclass(frozen=True)
class NextStep:
    """The dashed card at the end: what has not been done yet. verb: import, train, results or watch."""

    verb: str
    title: str
    sentence: str
    button: str
    dataset: str = ""
    run: str = ""


def timeline(
    cards: Sequence[DatasetCard], damaged: Sequence[DamagedDataset], runs: Sequence[RunSummary]
) -> list[Entry]:
    """All entries, oldest first; damaged datasets before them, runs of a study inside its own entry."""
    known = {card.id: card for card in cards}
    names = {card.id: card.title for card in cards} | {run.id: run.display_name for run in runs}
    best = best_training(runs)
    entries = [_dataset_entry(card, known) for card in cards]
    alone = [run for run in runs if run.study is None or len(run.study.runs) == 1]
    entries += [_run_entry(run, names, is_best=best is not None and best.id == run.id) for run in alone]
    studies = {run.study.id: run.study for run in runs if run.study is not None and len(run.study.runs) > 1}
    for study in studies.values():
        members = [run for run in runs if run.study is not None and run.study.id == study.id]
        best_id = best.id if best is not None else ""
        entries.append(_study_entry(study, members, names, best_id))
    entries.sort(key=lambda entry: (entry.when is None, entry.when.timestamp() if entry.when else 0.0, entry.key))
    return [_damaged_entry(damage) for damage in damaged] + entries


def next_step(cards: Sequence[DatasetCard], runs: Sequence[RunSummary]) -> NextStep:
    """The step that follows from what there is."""
    if not cards:
        sentence = msg("A table of what you measured: one row each, and a column with what is to be predicted.")
        return NextStep("import", msg("Import your data"), sentence, msg("Import a table"))
    newest = cards[-1]
    on = next((run for run in runs if run.is_training and not run.standing.is_over and not run.queued), None)
    if on is not None:
        sentence = msg("{run} is on. Watch how it gets better, or stop it when it is good enough.", run=on.display_name)
        return NextStep("watch", msg("Wait for {run}", run=on.display_name), sentence, msg("Watch"), run=on.id)
    trained = [run for run in runs if run.facts.fits_labels]
    best = best_training(runs)
    if best is not None and newest.id not in {run.subject for run in trained}:
        sentence = msg("Nothing was trained on “{name}” yet.", name=newest.title)
        return NextStep("train", msg("Train on {name}", name=newest.title), sentence, msg("Prepare it"), newest.id)
    if best is not None and best.beats_baseline:
        sentence = msg("{run} is better than the simple method, beyond chance.", run=best.display_name)
        return NextStep("results", msg("Try the best model"), sentence, msg("See the results"), run=best.id)
    if best is not None and best.loses_to_baseline:
        title = msg("Import more rows, or train another model")
        sentence = msg("The simple method is better than {run}, beyond chance.", run=best.display_name)
        return NextStep("train", title, sentence, msg("Prepare it"), best.subject)
    if best is not None:
        title = msg("Train once more, to know whether it is luck")
        sentence = msg("{run} is not better than the simple method beyond chance.", run=best.display_name)
        return NextStep("train", title, sentence, msg("Prepare it"), best.subject)
    sentence = msg(
        "{name}: {rows:,} rows, {targets}.", name=newest.title, rows=newest.rows_kept, targets=_targets(newest)
    )
    if trained:
        sentence = msg("No training has ended with a model yet.")
    return NextStep("train", msg("Train a first model"), sentence, msg("Prepare it"), newest.id)


def _dataset_entry(card: DatasetCard, known: Mapping[str, DatasetCard]) -> Entry:
    problems = sum(finding.weight == "problem" and not finding.repaired for finding in card.findings)
    parts: list[str] = [msg("{rows:,} rows used, {aside:,} set aside", rows=card.rows_kept, aside=card.rows_set_aside)]
    parts.append(_targets(card))
    if card.parent:
        parent = known.get(card.parent)
        parts.append(msg("from {parent}", parent=parent.title if parent is not None else card.parent))
    return Entry(
        key=f"dataset:{card.id}",
        title=msg("{name} imported", name=card.title),
        sentence=joined(parts, " · "),
        item=Item(kind="dataset", id=card.id),
        when=card.created,
        icon="table-2",
        tone="good",
        pill=plural("{n} thing to look at", "{n} things to look at", problems)
        if problems
        else msg("nothing to repair"),
        status="caution" if problems else "good",
        button=msg("Look at it"),
        name=card.name,
        notes=card.notes,
        tags=card.tags,
    )


def _targets(card: DatasetCard) -> str:
    return msg("predicts {targets}", targets=targets_title(card))


def _damaged_entry(damage: DamagedDataset) -> Entry:
    return Entry(
        key=f"dataset:{damage.id}",
        title=damage.id,
        sentence=damage.reason,
        item=Item(kind="dataset", id=damage.id),
        icon="table-2",
        tone="bad",
        pill=msg("damaged"),
        status="bad",
        button=msg("See why"),
        name=damage.id,
    )


def _run_entry(run: RunSummary, names: Mapping[str, str], *, is_best: bool = False, inside: str = "") -> Entry:
    title = joined([run.display_name, msg("best so far") if is_best else ""], " · ")
    is_on = not run.standing.is_over and not run.queued
    pill, status = _verdict(run)
    return Entry(
        key=f"run:{run.id}",
        title=title,
        sentence=_about_run(run, names),
        item=Item(kind="run", id=run.id),
        when=None if is_on else run.started or run.created,
        icon=_RUN_ICONS.get(run.kind, "activity"),
        tone="accent_text" if is_best or is_on else "ink2",
        score=score_text(run.score) if run.score is not None and run.standing.has_model else "",
        pill=pill,
        status=status,
        button=_button(run),
        name=run.display_name,
        notes=run.notes,
        tags=run.tags,
        is_on=is_on,
        share=run.step / run.total_steps if is_on and run.total_steps else None,
        is_run=True,
        inside=inside,
    )


def _about_run(run: RunSummary, names: Mapping[str, str]) -> str:
    """What was learnt from, what was trained, and how long it took; the reason where it failed."""
    if run.standing is RunStatus.FAILED and run.message:
        return run.message
    subject = names.get(run.subject) or Path(run.subject).name
    model = names.get(run.model) or (run.model if len(run.model) < _LONGEST_MODEL else Path(run.model).name)
    took = duration((run.ended - run.started).total_seconds()) if run.ended and run.started else ""
    if run.facts.compresses:
        return joined([msg("made smaller from {run}", run=subject), model, took], " · ")
    if run.kind == "predict":
        return joined([msg("predicted {file}", file=subject), model, took], " · ")
    return joined([model, subject, took], " · ")


_LONGEST_MODEL = 40


def _verdict(run: RunSummary) -> tuple[str, Status | None]:
    """The pill of a run: whether its model is of use, or how it ended."""
    if run.standing.has_model:
        if run.beats_baseline is None or run.facts.compresses:
            return run.state, "good"
        if run.beats_baseline:
            return msg("beats the simple method"), "good"
        return (msg("the simple method is better") if run.loses_to_baseline else msg("may be luck")), "caution"
    statuses: dict[RunStatus, Status] = {RunStatus.FAILED: "bad", RunStatus.INTERRUPTED: "caution"}
    return run.state, statuses.get(run.standing)


def _button(run: RunSummary) -> str:
    if not run.standing.is_over:
        return msg("Watch")
    if run.standing.has_model:
        return msg("Results") if not run.facts.compresses else msg("Look at it")
    return msg("See why") if run.standing is RunStatus.FAILED else msg("Look at it")


def _study_entry(study: StudySummary, runs: Sequence[RunSummary], names: Mapping[str, str], best: str) -> Entry:
    members = tuple(_run_entry(run, names, is_best=run.id == best, inside=study.id) for run in runs)
    is_on = any(member.is_on for member in members)
    last = runs[-1]
    return Entry(
        key=f"study:{study.id}",
        title=joined([study.title, plural("{n} run", "{n} runs", len(study.runs))], " · "),
        sentence=study.text or joined([last.model, names.get(last.subject, "")], " · "),
        when=None if is_on else runs[0].started or runs[0].created,
        icon="layers",
        tone="accent_text" if best in {run.id for run in runs} else "ink2",
        score=study.score,
        button=msg("Show its runs"),
        is_on=is_on,
        members=members,
    )


def score_text(score: Score) -> str:
    """“off by 0.69 ± 0.10”; ± is half of the 95 % interval."""
    value = value_text(score)
    if score.value is not None and score.low is not None and score.high is not None:
        value = number_with_error(score.value, (score.high - score.low) / 2)
    return msg("off by {value}", value=value) if score.name == "rmse" else joined([in_sentence(score.name), value])


# The four numbers at the top.


@dataclass(frozen=True)
class Tile:
    """A number and what it counts."""

    value: str
    unit: str
    detail: str


def tiles(cards: Sequence[DatasetCard], runs: Sequence[RunSummary], rows: str) -> tuple[Tile, Tile, Tile]:
    """Best score, rows of the newest dataset, runs. rows: what a row is called, such as “molecules”."""
    best = best_training(runs)
    score = Tile("–", "", msg("no result yet"))
    if best is not None and best.score is not None and best.score.value is not None:
        low, high = best.score.low, best.score.high
        error = (high - low) / 2 if low is not None and high is not None else None
        value = number_with_error(best.score.value, error)
        score = Tile(value, in_sentence(best.score.name), msg("best so far: {run}", run=best.display_name))
    datasets = plural("{n} dataset", "{n} datasets", len(cards))
    data = Tile(number(cards[-1].rows_kept, ",d"), rows, datasets) if cards else Tile("0", rows, datasets)
    return score, data, Tile(number(len(runs), ",d"), plural("run", "runs", len(runs)), _standings(runs))


def _standings(runs: Collection[RunSummary]) -> str:
    on = sum(not run.standing.is_over and not run.queued for run in runs)
    waiting = sum(run.queued for run in runs)
    failed = sum(run.standing is RunStatus.FAILED for run in runs)
    parts = (
        msg("{n:,} on", n=on) if on else "",
        msg("{n:,} waiting", n=waiting) if waiting else "",
        msg("{n:,} failed", n=failed) if failed else "",
    )
    return joined(parts, ", ") or (msg("none is on") if runs else msg("none yet"))
