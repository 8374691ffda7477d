"""Requests to a helper process: work on a project that takes a while, asked for by a record and answered by one."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from sciapp.i18n import Text
from sciapp.records.base import Frozen
from sciapp.records.dataset.card import DatasetCard, ImportRequest
from sciapp.records.plan.plan import TrainPlan


class ProjectRequest(Frozen):
    """project: its folder."""

    project: Path


class ImportTable(ProjectRequest):
    """Answered by ImportedDatasets."""

    kind: Literal["import_table"] = "import_table"
    request: ImportRequest


class CheckTable(ProjectRequest):
    """Answered by QualityReport."""

    kind: Literal["check_table"] = "check_table"
    request: ImportRequest


class MeasureLeaks(ProjectRequest):
    """Answered by Leakage, which is saved in the dataset's folder as well where the project can be written."""

    kind: Literal["measure_leaks"] = "measure_leaks"
    dataset: str


class CheckTraining(ProjectRequest):
    """Answered by Preflight. continues: the run that the training is to go on from."""

    kind: Literal["check_training"] = "check_training"
    plan: TrainPlan
    continues: str = ""


class PreviewAugmentation(ProjectRequest):
    """Answered by AugmentationPreview of at most `rows` rows in the pass `number` (from 1).

    download: fetch the models that generate rows from the hub where they are not on this computer.
    """

    kind: Literal["preview_augmentation"] = "preview_augmentation"
    plan: TrainPlan
    rows: int
    number: int
    download: bool = False


class BuildReport(ProjectRequest):
    """Answered by WrittenFile."""

    kind: Literal["build_report"] = "build_report"
    run: str
    out: Path
    language: str = "en"


class ExportPredictions(ProjectRequest):
    """Answered by WrittenFile with its rows."""

    kind: Literal["export_predictions"] = "export_predictions"
    run: str
    out: Path


class CompareAblation(ProjectRequest):
    """Answered by Comparison. run: the training with augmentation of an ablation."""

    kind: Literal["compare_ablation"] = "compare_ablation"
    run: str


class Comparison(Frozen):
    """The difference of two runs in a sentence; empty where they cannot be compared."""

    text: Text = ""


class ImportedDatasets(Frozen):
    """The cards of the new datasets: one of each fold where all folds were asked for, otherwise a single one."""

    cards: tuple[DatasetCard, ...]


class WrittenFile(Frozen):
    """A file for people. rows: of a table, without its header."""

    file: Path
    rows: int | None = None


_AnyRequest = Annotated[
    ImportTable
    | CheckTable
    | MeasureLeaks
    | CheckTraining
    | PreviewAugmentation
    | CompareAblation
    | BuildReport
    | ExportPredictions,
    Field(discriminator="kind"),
]
_READER: TypeAdapter[ProjectRequest] = TypeAdapter(_AnyRequest)


def read_request(text: str) -> ProjectRequest:
    """The request that `model_dump_json` wrote. Raises ValueError."""
    return _READER.validate_json(text)
