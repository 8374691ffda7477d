"""Ablation of augmentation: a training with it, and the same training without."""

from typing import ClassVar

from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.augmentation import Augmentations
from sciapp.records.plan.plan import is_fine_tuning
from sciapp.records.project.project import Project
from sciapp.records.project.studies.base import StudyKind, has_second, main_score_text, runs_of
from sciapp.records.project.study import Study, StudyDesign
from sciapp.records.run.run import Run


class Ablation(StudyKind):
    """Two runs on the same test rows."""

    name: ClassVar[str] = "ablation"
    title: ClassVar[str] = msg("With and without augmentation")
    follows_by_itself: ClassVar[bool] = True

    def check(self, project: Project, design: StudyDesign) -> None:
        if not is_fine_tuning(design.plan) or not design.plan.augmentation.is_on:
            raise BadInput(
                msg("There is nothing to compare: the plan has no augmentation."),
                hint=msg("Choose augmentations or token masking, or leave the comparison out."),
            )

    def following(self, project: Project, study: Study) -> StudyDesign | None:
        if has_second(project, study) or not is_fine_tuning(study.plan) or not study.plan.augmentation.is_on:
            return None
        return StudyDesign(plan=study.plan.model_copy(update={"augmentation": Augmentations()}))

    def restarted_by(self, study: Study, run: str) -> bool:
        return not study.before(run)

    def follow_text(self, following: Run) -> str:
        return msg("Run {id} goes on from here: the same training without augmentation, to compare.", id=following.id)

    def summary(self, project: Project, study: Study) -> str:
        scores = [main_score_text(run) for run in runs_of(project, study)]
        if len(scores) < 2 or not all(scores):
            return ""
        return msg("{first} with augmentation, {last} without.", first=scores[0], last=scores[-1])


def ablation_of(project: Project, run: str) -> Study | None:
    """The ablation that a run belongs to."""
    return next((study for study in project.studies_of(run) if study.kind == Ablation.name), None)


def compared_runs(project: Project, run: Run) -> tuple[Run, Run] | None:
    """The training with augmentation and the same one without, of which `run` is one; None where it has no other.

    Of several without, the last.
    """
    study = ablation_of(project, run.id)
    if study is None:
        return None
    members = runs_of(project, study)
    if len(members) < 2 or members[0].id != study.runs[0]:
        return None
    return members[0], run if run.id != members[0].id else members[-1]
