"""Models from the Hugging Face hub: from the shared cache when they are there, downloaded when they are not.

`HF_HOME`, `HF_HUB_CACHE`, `HF_ENDPOINT`, `HF_TOKEN` and `HF_HUB_OFFLINE` are honoured by huggingface_hub, which reads
them when it is imported.
"""

import errno
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tqdm.std import tqdm

from sciapp.engine.hub.cache import INDEX, MAIN, UNWANTED, WANTED, WEIGHTS, cached_snapshot, has_weights
from sciapp.engine.hub.trusted_folder import check_trusted
from sciapp.errors import BadInput, NotFound, OutOfSpace, SciAppError
from sciapp.i18n import msg
from sciapp.records.regular import json_in

# Hugging Face's own robot offers safetensors for models that were published as pickles; transformers trusts it too.
_CONVERTER, _CONVERSION = "SFconvertbot", "Adding `safetensors` variant of this model"
_LOOK_EVERY, _PATIENCE = 0.2, 15.0  # seconds

Tell = Callable[[int, int], None]


class _DownloadAbandoned(Exception):
    """Nobody waits for this download any more."""


def fetch(name: str, tell: Tell = lambda done, total: None) -> Path:
    """The local folder of hub model `name`. Asks the network only when the cache does not have it.

    `tell(done, total)` hears bytes while files arrive, from other threads too, and may raise to give up.
    Raises NotFound, BadInput, SciAppError.
    """
    return cached_snapshot(name) or _download(name, tell)


def fetching(name: str) -> Iterator[tuple[int, int]]:
    """Fetch hub model `name`, yielding (bytes done, bytes in all) five times a second; nothing for a cached one.

    The sum grows while the hub names file after file. Closing the generator breaks the download off; what has
    arrived is kept for the next time.
    """
    if cached_snapshot(name):
        return
    latest, given_up, ended = [(0, 0)], threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def tell(done: int, total: int) -> None:
        if given_up.is_set():
            raise _DownloadAbandoned
        latest[0] = (done, total)

    def work() -> None:
        try:
            _download(name, tell)
        except BaseException as failure:
            failures.append(failure)
        finally:
            ended.set()

    threading.Thread(target=work, name=msg("download {name}", name=name), daemon=True).start()
    try:
        while not ended.wait(_LOOK_EVERY):
            yield latest[0]
    finally:
        given_up.set()
    if failures:
        raise failures[0]


def check_folder(folder: Path, name: str) -> None:
    """Raise BadInput when `folder` holds no model that may be loaded: no config, only pickles, or code of its own."""
    try:
        config = json_in(folder / "config.json")
    except OSError as error:
        raise BadInput(
            msg("“{name}” holds no Hugging Face model.", name=name),
            hint=msg("The folder needs a config.json."),
            context=str(error),
        ) from error
    except ValueError as error:
        raise BadInput(
            msg("The config.json of “{name}” cannot be read.", name=name), context=f"{folder}: {error}"
        ) from error
    if not isinstance(config, dict) or "model_type" not in config:
        raise BadInput(
            msg("The config.json of “{name}” names no model_type.", name=name), hint=msg("Is it a transformers model?")
        )
    if config.get("auto_map"):
        # Even where transformers knows the type: DNABERT-2 says “bert” and is another network, whose weights would
        # be left out without a word.
        raise BadInput(
            msg("“{name}” brings its own program code, which SciApp does not run.", name=name),
            hint=msg("Choose a model that transformers itself knows."),
            context=f"{folder}: auto_map {config['auto_map']}",
        )
    check_trusted(folder, name)
    if not has_weights(folder):
        raise _without_weights(folder, name)


def _without_weights(folder: Path, name: str) -> BadInput:
    if (folder / INDEX).exists():
        return BadInput(
            msg("Some of the weight files of “{name}” are missing.", name=name),
            hint=msg("Copy or download the folder again."),
            context=str(folder),
        )
    pickled = any(any(folder.glob(pattern)) for pattern in ("*.bin", "*.pt", "*.pth", "*.h5"))
    if pickled:
        return _only_pickles(name, str(folder))
    return BadInput(
        msg("“{name}” has no weights.", name=name),
        hint=msg("The folder needs {weights}.", weights=WEIGHTS),
        context=str(folder),
    )


def _only_pickles(name: str, context: str) -> BadInput:
    return BadInput(
        msg("“{name}” has no weights in the safetensors format, only pickled ones.", name=name),
        hint=msg("Pickles can run code when they are opened; ask for a version of the model with model.safetensors."),
        context=context,
    )


def _download(name: str, tell: Tell) -> Path:
    from huggingface_hub import constants, snapshot_download

    from sciapp.engine.hub.download import progress_bar_class

    if constants.HF_HUB_OFFLINE:
        raise _not_here(name, msg("HF_HUB_OFFLINE is set"))
    try:
        folder = snapshot_download(
            name,
            revision=_revision(name),
            allow_patterns=list(WANTED),
            ignore_patterns=list(UNWANTED),
            tqdm_class=progress_bar_class(tell),
        )
        return Path(folder)
    except Exception as error:
        phrased = _phrased(name, error)
        if phrased is None:
            raise
        raise phrased from error


def _revision(name: str) -> str:
    """The hub revision with safetensors of the model: the main branch, else the converter's open pull request."""
    from huggingface_hub import HfApi

    # Not list_repo_files: that tries for half a minute where there is no network.
    files = [file.rfilename for file in HfApi().model_info(name, timeout=_PATIENCE).siblings or ()]
    if WEIGHTS in files or INDEX in files:
        return MAIN
    if "config.json" not in files:
        raise BadInput(
            msg("The hub's “{name}” holds no transformers model.", name=name), hint=msg("It has no config.json.")
        )
    number = _conversion(name)
    if number is None:
        raise _only_pickles(name, ", ".join(files))
    return f"refs/pr/{number}"


def _conversion(name: str) -> int | None:
    """The number of the converter's newest open pull request."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    try:
        numbers = [
            talk.num
            for talk in HfApi().get_repo_discussions(name, author=_CONVERTER, discussion_type="pull_request")
            if talk.author == _CONVERTER and talk.title == _CONVERSION and talk.status == "open"
        ]
    except HfHubHTTPError:  # mirrors often have the files and no discussions
        return None
    return max(numbers, default=None)


def _phrased(name: str, error: Exception) -> SciAppError | None:
    """The hub's and the network's errors in SciApp's words; None for anything else."""
    from huggingface_hub import constants
    from huggingface_hub.errors import EntryNotFoundError, GatedRepoError, RepositoryNotFoundError

    if isinstance(error, GatedRepoError):
        return SciAppError(
            msg("The hub model “{name}” asks you to accept its terms first.", name=name),
            hint=msg("Accept them on the model's page and set HF_TOKEN."),
            context=str(error),
        )
    half_way = isinstance(error, FileNotFoundError)  # LocalEntryNotFoundError: the network failed after the listing
    if isinstance(error, RepositoryNotFoundError | EntryNotFoundError) and not half_way:
        hint = msg("Check the spelling: organisation/name. A private model needs HF_TOKEN.")
        return NotFound(msg("The hub has no model “{name}”.", name=name), hint=hint, context=str(error))
    # httpx's connection errors are not OSErrors, and huggingface_hub lets them through.
    package = type(error).__module__.partition(".")[0]
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", -1)}:
        return OutOfSpace(
            msg("The disk is full."),
            hint=msg("Free some space where HF_HOME lies and try again."),
            context=constants.HF_HUB_CACHE,
        )
    if isinstance(error, OSError) or package in {"httpx", "httpx2", "httpcore", "httpcore2"}:
        return _not_here(name, f"{constants.ENDPOINT}: {type(error).__name__}: {error}")
    return None


def _not_here(name: str, why: str) -> SciAppError:
    return SciAppError(
        msg("The model “{name}” is not on this computer and could not be downloaded.", name=name),
        hint=msg("Connect to the internet once, give a local folder, or choose a starter that ships with SciApp."),
        context=why,
    )


# huggingface_hub's progress bars as plain numbers.


def progress_bar_class(tell: Callable[[int, int], None]) -> type[Any]:
    """A class that huggingface_hub takes for a progress bar; it prints nothing and tells (bytes done, bytes in all).

    `tell` is called from the download's threads; what it raises ends the download of that file.
    """
    reported = [0]

    class ReportingBar(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self._counts_bytes = kwargs.get("unit") == "B"  # other bars count files
            kwargs.pop("name", None)
            super().__init__(*args, **(kwargs | {"disable": True}))

        def update(self, n: float | None = 1) -> bool | None:
            self.n += n or 0
            if self._counts_bytes:
                # Bytes received and bytes written have a bar each; the one that is ahead is told.
                reported[0] = max(reported[0], int(self.n))
                tell(reported[0], max(reported[0], int(self.total or 0)))
            return None

    return ReportingBar
