"""Commands that look into datasets: datasets, columns, diff."""

import argparse
from dataclasses import asdict
from pathlib import Path

from sciapp.cli_dataset import dataset_of
from sciapp.cli_output import Printer
from sciapp.errors import short_quotes, shortened
from sciapp.records.dataset import DatasetCard, DatasetFolder
from sciapp.records.number_words import number_text
from sciapp.records.outputs import check_out
from sciapp.records.project import Project

_SHOWN = 20


def columns(options: argparse.Namespace, printer: Printer) -> None:
    """What stands in each column."""
    from sciapp.engine.data.column_statistics import ColumnStatistics, column_statistics

    def line(one: ColumnStatistics) -> str:
        said = [f"{one.filled:,} filled, {one.empty:,} empty, {one.distinct:,} different"]
        if one.mean is not None:
            numbers = (one.minimum, one.maximum, one.mean, one.median)
            low, high, mean, median = (number_text(value or 0.0, one.standard_deviation) for value in numbers)
            said.append(f"{low} to {high}, mean {mean}, median {median}")
        if one.commonest:
            said.append("often " + ", ".join(f"{value[:30]} ({count:,})" for value, count in one.commonest))
        return f"{one.name} [{one.role}]: {'; '.join(said)}"

    found = list(column_statistics(*_dataset(Project.open(Path(options.project)), options.dataset)))
    printer.result([asdict(one) for one in found], "\n".join(map(line, found)))


def diff(options: argparse.Namespace, printer: Printer) -> None:
    """What became of a table between two imports."""
    from sciapp.engine.data.difference import difference, save_changes

    project = Project.open(Path(options.project))
    out = Path(options.out).expanduser().absolute() if options.out else None
    if out is not None:
        check_out(out, project.folder)
    found = difference(_dataset(project, options.before), _dataset(project, options.now))
    lines = [str(found)]
    lines += [
        "  ".join(str(cell) for cell in row.values() if cell is not None)
        for row in found.table.slice(0, _SHOWN).to_pylist()
    ]
    if found.table.num_rows > _SHOWN:
        lines.append(f"… and {found.table.num_rows - _SHOWN:,} more rows; --out FILE.csv writes all of them.")
    value = {**found.counts, "same": found.same, "remarks": list(found.remarks)}
    if out is not None:
        save_changes(found.table, out)
        value, lines = {**value, "out": str(out)}, [str(found), f"Written: {out}"]
    printer.result(value, "\n".join(lines))


def _dataset(project: Project, id: str | None) -> tuple[DatasetCard, DatasetFolder]:
    """A dataset by its id, the newest without one."""
    card = dataset_of(project, id)
    return card, project.dataset_folder(card.id)


def datasets(options: argparse.Namespace, printer: Printer) -> None:
    """All datasets of a project, oldest first, and those whose card cannot be read."""
    from sciapp.engine.reports.wording import one_line

    def plain(name: str) -> str:
        return shortened(one_line(name))

    project = Project.open(Path(options.project))
    cards, damaged = project.datasets(), project.damaged_datasets()
    lines = [
        f"{plain(card.id)}  “{plain(card.name)}”  {card.rows_kept:,} rows, {card.rows_set_aside:,} set aside  "
        f"{card.task} of {', '.join(map(plain, card.target_names[:5]))}{' …' if len(card.target_names) > 5 else ''}  "
        f"{card.created.astimezone():%Y-%m-%d %H:%M}"
        for card in cards
    ]
    lines += [f"{plain(one.id)}  DAMAGED: {one_line(short_quotes(f'{one.reason}. {one.hint}'))}" for one in damaged]
    value = {
        "datasets": [card.model_dump(mode="json") for card in cards],
        "damaged": [
            {"id": one.id, "message": one.message, "hint": one.hint, "context": one.context} for one in damaged
        ],
    }
    printer.result(value, "\n".join(lines or ["No datasets yet."]))
