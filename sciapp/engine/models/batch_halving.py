"""Batches that are only read, made smaller when they do not fit into memory."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.runtime.out_of_memory import OUT_OF_MEMORY, NothingFits, is_out_of_memory, release
from sciapp.i18n import msg

Answer = TypeVar("Answer")


def within_memory(batches: Sequence[Batch], answer: Callable[[Batch], Answer]) -> Iterator[tuple[Batch, Answer]]:
    """Each batch with its answer; from a batch on that runs out of memory all are made half as large, and so on.

    Raises DoesNotFit where a single row is too much.
    """
    waiting, most = list(reversed(batches)), 0  # most: tokens that a batch may have; 0: any number
    while waiting:
        batch = waiting.pop()
        size = len(batch.rows) * batch.length
        if most and size > most and len(batch.rows) > 1:
            waiting += reversed(_halves(batch))
            continue
        try:
            result = answer(batch)
        except OUT_OF_MEMORY as error:
            if not is_out_of_memory(error):
                raise
            if len(batch.rows) == 1:
                raise NothingFits(
                    msg("a row of {length:,} tokens cannot be read", length=batch.length), context=str(error)
                ) from error
            most = size // 2
            waiting.append(batch)
        else:
            yield batch, result
            continue
        release()  # here, where the error and with it the batch's tensors are gone


def _halves(batch: Batch) -> list[Batch]:
    middle = (len(batch.rows) + 1) // 2
    return [Batch(batch.rows[:middle], batch.length), Batch(batch.rows[middle:], batch.length)]
