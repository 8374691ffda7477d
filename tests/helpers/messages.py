"""Messages are recognised by what they name: values, numbers and single words, never a whole sentence."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest

from sciapp.errors import SciAppError
from sciapp.i18n import Message, Value

E = TypeVar("E", bound=SciAppError)


def named(text: str) -> Iterator[tuple[str, Value]]:
    """The values of a message with their names, those of messages inside it too; a plain text has none."""
    if not isinstance(text, Message):
        return
    for name, value in text.values.items():
        yield name, value
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Message):
                yield from named(inner)


def names(text: str, /, **values: object) -> bool:
    """True if a message has each of these values by its name."""
    return set(values.items()) <= {(name, _plain(value)) for name, value in named(text)}


def numbers_in(text: str) -> list[str]:
    """The numbers of a text as they are written, in their order."""
    return re.findall(r"\d(?:[\d.,]*\d)?", text)


@contextmanager
def refused(error: type[E], word: str = "", /, **values: object) -> Iterator[pytest.ExceptionInfo[E]]:
    """Expect an error whose message has these values, and in whose text `word` is."""
    with pytest.raises(error) as caught:
        yield caught
    assert word in str(caught.value), str(caught.value)
    assert names(caught.value.message, **values), dict(named(caught.value.message))


def _plain(value: Value) -> object:
    return tuple(value) if isinstance(value, list) else value
