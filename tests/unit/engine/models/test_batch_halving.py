"""Batches that are only read are made smaller where they do not fit."""

from unittest.mock import ANY

import numpy as np
import pytest

from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.models.batch_halving import within_memory
from sciapp.engine.runtime.out_of_memory import NothingFits
from tests.helpers.messages import refused_exactly


def reader(most: int, tried: list[int]):  # type: ignore[no-untyped-def]
    def answer(batch: Batch) -> list[int]:
        tried.append(len(batch.rows))
        if len(batch.rows) * batch.length > most:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.")
        return [int(row) for row in batch.rows]

    return answer


def test_every_row_is_answered_once_and_what_did_not_fit_is_not_tried_again() -> None:
    tried: list[int] = []
    batches = [Batch(np.arange(first, first + 8), 16) for first in (0, 8, 16)]
    found = list(within_memory(batches, reader(40, tried)))
    assert [row for _, rows in found for row in rows] == list(range(24))
    assert tried == [8, 4] + [2] * 12
    assert all(batch.rows.tolist() == rows for batch, rows in found)


def test_a_single_row_that_does_not_fit_is_said_plainly() -> None:
    with refused_exactly(NothingFits, problem=ANY, what={"length": 64}) as raised:
        list(within_memory([Batch(np.arange(2), 64)], reader(10, [])))
    assert "max_length" in raised.value.hint


def test_any_other_error_stays_what_it_is() -> None:
    def answer(batch: Batch) -> None:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="mat1"):
        list(within_memory([Batch(np.arange(2), 64)], answer))
