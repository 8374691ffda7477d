"""Generators that tell progress and return something."""

from collections.abc import Generator
from typing import Any, TypeVar

T = TypeVar("T")


def driven(work: Generator[Any, None, T]) -> T:
    """What `work` returns once it has told all its progress."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result
