"""A saved model on disk: one folder, written and read part by part."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sciapp.engine.hub.trusted_folder import check_trusted
from sciapp.engine.models.parts.base import ModelContents, PartDescription
from sciapp.engine.models.parts.registry import PARTS
from sciapp.errors import OutOfSpace
from sciapp.records.atomic import explaining_out_of_space, new_folder
from sciapp.records.run.run import check_model

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), 112)  # 112: Windows' ERROR_DISK_FULL


class ModelFolder:
    """`model/` of a run, or a copy of it anywhere; a plain Hugging Face folder wherever the model fits into one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, contents: ModelContents) -> None:
        """Replace the folder by `contents`, at once or not at all. Raises OutOfSpace."""
        drafts = self.folder.parent.glob(f".new-{self.folder.name}-*")  # of a process that was killed while it saved
        for left in (self.folder, *drafts):
            shutil.rmtree(left, ignore_errors=True)
        with _full_disk_reported(self.folder), new_folder(self.folder, parents=False) as draft, ExitStack() as stack:
            for part in PARTS:
                stack.enter_context(part.detached(contents))
            for part in PARTS:
                part.save(contents, draft)

    def open(self) -> ModelContents:
        """The model, ready to predict on a processor.

        Raises RunProblem when the folder holds no model, BadInput when it cannot be read.
        """
        check_model(self.folder)
        check_trusted(self.folder, self.folder.parent.name)
        contents = ModelContents()
        for part in PARTS:
            part.load(self.folder, contents)
        return contents

    def describe(self) -> list[PartDescription]:
        """The parts in words, for cards and evaluations. Raises BadInput for a damaged part."""
        return [description for part in PARTS if (description := part.describe(self.folder)) is not None]

    def remarks(self) -> list[str]:
        """Sentences for the evaluation of the model, on parts that change what its scores mean."""
        return [part.remark for part in self.describe() if part.remark]

    def size(self) -> int:
        """Bytes on disk, the README left out: that is written for people."""
        files = (file for file in self.folder.rglob("*") if file.is_file() and file.name != "README.md")
        return sum(file.stat().st_size for file in files)


@contextmanager
def _full_disk_reported(path: Path) -> Iterator[None]:
    """Turn what the Rust writers of weights and tokenizers say of a full disk into OutOfSpace.

    They raise errors of their own, or plain Exception, with the system's number in the text only.
    """
    try:
        yield
    except OutOfSpace:
        raise
    except Exception as error:
        if not any(f"(os error {number})" in str(error) for number in _FULL):
            raise
        with explaining_out_of_space(path):
            raise OSError(errno.ENOSPC, str(error)) from error
