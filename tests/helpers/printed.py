"""Messages in a text, recognised by what makes them and by their values: tests pin no wording."""

import ast
import html
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from string import Formatter
from types import ModuleType
from typing import Any

from sciapp.i18n import Message

Source = ModuleType | type | Any
"""What makes a message: a module, a class or a function."""


def says(text: str, source: Source, /, **values: Any) -> bool:
    """True if the text has a message in it that the source makes, with these values; others it may have besides.

    text: a sentence, what a command printed, or a page of HTML. values: by their names in the template, written as the
    template writes them; `...` is any value. Raises AssertionError where the source makes no message with such values,
    which could never be in any text.
    """
    suitable = [template for template in templates(source) if values.keys() <= fields(template)]
    assert suitable, f"{source.__name__} makes no message of {', '.join(values) or 'any kind'}"
    plain = _plain(text)
    return any(_pattern(template, values).search(plain) for template in suitable)


def _words(template: str) -> str:
    return "".join(literal for literal, *_ in Formatter().parse(template))


def fields(template: str) -> set[str]:
    """The names of a template's values."""
    return {name for _, name, *_ in Formatter().parse(template) if name}


@cache
def templates(source: Source) -> tuple[str, ...]:
    """The templates with words that stand in the source, those for one thing and those for several."""
    found = _templates(ast.parse(textwrap.dedent(inspect.getsource(source))))
    return tuple(template for template in found if any(map(str.isalpha, _words(template))))


def _templates(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name("msg" | "plural" as maker), args=args):
                for arg in args[: 1 if maker == "msg" else 2]:
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, str):
                        yield arg.value
            case _:
                pass


def _pattern(template: str, values: dict[str, Any]) -> re.Pattern[str]:
    parts = []
    for literal, name, form, conversion in Formatter().parse(template):
        parts.append(re.escape(_spaced(literal)))
        if values.get(name, ...) is not ...:
            field = f"{{{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}}}"
            parts.append(re.escape(_spaced(Message(field, {name: values[name]}))))
        elif name is not None:
            parts.append(".+?")
    # “1 row” is not said by “21 rows”.
    return re.compile(r"(?:(?<!\w)(?<!\d[.,])|(?!\w))" + "".join(parts) + r"(?!\w)")


def _plain(text: str) -> str:
    """The text without line breaks and without HTML."""
    if "</" in text:
        text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    return _spaced(text)


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)
