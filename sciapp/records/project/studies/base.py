"""Base of the kinds of study: what a kind checks, what it carries out next, and how it sums its runs up."""

from typing import ClassVar, NamedTuple

from sciapp.errors import SciAppError
from sciapp.i18n import Text, msg
from sciapp.records.project.project import Project
from sciapp.records.project.study import Study, StudyDesign, new_study_id
from sciapp.records.run.run import Run
from sciapp.records.run.score_format import score_title, value_text


class MainScore(NamedTuple):
    """The main score of a study: in a narrow column's words, and as the number that lists are sorted by."""

    text: Text = ""
    value: float | None = None


class StudyKind:
    """A kind of study. Of one that this version does not know nothing follows; its runs are listed all the same."""

    name: ClassVar[str] = ""
    title: ClassVar[str] = "Study"
    follows_by_itself: ClassVar[bool] = False
    """The next run is made and started when the one before it ends."""
    follows_stopped: ClassVar[bool] = False
    """Also after a run that somebody stopped by hand."""

    def check(self, project: Project, design: StudyDesign) -> None:
        """Raise BadInput where such a study cannot be carried out."""

    def begin(self, project: Project, design: StudyDesign, run: Run) -> Study:
        """The study that `run`, just made from `design`, is the first of, or the newest of an earlier study."""
        id = new_study_id(self.name, run.id, project.study_ids())
        return Study(id=id, kind=self.name, plan=design.plan, then=design.then, runs=(run.id,))

    def following(self, project: Project, study: Study) -> StudyDesign | None:
        """The run that follows those that the study has; None after the last."""
        return None

    def restarted_by(self, study: Study, run: str) -> bool:
        """True if the settings of this run of the study, used again, begin such a study again."""
        return False

    def follow_text(self, following: Run) -> str:
        """Note of the run before it about the run that follows."""
        return msg("Run {id} goes on from here.", id=following.id)

    def score(self, project: Project, study: Study) -> MainScore:
        """Its main score so far: that of the last run unless the kind sums up otherwise."""
        members = runs_of(project, study)
        return main_score(members[-1]) if members else MainScore()

    def summary(self, project: Project, study: Study) -> str:
        """Result of the study so far, in a sentence; empty while nothing was evaluated. Raises SciAppError."""
        return ""


def runs_of(project: Project, study: Study) -> list[Run]:
    """Those runs of the study that are still there, in its order."""
    known = {run.id: run for run in project.runs()}
    return [known[id] for id in study.runs if id in known]


def has_second(project: Project, study: Study) -> bool:
    """True if a run beyond the first is still there."""
    return any(run.id != study.runs[0] for run in runs_of(project, study))


def main_score(run: Run) -> MainScore:
    """“RMSE 0.52”; empty for a run that was not evaluated or whose evaluation cannot be read."""
    try:
        evaluation = run.evaluation()
    except SciAppError:
        return MainScore()
    score = evaluation.model.get(evaluation.main_score) if evaluation is not None else None
    if score is None or score.value is None:
        return MainScore()
    return MainScore(msg("{score} {value}", score=score_title(score.name), value=value_text(score)), score.value)


def main_score_text(run: Run) -> str:
    """The words of `main_score`."""
    return main_score(run).text
