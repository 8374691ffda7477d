"""Commands that start runs, follow them and end them."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sciapp import settings
from sciapp.actions.designs import STUDY_SETTINGS, TrainingWishes, training_design
from sciapp.actions.domains import open_project
from sciapp.actions.models import describe_model, memory_needed
from sciapp.actions.projects import make_sample_project, sample_title
from sciapp.actions.results import build_report, export_predictions, report_file
from sciapp.actions.runs import Start, Started, cancel_run, compress_run, predict_file, resume_run, stop_run
from sciapp.actions.studies import next_run, study_result
from sciapp.actions.training import check_start, check_training, design_on, start_study
from sciapp.cli.follow import follow
from sciapp.cli.output import Printer, scores_text
from sciapp.cli.reading_options import reading_of, source_path
from sciapp.engine.runtime.progress import SILENT
from sciapp.errors import BadInput
from sciapp.i18n import lines, msg, term
from sciapp.jobs.launch import processes
from sciapp.jobs.process.helper_process import carry_out
from sciapp.jobs.runs.follow import standing
from sciapp.records.plan.applicability import without_effect
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.run import Run


def train(options: argparse.Namespace, printer: Printer) -> int:
    project, start = open_project(path=Path(options.project)), start_of(options)
    design = _going_on(options, project) if options.continued or options.epochs else design_of(options, project)
    check_start(project=project, design=design, start=start)
    plan = design.training
    assert plan is not None, "the command begins with a fine-tuning"
    if options.check:
        return _check(project, plan, printer, continues=design.continues)
    if needed := memory_needed(describe_model(name=plan.model, project=project), plan):
        printer.say(msg("{needed:u}.", needed=needed))
    if options.queue or options.background:  # otherwise the run says so, which is followed here
        for message in without_effect(plan):
            printer.say(message)
    started = start_study(project=project, design=design, start=start)
    if left_to_itself(started, options, printer):
        return 0
    return _print_runs(project, *follow_all(project, started.run, printer), printer)


def start_of(options: argparse.Namespace) -> Start:
    """Time, device and backend of a run's start."""
    return Start("queued" if options.queue else "now", lane=options.lane, backend=options.backend)


def left_to_itself(started: Started, options: argparse.Namespace, printer: Printer) -> bool:
    """True if nobody follows the run here, which has been said then."""
    run = started.run
    value = {"run": run.id, "project": str(run.project_folder), "lane": started.lane}
    if started.queued:
        message = msg("Run {id} waits for its turn on {lane}; see sciapp queue.", id=run.id, lane=started.lane)
        printer.result(value | {"queued": True}, message)
    elif options.background:
        printer.result(value, msg("Run {id} was started in the background.", id=run.id))
    return bool(started.queued or options.background)


def follow_all(project: Project, run: Run, printer: Printer, *, announced: bool = False) -> tuple[list[Run], int]:
    """Follow a run, and those that a study carries out after it; a run that fails or is ended by hand is the last.

    Returns the runs and the exit code. announced: what is on needs no line of its own.
    """
    runs: list[Run] = []
    following: Run | None = run
    while following is not None:
        if runs or not announced:
            printer.say(msg("Run {id}: {folder}", id=following.id, folder=following.folder))
        runs.append(following)
        code = follow(following, printer)
        following = next_run(project=project, run=following) if code == 0 else None
    return runs, code


def compress(options: argparse.Namespace, printer: Printer) -> int:
    project = open_project(path=Path(options.project))
    run = compress_run(project=project, run_id=options.run, method=options.method)
    return _print_runs(project, *follow_all(project, run, printer), printer)


def predict(options: argparse.Namespace, printer: Printer) -> int:
    project, file = open_project(path=Path(options.project)), source_path(options.file)
    out = Path(options.out).expanduser().absolute()
    run = predict_file(
        project=project,
        run_id=options.run,
        file=file,
        input_column=options.input or "",
        second_input_column=options.second_input or "",
        reading=reading_of(options),
        out=out,
    )
    code = follow(run, printer)
    if code == 0:
        written = export_predictions(
            project=project, run_id=run.id, out=out, progress=printer.progress(), execute=carry_out
        )
        value = {"run": run.id, "predictions": str(out), "rows": written.rows}
        printer.result(value, msg("{rows:,} rows: {out}", rows=written.rows, out=out))
    return code


def stop(options: argparse.Namespace, printer: Printer) -> None:
    run = open_project(path=Path(options.project)).run(options.run)
    stop_run(run=run)
    printer.result(
        {"run": run.id, "asked": "stop"}, msg("Run {id} was asked to stop; its best model is kept.", id=run.id)
    )


def cancel(options: argparse.Namespace, printer: Printer) -> None:
    run = open_project(path=Path(options.project)).run(options.run)
    cancel_run(run=run)
    printer.result({"run": run.id, "asked": "cancel"}, msg("Run {id} was asked to cancel.", id=run.id))


def resume(options: argparse.Namespace, printer: Printer) -> int:
    project = open_project(path=Path(options.project))
    started = resume_run(project=project, run=project.run(options.run), start=start_of(options))
    if left_to_itself(started, options, printer):
        return 0
    return _print_runs(project, *follow_all(project, started.run, printer, announced=True), printer)


def demo(options: argparse.Namespace, printer: Printer) -> int:
    """Everything once: project, import, training, report; in the window where there is one."""
    folder = Path(options.out).expanduser().absolute() if options.out else settings.projects_folder() / "demo"
    name = msg("{project} demo", project=sample_title())
    project = make_sample_project(folder=folder, name=name, lock=False, progress=SILENT, execute=carry_out)
    printer.say(msg("Project: {folder}", folder=project.folder))
    (card,) = project.datasets()
    printer.say(
        msg(
            "{rows:,} molecules with measured solubility, {method} split.",
            rows=card.rows_kept,
            method=term(card.split.method),
        )
    )
    design = StudyDesign(plan=TrainPlan(dataset=card.id))
    run = start_study(project=project, design=design, start=Start("now")).run
    if not options.headless and _has_display():
        # A process of its own: the window's never holds what the import needed, and this one never holds Qt.
        return subprocess.call(processes.own_command(str(project.folder)))
    code = follow(run, printer)
    if code == 0:
        out = report_file(project=project, run_id=run.id)
        build_report(project=project, run_id=run.id, out=out, progress=SILENT, execute=carry_out)
        _print_result(run, printer, report=str(out))
        printer.say(msg("Report: {out}", out=out))
    return code


def design_of(options: argparse.Namespace, project: Project) -> StudyDesign:
    """The training that the options spell, and the study that they, --set or the recipe ask for."""
    named = {name: getattr(options, name, None) for name in ("descriptors", "covariates", "devices")}
    stated = {name: setting for name, setting in named.items() if setting is not None}
    wishes = TrainingWishes(
        recipe=Path(options.recipe) if options.recipe else None,
        dataset=options.dataset,
        model=options.model,
        effort=getattr(options, "effort", None),
        settings=stated | dict(pair(text) for text in options.set),
        studies={kind for name, kind in STUDY_SETTINGS.items() if getattr(options, name, False)},
    )
    return training_design(project=project, wishes=wishes)


def _going_on(options: argparse.Namespace, project: Project) -> StudyDesign:
    """The training of --continue RUN --epochs N, with --set over it. Raises BadInput, RunProblem."""
    if not options.continued or options.epochs is None:
        raise BadInput(
            msg("--continue and --epochs go together."),
            hint=msg(
                "For example --continue 003 --epochs 5; the passes of a new training are --set num_train_epochs=5."
            ),
        )
    conflicting = [
        name for name in ("dataset", "model", "recipe", "effort", "descriptors", "covariates") if getattr(options, name)
    ]
    if conflicting or options.all_folds or options.compare_augmentation:
        raise BadInput(
            msg("A training that goes on from a run has that run’s data, model and settings."),
            hint=msg("Leave out everything but --continue, --epochs, --devices and --set."),
        )
    changes: dict[str, Any] = {} if options.devices is None else {"devices": options.devices}
    changes |= dict(pair(text) for text in options.set)
    run = project.run(options.continued)
    return design_on(project=project, run=run, epochs=options.epochs, settings=changes)


def pair(text: str) -> tuple[str, str]:
    """Name and value of a --set option. Raises BadInput."""
    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput(
            msg("“{text}” is not of the form key=value.", text=text), hint=msg("For example --set learning_rate=1e-4.")
        )
    return name.strip(), value.strip()


def _print_runs(project: Project, runs: Sequence[Run], code: int, printer: Printer) -> int:
    """The result of runs that were followed to their end."""
    if code == 0:
        result = study_result(project=project, runs=runs, progress=printer.progress(), execute=carry_out)
        _print_result(result.run, printer, result.text, **result.facts)
    return code


def _print_result(run: Run, printer: Printer, text: str = "", **facts: object) -> None:
    """text: a sentence below the scores; facts: go into the JSON document."""
    evaluation = run.evaluation()  # its verdict was among the events and has been said
    learnt = run.pretraining()
    value = {"run": run.id, "folder": str(run.folder), "ending": standing(run), **facts}
    value["evaluation"] = json.loads(evaluation.model_dump_json()) if evaluation else None
    value["pretraining"] = json.loads(learnt.model_dump_json()) if learnt else None
    scores = scores_text(evaluation, printer.translator) if evaluation else ""
    printer.result(value, lines(["", scores, *([text] if text else [])]))


def _has_display() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _check(project: Project, plan: TrainPlan, printer: Printer, *, continues: str = "") -> int:
    """Try a training out and say what it takes and what looks wrong about it; 0 whatever was detected: that is for
    people to judge.
    """
    progress = printer.progress()
    preflight = check_training(project=project, plan=plan, continues=continues, progress=progress, execute=carry_out)
    value = json.loads(preflight.model_dump_json()) | {"verdict": preflight.verdict}
    printer.result(value, lines(preflight.lines()))
    return 0
