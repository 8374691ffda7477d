"""Kinds of study by name, and what the kinds say of a run's studies."""

from sciapp.records.project.project import Project
from sciapp.records.project.studies.ablation import Ablation
from sciapp.records.project.studies.base import StudyKind
from sciapp.records.project.studies.continuation import Continuation
from sciapp.records.project.studies.cross_validation import CrossValidationStudy
from sciapp.records.project.studies.pretraining_first import PretrainingFirst
from sciapp.records.project.study import Study, StudyDesign

STUDY_KINDS: dict[str, StudyKind] = {
    kind.name: kind for kind in (CrossValidationStudy(), Ablation(), PretrainingFirst(), Continuation())
}
_UNKNOWN = StudyKind()


def kind_of(study: Study) -> StudyKind:
    """The kind of a study; one that nothing follows on where it is of a later version of SciApp."""
    return STUDY_KINDS.get(study.kind, _UNKNOWN)


def check_design(project: Project, design: StudyDesign) -> None:
    """Raise BadInput where `design` cannot be carried out; before a run is made for it."""
    if design.kind:
        STUDY_KINDS[design.kind].check(project, design)
    if design.then is not None and design.then.kind in {"ablation"}:
        STUDY_KINDS[design.then.kind].check(project, design.then)


def design_of(project: Project, run_id: str) -> StudyDesign:
    """The design that begins what the run began, to begin a variation of it. Raises NotFound, RunProblem."""
    run = project.run(run_id)
    plan = run.plan()
    for study in project.studies_of(run.id):
        if kind_of(study).restarted_by(study, run.id):
            return StudyDesign(plan=plan, kind=study.kind, then=study.then)
    return StudyDesign(plan=plan)


def follows_when_stopped(project: Project, run_id: str) -> bool:
    """True if the next run of a study begins by itself when this one is stopped by hand."""
    for study in project.studies_of(run_id):
        kind = kind_of(study)
        if kind.follows_stopped and (study.after(run_id) or kind.following(project, study) is not None):
            return True
    return False
