"""Token rows on the training device, and endless batches of like length from them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

_CHUNK = 20000


@dataclass(frozen=True)
class Rows:
    """Tokens of all rows in one array, without special tokens; row i is tokens[starts[i]:starts[i + 1]]."""

    tokens: torch.Tensor  # (all tokens,), int16, on the device
    starts: np.ndarray  # (rows + 1,), int64
    owner: np.ndarray  # (rows,), int64: the entry of the corpus that a row was made from

    @property
    def lengths(self) -> np.ndarray:
        return np.diff(self.starts)


@dataclass(frozen=True)
class Batch:
    """`ids` (rows, length) with special tokens and padding; `owner` (rows,) names the corpus entries."""

    ids: torch.Tensor
    owner: np.ndarray


def tokenized(texts: list[str], tokenizer: PreTrainedTokenizerFast, device: str, owner: np.ndarray) -> Rows:
    """All texts as token rows. Long ones are not cut here."""
    parts, lengths = [], []
    fast = tokenizer.backend_tokenizer
    fast.no_truncation()
    for begin in range(0, len(texts), _CHUNK):
        for found in fast.encode_batch_fast(texts[begin : begin + _CHUNK], add_special_tokens=False):
            ids = np.asarray(found.ids, dtype=np.int16)
            parts.append(ids)
            lengths.append(len(ids))
    flat = torch.from_numpy(np.concatenate(parts)).to(device)
    return Rows(flat, np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), owner)


def batches(
    rows: Rows,
    members: np.ndarray,
    windows: tuple[int, ...],
    budget: int,
    tokenizer: PreTrainedTokenizerFast,
    seed: int,
    *,
    begin: int = 0,
) -> Iterator[Batch]:
    """Endless batches of about `budget` tokens; their length is one of `windows`. The first `begin` are left out.

    A row goes into the shortest window that takes it whole. A row longer than the longest window is cropped at random
    places, once for every window's length of it and pass, in windows of all lengths.
    """
    rng = np.random.default_rng(seed)
    while True:
        row, offset, length, window = _one_pass(rows, members, windows, rng)
        plan = []
        for size in windows:
            mine = rng.permutation(np.flatnonzero(window == size))
            step = max(1, budget // size)
            plan += [(size, mine[i : i + step]) for i in range(0, max(1, len(mine) - step // 2), step) if len(mine)]
        order = rng.permutation(len(plan))
        left_out = min(begin, len(plan))
        begin -= left_out
        for where in order[left_out:]:
            size, chosen = plan[where]
            yield Batch(
                _gather(rows, row[chosen], offset[chosen], length[chosen], size, tokenizer), rows.owner[row[chosen]]
            )


def _one_pass(
    rows: Rows, members: np.ndarray, windows: tuple[int, ...], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    lengths = rows.lengths[members]
    inner = np.asarray(windows) - 2  # the first and the last place are special tokens
    whole = lengths <= inner[-1]
    short = members[whole]
    fitting = np.asarray(windows)[np.searchsorted(inner, lengths[whole])]
    long = members[~whole]
    parts = [(short, np.zeros(len(short), np.int64), lengths[whole], fitting)]
    for size in windows[-3:] if len(long) else ():
        count = np.maximum(1, rows.lengths[long] // (min(3, len(windows)) * (size - 2)))
        again = np.repeat(long, count)
        spare = rows.lengths[again] - (size - 2)
        parts.append(
            (
                again,
                (rng.random(len(again)) * spare).astype(np.int64),
                np.full(len(again), size - 2),
                np.full(len(again), size),
            )
        )
    row, offset, length, window = (np.concatenate(column) for column in zip(*parts, strict=True))
    return row, offset, length, window


def _gather(
    rows: Rows, row: np.ndarray, offset: np.ndarray, length: np.ndarray, size: int, tokenizer: PreTrainedTokenizerFast
) -> torch.Tensor:
    device = rows.tokens.device
    start = torch.from_numpy(rows.starts[row] + offset).to(device)[:, None]
    count = torch.from_numpy(length).to(device)[:, None]
    place = torch.arange(size - 2, device=device)[None]
    inside = place < count
    inner = rows.tokens[torch.where(inside, start + place, 0)].long()
    ids = torch.full((len(row), size), int(tokenizer.pad_token_id), device=device)
    ids[:, 1:-1] = torch.where(inside, inner, int(tokenizer.pad_token_id))
    ids[:, 0] = int(tokenizer.cls_token_id)
    ids.scatter_(1, count + 1, int(tokenizer.sep_token_id))
    return ids
