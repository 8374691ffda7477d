"""Contents of the shared Hugging Face cache. Nothing here touches the network."""

from pathlib import Path

from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.regular import json_in

# Pickled weights (*.bin, *.pt, *.h5) are never asked for, nor what lies in folders: the model for other programs.
WANTED = ("*.json", "*.txt", "*.model", "*.spm", "model*.safetensors", "*.jinja", "README.md", "LICENSE*")
UNWANTED = ("*/*",)
WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"
MAIN = "main"


def cached_snapshot(name: str) -> Path | None:
    """The folder of hub model `name` when a complete one is in the cache: the main branch, else a converted one.

    Raises BadInput for a name that can be no hub id.
    """
    for revision in (MAIN, *_converted_revisions(name)):
        folder = _snapshot(name, revision)
        if folder is not None and has_weights(folder) and (folder / "config.json").is_file():
            return folder
    return None


def is_cached(name: str) -> bool:
    """True if hub model `name` can be loaded without a download. Cheap for those that were never asked for."""
    return _cache_of(name).is_dir() and cached_snapshot(name) is not None


def has_weights(folder: Path) -> bool:
    """True if all weights are there in the safetensors format, every shard of them."""
    if (folder / WEIGHTS).is_file():
        return True
    try:
        index = json_in(folder / INDEX)
        shards = set(index["weight_map"].values())
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return False
    return bool(shards) and all(_is_shard(folder, str(shard)) for shard in shards)


def _is_shard(folder: Path, name: str) -> bool:
    return Path(name).name == name and name.endswith(".safetensors") and (folder / name).is_file()


def _snapshot(name: str, revision: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        snapshot = snapshot_download(
            name,
            revision=revision,
            allow_patterns=list(WANTED),
            ignore_patterns=list(UNWANTED),
            local_files_only=True,
        )
    except LocalEntryNotFoundError:  # also when a download was broken off
        return None
    except HFValidationError as error:
        hint = msg("It has the form organisation/name.")
        raise BadInput(msg("“{name}” is no hub id.", name=name), hint=hint, context=str(error)) from error
    return Path(snapshot)


def _converted_revisions(name: str) -> list[str]:
    """Pull requests of which the cache holds a snapshot, the newest first, e.g. refs/pr/6."""
    pulls = _cache_of(name) / "refs" / "refs" / "pr"
    numbers = [int(file.name) for file in pulls.glob("*") if file.name.isdigit()]
    return [f"refs/pr/{number}" for number in sorted(numbers, reverse=True)]


def _cache_of(name: str) -> Path:
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE) / f"models--{name.replace('/', '--')}"
