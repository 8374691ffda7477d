"""Studies: plans that belong together, in the order in which they are carried out; a small JSON file each."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, ConfigDict, Field

from sciapp.records.atomic import explaining_out_of_space, write_text
from sciapp.records.base import Frozen
from sciapp.records.plan.plan import Plan, TrainPlan, is_fine_tuning, with_earlier_settings
from sciapp.records.project_paths import check_inside
from sciapp.records.regular import json_object_in

_FOLDER = "studies"


class StudyDesign(Frozen):
    """Design of a study: `plan` alone, or a study that begins with it."""

    plan: Plan
    kind: str = Field("", description="name of the kind of study; empty: a single run")
    then: "StudyDesign | None" = Field(None, description="what is carried out after `plan`, where the kind leaves that")
    continues: str = Field("", description="continuation: the run whose training goes on")

    @property
    def training(self) -> TrainPlan | None:
        """The fine-tuning that is carried out first; None where there is none."""
        if is_fine_tuning(self.plan):
            return self.plan
        return self.then.training if self.then is not None else None


class Study(Frozen):
    """`studies/<id>.json`: a study that has begun, and its runs in order. A run may belong to several."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str
    kind: str
    plan: Plan = Field(description="the plan it was made from: that of its first run")
    then: StudyDesign | None = None
    runs: tuple[str, ...] = ()
    created: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))

    def before(self, run: str) -> str:
        """The run that `run` follows on; empty for the first."""
        index = self.runs.index(run)
        return self.runs[index - 1] if index else ""

    def after(self, run: str) -> tuple[str, ...]:
        """The runs that follow on `run`."""
        return self.runs[self.runs.index(run) + 1 :]


def studies_folder(project: Path) -> Path:
    """Folder of a project's studies."""
    return project / _FOLDER


def studies_in(project: Path) -> list[Study]:
    """All readable studies in the folder of a project, by id, which begins with the number of the first run."""
    studies = [_study(file) for file in _files(project)]
    return [study for study in studies if study is not None]


def unreadable_studies(project: Path) -> list[Path]:
    """Files of studies that are damaged, or of a later version."""
    return [file for file in _files(project) if _study(file) is None]


def _files(project: Path) -> list[Path]:
    folder = studies_folder(project)
    if folder.is_symlink() or not folder.is_dir():
        return []
    files = [file for file in folder.glob("*.json") if not file.name.startswith(".") and not file.is_symlink()]
    return sorted(files, key=lambda file: file.stem)


def write_study(project: Path, study: Study) -> None:
    """Make or replace the file of a study. Raises OSError, OutOfSpace, OutsideProject."""
    file = studies_folder(project) / f"{study.id}.json"
    check_inside(project, file)
    file.parent.mkdir(exist_ok=True)
    with explaining_out_of_space(file):
        write_text(file, study.model_dump_json(indent=2) + "\n")


def remove_run(project: Path, run: str, studies: Sequence[Study]) -> None:
    """Take a run out of its studies; one that no run is left of is removed."""
    for study in studies:
        if run in study.runs:
            rest = tuple(other for other in study.runs if other != run)
            if rest:
                write_study(project, study.model_copy(update={"runs": rest}))
            else:
                (studies_folder(project) / f"{study.id}.json").unlink(missing_ok=True)


def new_study_id(kind: str, first_run: str, ids: Collection[str]) -> str:
    """An id such as `001-cross_validation` that is none of `ids`: the number of the first run, and the kind."""
    stem = f"{first_run.partition('-')[0]}-{kind}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, len(ids) + 3)))
    return next(name for name in names if name not in ids)


def _study(file: Path) -> Study | None:
    """None for a file that cannot be read, or whose id is not its name: it would be written elsewhere."""
    try:
        study = Study.model_validate(_with_earlier_settings(json_object_in(file)))
    except (OSError, ValueError):
        logging.getLogger(__name__).info("study %s cannot be read", file, exc_info=True)
        return None
    return study if study.id == file.stem and all(_is_plain(run) for run in study.runs) else None


def _with_earlier_settings(value: Mapping[str, Any]) -> dict[str, Any]:
    """A study, or a design in it, whose plans have the settings by which the version that wrote them trained."""
    inner = {"plan": with_earlier_settings, "then": _with_earlier_settings}
    parts = {name: read(value[name]) for name, read in inner.items() if isinstance(value.get(name), Mapping)}
    return {**value, **parts}


def _is_plain(id: str) -> bool:
    return bool(id) and id == Path(id).name and id not in {".", ".."}
