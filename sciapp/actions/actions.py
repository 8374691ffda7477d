"""Verbs of a person, one keyword-only function each. Menus, buttons and shortcuts all come here. Menus, buttons and
shortcuts all come here.

None of them touches Qt. Those that take a `reporter` may last: call them through `query.Query`.
"""

from collections.abc import Collection
from pathlib import Path

from sciapp import settings
from sciapp.actions import command_line as commands
from sciapp.actions.reporter import Reporter
from sciapp.engine.data.readers.table_reader import Preview, preview
from sciapp.engine.data.schema.infer import Proposal, propose
from sciapp.engine.hub.catalog import describe, offers
from sciapp.engine.hub.model_info import folder_facts
from sciapp.errors import BadInput, NotFound
from sciapp.jobs.clean_up import disk_pieces, free_space
from sciapp.jobs.launch import launcher
from sciapp.jobs.launch.subcommand import Subcommand
from sciapp.jobs.queue import queue
from sciapp.jobs.runs.follow_up import continued_plan
from sciapp.jobs.runs.summary import summarise
from sciapp.records.atomic import write_text
from sciapp.records.dataset.card import DatasetCard, DomainName, ImportRequest, Roles, SplitPlan
from sciapp.records.dataset.findings import QualityReport
from sciapp.records.model.info import ModelFacts
from sciapp.records.model.reference import model_of_run, model_words
from sciapp.records.plan.plan import CompressPlan, Plan, PredictPlan, PretrainPlan, TrainPlan, check_follow_ups
from sciapp.records.project import file as project_file
from sciapp.records.project.cross_validation import must_have_folds
from sciapp.records.project.disk_usage import DiskPiece
from sciapp.records.project.project import Project, ProjectRecord, find_project_file, free_folder
from sciapp.records.read_options import Reading
from sciapp.records.run.preflight import AugmentationPreview, Preflight
from sciapp.records.run.run import Run
from sciapp.records.run.score_format import score_title
from sciapp.records.run.summary import RunSummary


def create_project(*, folder: Path, domain: DomainName, name: str = "", notes: str = "") -> Project:
    """A new project, open for writing."""
    return Project.create(folder, domain=domain, name=name, notes=notes, lock=True)


def open_project(*, path: Path) -> Project:
    """An existing project; read-only when another window has it. Raises what `Project.open` raises."""
    return Project.open(path, lock=True)


def restore_backup(*, path: Path) -> Project:
    """Put a damaged project file's backup in its place and open it; the damaged file is kept."""
    project_file.restore_backup(find_project_file(path))
    return open_project(path=path)


def save_project(*, project: Project, record: ProjectRecord) -> None:
    """Name, domain or notes were edited."""
    project.save(record)


def save_project_as(*, project: Project, folder: Path, name: str = "", reporter: Reporter) -> Path:
    """A whole copy elsewhere; returns the copy's project file."""
    return project.save_as(folder, name=name, copied=lambda files: reporter.progress("Copying the project", files, 0))


def disk_use(*, project: Project) -> int:
    """Bytes of the project's folder."""
    return project.disk_use()


def pieces_of_disk(*, project: Project) -> list[DiskPiece]:
    """What takes how much, and which of it can be removed."""
    return disk_pieces(project)


def free_disk(*, project: Project, chosen: Collection[str]) -> int:
    """Remove the pieces with these keys; returns the bytes that are free now. Raises BadInput, ProjectProblem."""
    return free_space(project, chosen)


def preview_table(*, path: Path, domain: DomainName, reading: Reading | None = None) -> tuple[Preview, Proposal]:
    """The first rows as they will be read, and what each column seems to be for."""
    seen = preview(path, reading=reading)
    return seen, propose(seen, domain)


def pasted_table(*, text: str) -> Path:
    """A file with what was copied in a spreadsheet, to be imported like any other. Raises BadInput, OutOfSpace."""
    if len(text.strip().splitlines()) < 2:
        raise BadInput(
            "The clipboard holds no table.",
            hint="Copy the cells in a spreadsheet, header line included, and paste again.",
        )
    file = settings.cache_folder() / "pasted table.tsv"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_text(file, text)
    return file


def check_table(*, project: Project, request: ImportRequest, reporter: Reporter) -> QualityReport:
    """What the doctor finds in a table, without importing it; a process of its own, like the import."""
    said = Subcommand(commands.doctor_arguments(project, request)).run(reporter.progress, lambda: reporter.cancelled)
    return QualityReport.model_validate(said)


def import_table(*, project: Project, request: ImportRequest, reporter: Reporter) -> DatasetCard:
    """A new dataset, the first of them where all folds are wanted.

    Runs as a process of its own: cleaning a million rows would stall the window's thread.
    """
    project.must_be_writable()
    said = Subcommand(commands.import_arguments(project, request)).run(reporter.progress, lambda: reporter.cancelled)
    return project.dataset(str(said["id"]))


def preview_augmentation(*, project: Project, plan: TrainPlan, number: int, reporter: Reporter) -> AugmentationPreview:
    """What the pass `number` (from 1) of `plan` makes of some training rows, in a process of its own."""
    said = Subcommand(commands.augment_arguments(project, plan, number)).run(
        reporter.progress, lambda: reporter.cancelled
    )
    return AugmentationPreview.model_validate(said)


def check_training(*, project: Project, plan: TrainPlan, reporter: Reporter) -> Preflight:
    """What `plan` takes and what looks wrong about it, from some steps that are tried in a process of its own."""
    said = Subcommand(commands.check_arguments(project, plan)).run(reporter.progress, lambda: reporter.cancelled)
    return Preflight.model_validate({name: value for name, value in said.items() if name != "verdict"})


def start_training(
    *, project: Project, plan: TrainPlan | PretrainPlan, hand_over: launcher.HandOver | None = None
) -> Run:
    """A new run, started as a process that outlives the window; what follows on it starts by itself.

    While another run is on, it waits for its turn: its state says `queued` then. hand_over: see `launcher.start`.
    Raises BadInput where what is wanted after it cannot follow on it.
    """
    check_follow_ups(plan)
    if isinstance(plan, TrainPlan):
        must_have_folds(project, plan)
    run = project.new_run(plan)
    queue.start_or_add(run, hand_over=hand_over)
    return run


def settings_of(*, project: Project, run_id: str) -> TrainPlan | PretrainPlan:
    """The plan of a training, to begin a variation of it; of a compression or prediction, that of its model's training.

    Raises NotFound for a run whose model's training is gone, RunProblem for a plan that cannot be read.
    """
    plan = project.run(run_id).plan()
    while isinstance(plan, CompressPlan | PredictPlan):
        plan = project.run(plan.run).plan()
    of_its_own = {"compared_with": "", "first_fold": "", "continued_from": ""}
    return plan.model_copy(update=of_its_own) if isinstance(plan, TrainPlan) else plan


def train_on(*, project: Project, run: Run, epochs: int, hand_over: launcher.HandOver | None = None) -> Run:
    """A new run that goes on where `run` ended, for so many more passes over the data; it may have to wait its turn.

    Raises RunProblem, BadInput.
    """
    return start_training(project=project, plan=continued_plan(project, run, epochs), hand_over=hand_over)


def compress_run(*, project: Project, run_id: str) -> Run:
    """A new run that makes the model of `run_id` smaller."""
    return _started(project, CompressPlan(run=project.run(run_id).id))


def predict_file(*, project: Project, run_id: str, file: Path) -> Run:
    """A new run that applies the model of `run_id` to the rows of `file`."""
    return _started(project, PredictPlan(run=project.run(run_id).id, file=str(file.absolute())))


def export_predictions(*, project: Project, run: Run, out: Path, reporter: Reporter) -> Path:
    """The predictions of a finished predict run as a CSV beside the file's own columns."""
    Subcommand(commands.export_arguments(project, run, out)).run(reporter.progress, lambda: reporter.cancelled)
    return out


def stop_run(*, run: Run) -> None:
    """End training now, keep the best model so far and evaluate it."""
    queue.stop(run)


def cancel_run(*, run: Run) -> None:
    """End the run and leave its folder as it stands, or take it out of the queue; it can be resumed."""
    queue.cancel(run)


def resume_run(*, project: Project, run: Run, hand_over: launcher.HandOver | None = None) -> None:
    """Go on from the last checkpoint, or wait for that in the queue while another run is on."""
    project.must_be_writable()
    queue.resume_or_add(run, hand_over=hand_over)


def build_report(*, project: Project, run_id: str, out: Path, reporter: Reporter) -> Path:
    """A self-contained HTML report at `out`."""
    Subcommand(commands.report_arguments(project, run_id, out)).run(reporter.progress, lambda: reporter.cancelled)
    return out


def make_sample_project(*, folder: Path, reporter: Reporter) -> Project:
    """A new project with the bundled sample (ESOL) imported, open for writing."""
    project = Project.create(free_folder(folder), domain="molecule", name="Solubility sample", lock=True)
    try:
        import_table(project=project, request=sample_request(), reporter=reporter)
    except BaseException:
        project.close()
        raise
    return project


def models_for(*, domain: str, project: Project | None = None) -> list[ModelFacts]:
    """The models on offer: the project's own, then those of the domain, among them those that ship with SciApp."""
    return own_models(project) + sorted(offers(), key=lambda facts: facts.domain != domain)


def models_of_project(*, path: Path) -> list[ModelFacts]:
    """What the runs of another project left behind. Raises NotFound where none did."""
    return _read_models_of_project(path)


def describe_model(*, name: str) -> ModelFacts:
    """What is known about a model that was typed: a folder's own files, or that the hub must be asked.

    Raises BadInput for what is no model, or none that may be loaded.
    """
    return describe(name)


def _started(project: Project, plan: Plan) -> Run:
    run = project.new_run(plan)
    launcher.start(run)
    return run


# The models that runs of another project left behind, to be chosen for a training.


def _read_models_of_project(path: Path) -> list[ModelFacts]:
    """What the trainings of the project at `path` left behind, the newest first; `name` is what a plan says.

    The project is only read: it may be open elsewhere. Raises NotFound where it has none, and what `Project.open` does.
    """
    project = Project.open(path)
    summaries = [summarise(run) for run in reversed(project.runs())]
    found = [_facts(project, one) for one in summaries if one.is_training and one.standing.has_model]
    if not found:
        raise NotFound(
            f"No run of “{project.record.name}” has a model to begin from.",
            hint="Choose a project with a training that finished or was stopped.",
        )
    return found


def _facts(project: Project, run: RunSummary) -> ModelFacts:
    score = f", {score_title(run.score.name)} {run.score.value:.3g}" if run.score else ""
    title = f"{run.id}: {Path(run.subject).name}, from {run.model}{score}"
    return ModelFacts(name=str(project.run(run.id).folder), origin="folder", title=title, domain=project.record.domain)


# The models that a project pre-trained itself, to be chosen for a training.


def own_models(project: Project | None) -> list[ModelFacts]:
    """What the project's own pre-trainings left behind, the newest first."""
    found = []
    for run in reversed(project.runs()) if project else ():
        summary = summarise(run)
        if summary.kind == "pretrain" and summary.standing.has_model:
            reference = model_of_run(run.id)
            facts = folder_facts(run.model_folder, reference, "run", domain=project.record.domain if project else "")
            said = {"title": model_words(reference), "note": f"Learnt from {Path(summary.subject).name}."}
            found.append(facts.model_copy(update=said))
    return found


# The sample that ships with SciApp and how it is imported; demo, start page and bundle test share it.


_TARGET = "measured log solubility in mols per litre"


def sample_request() -> ImportRequest:
    """ESOL (Delaney 2004): measured solubilities of 1,128 molecules, split by scaffold."""
    return ImportRequest(
        file=str(settings.resources_folder() / "samples" / "esol.csv"),
        roles=Roles(input="smiles", targets=(_TARGET,)),
        split=SplitPlan(method="scaffold"),
        name="ESOL",
    )
