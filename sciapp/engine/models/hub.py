"""Models from the Hugging Face hub: from the shared cache when they are there, downloaded when they are not."""

import json
import os
from pathlib import Path

from sciapp.errors import BadInput, NotFound, SciAppError

_WANTED = ("*.json", "*.txt", "*.model", "*.safetensors", "*.jinja", "README.md", "LICENSE*")
_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")


def fetch(name: str) -> Path:
    """The local folder of hub model `name`. Asks the network only when the cache does not have it.

    `HF_HOME`, `HF_HUB_CACHE`, `HF_ENDPOINT`, `HF_TOKEN` and `HF_HUB_OFFLINE` are honoured by huggingface_hub, which
    reads them when it is imported. Pickled weights are never downloaded. Raises NotFound, BadInput, SciAppError.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(name, allow_patterns=list(_WANTED), local_files_only=True))
        if any((folder / weights).exists() for weights in _WEIGHTS):
            return folder
    except LocalEntryNotFoundError:
        pass
    return _download(name)


def check_folder(folder: Path, name: str) -> None:
    """Raise BadInput when `folder` holds no model that may be loaded: no config, only pickles, or code of its own."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(
            f"“{name}” holds no Hugging Face model.", hint="The folder needs a config.json.", context=str(error)
        ) from error
    except ValueError as error:
        raise BadInput(f"The config.json of “{name}” cannot be read.", context=f"{folder}: {error}") from error
    if "model_type" not in config:
        raise BadInput(f"The config.json of “{name}” names no model_type.", hint="Is it a transformers model?")
    if config.get("auto_map") and not _is_built_in(str(config["model_type"])):
        raise BadInput(
            f"“{name}” brings its own program code, which SciApp does not run.",
            hint="Choose a model that transformers itself knows.",
        )
    if not any((folder / weights).exists() for weights in _WEIGHTS):
        pickled = any(folder.glob("*.bin")) or any(folder.glob("*.pt"))
        raise BadInput(
            f"“{name}” has no weights in the safetensors format" + (", only pickled ones." if pickled else "."),
            hint="Pickles can run code when they are opened; ask for a version of the model with model.safetensors.",
            context=str(folder),
        )


def _download(name: str) -> Path:
    from huggingface_hub import HfApi, constants, snapshot_download
    from huggingface_hub.errors import (
        EntryNotFoundError,
        GatedRepoError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    if constants.HF_HUB_OFFLINE:
        raise _not_here(name, "HF_HUB_OFFLINE is set")
    try:
        files = HfApi().list_repo_files(name)
        if not any(file in files for file in _WEIGHTS):
            raise BadInput(
                f"The hub model “{name}” has no weights in the safetensors format.",
                hint="Pickled weights are not opened; choose another version of the model.",
            )
        return Path(snapshot_download(name, allow_patterns=list(_WANTED)))
    except GatedRepoError as error:
        raise SciAppError(
            f"The hub model “{name}” asks you to accept its terms first.",
            hint="Accept them on the model's page and set HF_TOKEN.",
            context=str(error),
        ) from error
    except (RepositoryNotFoundError, EntryNotFoundError) as error:
        raise NotFound(
            f"The hub has no model “{name}”.", hint="Check the spelling: organisation/name.", context=str(error)
        ) from error
    except (OfflineModeIsEnabled, LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        raise _not_here(name, f"{os.environ.get('HF_ENDPOINT', 'the hub')} could not be reached: {error}") from error
    except Exception as error:
        # httpx's connection errors are not OSErrors, and huggingface_hub lets them through.
        if type(error).__module__.split(".")[0] not in {"httpx", "httpx2", "httpcore", "httpcore2"}:
            raise
        raise _not_here(name, f"{os.environ.get('HF_ENDPOINT', 'the hub')} could not be reached: {error}") from error


def _not_here(name: str, why: str) -> SciAppError:
    return SciAppError(
        f"The model “{name}” is not on this computer and could not be downloaded.",
        hint="Connect to the internet once, give a local folder, or choose a starter that ships with SciApp.",
        context=why,
    )


def _is_built_in(model_type: str) -> bool:
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    return model_type in CONFIG_MAPPING_NAMES
