"""Commands that look into datasets: datasets, columns, diff."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from sciapp.actions.dataset_versions import VersionWishes, derive_dataset
from sciapp.actions.dataset_views import (
    ColumnStatistics,
    changes_between,
    export_changes,
    export_split,
    known_leaks,
    measure_leaks,
    sum_columns_up,
)
from sciapp.actions.datasets import dataset_of
from sciapp.actions.domains import open_project
from sciapp.cli.output import Printer
from sciapp.errors import short_quotes, shortened
from sciapp.i18n import all_of, joined, lines, msg, number, term
from sciapp.jobs.process.helper_process import carry_out
from sciapp.records.dataset.card import DatasetCard, DatasetFolder
from sciapp.records.dataset.leakage import Leakage, drift_words
from sciapp.records.formatting import number_text
from sciapp.records.project.outputs import check_out
from sciapp.records.project.project import Project

_SHOWN = 20


def derive(options: argparse.Namespace, printer: Printer) -> None:
    """A new version of a dataset, which remembers the one that it comes from."""
    from sciapp.cli.data import card_text
    from sciapp.cli.train import pair

    wishes = VersionWishes(
        targets=tuple(options.target) or None,
        split=options.split,
        split_column=options.split_column,
        seed=options.seed,
        repairs=dict(map(pair, options.repair)),
        name=options.name,
        file=Path(options.file) if options.file else None,
    )
    project = open_project(path=Path(options.project))
    card = derive_dataset(
        project=project, dataset=options.dataset, wishes=wishes, progress=printer.progress(), execute=carry_out
    )
    origin = msg("Version {version}, from {parent}.", version=card.version, parent=card.parent)
    printer.result(card.model_dump(mode="json"), lines([origin, card_text(card)]))


def columns(options: argparse.Namespace, printer: Printer) -> None:
    """The content of each column."""

    def line(one: ColumnStatistics) -> str:
        parts: list[str] = [
            msg(
                "{filled:,} filled, {empty:,} empty, {distinct:,} different",
                filled=one.filled,
                empty=one.empty,
                distinct=one.distinct,
            )
        ]
        if one.mean is not None:
            numbers = (one.minimum, one.maximum, one.mean, one.median)
            low, high, mean, median = (number_text(value or 0.0, one.standard_deviation) for value in numbers)
            parts.append(
                msg("{low} to {high}, mean {mean}, median {median}", low=low, high=high, mean=mean, median=median)
            )
        if one.commonest:
            parts.append(msg("often {values}", values=[f"{value[:30]} ({count:,})" for value, count in one.commonest]))
        return msg("{name} [{role}]: {facts}", name=one.name, role=one.role, facts=joined(parts, "; "))

    card, folder = _dataset(open_project(path=Path(options.project)), options.dataset)
    statistics = sum_columns_up(card=card, folder=folder)
    printer.result([asdict(one) for one in statistics], lines(map(line, statistics)))


def diff(options: argparse.Namespace, printer: Printer) -> None:
    """The changes of a table between two imports."""
    project = open_project(path=Path(options.project))
    out = Path(options.out).expanduser().absolute() if options.out else None
    now = _dataset(project, options.now)
    if out is not None:
        check_out(out, project.folder)  # first: a comparison takes a while
    changes, rows = changes_between(_dataset(project, options.before), now)
    text = [str(changes)]
    text += [
        "  ".join(str(cell) for cell in row.values() if cell is not None)
        for row in changes.table.slice(0, _SHOWN).to_pylist()
    ]
    if changes.table.num_rows > _SHOWN:
        text.append(
            msg(
                "… and {rows:,} more rows; --out FILE.csv writes all of them.",
                rows=changes.table.num_rows - _SHOWN,
            )
        )
    value = {**changes.counts, "same": changes.same, "remarks": list(changes.remarks)}
    if out is not None:
        export_changes(table=rows.table, folder=now[1], out=out)
        value, text = {**value, "out": str(out)}, [str(changes), msg("Written: {out}", out=out)]
    printer.result(value, lines(text))


def _dataset(project: Project, id: str | None) -> tuple[DatasetCard, DatasetFolder]:
    """A dataset by its id, the newest without one."""
    card = dataset_of(project, id)
    return card, project.dataset_folder(card.id)


def datasets(options: argparse.Namespace, printer: Printer) -> None:
    """All datasets of a project, oldest first, and those whose card cannot be read."""
    from sciapp.engine.reports.names import one_line

    def plain(name: str) -> str:
        return shortened(one_line(name))

    project = open_project(path=Path(options.project))
    cards, damaged = project.datasets(), project.damaged_datasets()
    text: list[str] = [
        msg(
            "{id}  “{name}”  {rows:,} rows, {aside:,} set aside  {task} of {targets}  {created}{origin}",
            id=plain(card.id),
            name=plain(card.name),
            rows=card.rows_kept,
            aside=card.rows_set_aside,
            task=term(card.task),
            targets=", ".join(map(plain, card.target_names[:5])) + (" …" if len(card.target_names) > 5 else ""),
            created=f"{card.created.astimezone():%Y-%m-%d %H:%M}",
            origin=msg("  version {version} of {parent}", version=card.version, parent=plain(card.parent))
            if card.parent
            else "",
        )
        for card in cards
    ]
    text += [
        msg(
            "{id}  DAMAGED: {problem}",
            id=plain(one.id),
            problem=short_quotes(msg("{reason}. {hint}", reason=one.reason, hint=one.hint)),
        )
        for one in damaged
    ]
    value = {
        "datasets": [card.model_dump(mode="json") for card in cards],
        "damaged": [
            {"id": one.id, "message": one.message, "hint": one.hint, "context": one.context} for one in damaged
        ],
    }
    printer.result(value, lines(text or [msg("No datasets yet.")]))


# Commands about splits: what `import` is told of them, split export, leaks.


_BAR = 40
_TESTED = msg("Targets in validation and test beside training:")


def split(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    card = dataset_of(project, options.dataset)
    out = Path(options.out).expanduser().absolute()
    written = export_split(folder=project.dataset_folder(card.id), out=out, hashed=options.hashed)
    text = msg("The split of {rows:,} rows: {out}", rows=written.rows, out=out)
    printer.result({"split": str(out), "rows": written.rows}, text)


def leaks(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    card = dataset_of(project, options.dataset)
    folder = project.dataset_folder(card.id)
    leakage = known_leaks(folder=folder)
    if leakage is None:  # a dataset from before leaks were measured
        leakage = measure_leaks(folder=folder, progress=printer.progress(), execute=carry_out)
    printer.result(json.loads(leakage.model_dump_json()), leaks_text(card, leakage))


def leaks_text(card: DatasetCard, leakage: Leakage) -> str:
    """The verdict, a histogram of the nearest neighbours, and the tests of the targets."""
    text: list[str] = [
        msg(
            "Dataset {id}, {method} split: {verdict}",
            id=card.id,
            method=term(card.split.method),
            verdict=leakage.verdict,
        ),
        "",
        msg("{rows}.", rows=leakage.neighbours.summary),
    ]
    edges, counts = leakage.neighbours.bins()
    most = max(1, *counts)
    text.append(msg("Nearest training row, by {measure}:", measure=leakage.measure))
    for index, count in enumerate(counts):
        bar = "█" * -(-_BAR * count // most)
        low, high = number(edges[index], ".2f"), number(edges[index + 1], ".2f")
        text.append("  " + msg("{low} to {high}  {rows}", low=low, high=high, rows=f"{count:>6,}  {bar}".rstrip()))
    for one in leakage.crossings:
        text.append(
            msg(
                "In {splits} at once: {count:,} × {what}.",
                splits=all_of(map(term, one.splits)),
                count=one.count,
                what=term(one.what),
            )
        )
    if leakage.drifts:
        text.append(_TESTED)
        for drift in leakage.drifts:
            words = msg(
                "{target}, {split}: {drift}", target=drift.target, split=term(drift.split), drift=drift_words(drift)
            )
            text.append("  " + (msg("{drift}  (differs)", drift=words) if drift.notable else words))
    return lines(text)
