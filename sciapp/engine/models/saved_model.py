"""A model that a run saved, ready to predict: the folder alone is enough, whatever its weights' format."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import ArrayValues, RowValues
from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.inputs.features.matrix import FeatureRecipe
from sciapp.engine.inputs.tokenization.tokens import Tokens
from sciapp.engine.models.architectures.feature_fusion import FusionModel
from sciapp.engine.models.inference import Features, logits_for
from sciapp.engine.models.members.registry import member_named
from sciapp.engine.models.model_folder import ModelFolder
from sciapp.engine.models.parts.base import ModelContents
from sciapp.engine.tasks.base import Task
from sciapp.i18n import msg
from sciapp.records.run.evaluation import ExtraFeatures, MemberShare

_TOKENS_PER_BATCH = 4096


TRANSFORMER_ALONE = msg("Transformer alone")


@dataclass(frozen=True)
class ModelAnswers:
    """Predictions of the same rows. transformer: alone, None where that is all there is; members: of each simple model
    that counts, by key."""

    whole: RowValues
    transformer: RowValues | None = None
    members: Mapping[str, RowValues] = field(default_factory=dict)

    def by_title(self) -> dict[str, RowValues]:
        """The transformer's answers and each member's; of what answers alone there is nothing more to tell."""
        parts: dict[str, RowValues] = {}
        if self.transformer is not None:
            parts[TRANSFORMER_ALONE] = self.transformer
        for key, part in self.members.items():
            parts[msg("{title:u}", title=member_named(key).title)] = part
        return parts


@dataclass(frozen=True)
class SavedModel:
    """The contents of a `model/` folder, asked for predictions."""

    folder: Path
    contents: ModelContents

    @classmethod
    def open(cls, folder: Path) -> "SavedModel":
        """As `ModelFolder.open`; cards of saved models call it by this name."""
        return cls(folder, ModelFolder(folder).open())

    @property
    def tokenizer(self) -> PreTrainedTokenizerBase:
        return self.contents.tokenizer

    @property
    def model(self) -> PreTrainedModel | FusionModel:
        return self.contents.network

    @property
    def recipe(self) -> FeatureRecipe | None:
        """The extra features that a FusionModel reads besides the tokens."""
        return self.contents.recipe

    @property
    def task(self) -> Task:
        """The task that the model was trained for, as its config says."""
        assert self.contents.task is not None, "a folder that was opened says its task"
        return self.contents.task

    @property
    def covariates(self) -> tuple[str, ...]:
        """The covariates that the model reads, in order."""
        members = self.contents.member_recipe
        recipe = self.recipe or (members.numbers if members else None)
        return recipe.covariates if recipe else ()

    @property
    def extra_features(self) -> ExtraFeatures | None:
        """The extra features, for an evaluation; None for a model that reads nothing more than the tokens."""
        if self.recipe is None or not (self.recipe.described or self.recipe.covariates or self.recipe.rule):
            return None
        rule = self.recipe.rule.rule.name if self.recipe.rule else ""
        return ExtraFeatures(descriptors=self.recipe.described, covariates=self.recipe.covariates, rule=rule)

    @property
    def member_shares(self) -> tuple[MemberShare, ...]:
        """The transformer's part of the answer, then the members'; empty for a transformer alone."""
        ensemble = self.contents.ensemble
        if ensemble is None or ensemble.network_share == 1:
            return ()
        members = (MemberShare(title=member_named(key).title, share=share) for key, share in ensemble.shares.items())
        return (MemberShare(title=msg("transformer"), share=ensemble.network_share), *members)

    def tokens(self, inputs: Sequence[RowInput], check: Callable[[int], None]) -> Tokens:
        """Cut, or read in pieces, as in training: the saved tokenizer remembers the longest row."""
        return self.task.tokenized(self.tokenizer, inputs, int(self.tokenizer.model_max_length), check)

    def values(
        self,
        inputs: Sequence[RowInput],
        check: Callable[[int], None] = lambda done: None,
        covariates: npt.NDArray[np.float64] | None = None,
    ) -> RowValues:
        """Predictions of canonical inputs: (rows, targets) in their own units, probabilities (rows, classes) or (rows,
        targets), or labels of units.

        covariates (rows, columns), in the order of `covariates`; None, or NaN: unknown, the training mean.
        """
        return self.values_of(inputs, self.tokens(inputs, check), check, covariates)

    def values_of_rows(self, rows: Rows, check: Callable[[int], None], store: Path) -> RowValues:
        """The same for rows of a dataset, whose descriptors lie in `store`."""
        return self._answers(rows.inputs, self.tokens(rows.inputs, check), check, rows.covariates, store).whole

    def answers_of_rows(self, rows: Rows, check: Callable[[int], None], store: Path) -> ModelAnswers:
        """The same with what each part of the model says alone."""
        tokens = self.tokens(rows.inputs, check)
        return self._answers(rows.inputs, tokens, check, rows.covariates, store, with_parts=True)

    def values_of(
        self,
        inputs: Sequence[RowInput],
        tokens: Tokens,
        check: Callable[[int], None],
        covariates: npt.NDArray[np.float64] | None = None,
    ) -> RowValues:
        """The same for inputs that are tokens already."""
        return self._answers(inputs, tokens, check, covariates, None).whole

    def _answers(
        self,
        inputs: Sequence[RowInput],
        tokens: Tokens,
        check: Callable[[int], None],
        covariates: npt.NDArray[np.float64] | None,
        store: Path | None,
        *,
        with_parts: bool = False,
    ) -> ModelAnswers:
        """store: of descriptors, None: worked out anew. with_parts: what has no share in the answer is asked too."""
        recipe, ensemble, members = self.recipe, self.contents.ensemble, self.contents.member_recipe
        raw = recipe.raw(inputs, covariates, check, store) if recipe else None
        features = recipe.scaled(raw, inputs) if recipe and raw is not None else None
        if ensemble is None or members is None or ensemble.network_share == 1:
            return ModelAnswers(self._of_network(inputs, tokens, check, features))
        shared = raw if recipe and members.numbers and recipe.source == members.numbers.source else None
        answers = ensemble.answers(members.of(inputs, covariates, check, store, shared))
        if ensemble.network_share == 0 and not with_parts:
            return ModelAnswers(ArrayValues(ensemble.without_network(answers, len(inputs))))
        alone = self._of_network(inputs, tokens, check, features)
        if ensemble.only_member is not None:
            return ModelAnswers(ArrayValues(ensemble.without_network(answers, len(inputs))), alone)
        parts: dict[str, RowValues] = {key: ArrayValues(ensemble.in_units(part)) for key, part in answers.items()}
        return ModelAnswers(ArrayValues(ensemble.combined(np.asarray(alone), answers)), alone, parts)

    def _of_network(
        self, inputs: Sequence[RowInput], tokens: Tokens, check: Callable[[int], None], features: Features | None
    ) -> RowValues:
        """Predictions of the transformer, over all spellings that it reads."""
        own = self._read(tokens, check, features)
        test_time = self.contents.test_time
        if test_time is None:
            return own
        spelt, owners = test_time.of_all(inputs, check)
        others = self._read(self.tokens(spelt, check), check, None if features is None else features[owners])
        total = np.array(own)  # of rows: labels of units have no mean
        np.add.at(total, owners, np.asarray(others))
        return ArrayValues(total / (1 + np.bincount(owners, minlength=len(inputs)))[:, None])

    def _read(self, tokens: Tokens, check: Callable[[int], None], features: Features | None) -> RowValues:
        logits = logits_for(
            self.task,
            self.model,
            tokens.rows,
            pad=pad_of(self.tokenizer),
            tokens_per_batch=_TOKENS_PER_BATCH,
            features=features,
            check=check,
        )
        return self.task.decode(logits, tokens)


def pad_of(tokenizer: Any) -> int:
    """The padding's number; 0 for the odd tokenizer that has none (the mask hides it anyway)."""
    return int(tokenizer.pad_token_id or 0)
