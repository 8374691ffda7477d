"""The split of a dataset: what its test rows have in common with its training rows, and its export."""

from pathlib import Path

from sciapp.engine.data.split_file import write_split_file
from sciapp.jobs.errand import Errand
from sciapp.records.dataset import DatasetFolder
from sciapp.records.leakage import Leakage, read_leakage
from sciapp.records.outputs import check_out
from sciapp.workers import commands
from sciapp.workers.query import Reporter


def known_leaks(*, folder: DatasetFolder) -> Leakage | None:
    """What was measured at import; None for a dataset from before."""
    return read_leakage(folder.leakage_file)


def measure_leaks(*, folder: DatasetFolder, reporter: Reporter) -> Leakage:
    """What has not been measured yet; in a process of its own, it may take a minute."""
    arguments = commands.leaks_arguments(folder.project_folder, folder.folder.name)
    return Leakage.model_validate(Errand(arguments).run(reporter.progress, lambda: reporter.cancelled))


def export_split(*, folder: DatasetFolder, out: Path) -> Path:
    """Which split every row is in, as a CSV file that other projects can import by. Raises BadInput, OutOfSpace."""
    check_out(out, folder.project_folder)
    write_split_file(folder, out)
    return out
