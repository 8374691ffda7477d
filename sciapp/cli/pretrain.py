"""The command `pretrain`: learn from rows without labels, in a project or straight from a file."""

import argparse
import json
import os
import shutil
from pathlib import Path
from typing import Any

from sciapp import settings
from sciapp.actions.datasets import dataset_of, must_be_named
from sciapp.actions.domains import open_project
from sciapp.cli.follow import follow
from sciapp.cli.output import Printer
from sciapp.cli.parser import reading_of, source_path
from sciapp.cli.train import asked_for, check_device, pair, queue_or_leave, study_design
from sciapp.engine.domains.about import domain_names
from sciapp.errors import BadInput, OutOfSpace
from sciapp.i18n import any_of, msg
from sciapp.jobs.runs.follow import standing
from sciapp.jobs.runs.follow_up import begin, run_after
from sciapp.records.atomic import new_folder
from sciapp.records.plan.plan import PretrainPlan, TrainPlan, read_plan_of, with_settings
from sciapp.records.project.project import SUFFIX, Project, free_folder
from sciapp.records.project.studies.pretraining_first import PretrainingFirst
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.run import Run


def pretrain(options: argparse.Namespace, printer: Printer) -> int:
    source, out = Path(options.source).expanduser().absolute(), _out(options)
    from_file = source.is_file() and source.suffix != SUFFIX
    if from_file and (options.file or options.then_train):
        raise BadInput(
            msg("--file and --then-train need a project."), hint=msg("Make one with sciapp new and name it first.")
        )
    project = _project_for(source, options, out) if from_file else open_project(path=source)
    if from_file:
        printer.say(msg("Project: {folder}", folder=project.folder))
    elif options.domain and options.domain != project.record.domain:
        raise BadInput(
            msg(
                "The project is about {domain}s, not {other_domain}s.",
                domain=project.record.domain,
                other_domain=options.domain,
            ),
            hint=msg("Drop --domain."),
        )
    check_device(options)
    run = begin(project, _design(options, project, source if from_file else None))
    if queue_or_leave(run, options, printer):
        return 0
    printer.say(msg("Run {id}: {folder}", id=run.id, folder=run.folder))
    code = follow(run, printer)
    if code == 0 and out is not None:
        _copy_model(run, out)
        printer.say(msg("Model: {out}", out=out))
    following = run_after(project, run) if code == 0 and options.then_train else None
    if following is not None:
        printer.say(msg("Run {id}: {folder}", id=following.id, folder=following.folder))
        code = follow(following, printer)
    if code == 0:
        printer.result(_value(project, run, following, out))
    return code


def _value(project: Project, run: Run, following: Run | None, out: Path | None) -> dict[str, object]:
    record = run.pretraining()
    return {
        "run": run.id,
        "project": str(project.folder),
        "folder": str(run.folder),
        "model": str(out or run.model_folder),
        "ending": standing(run),
        "then": following.id if following else None,
        "pretraining": json.loads(record.model_dump_json()) if record else None,
    }


def _design(options: argparse.Namespace, project: Project, file: Path | None) -> StudyDesign:
    """The study that the options describe; --set is laid over it, --then-set over the training that follows."""
    if options.file:
        file = source_path(options.file)
    must_be_named(options.dataset)
    dataset = dataset_of(project, options.dataset).id if options.then_train or file is None else ""
    value: dict[str, object] = {"model": _model(options.from_ or ""), "size": options.size}
    value |= (
        {"file": str(file), "input_column": options.input or "", "reading": reading_of(options)}
        if file
        else {"dataset": dataset}
    )
    plan = read_plan_of(PretrainPlan, value)
    changes = {} if options.devices is None else {"devices": options.devices}
    plan = with_settings(plan, changes | dict(pair(text) for text in options.set))
    if not options.then_train:
        return StudyDesign(plan=plan)
    settings: dict[str, Any] = dict(pair(text) for text in options.then_set)
    kinds = asked_for(settings)
    then = study_design(with_settings(TrainPlan(dataset=dataset), settings), kinds)
    return StudyDesign(plan=plan, kind=PretrainingFirst.name, then=then)


def _model(word: str) -> str:
    folder = Path(word).expanduser()
    return str(folder.absolute()) if word and folder.is_dir() else word


def _project_for(file: Path, options: argparse.Namespace, out: Path | None) -> Project:
    """A project of its own for a file: beside --out, else where projects are."""
    if not options.domain:
        known = domain_names()
        raise BadInput(
            msg("What the rows of the file are is not said."),
            hint=msg("Add --domain {names}.", names=any_of(known)),
        )
    name = f"pretrain-{file.name.split('.')[0]}"
    folder = out.with_name(f"{out.name}-project") if out else settings.projects_folder() / name
    return Project.create(free_folder(folder), domain=options.domain, name=name)


def _out(options: argparse.Namespace) -> Path | None:
    """The folder that the model is copied to. Raises BadInput before anything is trained."""
    if not options.out:
        return None
    out = Path(options.out).expanduser().absolute()
    if options.background:
        raise BadInput(
            msg("--out and --background do not go together."), hint=msg("The model stays in the run’s folder.")
        )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput(msg("“{out}” is there already.", out=out), hint=msg("Name a new or an empty folder with --out."))
    above = next(parent for parent in out.parents if parent.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise BadInput(
            msg("Nothing can be written to “{above}”.", above=above), hint=msg("Name a folder elsewhere with --out.")
        )
    return out


def _copy_model(run: Run, out: Path) -> None:
    try:
        with new_folder(out) as draft:
            shutil.copytree(run.model_folder, draft, dirs_exist_ok=True)
    except (OSError, shutil.Error, OutOfSpace) as error:
        raise BadInput(
            msg("The model could not be copied to “{out}”.", out=out),
            hint=msg("It is safe in {model_folder}; copy it from there.", model_folder=run.model_folder),
            context=str(error),
        ) from error
