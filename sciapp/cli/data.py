"""Commands about projects and files: new, import, doctor, report, export-predictions."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from sciapp.actions.datasets import check_table, import_table
from sciapp.actions.domains import open_project
from sciapp.actions.results import build_report, export_predictions
from sciapp.cli.datasets import repeats, split_plan
from sciapp.cli.output import Printer, checkup_text
from sciapp.cli.parser import reading_of, source_path
from sciapp.errors import BadInput, listed
from sciapp.i18n import msg
from sciapp.jobs.process.helper_process import carry_out
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles
from sciapp.records.dataset.tasks import may_be_per_unit
from sciapp.records.project.project import Project


def new(options: argparse.Namespace, printer: Printer) -> None:
    project = Project.create(Path(options.folder), domain=options.domain, name=options.name)
    printer.result({"project": str(project.folder), "file": str(project.file)}, f"Project made: {project.file}")


def import_file(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    if options.explain:
        _explain(options, project, printer)
        return
    request = _request(options, project)
    cards = import_table(project=project, request=request, reporter=printer.reporter(), execute=carry_out)
    first = cards[0].model_dump(mode="json")
    if request.all_folds:
        printer.result(first | {"datasets": [card.id for card in cards]}, "\n\n".join(map(card_text, cards)))
    else:
        printer.result(first, card_text(cards[0]))


def doctor(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    request = _request(options, project)
    report = check_table(project=project, request=request, reporter=printer.reporter(), execute=carry_out)
    printer.result(report.model_dump(mode="json"), checkup_text(report))


def report(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    out = Path(options.out).expanduser().absolute()
    build_report(project=project, run_id=options.run, out=out, reporter=printer.reporter(), execute=carry_out)
    printer.result({"report": str(out)}, f"Report: {out}")


def export_predictions_of_run(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    out = Path(options.out).expanduser().absolute()
    written = export_predictions(
        project=project, run_id=options.run, out=out, reporter=printer.reporter(), execute=carry_out
    )
    printer.result({"predictions": str(out), "rows": written.rows}, f"{written.rows:,} rows: {out}")


def card_text(card: DatasetCard) -> str:
    """What came of an import, for people."""
    lines = [
        f"Dataset {card.id}: {card.rows_kept:,} of {card.rows_read:,} rows, {card.task}. {card.task_reason}".strip(),
        "Split (" + card.split.method + "): " + ", ".join(f"{n} {count:,}" for n, count in card.split_counts.items()),
    ]
    if card.roles.second_input:
        lines.append(f"Each row is a pair: “{card.roles.input}” and “{card.roles.second_input}”.")
    if card.roles.weight:
        lines.append(f"Training rows are weighted by “{card.roles.weight}”.")
    if card.rows_set_aside:
        lines.append(f"{card.rows_set_aside:,} rows were set aside; rejected.csv has them with the reasons:")
        lines += [f"  {count:,} × {reason}" for reason, count in card.set_aside_reasons.items()]
    if card.values_changed:
        lines.append(f"{card.values_changed:,} values were changed by repairs; repairs.csv has them, before and after.")
    asked = [finding for finding in card.findings if finding.weight == "problem" and finding.choices]
    if asked:
        lines.append("Look at these; `sciapp doctor` says more, and --repair what else can be done:")
        lines += [f"  {finding.title} ({finding.count:,}): {finding.done.lower()}" for finding in asked]
    return "\n".join([*lines, *card.remarks])


def _explain(options: argparse.Namespace, project: Project, printer: Printer) -> None:
    from sciapp.engine.data.readers.table_reader import preview
    from sciapp.engine.data.schema.explain import explained, explained_text
    from sciapp.engine.data.schema.infer import propose

    seen = preview(source_path(options.file), reading=reading_of(options))
    proposal = propose(seen, project.record.domain)
    printer.result(explained(seen, proposal), explained_text(seen, proposal))


def _request(options: argparse.Namespace, project: Project) -> ImportRequest:
    """What the options say; roles that are not given are proposed from the columns."""
    from sciapp.engine.data.readers.derived_columns import joined_name, several
    from sciapp.engine.data.readers.table_reader import preview
    from sciapp.engine.data.schema.infer import propose

    file, reading = source_path(options.file), reading_of(options)
    seen = preview(file, reading=reading)
    if together := several(options.input or "", seen.columns):
        reading = reading.model_copy(update={"together": together})
        seen, options.input = preview(file, reading=reading), joined_name(together)
    proposal = propose(seen, project.record.domain)
    input_, targets = options.input or proposal.input, tuple(options.target) or proposal.targets
    if not input_ or not targets:
        hint = f"{proposal.explanation} Name them with --input and --target; there are: {listed(seen.columns)}."
        if input_:  # rows without a measurement
            learn = f"To learn from the rows as they are: sciapp pretrain {project.folder} --file {file}."
            raise BadInput(msg("There is no measurement to learn."), hint=msg("{learn} {hint}", learn=learn, hint=hint))
        raise BadInput(msg("It is not clear which columns to use."), hint=hint)
    times = repeats(options)  # first: what contradicts itself is told before what cannot be
    split = split_plan(options, proposal.split, proposal.split_column, proposal.group, proposal.time)
    # Nothing is added for somebody who names all that is read and learnt, as the window does, and no column that was
    # named for something else. Mask and conditions go with the target that they were proposed along with.
    left_to_us = not (options.input and options.target)
    typed = {input_, *targets, *options.covariate, options.second_input, options.mask, options.weight, split.column}

    def proposed(name: str | None, *, fits: bool = True) -> str | None:
        return name if left_to_us and fits and name not in typed else None

    as_proposed = targets == proposal.targets
    covariates = [name for name in proposal.covariates if proposed(name, fits=as_proposed and not options.covariate)]
    roles = Roles(
        input=input_,
        targets=targets,
        split=split.column if split.method == "column" else None,
        mask=options.mask or proposed(proposal.mask, fits=as_proposed and may_be_per_unit(options.task)),
        covariates=tuple(options.covariate) or tuple(covariates),
        group=options.group or (split.column if split.method == "group" else None),
        time=options.time or (split.column if split.method == "time" else None),
        second_input=options.second_input or proposed(proposal.second_input),
        weight=options.weight or proposed(proposal.weight),
    )
    return ImportRequest(
        file=str(file),
        roles=roles,
        task=options.task,
        split=split,
        name=options.name,
        repairs=_repairs(options.repair),
        reading=reading,
        all_folds=options.all_folds,
        repeats=times,
        notes=proposal.notes if as_proposed and split.method == proposal.split else (),
    )


def _repairs(words: Sequence[str]) -> dict[str, str]:
    """What `--repair kind=policy` says; a kind that is named twice is dealt with as said last."""
    repairs = {}
    for word in words:
        kind, sign, policy = (part.strip() for part in word.partition("="))
        if not kind or not sign or not policy:
            raise BadInput(msg("“{word}” is no repair.", word=word), hint=msg("For example --repair conflicts=mean."))
        repairs[kind] = policy
    return repairs
