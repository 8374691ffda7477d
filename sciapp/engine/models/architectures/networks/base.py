"""Untrained networks by name: every file of this folder that has `NETWORKS`."""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from transformers import PreTrainedModel

from sciapp.errors import NotFound, nearest
from sciapp.i18n import msg

PACKAGE = "sciapp.engine.models.architectures.networks"


@dataclass(frozen=True)
class Shape:
    """width: of the states. longest: what is read of a row, in the reader's units (tokens, patches)."""

    width: int
    layers: int
    longest: int


Builder = Callable[[Any, Shape], PreTrainedModel]
"""From (reader of the inputs, such as a tokenizer; shape) to a network with weights of PyTorch's random state."""


def network(name: str, reader: Any, *, width: int, layers: int, longest: int) -> PreTrainedModel:
    """An untrained network, with the head for its self-supervised training. Raises NotFound."""
    known = _networks()
    if name not in known:
        raise NotFound(msg("There is no network “{name}”.", name=name), hint=nearest(name, known))
    return known[name](reader, Shape(width, layers, longest))


@cache
def _networks() -> Mapping[str, Builder]:
    """All builders by name."""
    files = [file.name for file in pkgutil.iter_modules(import_module(PACKAGE).__path__)]
    tables = [getattr(import_module(f"{PACKAGE}.{file}"), "NETWORKS", {}) for file in files]
    return {name: builder for table in tables for name, builder in table.items()}
