"""One HTML file that says everything about a run: scores, figures, data, settings, versions. Nothing is fetched."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import ValidationError

from sciapp.engine.data.targets.registry import target_kind, task_facts
from sciapp.engine.data.targets.words import MOST_DRAWN
from sciapp.engine.data.values.damaged_files import UNREADABLE
from sciapp.engine.reports.figures import curves as figures
from sciapp.engine.reports.figures.base import ReportFigure
from sciapp.engine.reports.figures.distributions import target_pictures
from sciapp.engine.reports.names import inputs_named, model_name, one_line
from sciapp.engine.reports.sections import tables
from sciapp.engine.reports.sections.split_distance import apart
from sciapp.engine.reports.sections.worst_rows import worst_rows
from sciapp.engine.reports.text import data_quality as data_check
from sciapp.engine.reports.text.methods import paragraph
from sciapp.errors import ProjectProblem, RunProblem
from sciapp.i18n import ENGLISH, Translator, all_of, joined, msg, plural, render
from sciapp.records.atomic import write_text
from sciapp.records.dataset.card import LINE, PREDICTION_PREFIX, SPLIT, TARGET_PREFIX, DatasetCard
from sciapp.records.dataset.leakage import read_leakage
from sciapp.records.plan.plan import Plan, TrainPlan
from sciapp.records.project.lineage import trained_run
from sciapp.records.project.project import Project
from sciapp.records.project.studies.ablation import compared_runs
from sciapp.records.project.studies.cross_validation import cross_validation
from sciapp.records.project_paths import check_inside
from sciapp.records.regular import regular
from sciapp.records.run.evaluation import Evaluation
from sciapp.records.run.events import Noted, ResourcesUsed, StepTaken
from sciapp.records.run.run import Run
from sciapp.records.stale_drafts import sweep

STOPPED = msg("Stopped by hand: the best model so far was kept and evaluated.")
NO_PREDICTIONS = msg("The run’s table of predictions cannot be read, so its figures and rows are missing here.")


@dataclass(frozen=True)
class _Subject:
    """The subject of a report; `training` is `run` itself unless that is a compression.

    compressions: plans of those between them, that of `run` the last.
    """

    project: Project
    run: Run
    plan: Plan
    training: Run
    training_plan: TrainPlan
    card: DatasetCard
    evaluation: Evaluation
    compressions: tuple[Plan, ...] = ()

    @property
    def drawn_targets(self) -> tuple[str, ...]:
        return target_kind(self.card.task).words.drawn_targets(self.card)


def build_report(project: Project, run: Run, out: Path, translator: Translator = ENGLISH) -> Path:
    """Write the report of a run that was evaluated to `out`, whole or not at all, in the translator’s language.

    Raises RunProblem for a run without an evaluation, ProjectProblem when `out` cannot be written, NotFound when the
    dataset or the training that the run came from is gone.
    """
    page = _page(_story(project, run), translator)
    if not project.read_only:
        sweep(project.folder)
    if out.absolute().is_relative_to(project.folder):
        check_inside(project.folder, out.absolute().parent)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_text(out, page)
    except OSError as error:
        raise ProjectProblem(
            msg("The report cannot be written: {reason}.", reason=error.strerror),
            hint=msg("Choose another place."),
            context=str(out),
        ) from error
    return out


def _story(project: Project, run: Run) -> _Subject:
    plan = run.plan()
    if not plan.is_evaluated:
        raise RunProblem(
            msg("Run {run} {deed}: there is nothing measured to judge it by.", run=run.id, deed=plan.deed),
            hint=msg("Choose a training or a compression; predictions can be exported as a table."),
        )
    try:
        evaluation = run.evaluation()
    except ValidationError as error:
        raise RunProblem(
            msg("The evaluation of run {run} is damaged.", run=run.id),
            hint=msg("Train it again."),
            context=f"{run.evaluation_file}: {error}",
        ) from error
    if evaluation is None:
        raise RunProblem(
            msg("Run {run} has no evaluation to report.", run=run.id),
            hint=msg("Let it finish, or stop it: a stopped run keeps its best model and is evaluated."),
        )
    training = trained_run(project, run.id)
    return _Subject(project, run, plan, training.run, training.plan, training.card, evaluation, training.compressions)


def _page(story: _Subject, translator: Translator) -> str:
    template = resources.files("sciapp.engine.reports").joinpath("page.html.j2").read_text(encoding="utf-8")
    # Names of columns, classes and projects are other people's text: escaped, always.
    environment = jinja2.Environment(
        loader=jinja2.DictLoader({"page": template}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=partial(render, translator=translator),
    )
    environment.globals |= {"msg": msg, "plural": plural}
    evaluation, card = story.evaluation, story.card
    machine = tables.environment_of(story.run)
    test, remarks = _test_rows(story.run), _remarks(story)
    if test is None:
        remarks.append(NO_PREDICTIONS)
    return environment.get_template("page").render(
        language=translator.language,
        title=one_line(target_kind(card.task).words.title(card), 120),
        subtitle=_subtitle(story),
        evaluation=evaluation,
        tone=_tone(story),
        remarks=remarks,
        facts=_facts(story, str(machine.get("device", ""))),
        scores=tables.test_scores(evaluation, target_kind(card.task).words.scored_targets(card)),
        several=len(card.target_names) > 1,
        together=target_kind(card.task).words.together if len(card.target_names) > 1 else "",
        change=tables.validation_scores(evaluation, target_kind(card.task).words.scored_targets(card)),
        folds=_folds(story),
        comparison=_comparison(story),
        footprints=tables.footprints(evaluation),
        pictures=_pictures(story, test, translator),
        worst=[] if test is None else worst_rows(test, card, story.project.dataset_folder(card.id)),
        input=inputs_named(card),
        apart=apart(story.project.dataset_folder(card.id), translator),
        methods=_methods(story, machine),
        data=tables.data_facts(card),
        found=data_check.findings(card),
        settings=tables.settings(story.training_plan, story.compressions),
        versions=tables.versions(machine),
    )


def _methods(story: _Subject, machine: Mapping[str, Any]) -> str:
    stopped = ""
    if story.training.state().status == "stopped":
        steps = [event for event in story.training.events() if isinstance(event, StepTaken)]
        last = steps[-1] if steps else None
        stopped = (
            msg("after step {step:,} (epoch {epoch:.1f})", step=last.step, epoch=last.epoch)
            if last
            else msg("before its first step")
        )
    return paragraph(
        story.training_plan,
        story.card,
        story.evaluation,
        machine,
        tables.environment_of(story.training),
        leaks=read_leakage(story.project.dataset_folder(story.card.id).leakage_file),
        stopped=stopped,
        compressions=story.compressions,
    )


def _comparison(story: _Subject) -> tuple[tables.Table, str] | None:
    """The same training with and without augmentation; None where that was not asked for."""
    if compared_runs(story.project, story.run) is None:
        return None
    from sciapp.engine.reports.sections.augmentation_ablation import (
        compared,  # it needs torch, which other reports need not wait for
    )

    ablation = compared(story.project, story.run)
    return (tables.compared_scores(ablation.sides), ablation.text) if ablation else None


def _folds(story: _Subject) -> tuple[tables.Table, str] | None:
    """All folds of a training on all of them; None for other trainings, and for what was compressed after one."""
    validation = cross_validation(story.project, story.run)
    return (tables.folds(validation), validation.text) if validation else None


def _tone(story: _Subject) -> str:
    """The mark of the verdict: a compression is judged by no baseline."""
    if story.plan.compresses:
        return "plain"
    return "good" if story.evaluation.beats_simple_baseline else "bad"


def _subtitle(story: _Subject) -> str:
    state = story.run.state()
    when = f"{(state.ended or state.created).astimezone():%Y-%m-%d %H:%M}"
    subtitle = msg(
        "{title} {run} of project {project}, {when}.",
        title=story.plan.title,
        run=story.run.id,
        project=story.project.name,
        when=when,
    )
    if state.status != "stopped":
        return subtitle
    return joined([subtitle, STOPPED])


def _facts(story: _Subject, device: str) -> list[tuple[str, str]]:
    """At a glance."""
    state, card, plan = story.run.state(), story.card, story.training_plan
    annotation = story.run.annotation
    given = [(msg("Name"), annotation.name), (msg("Notes"), one_line(annotation.notes))]
    facts: list[tuple[str, str]] = [
        *((what, text) for what, text in given if text),
        (msg("Model"), model_name(plan.model)),
        (msg("Dataset"), msg("{name}, {rows:,} rows", name=card.title, rows=card.rows_kept)),
        (msg("Task"), target_kind(card.task).words.name(card)),
    ]
    for index, step in enumerate(story.compressions):
        what = msg("Compressed again from") if index else msg("Compressed from")
        facts.append((what, msg("run {run} ({result})", run=step.source_run, result=step.base_text)))
    facts += [(msg("Split"), tables.split_text(card.split)), (msg("Seed"), str(plan.seed))]
    events = story.training.events()
    steps = [event for event in events if isinstance(event, StepTaken)]
    if steps:
        facts.append(
            (
                msg("Trained"),
                msg(
                    "{step:,} steps, {epoch:.1f} epochs, {time}",
                    step=steps[-1].step,
                    epoch=steps[-1].epoch,
                    time=_time(steps[-1].seconds),
                ),
            )
        )
    if state.started and state.ended:
        facts.append((msg("Whole run"), _time((state.ended - state.started).total_seconds())))
    used = [event for event in events if isinstance(event, ResourcesUsed)]
    if used:
        facts.append((msg("Needed"), str(used[-1])))
    return [*facts, *([(msg("Device"), device)] if device else [])]


def _time(seconds: float) -> str:
    if seconds < 100:
        return msg("{seconds:.0f} s", seconds=seconds)
    if seconds < 6000:
        return msg("{minutes:.0f} min", minutes=seconds / 60)
    return msg("{hours:.1f} h", hours=seconds / 3600)


def _remarks(story: _Subject) -> list[str]:
    """The remarks of the evaluation, and the warnings of the run on its way."""
    warned = [event.message for event in story.run.events() if isinstance(event, Noted) and event.level != "info"]
    left = len(story.card.target_names) - len(story.drawn_targets)
    notes: list[str] = []
    if left and len(story.drawn_targets) == MOST_DRAWN:
        notes.append(msg("Figures are shown for the first {targets} targets only.", targets=MOST_DRAWN))
    elif left:
        notes.append(msg("Figures are shown for {targets} only.", targets=all_of(story.drawn_targets)))
    return list(dict.fromkeys([*story.evaluation.remarks, *warned, *notes]))


def _pictures(story: _Subject, test: pa.Table | None, translator: Translator) -> list[ReportFigure]:
    evaluation = story.evaluation
    pictures = [figures.loss_curves(story.training.events(), translator)]
    if evaluation.confusion is not None:
        pictures.append(figures.confusion_matrix(evaluation.confusion, translator))
    if evaluation.roc:
        legend = target_kind(story.card.task).words.curves(story.card, len(evaluation.roc))
        pictures.append(figures.roc(evaluation.roc, legend, translator))
    pictures.append(_forecasts(story, translator))
    if target_kind(story.card.task).words.scored_targets(story.card) is not None:
        pictures.append(figures.all_scores(evaluation, translator))
    if task_facts(story.card.task).is_quantity and test is not None:
        pictures += [_parity(test, name, translator) for name in story.drawn_targets]
    folder = story.project.dataset_folder(story.card.id)
    pictures += target_pictures(folder, story.card, story.drawn_targets, translator)
    return [picture for picture in pictures if picture is not None]


def _forecasts(story: _Subject, translator: Translator) -> ReportFigure | None:
    """None for a task that forecasts nothing, and where the run's predictions cannot be read."""
    words = target_kind(story.card.task).words
    try:
        predictions = pq.read_table(regular(story.run.predictions_file))
        traces = words.traces(predictions, story.card)
    except UNREADABLE:
        return None
    return figures.forecasts(traces, words.forecast_rows(predictions, story.card), translator) if traces else None


def _parity(test: pa.Table, name: str, translator: Translator) -> ReportFigure | None:
    known = test.filter(pc.is_valid(test.column(TARGET_PREFIX + name)))
    if not len(known):
        return None
    measured, predicted = (
        np.asarray(known.column(prefix + name).to_numpy(), dtype=np.float64)
        for prefix in (TARGET_PREFIX, PREDICTION_PREFIX)
    )
    return figures.parity(name, known.column(LINE).to_numpy(), measured, predicted, translator)


def _test_rows(run: Run) -> pa.Table | None:
    try:
        return pq.read_table(regular(run.predictions_file), filters=[(SPLIT, "=", "test")])
    except UNREADABLE:
        return None
