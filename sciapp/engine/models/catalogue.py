"""Which pre-trained models are on offer, and what a model's name means. No torch here: the window lists models too."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sciapp import settings
from sciapp.engine.models.run_model import run_model_folder
from sciapp.errors import BadInput, nearest
from sciapp.records.base_model import run_behind


@dataclass(frozen=True)
class ModelRef:
    """A model that can be loaded: `kind` says where from; `folder` is set for all but hub models."""

    name: str
    kind: Literal["starter", "folder", "hub", "run"]
    folder: Path | None = None


@dataclass(frozen=True)
class Offer:
    """A line of the model list."""

    name: str
    domain: str
    parameters: int
    note: str
    bundled: bool
    licence: str = ""  # empty: the model's page does not say it clearly


def starters_folder() -> Path:
    return settings.resources_folder() / "models"


def offers(domain: str = "") -> list[Offer]:
    """Bundled starters first, then hub models known to work; those of one domain when it is given."""
    found = [_starter(config.parent) for config in sorted(starters_folder().glob("*/config.json"))]
    for entry in _catalogue():
        size, licence = int(entry["parameters"]), str(entry.get("licence", ""))
        found.append(Offer(entry["id"], entry["domain"], size, entry["note"], bundled=False, licence=licence))
    return [offer for offer in found if not domain or offer.domain == domain]


def usual_model(domain: str) -> str:
    """What a domain's training begins from when nobody says otherwise: its starter. Raises BadInput without one."""
    found = offers(domain)
    if not found or not found[0].bundled:
        raise BadInput(f"No model for {domain} data ships with this SciApp.", hint="Name a folder or a hub model.")
    return found[0].name


def resolve(name: str, project: Path | None = None) -> ModelRef:
    """What `name` means: a run of the project, a bundled starter, else a folder that exists, else a hub id.

    Raises BadInput, and NotFound for a run that the project does not have.

    A hub model of the list may be called without its organisation. Other single words are no hub ids: a misspelt
    starter must not send anybody to the network.
    """
    name = name.strip()
    if run := run_behind(name):
        return ModelRef(name, "run", run_model_folder(run, project))
    starter = starters_folder() / name
    if name and "/" not in name and "\\" not in name and (starter / "config.json").is_file():
        return ModelRef(name, "starter", starter)
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        return ModelRef(name, "folder", folder.absolute())
    if _is_hub_id(name):
        return ModelRef(name, "hub")
    known = [offer.name for offer in offers()]
    for hub_id in known:
        if name and hub_id.rpartition("/")[2] == name:
            return ModelRef(hub_id, "hub")
    raise BadInput(
        f"There is no model “{name}”.",
        hint=f"{nearest(name, known)} Or give a folder, or a hub id such as organisation/name.".strip(),
    )


def _is_hub_id(name: str) -> bool:
    parts = name.split("/")
    plain = all(part and part[0] not in ".~" and all(c.isalnum() or c in "-_." for c in part) for part in parts)
    return len(parts) == 2 and plain


def _starter(folder: Path) -> Offer:
    domain = folder.name.split("-")[0]
    weights = folder / "model.safetensors"
    size = weights.stat().st_size if weights.exists() else 0
    return Offer(folder.name, domain, size // 4, "ships with SciApp", bundled=True)


def _catalogue() -> list[dict[str, Any]]:
    try:
        entries: list[dict[str, Any]] = json.loads((starters_folder() / "catalogue.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []  # a broken list must not keep anybody from training with a starter
    return entries
