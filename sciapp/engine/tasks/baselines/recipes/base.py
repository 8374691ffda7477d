"""Recipes of simple baselines: features of rows, and the learner that reads them. A new one is one file here."""

import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from sciapp.engine.tasks.baselines.base import BaselineModel
from sciapp.errors import NotFound, nearest
from sciapp.i18n import msg

PACKAGE = "sciapp.engine.tasks.baselines.recipes"


@dataclass(frozen=True)
class Fit:
    """Facts of the fit that a recipe is asked for. rows: of the training. described: names of the domain's descriptors;
    called: what they are, in the middle of a sentence."""

    classifies: bool
    seed: int
    threads: int
    rows: int
    described: Sequence[str]
    called: str


@dataclass(frozen=True)
class Recipe:
    """features: their name, behind “on”; empty: the learner says it. vectorizer: of scikit-learn; None: the domain's
    descriptors, then covariates."""

    features: str
    learner: BaselineModel
    vectorizer: Any | None = None


def recipe(name: str, fit: Fit) -> Recipe:
    """The recipe that a domain names. Raises NotFound."""
    known = _names()
    if name not in known:
        raise NotFound(msg("There is no baseline on “{name}”.", name=name), hint=nearest(name, known))
    made: Recipe = import_module(f"{PACKAGE}.{name}").recipe(fit)
    return made


@cache
def _names() -> tuple[str, ...]:
    files = (file.name for file in pkgutil.iter_modules(import_module(PACKAGE).__path__))
    return tuple(name for name in files if name != "base")
