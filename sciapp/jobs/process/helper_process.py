"""The helper process: carries out one request from standard input and answers in lines of JSON.

`carry_out` does the same in the calling process, for the command line, which is a process of its own anyway.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any, TextIO, TypeVar

from pydantic import BaseModel

from sciapp import settings
from sciapp.engine.runtime.progress import Progress, RunProgress
from sciapp.errors import SciAppError, error_record, unexpected
from sciapp.i18n import msg, to_record, translator
from sciapp.jobs.launch.processes import run_environment
from sciapp.records.dataset.findings import QualityReport
from sciapp.records.dataset.leakage import Leakage
from sciapp.records.project.project import Project
from sciapp.records.project.requests import (
    BuildReport,
    CheckTable,
    CheckTraining,
    CompareAblation,
    Comparison,
    ExportPredictions,
    ImportedDatasets,
    ImportTable,
    MeasureLeaks,
    PreviewAugmentation,
    ProjectRequest,
    WrittenFile,
    read_request,
)
from sciapp.records.run.events import Event, Noted, Progressed, StageBegan
from sciapp.records.run.preflight import AugmentationPreview, Preflight

DONE, FAILED, INTERRUPTED = 0, 1, 130

Answer = TypeVar("Answer", bound=BaseModel)


def main() -> int:
    """Read the request, carry it out, write the answer; returns the exit code."""
    lines = _answer_stream()
    # Turned into an exception, so that a cancelled import removes its draft before the process ends.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        request = read_request(sys.stdin.buffer.read().decode("utf-8"))
        result = _WORK[type(request)](request, _progress_on(lines))
        _write(lines, {"result": result.model_dump(mode="json")})
    except SciAppError as error:
        _write(lines, {"error": error_record(error)})
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        _write(lines, {"error": error_record(unexpected(error, context=traceback.format_exc()))})
        return FAILED
    return DONE


def carry_out(request: ProjectRequest, answer: type[Answer], progress: Progress) -> Answer:
    """Carry `request` out here and now. Raises what the work raises."""
    result = _WORK[type(request)](request, progress)
    assert isinstance(result, answer)
    return result


def _progress_on(lines: TextIO) -> Progress:
    """Progress and notes as lines; whoever cancels ends the process."""

    def announce(stage: str, done: int, total: int) -> None:
        _write(lines, {"progress": {"stage": to_record(stage), "done": done, "total": total}})

    return Progress(announce, note=lambda text: _write(lines, {"note": to_record(text)}))


def _answer_stream() -> TextIO:
    """Standard output for lines of JSON alone: whatever a library prints goes to standard error from now on."""
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return lines


def _write(lines: TextIO, value: Mapping[str, object]) -> None:
    lines.write(json.dumps(value) + "\n")
    lines.flush()


# The work itself. What it needs is imported when it is asked for: torch takes seconds, and a check of a table none.


def _import_table(request: ImportTable, progress: Progress) -> ImportedDatasets:
    from sciapp.engine.data.ingest.import_table import import_folds

    cards = import_folds(Project.open(request.project), request.request, progress=progress)
    return ImportedDatasets(cards=tuple(cards))


def _check_table(request: CheckTable, progress: Progress) -> QualityReport:
    from sciapp.engine.data.ingest.check_table import check_table

    domain = Project.open(request.project).record.domain
    return check_table(domain, request.request, progress=progress)


def _measure_leaks(request: MeasureLeaks, progress: Progress) -> Leakage:
    from sciapp.engine.data.splits.leakage import measure_leaks

    project = Project.open(request.project)
    card, folder = project.dataset(request.dataset), project.dataset_folder(request.dataset)
    leakage = measure_leaks(folder, card, progress=progress.stage(msg("Comparing test rows with training rows")))
    if not project.read_only:
        leakage.write(folder.leakage_file)
    return leakage


def _check_training(request: CheckTraining, progress: Progress) -> Preflight:
    os.environ.update(run_environment())  # before torch loads: steps are timed as a run would take them
    from sciapp.engine.runs.preflight import preflight

    stage = ""

    def show(event: Event) -> None:
        nonlocal stage
        if isinstance(event, StageBegan):
            stage = event.title
            progress.relay(stage, 0, 0)
        elif isinstance(event, Progressed):
            progress.relay(stage, event.done, event.total)
        elif isinstance(event, Noted):
            progress.note(event.message)

    return preflight(request.plan, Project.open(request.project), RunProgress(show), continues=request.continues)


def _preview_augmentation(request: PreviewAugmentation, progress: Progress) -> AugmentationPreview:
    from sciapp.engine.augmentation.preview import generators_of, preview

    project, plan = Project.open(request.project), request.plan
    card = project.dataset(plan.dataset)
    return preview(
        plan,
        project.dataset_folder(card.id),
        card,
        rows=request.rows,
        number=request.number,
        variants=generators_of(plan, project, card, progress.relay, download=request.download),
    )


def _compare_ablation(request: CompareAblation, progress: Progress) -> Comparison:
    from sciapp.engine.reports.sections.augmentation_ablation import compared

    project = Project.open(request.project)
    ablation = compared(project, project.run(request.run))
    return Comparison(text=ablation.text if ablation else "")


def _build_report(request: BuildReport, progress: Progress) -> WrittenFile:
    from sciapp.engine.reports.build import build_report

    project = Project.open(request.project)
    progress.stage(msg("Building the report"))
    words = translator(request.language, settings.resources_folder() / "translations")
    return WrittenFile(file=build_report(project, project.run(request.run), request.out, words))


def _export_predictions(request: ExportPredictions, progress: Progress) -> WrittenFile:
    from sciapp.engine.data.dataset.prediction_export import export_predictions

    rows = export_predictions(Project.open(request.project).run(request.run), request.out)
    return WrittenFile(file=request.out, rows=rows)


_WORK: Mapping[type[ProjectRequest], Callable[[Any, Progress], BaseModel]] = {
    ImportTable: _import_table,
    CheckTable: _check_table,
    MeasureLeaks: _measure_leaks,
    CheckTraining: _check_training,
    PreviewAugmentation: _preview_augmentation,
    CompareAblation: _compare_ablation,
    BuildReport: _build_report,
    ExportPredictions: _export_predictions,
}
