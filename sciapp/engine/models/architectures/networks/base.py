"""Untrained networks by name: every file of this folder that has `NETWORKS`.

A file whose networks transformers does not have also has `register()`, which tells its Auto classes of them.
"""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from transformers import CONFIG_MAPPING, AutoConfig, PreTrainedModel

from sciapp.errors import NotFound, nearest
from sciapp.i18n import msg
from sciapp.records.regular import json_object_in

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


def config_of(folder: Path) -> Any:
    """The config of the model in `folder`, of a network of ours too. Raises what transformers does."""
    if json_object_in(folder / "config.json").get("model_type") not in CONFIG_MAPPING:
        _register_all()
    return AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)


@cache
def _networks() -> Mapping[str, Builder]:
    """All builders by name."""
    return {name: builder for file in _files() for name, builder in getattr(file, "NETWORKS", {}).items()}


@cache
def _register_all() -> None:
    """Make networks that transformers does not have known to its Auto classes."""
    for file in _files():
        getattr(file, "register", lambda: None)()


def _files() -> list[ModuleType]:
    names = [file.name for file in pkgutil.iter_modules(import_module(PACKAGE).__path__)]
    return [import_module(f"{PACKAGE}.{name}") for name in names]
