"""The command `pretrain`: learn from rows without labels, in a project or straight from a file."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from sciapp.actions.designs import PretrainingWishes, pretraining_design
from sciapp.actions.domains import open_project
from sciapp.actions.models import check_copy, copy_model
from sciapp.actions.projects import create_project_for
from sciapp.actions.studies import next_run
from sciapp.actions.training import start_study
from sciapp.cli.follow import follow
from sciapp.cli.output import Printer
from sciapp.cli.reading_options import reading_of, source_path
from sciapp.cli.train import follow_all, left_to_itself, pair, start_of
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.jobs.runs.follow import standing
from sciapp.records.project.project import SUFFIX, Project
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.run import Run


def pretrain(options: argparse.Namespace, printer: Printer) -> int:
    source, out, start = Path(options.source).expanduser().absolute(), _out(options), start_of(options)
    start.check()
    from_file = source.is_file() and source.suffix != SUFFIX
    if from_file and (options.file or options.then_train):
        raise BadInput(
            msg("--file and --then-train need a project."), hint=msg("Make one with sciapp new and name it first.")
        )
    if from_file:
        project = create_project_for(file=source, domain=options.domain, near=out)
        printer.say(msg("Project: {folder}", folder=project.folder))
    else:
        project = open_project(path=source)
        _check_domain(options, project)
    design = design_of(options, project, source if from_file else None)
    started = start_study(project=project, design=design, start=start)
    if left_to_itself(started, options, printer):
        return 0
    run, following = started.run, list[Run]()
    printer.say(msg("Run {id}: {folder}", id=run.id, folder=run.folder))
    code = follow(run, printer)
    if code == 0 and out is not None:
        copy_model(run=run, out=out)
        printer.say(msg("Model: {out}", out=out))
    if code == 0 and (training := next_run(project=project, run=run)) is not None:
        following, code = follow_all(project, training, printer)
    if code == 0:
        printer.result(_value(project, run, following, out))
    return code


def design_of(options: argparse.Namespace, project: Project, file: Path | None) -> StudyDesign:
    """The study that the options describe; --set is laid over it, --then-set over the training that follows.

    file: the rows to learn from, where no --file names them.
    """
    devices = {} if options.devices is None else {"devices": options.devices}
    wishes = PretrainingWishes(
        dataset=options.dataset,
        file=source_path(options.file) if options.file else file,
        reading=reading_of(options),
        input=options.input or "",
        model=options.from_ or "",
        size=options.size,
        settings=devices | dict(pair(text) for text in options.set),
        then=dict(pair(text) for text in options.then_set) if options.then_train else None,
    )
    return pretraining_design(project=project, wishes=wishes)


def _value(project: Project, run: Run, following: Sequence[Run], out: Path | None) -> dict[str, object]:
    record = run.pretraining()
    return {
        "run": run.id,
        "project": str(project.folder),
        "folder": str(run.folder),
        "model": str(out or run.model_folder),
        "ending": standing(run),
        "then": following[0].id if following else None,
        "pretraining": json.loads(record.model_dump_json()) if record else None,
    }


def _check_domain(options: argparse.Namespace, project: Project) -> None:
    if options.domain and options.domain != project.record.domain:
        raise BadInput(
            msg(
                "The project is about {domain}s, not {other_domain}s.",
                domain=project.record.domain,
                other_domain=options.domain,
            ),
            hint=msg("Drop --domain."),
        )


def _out(options: argparse.Namespace) -> Path | None:
    """The folder that the model is copied to. Raises BadInput before anything is trained."""
    if not options.out:
        return None
    out = Path(options.out).expanduser().absolute()
    if options.background:
        raise BadInput(
            msg("--out and --background do not go together."), hint=msg("The model stays in the run’s folder.")
        )
    check_copy(out=out)
    return out
