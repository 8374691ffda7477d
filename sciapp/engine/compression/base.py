"""The interface of a compression method."""

from dataclasses import dataclass
from typing import Protocol

from sciapp.engine.models.parts.base import ModelContents
from sciapp.engine.models.saved_model import SavedModel


@dataclass(frozen=True)
class CompressedContents:
    """A smaller model, still to be saved. remarks: sentences for its evaluation."""

    contents: ModelContents
    remarks: tuple[str, ...] = ()


class CompressionMethod(Protocol):
    """One way to make a model smaller or faster; a new one is a file in `methods` and its facts in
    `records/plan/compression.py`."""

    def compress(self, model: SavedModel) -> CompressedContents:
        """The smaller model; `model`, which may have been compressed before, stays as it is. Raises RunProblem for a
        model that the method does not fit."""
