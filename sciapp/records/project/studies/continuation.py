"""Training on: runs that each go on where the one before them ended."""

from functools import reduce
from typing import ClassVar

from sciapp.i18n import msg
from sciapp.records.project.project import Project
from sciapp.records.project.studies.base import StudyKind, main_score_text, runs_of
from sciapp.records.project.study import Study, StudyDesign, new_study_id
from sciapp.records.run.run import Run


class Continuation(StudyKind):
    """A person says each time for how many more passes it goes on."""

    name: ClassVar[str] = "continuation"
    title: ClassVar[str] = msg("Training on")

    def begin(self, project: Project, design: StudyDesign, run: Run) -> Study:
        before = design.continues
        for study in project.studies_of(before):
            if study.kind == self.name and study.runs[-1] == before:
                return study.model_copy(update={"runs": (*study.runs, run.id)})
        id = new_study_id(self.name, before, project.study_ids())
        return Study(id=id, kind=self.name, plan=project.run(before).plan(), runs=(before, run.id))

    def summary(self, project: Project, study: Study) -> str:
        scores = [score for run in runs_of(project, study) if (score := main_score_text(run))]
        if len(scores) < 2:
            return ""
        return msg(
            "{scores}.",
            scores=reduce(lambda before, score: msg("{before}, then {score}", before=before, score=score), scores),
        )


def continued_from(project: Project, run: str) -> str:
    """The run whose weights, optimiser and order of data `run` goes on with; empty for one that begins anew."""
    for study in project.studies_of(run):
        if study.kind == Continuation.name and (before := study.before(run)):
            return before
    return ""
