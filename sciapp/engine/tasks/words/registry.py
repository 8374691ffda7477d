"""The words for each task, found by its stored name."""

from sciapp.engine.tasks.words.base import TaskReport
from sciapp.engine.tasks.words.classification import ClassificationReport
from sciapp.engine.tasks.words.multilabel import MultilabelReport
from sciapp.engine.tasks.words.regression import RegressionReport
from sciapp.engine.tasks.words.token_classification import TokenClassificationReport

_REPORTS: dict[str, TaskReport] = {
    report.task: report
    for report in (ClassificationReport(), MultilabelReport(), RegressionReport(), TokenClassificationReport())
}


def task_report(task: str) -> TaskReport:
    """The words for the task with this stored name. Raises KeyError."""
    return _REPORTS[task]
