"""Baselines of a task for a few rows."""

from typing import Any

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.domains.base import Domain
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData
from sciapp.engine.tasks.registry import registered_task


def simple_baseline(
    domain: Domain, task: str, train: Rows, test: Rows, *, progress: Progress = SILENT, **options: Any
) -> Baseline:
    """options: of `BaselineData`."""
    return registered_task(task).simple_baseline(BaselineData(domain, train, test, **options), progress=progress)


def trivial_baseline(domain: Domain, task: str, train: Rows, test: Rows, classes: int) -> Baseline:
    return registered_task(task).trivial_baseline(BaselineData(domain, train, test, classes))
