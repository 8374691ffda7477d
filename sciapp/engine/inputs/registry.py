"""Kinds of inputs by name: the files of `kinds`."""

import pkgutil
from functools import cache
from importlib import import_module

from sciapp.engine.inputs.base import InputKind
from sciapp.errors import NotFound, nearest
from sciapp.i18n import msg

PACKAGE = "sciapp.engine.inputs.kinds"


@cache
def input_kind(name: str) -> InputKind:
    """The kind of inputs called `name`. Raises NotFound with the nearest name."""
    known = [file.name for file in pkgutil.iter_modules(import_module(PACKAGE).__path__)]
    if name not in known:
        raise NotFound(msg("There is no kind of inputs “{name}”.", name=name), hint=nearest(name, known))
    kind: InputKind = import_module(f"{PACKAGE}.{name}").KIND
    return kind
