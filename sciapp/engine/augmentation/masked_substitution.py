"""Words or letters that a masked language model proposes in place of some of a row's own (Kobayashi 2018,
arXiv:1805.06201; Wu et al. 2019, arXiv:1812.06705, without the label as a condition).

Everything around a replaced word, white space and case too, stays as it was: the model's own spelling is only asked
for where a whole word is one token.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import torch

from sciapp.engine.domains.base import GeneratedAugmentation
from sciapp.engine.inputs.tokenization.windows import SpecialTokenCounts
from sciapp.engine.inputs.tokenization.word_vocabulary import ReplaceableTokens
from sciapp.engine.models.architectures.pretraining import PretrainingModel
from sciapp.engine.models.load import load_tokenizer, longest_input
from sciapp.engine.models.masked_lm import check_mask_token, load_masked
from sciapp.errors import BadInput
from sciapp.i18n import msg

_MOST_LIKELY = 10  # tokens of which one is drawn
_TOKENS_AT_ONCE = 4096  # of a batch, padding included

Check = Callable[[], None]
Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True)
class _MaskedToken:
    """A token that the model does not see. position: in its window; it stands for text[begin:end]."""

    position: int
    token: int
    begin: int
    end: int


@dataclass(frozen=True)
class _Window:
    """A part of a row that the model reads at once, its special tokens with it. seed: of what is drawn in it."""

    row: int
    copy: int
    tokens: list[int]
    hidden: list[_MaskedToken]
    seed: list[int]


@dataclass(frozen=True)
class MaskedSubstitution:
    """Of each row come `count` variants. longest: tokens that the model reads, special ones included."""

    model: PretrainingModel
    tokenizer: Any
    longest: int
    how: GeneratedAugmentation
    frame: SpecialTokenCounts
    vocabulary: ReplaceableTokens
    count: int
    strength: float
    seed: int
    device: torch.device
    rows_at_once: ClassVar[int] = 32
    """Rows that are read together; which ones belong together must not depend on what is made already."""

    @classmethod
    def open(
        cls, folder: Path, name: str, device: torch.device, *, how: GeneratedAugmentation, example: str, count: int,
        strength: float, seed: int,
    ) -> "MaskedSubstitution":  # fmt: skip
        """The model in `folder`, which people know as `name`. Raises BadInput for one that fills in no masks."""
        tokenizer = load_tokenizer(folder)
        check_mask_token(tokenizer)
        network, fresh_head = load_masked(folder, seed)
        if fresh_head or not tokenizer.is_fast:
            lacks = msg("no head for masked tokens") if fresh_head else msg("no tokenizer.json")
            raise BadInput(
                msg("“{name}” has {lacks}, so it cannot propose words.", name=name, lacks=lacks),
                hint=msg("Choose a masked language model such as a starter, BERT or ESM, or leave the model empty."),
                context=str(folder),
            )
        model = PretrainingModel(network, 0, seed).to(device).eval()
        longest = longest_input(folder, tokenizer)
        frame, vocabulary = SpecialTokenCounts.of(tokenizer, example), ReplaceableTokens(tokenizer, how.letters)
        return cls(model, tokenizer, longest, how, frame, vocabulary, count, strength, seed, device)

    def variants(self, values: Sequence[str], first: int, check: Check) -> list[list[str]]:
        """first: the number of the first row, which decides the draws. A row without fitting words comes unchanged."""
        read = self.tokenizer(list(values), return_offsets_mapping=True, truncation=False, verbose=False)
        windows: list[_Window] = []
        for row, value in enumerate(values):
            windows += self._windows(row, first + row, value, read["input_ids"][row], read["offset_mapping"][row])
        changes: list[list[list[tuple[int, int, str]]]] = [[[] for _ in range(self.count)] for _ in values]
        for batch in _batches(windows):
            check()
            for window, logits in zip(batch, self._logits(batch), strict=True):
                changes[window.row][window.copy] += self._proposed(window, values[window.row], logits)
        return [[_replaced(value, made) for made in changes[row]] for row, value in enumerate(values)]

    def _windows(
        self, row: int, number: int, value: str, ids: list[int], offsets: list[tuple[int, int]]
    ) -> list[_Window]:
        """The parts of all variants of a row in which something is hidden; a part without is not read."""
        begin, end = self.frame.first, len(ids) - self.frame.last
        tokens, spans, room = ids[begin:end], offsets[begin:end], self.longest - self.frame.first - self.frame.last
        replaceable = [] if set(self.how.leaves) & set(value) else self.vocabulary.positions(value, spans)
        windows = []
        for copy in range(self.count):
            hidden = self._chosen(replaceable, [self.seed, number, copy])
            for left in range(0, len(tokens), room):
                own = [n for n in range(left, min(left + room, len(tokens))) if n in hidden]
                if own:
                    masked = [*ids[:begin], *tokens[left : left + room], *ids[end:]]
                    marks = [_MaskedToken(begin + n - left, tokens[n], *spans[n]) for n in own]
                    for mark in marks:
                        masked[mark.position] = int(self.tokenizer.mask_token_id)
                    windows.append(_Window(row, copy, masked, marks, [self.seed, number, copy, left]))
        return windows

    def _chosen(self, positions: list[int], seed: list[int]) -> set[int]:
        """The tokens to be replaced, of those that may be; one at least."""
        count = max(1, round(self.how.most * self.strength * len(positions)))
        return set(np.random.default_rng(seed).choice(positions, count, replace=False).tolist()) if positions else set()

    def _logits(self, batch: list[_Window]) -> list[Numbers]:
        """Of each window (hidden tokens, vocabulary)."""
        longest = max(len(window.tokens) for window in batch)
        ids = torch.full((len(batch), longest), int(self.tokenizer.pad_token_id))
        real, chosen = torch.zeros_like(ids), torch.zeros_like(ids, dtype=torch.bool)
        for index, window in enumerate(batch):
            ids[index, : len(window.tokens)] = torch.tensor(window.tokens)
            real[index, : len(window.tokens)] = 1
            chosen[index, [mark.position for mark in window.hidden]] = True
        with torch.no_grad():
            logits, _ = self.model(ids.to(self.device), real.to(self.device), chosen.to(self.device))
        ends = np.cumsum([len(window.hidden) for window in batch])[:-1]
        return np.split(logits.float().cpu().numpy(), ends)

    def _proposed(self, window: _Window, value: str, logits: Numbers) -> list[tuple[int, int, str]]:
        """The replacements to be written: (from, to, word)."""
        rng, replacements = np.random.default_rng([*window.seed, 1]), []
        for mark, row in zip(window.hidden, logits, strict=True):
            old = value[mark.begin : mark.end]
            able = self.vocabulary.allowed(mark.token, old)[: len(row)]
            likely = np.flatnonzero(able)
            likely = likely[np.argsort(-row[likely], kind="stable")[:_MOST_LIKELY]]
            if len(likely):
                shares = np.exp(row[likely].astype(np.float64) - row[likely].max())
                new = int(rng.choice(likely, p=shares / shares.sum()))
                replacements.append((mark.begin, mark.end, self.vocabulary.written(new, old)))
        return replacements


def _batches(windows: list[_Window]) -> list[list[_Window]]:
    """Windows of about one length together."""
    batches: list[list[_Window]] = []
    for window in sorted(windows, key=lambda one: len(one.tokens)):
        if batches and (len(batches[-1]) + 1) * len(window.tokens) <= _TOKENS_AT_ONCE:
            batches[-1].append(window)
        else:
            batches.append([window])
    return batches


def _replaced(text: str, changes: list[tuple[int, int, str]]) -> str:
    for begin, end, new in sorted(changes, reverse=True):
        text = text[:begin] + new + text[end:]
    return text
