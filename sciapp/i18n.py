"""Messages: a template and its values, put into a language where people read them.

    raise BadInput(msg("“{file}” has no rows.", file=path.name), hint=msg("Choose another file."))

The text of a `Message`, which is a str, is its English rendering; `render` gives it in another language, by gettext
catalogues in `resources/translations/<language>/LC_MESSAGES/sciapp.mo`. Templates are literals, so that they can be
extracted; a test sees to it.
"""

import gettext
import json
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

Value: TypeAlias = "str | int | float | list[Value]"
"""A value of a template; a str may be a Message. Numbers stay numbers, and are written by locale when rendered."""

PSEUDO = "qps"
"""A language for tests: every template in brackets and 40 % longer."""

ANY_NUMBER = "…"
"""Stands in a message for numbers that differ."""

_DOMAIN = "sciapp"
_MINUS = "−"  # U+2212, which a number is written with where its format begins so
_NUMBER_FORMAT = re.compile(_MINUS + r"?[+]?,?(\.\d{1,2})?[defg%]?")
_TEXT_FORMAT = re.compile(r"[<>]\d{1,2}")
_FIRST_LETTERS = ("l", "u")
"""“{title:l}”: a title in the middle of a sentence; “{name:u}”: a phrase at the beginning of one."""


class Message(str):
    """A text for people with what it is made of. `template` is for one thing, `many` for several, where it counts.

    number: of things, which decides between the two (not `count`, which every str has as a method).
    """

    template: str
    many: str
    number: int
    values: Mapping[str, Value]

    def __new__(
        cls, template: str, values: Mapping[str, Any] = MappingProxyType({}), *, many: str = "", count: int = 1
    ) -> "Message":
        """Raises ValueError for a template that is none, or asks for values that there are not."""
        known = {name: _value(value) for name, value in values.items()}
        self = super().__new__(cls, _filled(template if count == 1 or not many else many, known, ENGLISH))
        self.template, self.many, self.number, self.values = template, many, count, MappingProxyType(known)
        return self

    def __add__(self, text: str) -> "Message":
        return joined([self, text], "")

    def __radd__(self, text: str) -> "Message":
        return joined([text, self], "")

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self.template, dict(self.values), self.many, self.number)

    @property
    def record(self) -> dict[str, Any]:
        """The message as JSON; `from_record` reads it."""
        values = {name: _recorded(value) for name, value in self.values.items()}
        plural = {"many": self.many, "count": self.number} if self.many else {}
        return {"template": self.template, **plural, "values": values}


def msg(template: str, /, **values: Any) -> Message:
    """The message of a template, such as “{rows:,} rows”. The template is a literal."""
    return Message(template, values)


def plural(one: str, many: str, n: int, /, **values: Any) -> Message:
    """The message for `n` things, which both templates may call {n}. Other languages may have more forms than two."""
    return Message(one, {"n": n, **values}, many=many, count=n)


def joined(parts: Iterable[str], separator: str = " ") -> Message:
    """Messages one behind the other, those that are empty left out."""
    values = {f"part{index}": part for index, part in enumerate(filter(None, parts))}
    return Message(separator.replace("{", "{{").replace("}", "}}").join(f"{{{name}}}" for name in values), values)


def lines(texts: Iterable[str]) -> Message:
    """Texts one below the other; an empty one is an empty line."""
    parts = {f"line{index}": text for index, text in enumerate(texts)}
    return Message("\n".join(f"{{{name}}}" for name in parts), parts)


def number(value: float, form: str, behind: str = "") -> Message:
    """A number that is written by locale, in a format such as “.3g”; with “−” in front of it with a minus sign."""
    return Message(f"{{number:{form}}}{behind}", {"number": value})


def term(text: str) -> Message:
    """The message of a word that is stored as plain text: a split, a task, the reason for which rows were set aside.

    Its template is in the catalogue by the `msg` that the word comes from.
    """
    return Message(text.replace("{", "{{").replace("}", "}}"))


def all_of(items: Iterable[str]) -> str:
    """“a, b and c”."""
    *rest, last = items
    return msg("{items} and {last}", items=rest, last=last) if rest else last


def any_of(items: Iterable[str]) -> str:
    """“a, b or c”."""
    *rest, last = items
    return msg("{items} or {last}", items=rest, last=last) if rest else last


# Languages.


class Translator(Protocol):
    """The interface of gettext's catalogues, the language's tag, and the signs of numbers."""

    language: str
    decimal: str
    thousands: str

    def gettext(self, message: str) -> str: ...

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


class _Catalogue:
    def __init__(self, catalogue: gettext.NullTranslations, language: str, decimal: str, thousands: str) -> None:
        self.language = language
        self.gettext, self.ngettext = catalogue.gettext, catalogue.ngettext
        self.decimal, self.thousands = decimal, thousands


class _Pseudo:
    language, decimal, thousands = PSEUDO, ".", ","

    def gettext(self, message: str) -> str:
        return f"[{message}{'~' * math.ceil(0.4 * len(message))}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


ENGLISH: Translator = _Catalogue(gettext.NullTranslations(), "en", ".", ",")
_NUMBER_SIGNS = {"de": (",", "."), "es": (",", "."), "fr": (",", "\u202f"), "ja": (".", ","), "zh": (".", ",")}


def translator(language: str, folder: Path) -> Translator:
    """The translator into a language such as “de”, from the catalogues in `folder`; English where there is none."""
    if language == PSEUDO:
        return _Pseudo()
    try:
        catalogue = gettext.translation(_DOMAIN, folder, [language])
    except OSError:
        return ENGLISH
    return _Catalogue(catalogue, language, *_NUMBER_SIGNS.get(language.partition("_")[0], (".", ",")))


def catalogued(folder: Path) -> list[str]:
    """The languages that `folder` has compiled catalogues of."""
    return sorted(file.parts[-3] for file in folder.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo"))


def render(message: str, translator: Translator = ENGLISH) -> str:
    """The message in a language. A plain str, such as a name or what an earlier version wrote, stays as it is."""
    if not isinstance(message, Message):
        return message
    if message.many:
        template = translator.ngettext(message.template, message.many, message.number)
    else:
        template = translator.gettext(message.template) if _has_words(message.template) else message.template
    return _filled(template, message.values, translator)


def rendered(value: Any, translator: Translator = ENGLISH) -> Any:
    """A JSON value in which records of messages are put into words."""
    if isinstance(value, dict):
        if _is_record(value):
            return render(from_record(value), translator)
        return {name: rendered(inner, translator) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rendered(inner, translator) for inner in value]
    return render(value, translator) if isinstance(value, Message) else value


# Records: messages in files and between processes.


def from_record(value: Any) -> str:
    """The text that `to_record` wrote, or the plain str of an earlier version. Raises ValueError."""
    if isinstance(value, str):
        return value
    if not _is_record(value):
        raise ValueError("neither a text nor a message")
    values = {str(name): _from_recorded(inner) for name, inner in value["values"].items()}
    many, count = value.get("many", ""), value.get("count", 1)
    if not isinstance(many, str) or not isinstance(count, int):
        raise ValueError("no plural")
    return Message(value["template"], values, many=many, count=count)


def to_record(text: str) -> str | dict[str, Any]:
    """A message as JSON: its template and values; a plain str as it is."""
    return text.record if isinstance(text, Message) else text


def to_line(text: str) -> str:
    """A message as one line of JSON, for files with many of them; `from_line` reads it."""
    return json.dumps(to_record(text), ensure_ascii=False)


def from_line(line: str) -> str:
    """Raises ValueError for what `to_line` did not write."""
    return from_record(json.loads(line))


class _TextSchema:
    """Lets pydantic's records hold messages: see `from_record`, `to_record`."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: "GetCoreSchemaHandler") -> "CoreSchema":
        from pydantic_core import core_schema

        written = core_schema.plain_serializer_function_ser_schema(to_record, when_used="json")
        return core_schema.no_info_plain_validator_function(from_record, serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: "CoreSchema", handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, {"type": "object"}]}


Text = Annotated[str, _TextSchema]
"""A field of a record that holds a message, or plain text."""


# Filling a template in. It may come out of a colleague's file, so names alone are looked up, and no format is long.


def _filled(template: str, values: Mapping[str, Any], translator: Translator) -> str:
    parts = []
    for literal, name, form, conversion in Formatter().parse(template):
        parts.append(literal)
        if name is None:
            continue
        if name not in values or conversion not in (None, "r"):
            raise ValueError(f"the template “{template}” asks for “{name}”")
        value = values[name]
        text = repr(value) if conversion else _formatted(value, form or "", translator)
        parts.append(text)
    return "".join(parts)


def _with_first_letter(text: str, form: str) -> str:
    first, second = text[:1], text[1:2]
    if form == "u":
        return first.upper() + text[1:]
    is_word = not second or second.isspace() or second.islower()  # no abbreviation, such as PLS or R²
    return first.lower() + text[1:] if is_word else text


def _formatted(value: Any, form: str, translator: Translator) -> str:
    if isinstance(value, list):
        return ", ".join(_formatted(inner, form, translator) for inner in value)
    if isinstance(value, str):
        text = render(value, translator)
        if form in _FIRST_LETTERS:
            return _with_first_letter(text, form)
        if text == ANY_NUMBER and _NUMBER_FORMAT.fullmatch(form):
            return text
        if form and not _TEXT_FORMAT.fullmatch(form):
            raise ValueError(f"“{form}” is no format of a text")
        return format(text, form)
    if not _NUMBER_FORMAT.fullmatch(form):
        raise ValueError(f"“{form}” is no format of a number")
    signs = {",": translator.thousands, ".": translator.decimal}
    if form.startswith(_MINUS):
        signs["-"] = _MINUS
    return "".join(signs.get(sign, sign) for sign in format(value, form.removeprefix(_MINUS)))


def _value(value: Any) -> Any:
    """A value as it is kept: numpy's numbers as Python's, lists as lists, everything else as text."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_value(inner) for inner in value]
    if hasattr(value, "item") and hasattr(value, "dtype"):
        return _value(value.item())
    return str(value)


def _recorded(value: Any) -> Any:
    if isinstance(value, list):
        return [_recorded(inner) for inner in value]
    return to_record(value) if isinstance(value, str) else value


def _from_recorded(value: Any) -> Any:
    if isinstance(value, list):
        return [_from_recorded(inner) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return from_record(value)


def _is_record(value: Any) -> bool:
    """True for what `Message.record` gives."""
    names = {"template", "values"}
    return (
        isinstance(value, dict)
        and names <= value.keys() <= names | {"many", "count"}
        and isinstance(value["template"], str)
        and isinstance(value["values"], dict)
    )


def _has_words(template: str) -> bool:
    """False for fields and signs alone, of which there is nothing to translate."""
    return any(any(map(str.isalpha, literal)) for literal, *_ in Formatter().parse(template))


def _rebuilt(template: str, values: dict[str, Any], many: str, count: int) -> Message:
    return Message(template, values, many=many, count=count)
