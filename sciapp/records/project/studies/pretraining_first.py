"""Learning from rows without labels first, then the fine-tuning that begins from that model."""

from typing import ClassVar

from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.model.reference import model_of_run
from sciapp.records.project.project import Project
from sciapp.records.project.studies.base import StudyKind, has_second, main_score_text, runs_of
from sciapp.records.project.study import Study, StudyDesign
from sciapp.records.run.run import Run


class PretrainingFirst(StudyKind):
    """A self-supervised run and a fine-tuning, which may begin an ablation of its own."""

    name: ClassVar[str] = "pretraining_first"
    title: ClassVar[str] = msg("Pre-training, then training")
    follows_by_itself: ClassVar[bool] = True
    follows_stopped: ClassVar[bool] = True

    def check(self, project: Project, design: StudyDesign) -> None:
        if design.then is not None and design.then.kind == "cross_validation":
            raise BadInput(
                msg(
                    "A model that learns from rows first cannot be trained on all folds: it has seen test rows of some."
                ),
                hint=msg("Train on one fold, or learn from another project's rows and begin from that model."),
            )

    def following(self, project: Project, study: Study) -> StudyDesign | None:
        if study.then is None or has_second(project, study):
            return None
        plan = study.then.plan.model_copy(update={"model": model_of_run(study.runs[0])})
        return study.then.model_copy(update={"plan": plan})

    def restarted_by(self, study: Study, run: str) -> bool:
        return not study.before(run)

    def follow_text(self, following: Run) -> str:
        return msg("Run {id} goes on from here: it fine-tunes this model.", id=following.id)

    def summary(self, project: Project, study: Study) -> str:
        members = runs_of(project, study)
        score = main_score_text(members[-1]) if len(members) > 1 else ""
        return msg("{score} after learning from rows without labels.", score=score) if score else ""
