"""Training rows as the model is shown them in one pass: some written anew, some of their tokens masked.

What a row is shown as follows from (seed, pass, row), so a resumed run sees what an undisturbed one would have seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sciapp.engine.augmentation.rewriter import GeneratedRows, Rewriter, rewriter_for
from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.registry import task_facts
from sciapp.engine.domains.base import Domain
from sciapp.engine.inputs.tokenization.batches import Batch, padded_lengths
from sciapp.engine.inputs.tokenization.tokens import TokenRows, Tokens
from sciapp.engine.tasks.base import Labels, Task
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.plan import TrainPlan

Numbers = npt.NDArray[np.int32]

_MASKING = 2  # tells these draws from others of the same seed, pass and row
_GRAIN = 32  # tokens; beyond the lengths that batches have, few distinct shapes


@dataclass(frozen=True)
class TokenMask:
    """Hides tokens from the model. share: of the tokens that are not special ones."""

    share: float
    mask: int
    special: npt.NDArray[np.int64]
    seed: int

    def hidden(self, tokens: Numbers, row: int, epoch: int) -> Numbers:
        rng = np.random.default_rng([self.seed, epoch, row, _MASKING])
        hidden = (rng.random(len(tokens)) < self.share) & ~np.isin(tokens, self.special)
        return np.where(hidden, np.int32(self.mask), tokens)


@dataclass(frozen=True)
class AugmentedBatch:
    """A batch as it is shown: tokens and labels of its rows alone, and the batch that reads all of them."""

    tokens: TokenRows
    labels: Labels | None
    batch: Batch


@dataclass(frozen=True)
class AugmentedRows:
    """tokens: of the rows as they are, which need not be one a row where units are labelled (see `data.pieces`).

    longest: tokens; rewritten rows are cut there, or read in pieces, as all others.
    """

    rows: Rows
    tokens: Tokens
    task: Task
    tokenizer: Any
    longest: int
    rewriter: Rewriter | None
    mask: TokenMask | None
    labels: Labels = field(repr=False)

    def augment(self, batch: Batch, epoch: int) -> AugmentedBatch:
        """labels None: they are those of the rows as they are."""
        tokens = [self.tokens.rows[row] for row in batch.rows.tolist()]
        labels = [self.labels[row] for row in batch.rows.tolist()] if isinstance(self.labels, TokenRows) else None
        if self.rewriter is not None:
            self._rewrite(self.rewriter, batch.rows, epoch, tokens, labels)
        if self.mask is not None:
            for index, row in enumerate(batch.rows.tolist()):
                tokens[index] = self.mask.hidden(tokens[index], row, epoch)
        augmented = TokenRows.of(tokens, self.tokens.rows.name)
        whole = Batch(np.arange(len(augmented)), self._length(max(batch.length, int(augmented.lengths.max()))))
        return AugmentedBatch(augmented, None if labels is None else TokenRows.of(labels), whole)

    def _rewrite(
        self,
        rewriter: Rewriter,
        rows: npt.NDArray[np.int64],
        epoch: int,
        tokens: list[Numbers],
        labels: list[Numbers] | None,
    ) -> None:
        """Put other tokens, and with them their labels, in the place of those of the rows that change."""
        owners, ordinals = self._owners(rows)
        rewrites = [rewriter.rewritten(self.rows.inputs[owner], owner, epoch) for owner in owners.tolist()]
        changed = [index for index, one in enumerate(rewrites) if one is not None]
        if not changed:
            return
        values = [one.value for one in rewrites if one is not None]
        fresh = self.task.tokenized(self.tokenizer, values, self.longest, lambda done: None)
        fresh_labels = self._labels_of(owners[changed], fresh) if labels is not None else None
        for number, index in enumerate(changed):
            piece = self._piece(fresh, number, int(owners[index]), int(ordinals[index]))
            if piece is None:
                continue  # it takes more pieces than the row it stands for, or fewer
            tokens[index] = fresh.rows[piece]
            if labels is not None and fresh_labels is not None:
                labels[index] = fresh_labels[piece]

    def _owners(self, pieces: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The row that each piece is of, and the how manieth of its pieces it is; a row is one piece where it can."""
        if self.tokens.units is None:
            return pieces, np.zeros_like(pieces)
        starts = self.tokens.units.pieces
        owners = np.searchsorted(starts, pieces, side="right") - 1
        return owners, pieces - starts[owners]

    def _piece(self, fresh: Tokens, number: int, owner: int, ordinal: int) -> int | None:
        """The piece of the rewritten row `number` that takes the place of piece `ordinal` of row `owner`."""
        if fresh.units is None or self.tokens.units is None:
            return number
        old, new = (units.pieces for units in (self.tokens.units, fresh.units))
        same = old[owner + 1] - old[owner] == new[number + 1] - new[number]
        return int(new[number]) + ordinal if same else None

    def _labels_of(self, owners: npt.NDArray[np.int64], fresh: Tokens) -> TokenRows:
        labels = self.task.labels(self.rows.targets[owners], fresh)
        assert isinstance(labels, TokenRows), "labels of units come token by token"
        return labels

    def _length(self, longest: int) -> int:
        """A rewritten row may be longer than the batch was made for; it is padded to the next length, not to any."""
        beyond = max(longest, min(self.longest, -(-longest // _GRAIN) * _GRAIN))
        return next((edge for edge in self._edges if edge >= longest), beyond)

    @cached_property
    def _edges(self) -> list[int]:
        return padded_lengths(self.tokens.rows.lengths)


def augmented(
    plan: TrainPlan,
    domain: Domain,
    task: Task,
    tokenizer: Any,
    rows: Rows,
    tokens: Tokens,
    longest: int,
    labels: Labels,
    variants: Mapping[str, GeneratedRows] | None = None,
) -> AugmentedRows | None:
    """The training rows as the plan wants them shown; None: as they are. Raises BadInput.

    variants: what models wrote beforehand, by augmentation.
    """
    rewriter = rewriter_for(domain, plan.augmentation, plan.seed, facts=task_facts(task.task), variants=variants)
    mask = _mask(plan, tokenizer)
    if rewriter is None and mask is None:
        return None
    return AugmentedRows(rows, tokens, task, tokenizer, longest, rewriter, mask, labels)


def _mask(plan: TrainPlan, tokenizer: Any) -> TokenMask | None:
    share = plan.augmentation.token_masking
    if not share:
        return None
    if tokenizer.mask_token_id is None:
        raise BadInput(
            msg("This model’s tokenizer has no mask token, so tokens cannot be masked while it is trained."),
            hint=msg("Set token_masking to 0, or choose an encoder such as RoBERTa, BERT, ESM or ModernBERT."),
        )
    return TokenMask(share, int(tokenizer.mask_token_id), np.array(tokenizer.all_special_ids), plan.seed)
