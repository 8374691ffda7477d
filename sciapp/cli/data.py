"""Commands about projects and files: new, import, doctor, report, export-predictions."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from sciapp.actions.datasets import check_table, explain_table, import_table
from sciapp.actions.domains import open_project
from sciapp.actions.import_request import ImportWishes, proposed_request
from sciapp.actions.projects import create_project
from sciapp.actions.results import build_report, export_predictions, report_file
from sciapp.actions.tasks import task_options
from sciapp.cli.output import Printer, checkup_text
from sciapp.cli.reading_options import reading_of, source_path
from sciapp.errors import BadInput
from sciapp.i18n import joined, lines, msg, term
from sciapp.jobs.process.helper_process import carry_out
from sciapp.records.dataset.card import DatasetCard, ImportRequest
from sciapp.records.project.project import Project


def new(options: argparse.Namespace, printer: Printer) -> None:
    project = create_project(folder=Path(options.folder), domain=options.domain, name=options.name, lock=False)
    printer.result(
        {"project": str(project.folder), "file": str(project.file)}, msg("Project made: {file}", file=project.file)
    )


def import_file(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    if options.explain:
        _explain(options, project, printer)
        return
    request = _request(options, project)
    cards = import_table(project=project, request=request, progress=printer.progress(), execute=carry_out)
    first = cards[0].model_dump(mode="json")
    if request.all_folds:
        printer.result(first | {"datasets": [card.id for card in cards]}, joined(map(card_text, cards), "\n\n"))
    else:
        printer.result(first, card_text(cards[0]))


def doctor(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    request = _request(options, project)
    report = check_table(project=project, request=request, progress=printer.progress(), execute=carry_out)
    printer.result(report.model_dump(mode="json"), checkup_text(report, printer.translator))


def report(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    run = project.run(options.run)
    out = (
        report_file(project=project, run_id=run.id)
        if options.out is None
        else Path(options.out).expanduser().absolute()
    )
    build_report(project=project, run_id=run.id, out=out, progress=printer.progress(), execute=carry_out)
    printer.result({"report": str(out)}, msg("Report: {out}", out=out))


def export_predictions_of_run(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    out = Path(options.out).expanduser().absolute()
    written = export_predictions(
        project=project, run_id=options.run, out=out, progress=printer.progress(), execute=carry_out
    )
    printer.result(
        {"predictions": str(out), "rows": written.rows}, msg("{rows:,} rows: {out}", rows=written.rows, out=out)
    )


def card_text(card: DatasetCard) -> str:
    """The outcome of an import, for people."""
    counts = msg(
        "Dataset {id}: {used:,} of {rows:,} rows, {task}.",
        id=card.id,
        used=card.rows_kept,
        rows=card.rows_read,
        task=term(card.task),
    )
    parts = (msg("{split} {rows:,}", split=term(name), rows=rows) for name, rows in card.split_counts.items())
    text: list[str] = [
        joined([counts, card.task_reason]),
        msg("Split ({method}): {counts}", method=term(card.split.method), counts=joined(parts, ", ")),
    ]
    if card.roles.second_input:
        text.append(
            msg(
                "Each row is a pair: “{input}” and “{second_input}”.",
                input=card.roles.input,
                second_input=card.roles.second_input,
            )
        )
    if card.roles.weight:
        text.append(msg("Training rows are weighted by “{weight}”.", weight=card.roles.weight))
    if card.rows_set_aside:
        text.append(
            msg(
                "{rows:,} rows were set aside; rejected.csv has them with the reasons:",
                rows=card.rows_set_aside,
            )
        )
        text += ["  " + reason for reason in card.set_aside_texts()]
    if card.values_changed:
        text.append(
            msg(
                "{values:,} values were changed by repairs; repairs.csv has them, before and after.",
                values=card.values_changed,
            )
        )
    undecided = [finding for finding in card.findings if finding.weight == "problem" and finding.choices]
    if undecided:
        text.append(msg("Look at these; `sciapp doctor` says more, and --repair what else can be done:"))
        text += [
            "  " + msg("{title} ({count:,}): {done:l}", title=finding.title, count=finding.count, done=finding.done)
            for finding in undecided
        ]
    return lines([*text, *card.remarks])


def _explain(options: argparse.Namespace, project: Project, printer: Printer) -> None:
    path, domain, reading = source_path(options.file), project.record.domain, reading_of(options)
    translator = printer.translator
    printer.result(*explain_table(path=path, domain=domain, reading=reading, translator=translator))


def _request(options: argparse.Namespace, project: Project) -> ImportRequest:
    wishes = ImportWishes(
        file=source_path(options.file),
        reading=reading_of(options),
        input=options.input or "",
        second_input=options.second_input,
        targets=tuple(options.target),
        task=options.task,
        covariates=tuple(options.covariate),
        mask=options.mask,
        weight=options.weight,
        split=options.split,
        split_column=options.split_column,
        group=options.group,
        time=options.time,
        split_file=options.split_file,
        threshold=options.threshold,
        folds=options.folds,
        fold=options.fold,
        all_folds=options.all_folds,
        repeats=options.repeats,
        fractions=_fractions(options.fractions),
        seed=options.seed,
        name=options.name,
        repairs=_repairs(options.repair),
        task_options={name: value for name in task_options() if (value := getattr(options, name)) is not None},
    )
    return proposed_request(project=project, wishes=wishes)


def _fractions(text: str | None) -> tuple[float, float, float] | None:
    """Train, validation and test of “0.8,0.1,0.1”. Raises BadInput."""
    if text is None:
        return None
    try:
        train, validation, test = (float(part) for part in text.split(","))
    except ValueError:
        raise BadInput(
            msg("“{text}” is not three fractions.", text=text), hint=msg("For example 0.8,0.1,0.1.")
        ) from None
    return train, validation, test


def _repairs(words: Sequence[str]) -> dict[str, str]:
    """The policies of `--repair kind=policy`; of a kind that is named twice the last one counts."""
    repairs = {}
    for word in words:
        kind, sign, policy = (part.strip() for part in word.partition("="))
        if not kind or not sign or not policy:
            raise BadInput(msg("“{word}” is no repair.", word=word), hint=msg("For example --repair conflicts=mean."))
        repairs[kind] = policy
    return repairs
