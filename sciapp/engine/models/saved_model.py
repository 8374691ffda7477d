"""A model that a run saved, ready to predict: plain or quantised, the folder alone is enough."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.values.token_labels import UnitLabels
from sciapp.engine.hub.trusted_folder import check_trusted
from sciapp.engine.inputs.features.matrix import FeatureRecipe
from sciapp.engine.inputs.tokenization.tokens import Tokens
from sciapp.engine.models.architectures.feature_fusion import (
    FusionModel,
    encoder_of,
    is_joined,
    load_joined,
    load_recipe,
)
from sciapp.engine.models.inference import Features, logits_for
from sciapp.engine.models.load import load_plain, load_tokenizer
from sciapp.engine.models.pair_encoding import PAIR_KEY, tell_apart
from sciapp.engine.models.peft.prefix_tuning import load_prefixes
from sciapp.engine.models.quantization.int8 import QUANTIZED_WEIGHTS, load_quantized, load_quantized_joined
from sciapp.engine.models.test_time_augmentation import TestTimeAugmentation, load_copies
from sciapp.engine.tasks.base import Task, Values
from sciapp.engine.tasks.registry import saved_task
from sciapp.errors import RunProblem
from sciapp.records.run.evaluation import ExtraFeatures

_TOKENS_PER_BATCH = 4096


@dataclass(frozen=True)
class SavedModel:
    """Tokenizer and network of a `model/` folder; recipe: what a joined model reads beside the tokens.

    copies: other spellings of a row that are read as well, and their predictions averaged with the row's own.
    """

    folder: Path
    tokenizer: PreTrainedTokenizerBase
    model: PreTrainedModel | FusionModel
    recipe: FeatureRecipe | None = None
    copies: TestTimeAugmentation | None = None

    @classmethod
    def open(cls, folder: Path) -> "SavedModel":
        """Raises RunProblem when the folder holds no model, BadInput when it cannot be read."""
        if not (folder / "config.json").is_file():
            raise RunProblem("This run has no saved model.", hint="Choose a run that finished.", context=str(folder))
        check_trusted(folder, folder.parent.name)
        quantized, copies = (folder / QUANTIZED_WEIGHTS).is_file(), load_copies(folder)
        tokenizer, recipe = load_tokenizer(folder), None
        if is_joined(folder):
            model: PreTrainedModel | FusionModel = load_quantized_joined(folder) if quantized else load_joined(folder)
            recipe = load_recipe(folder)
        else:
            model = load_quantized(folder) if quantized else load_plain(folder)
        load_prefixes(encoder_of(model), folder)
        if getattr(model.config, PAIR_KEY, False):
            tell_apart(model, tokenizer)
        return cls(folder, tokenizer, model, recipe, copies)

    @property
    def beside(self) -> ExtraFeatures | None:
        """What the head reads beside the encoder's output, for an evaluation; a linear model may read nothing more."""
        if self.recipe is None or not (self.recipe.described or self.recipe.covariates):
            return None
        return ExtraFeatures(descriptors=self.recipe.described, covariates=self.recipe.covariates)

    @cached_property
    def task(self) -> Task:
        """What the model was trained for, as its config says."""
        return saved_task(self.model.config)

    def tokens(self, inputs: list[str], check: Callable[[int], None]) -> Tokens:
        """Cut, or read in pieces, as in training: the saved tokenizer remembers the longest row."""
        return self.task.tokenized(self.tokenizer, inputs, int(self.tokenizer.model_max_length), check)

    def values(
        self,
        inputs: list[str],
        check: Callable[[int], None] = lambda done: None,
        covariates: npt.NDArray[np.float64] | None = None,
    ) -> Values:
        """Predictions of canonical inputs: (rows, targets) in their own units, probabilities (rows, classes) or (rows,
        targets), or labels of units.

        covariates (rows, columns), in the order of `recipe.covariates`; None, or NaN: unknown, the training mean.
        """
        features = self.recipe.matrix(inputs, covariates, check) if self.recipe else None
        return self.values_of(inputs, self.tokens(inputs, check), check, features)

    def values_of_rows(self, rows: Rows, check: Callable[[int], None], store: Path) -> Values:
        """The same for rows of a dataset, whose descriptors lie in `store`."""
        features = self.recipe.matrix(rows.inputs, rows.covariates, check, store) if self.recipe else None
        return self.values_of(rows.inputs, self.tokens(rows.inputs, check), check, features)

    def values_of(
        self, inputs: list[str], tokens: Tokens, check: Callable[[int], None], features: Features | None = None
    ) -> Values:
        """The same for inputs that are tokens already. features: of `recipe.matrix`, for a joined model."""
        own = self._read(tokens, check, features)
        if self.copies is None:
            return own
        spelt, owners = self.copies.of_all(inputs, check)
        others = self._read(self.tokens(spelt, check), check, None if features is None else features[owners])
        assert not isinstance(own, UnitLabels) and not isinstance(others, UnitLabels), "labels of units have no mean"
        total = own.copy()
        np.add.at(total, owners, others)
        return total / (1 + np.bincount(owners, minlength=len(inputs)))[:, None]

    def _read(self, tokens: Tokens, check: Callable[[int], None], features: Features | None) -> Values:
        logits = logits_for(
            self.task,
            self.model,
            tokens.rows,
            pad=pad_of(self.tokenizer),
            tokens_per_batch=_TOKENS_PER_BATCH,
            features=features,
            check=check,
        )
        return self.task.decode(logits, tokens).values


def pad_of(tokenizer: Any) -> int:
    """The padding's number; 0 for the odd tokenizer that has none (the mask hides it anyway)."""
    return int(tokenizer.pad_token_id or 0)


def bytes_of(folder: Path) -> int:
    """The size of a model folder on disk, its README left out: that is written for people."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and file.name != "README.md")
