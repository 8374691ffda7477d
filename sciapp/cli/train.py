"""Commands that start runs, follow them and end them."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sciapp import settings
from sciapp.actions.datasets import import_table
from sciapp.actions.domains import open_project
from sciapp.actions.models import memory_needed
from sciapp.actions.projects import sample_request
from sciapp.actions.results import build_report, export_predictions
from sciapp.actions.runs import cancel_run, compress_run, predict_file, stop_run
from sciapp.actions.training import check_training
from sciapp.actions.training_plan import TrainingWishes, read_recipe, training_plan
from sciapp.cli.follow import follow
from sciapp.cli.output import Printer, scores_text
from sciapp.cli.parser import reading_of, source_path
from sciapp.engine.hub.catalog import describe
from sciapp.engine.runtime.progress import SILENT
from sciapp.errors import BadInput
from sciapp.i18n import lines, msg, term
from sciapp.jobs.launch import processes
from sciapp.jobs.machine.devices import check_lane
from sciapp.jobs.process.helper_process import carry_out
from sciapp.jobs.queue import queue
from sciapp.jobs.runs.follow import standing
from sciapp.jobs.runs.follow_up import begin, continuation, run_after
from sciapp.records.plan.applicability import without_effect
from sciapp.records.plan.augmentation import check_models
from sciapp.records.plan.plan import (
    TrainPlan,
)
from sciapp.records.project.outputs import check_out
from sciapp.records.project.project import Project, free_folder
from sciapp.records.project.studies.ablation import Ablation
from sciapp.records.project.studies.cross_validation import CrossValidationStudy, cross_validation
from sciapp.records.project.studies.registry import check_design
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.run import Run


def train(options: argparse.Namespace, printer: Printer) -> int:
    project = open_project(path=Path(options.project))
    design = going_on(options, project) if options.continued or options.epochs else design_of(options, project)
    check_design(project, design)  # before a run is made
    plan = design.training
    assert plan is not None, "the command begins with a fine-tuning"
    check_models(plan.augmentation)
    if options.check:
        return check(project, plan, printer, continues=design.continues)
    if needed := memory_needed(describe(plan.model, project.folder), plan):
        printer.say(msg("{needed:u}.", needed=needed))
    if options.queue or options.background:  # otherwise the run says so, which is followed here
        for message in without_effect(plan):
            printer.say(message)
    check_device(options)
    run = begin(project, design)
    if queue_or_leave(run, options, printer):
        return 0
    if design.kind == CrossValidationStudy.name:
        return _folds(project, run, printer)
    return _both(project, run, printer) if design.kind == Ablation.name else _followed(run, printer)


def check_device(options: argparse.Namespace) -> None:
    """Refuse a device that this machine does not have, before a run is made for it. Raises BadInput."""
    if options.lane:
        check_lane(options.lane)


def queue_or_leave(run: Run, options: argparse.Namespace, printer: Printer) -> bool:
    """Start the run, or let it wait for its turn where that is wanted. True: nobody follows it here."""
    value = {"run": run.id, "project": str(run.project_folder)}
    if options.queue:
        lane = queue.add(run, lane=options.lane).lane
        message = msg("Run {id} waits for its turn on {lane}; see sciapp queue.", id=run.id, lane=lane)
        printer.result(value | {"queued": True, "lane": lane}, message)
        return True
    value["lane"] = queue.start_now(run, lane=options.lane)
    if options.background:
        printer.result(value, msg("Run {id} was started in the background.", id=run.id))
    return bool(options.background)


def _folds(project: Project, run: Run, printer: Printer) -> int:
    """The training on one fold after the other; a fold that fails or is ended by hand is the last."""
    printer.say(msg("Run {id}: {folder}", id=run.id, folder=run.folder))
    return _to_the_last_fold(project, run, printer)


def _to_the_last_fold(project: Project, run: Run, printer: Printer) -> int:
    """Follow a run that is on, and those that follow on it; then what all folds came to."""
    runs = [run]
    while True:
        code = follow(runs[-1], printer)
        following = run_after(project, runs[-1]) if code == 0 else None
        if following is None:
            break
        runs.append(following)
        printer.say(msg("Run {id}: {folder}", id=following.id, folder=following.folder))
    validation = cross_validation(project, run)
    sentence = validation.said if validation else ""
    return _tell(runs[-1], printer, code, sentence, folds=[one.id for one in runs], cross_validation=sentence)


def _both(project: Project, run: Run, printer: Printer) -> int:
    """The training with augmentation, and after it the one without."""
    printer.say(msg("Run {id}: {folder}", id=run.id, folder=run.folder))
    code = follow(run, printer)
    without = run_after(project, run) if code == 0 else None
    if without is None:
        return _tell(run, printer, code)
    printer.say(msg("Run {id}: {folder}", id=without.id, folder=without.folder))
    code = follow(without, printer)
    if code:
        return code
    from sciapp.engine.reports.sections.augmentation_ablation import compared

    ablation = compared(project, run)
    return _tell(run, printer, code, without=without.id, comparison=ablation.said if ablation else "")


def compress(options: argparse.Namespace, printer: Printer) -> int:
    project = open_project(path=Path(options.project))
    run = compress_run(project=project, run_id=options.run, method=options.method)
    return _followed(run, printer)


def predict(options: argparse.Namespace, printer: Printer) -> int:
    project, file = open_project(path=Path(options.project)), source_path(options.file)
    out = Path(options.out).expanduser().absolute()
    check_out(out, project.folder, predicted=file)
    run = predict_file(
        project=project,
        run_id=options.run,
        file=file,
        input_column=options.input or "",
        second_input_column=options.second_input or "",
        reading=reading_of(options),
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
    run = project.run(options.run)
    queue.must_be_resumable(run)
    check_device(options)
    run.clear_request()
    if queue_or_leave(run, options, printer):
        return 0
    if any(study.kind == CrossValidationStudy.name for study in project.studies_of(run.id)):
        return _to_the_last_fold(project, run, printer)
    return _tell(run, printer, follow(run, printer))


def demo(options: argparse.Namespace, printer: Printer) -> int:
    """Everything once: project, import, training, report; in the window where there is one."""
    from sciapp.engine.domains.about import first_sample

    folder = Path(options.out).expanduser().absolute() if options.out else settings.projects_folder() / "demo"
    domain, sample = first_sample()
    project = Project.create(free_folder(folder), domain=domain, name=msg("{project} demo", project=sample.project))
    printer.say(msg("Project: {folder}", folder=project.folder))
    (card,) = import_table(project=project, request=sample_request(), progress=SILENT, execute=carry_out)
    printer.say(
        msg(
            "{rows:,} molecules with measured solubility, {method} split.",
            rows=card.rows_kept,
            method=term(card.split.method),
        )
    )
    run = project.new_run(TrainPlan(dataset=card.id))
    queue.start_now(run)
    if not options.headless and _has_display():
        # A process of its own: the window's never holds what the import needed, and this one never holds Qt.
        return subprocess.call(processes.own_command(str(project.folder)))
    code = follow(run, printer)
    if code == 0:
        out = project.reports_folder / f"{run.id}.html"
        build_report(project=project, run_id=run.id, out=out, progress=SILENT, execute=carry_out)
        _tell(run, printer, code, report=str(out))
        printer.say(msg("Report: {out}", out=out))
    return code


def _followed(run: Run, printer: Printer) -> int:
    """A run that was started, to its end."""
    printer.say(msg("Run {id}: {folder}", id=run.id, folder=run.folder))
    return _tell(run, printer, follow(run, printer))


_ASKED_AS = {"all_folds": CrossValidationStudy.name, "compare_augmentation": Ablation.name}
"""Option, setting of --set or key of a recipe → the kind of study that it asks for."""


def design_of(options: argparse.Namespace, project: Project) -> StudyDesign:
    """The training that the options spell, and the study that they, --set or the recipe ask for."""
    named = {name: getattr(options, name, None) for name in ("descriptors", "covariates", "devices")}
    stated = {name: setting for name, setting in named.items() if setting is not None}
    recipe = read_recipe(Path(options.recipe)) if options.recipe else {}
    settings: dict[str, Any] = dict(pair(text) for text in options.set)
    kinds = asked_for(recipe) | asked_for(settings) | asked_for(vars(options).copy())
    wishes = TrainingWishes(
        recipe=Path(options.recipe) if options.recipe else None,
        dataset=options.dataset,
        model=options.model,
        settings=stated | settings,
    )
    return study_design(training_plan(project=project, wishes=wishes), kinds)


def study_design(plan: TrainPlan, kinds: Collection[str]) -> StudyDesign:
    """`plan` with the kinds of study that it was asked for; of two the second comes after the first."""
    requested = [kind for kind in _ASKED_AS.values() if kind in kinds]
    then = StudyDesign(plan=plan, kind=requested[1]) if len(requested) > 1 else None
    return StudyDesign(plan=plan, kind=requested[0] if requested else "", then=then)


def asked_for(settings: dict[str, Any]) -> set[str]:
    """Take what asks for a study out of `settings`; the kinds that are asked for."""
    yes = {"true", "1", "yes", "on"}
    return {kind for name, kind in _ASKED_AS.items() if str(settings.pop(name, "")).strip().casefold() in yes}


def going_on(options: argparse.Namespace, project: Project) -> StudyDesign:
    """The training of --continue RUN --epochs N, with --set over it. Raises BadInput, RunProblem."""
    if not options.continued or options.epochs is None:
        raise BadInput(
            msg("--continue and --epochs go together."),
            hint=msg(
                "For example --continue 003 --epochs 5; the passes of a new training are --set num_train_epochs=5."
            ),
        )
    conflicting = [
        name for name in ("dataset", "model", "recipe", "descriptors", "covariates") if getattr(options, name)
    ]
    if conflicting or options.all_folds or options.compare_augmentation:
        raise BadInput(
            msg("A training that goes on from a run has that run’s data, model and settings."),
            hint=msg("Leave out everything but --continue, --epochs, --devices and --set."),
        )
    changes: dict[str, Any] = {} if options.devices is None else {"devices": options.devices}
    changes |= dict(pair(text) for text in options.set)
    return continuation(project, project.run(options.continued), options.epochs, changes)


def pair(text: str) -> tuple[str, str]:
    """Name and value of a --set option. Raises BadInput."""
    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput(
            msg("“{text}” is not of the form key=value.", text=text), hint=msg("For example --set learning_rate=1e-4.")
        )
    return name.strip(), value.strip()


def _tell(run: Run, printer: Printer, code: int, said: str = "", **more: object) -> int:
    """said: a sentence below the scores; more: goes into the JSON document."""
    if code == 0:
        evaluation = run.evaluation()  # its verdict was among the events and has been said
        learnt = run.pretraining()
        value = {"run": run.id, "folder": str(run.folder), "ending": standing(run), **more}
        value["evaluation"] = json.loads(evaluation.model_dump_json()) if evaluation else None
        value["pretraining"] = json.loads(learnt.model_dump_json()) if learnt else None
        scores = scores_text(evaluation, printer.translator) if evaluation else ""
        printer.result(value, lines(["", scores, *([said] if said else [])]))
    return code


def _has_display() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# `sciapp train … --check`: what a training takes and what looks wrong about it, before it is started.


def check(project: Project, plan: TrainPlan, printer: Printer, *, continues: str = "") -> int:
    """Try it out and tell; 0 whatever was detected: that is for people to judge."""
    progress = printer.progress()
    preflight = check_training(project=project, plan=plan, continues=continues, progress=progress, execute=carry_out)
    value = json.loads(preflight.model_dump_json()) | {"verdict": preflight.verdict}
    printer.result(value, lines(preflight.lines()))
    return 0
