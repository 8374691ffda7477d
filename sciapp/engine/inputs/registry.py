"""Kinds of inputs by name: the files of `kinds`."""

import pkgutil
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.inputs.base import InputKind
from sciapp.engine.inputs.tokenization.tokens import Tokens
from sciapp.errors import NotFound, nearest
from sciapp.i18n import Message, msg
from sciapp.records.regular import json_object_in

PACKAGE = "sciapp.engine.inputs.kinds"
TOKENS = "tokens"
KIND_KEY = "sciapp_inputs"
"""Key of config.json, and attribute of a reader, that names the kind of inputs; without it they are tokens."""


@cache
def input_kind(name: str) -> InputKind:
    """The kind of inputs called `name`. Raises NotFound with the nearest name."""
    known = [file.name for file in pkgutil.iter_modules(import_module(PACKAGE).__path__)]
    if name not in known:
        raise NotFound(msg("There is no kind of inputs “{name}”.", name=name), hint=nearest(name, known))
    kind: InputKind = import_module(f"{PACKAGE}.{name}").KIND
    return kind


def load_reader(folder: Path) -> Any:
    """The reader of the model in `folder`, by the kind of inputs that its config.json names; most name none and read
    tokens."""
    return input_kind(str(json_object_in(folder / "config.json").get(KIND_KEY, TOKENS))).load_reader(folder)


def check_value(reader: Any, value: RowInput) -> None:
    """Raise Rejected for a canonical value, or pair, that this reader cannot read."""
    input_kind(getattr(reader, KIND_KEY, TOKENS)).check(reader, value)


def shortening(reader: Any, *, pairs: bool) -> Message:
    """Fate of rows that are too long for the network of this reader; see `InputKind.shortening`."""
    return input_kind(getattr(reader, KIND_KEY, TOKENS)).shortening(pairs=pairs)


def encode(reader: Any, values: Sequence[RowInput], longest: int, check: Callable[[int], None]) -> Tokens:
    """Canonical values, or pairs, as the network of this reader takes them; see `InputKind.encode`."""
    return input_kind(getattr(reader, KIND_KEY, TOKENS)).encode(reader, values, longest, check)
