"""Messages are recognised by what they name: values, numbers and single words, never a whole sentence."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

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


def values_of(text: Any) -> Any:
    """The values of a message by name, those of messages among them likewise; anything without values is itself."""
    if isinstance(text, list | tuple):
        return [values_of(inner) for inner in text]
    if isinstance(text, Message) and text.values:
        return {name: values_of(value) for name, value in text.values.items()}
    return text


def has_part(text: Any, /, **values: object) -> bool:
    """True where the message, or one that it is made of, has just these values."""
    return any(isinstance(part, Message) and part.values and values_of(part) == values for part in _parts(text))


def quoted(text: str) -> list[str]:
    """The names that stand in quotation marks, in their order: ["y", "5"] of “y” is “5”."""
    return re.findall("“([^“”]*)”", text)


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


@contextmanager
def refused_exactly(error: type[E], /, **values: object) -> Iterator[pytest.ExceptionInfo[E]]:
    """Expect an error of just this class whose message has just these values; `values_of` tells how they look."""
    with pytest.raises(error) as caught:
        yield caught
    assert type(caught.value) is error
    message = caught.value.message
    actual = {name: values_of(value) for name, value in message.values.items()} if isinstance(message, Message) else {}
    assert actual == values, f"“{message}” has {actual}"


def _plain(value: Value) -> object:
    return tuple(value) if isinstance(value, list) else value


def _parts(text: Any) -> Iterator[str]:
    """The text, and every text that it is made of."""
    if isinstance(text, str):
        yield text
    for inner in text.values.values() if isinstance(text, Message) else text if isinstance(text, list | tuple) else ():
        yield from _parts(inner)
