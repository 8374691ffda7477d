"""Presets: settings of a training under a name, in the folder of the project they belong to."""

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from sciapp.errors import BadInput, NotFound
from sciapp.i18n import msg
from sciapp.records.atomic import explaining_out_of_space, write_json
from sciapp.records.base import Frozen
from sciapp.records.plan.plan import TrainPlan, changed_settings, leaf_settings, with_settings
from sciapp.records.project.project import Project, safe_name
from sciapp.records.project_paths import check_inside
from sciapp.records.regular import json_in

_FOLDER = "presets"


class Preset(Frozen):
    """settings: leaf settings by name that differ from the recommended values."""

    name: str = Field(min_length=1, max_length=80)
    settings: dict[str, Any]

    def applied_to(self, plan: TrainPlan) -> TrainPlan:
        """`plan` with these settings and every other one at its recommended value; dataset and model stay.

        Raises UnknownSetting, BadInput.
        """
        usual = leaf_settings(TrainPlan(dataset=plan.dataset, model=plan.model))
        return with_settings(plan, usual | self.settings)


def presets(project: Project) -> list[Preset]:
    """Those of the project by name; what cannot be read is passed over."""
    found = []
    for file in sorted((project.folder / _FOLDER).glob("*.json")):
        try:
            found.append(Preset.model_validate(json_in(file)))
        except (OSError, ValueError, ValidationError):
            continue
    return sorted(found, key=lambda preset: preset.name.casefold())


def save_preset(project: Project, name: str, plan: TrainPlan) -> Preset:
    """Save the settings of `plan` under a name, over one of before. Raises BadInput, ProjectProblem."""
    project.must_be_writable()
    name = name.strip()
    if not name:
        raise BadInput(msg("A preset needs a name."))
    preset = Preset(name=name[:80], settings=changed_settings(plan))
    file = _file(project, preset.name)
    check_inside(project.folder, file)
    other = next((known.name for known in presets(project) if _file(project, known.name) == file), preset.name)
    if other.casefold() != preset.name.casefold():  # signs that a file cannot have are the same in both
        raise BadInput(msg("The preset “{other}” has nearly this name. Choose another one.", other=other))
    with explaining_out_of_space(file):
        file.parent.mkdir(exist_ok=True)
        write_json(file, preset.model_dump(mode="json"))
    return preset


def delete_preset(project: Project, name: str) -> None:
    """Raises NotFound, ProjectProblem."""
    project.must_be_writable()
    file = _file(project, name)
    if not file.is_file():
        raise NotFound(msg("There is no preset “{name}”.", name=name))
    file.unlink()


def _file(project: Project, name: str) -> Path:
    return project.folder / _FOLDER / f"{safe_name(name)}.json"
