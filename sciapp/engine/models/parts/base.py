"""The interface of a part of a saved model, and a model in memory as the sum of its parts."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from sciapp.engine.inputs.features.matrix import FeatureRecipe
from sciapp.engine.models.architectures.feature_fusion import FusionModel
from sciapp.engine.models.members.ensemble import Ensemble
from sciapp.engine.models.members.features import MemberRecipe
from sciapp.engine.models.test_time_augmentation import TestTimeAugmentation
from sciapp.engine.tasks.base import Task

_UNLOADED: Any = None  # while a folder is opened; every folder has a tokenizer and a network


@dataclass
class ModelContents:
    """A model in memory, part by part.

    recipe: the extra features that a FusionModel reads besides the tokens. prefixes: those that were detached from the
    network while it is saved. task: None for a model without labels. ensemble: simple models that answer with the
    network, and member_recipe what they read; both or neither. weight_format: a name of
    `quantization.weight_formats`, in which the weights lie, or are to lie, on disk.
    """

    tokenizer: PreTrainedTokenizerBase = _UNLOADED
    network: PreTrainedModel | FusionModel = _UNLOADED
    recipe: FeatureRecipe | None = None
    task: Task | None = None
    test_time: TestTimeAugmentation | None = None
    weight_format: str = "fp32"
    ensemble: Ensemble | None = None
    member_recipe: MemberRecipe | None = None
    prefixes: dict[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class PartDescription:
    """A part in a model card.

    tags: for the hub. usage: a template that takes the place of the lines for transformers, where those would not
    do. usage_note: a sentence in front of it.
    note: a paragraph of Markdown. remark: a sentence for the run's evaluation.
    """

    key: str
    tags: tuple[str, ...] = ()
    usage: str = ""
    usage_note: str = ""
    note: str = ""
    remark: str = ""


class ModelPart:
    """One part of a saved model; a new one is a file here and a line in `parts.registry`.

    files: names inside the folder that belong to this part alone. config_keys: the same for keys of config.json, which
    the weights write.
    """

    key: str
    files: tuple[str, ...] = ()
    config_keys: tuple[str, ...] = ()

    def is_in(self, folder: Path) -> bool:
        """True if the folder has this part, perhaps damaged."""
        return any((folder / name).is_file() for name in self.files)

    def detached(self, contents: ModelContents) -> AbstractContextManager[object]:
        """A block in which the network is plain: a part that lives inside of it steps out, and comes back."""
        return nullcontext()

    def save(self, contents: ModelContents, folder: Path) -> None:
        """Write the part's files; nothing for a model without it. Raises OSError, OutOfSpace."""

    def load(self, folder: Path, contents: ModelContents) -> None:
        """Add the part to `contents`, which hold the parts before it. Raises BadInput for a damaged file."""

    def describe(self, folder: Path) -> PartDescription | None:
        """The part in words, for the folder's card; None where it is not there or needs none."""
        return None
