"""Domains by name. Each is imported when first asked for: RDKit takes a while, and a text project never needs it."""

from functools import cache
from importlib import import_module
from typing import get_args

from sciapp.engine.domains.base import Domain
from sciapp.errors import NotFound, nearest
from sciapp.records.dataset import DomainName

DOMAIN_NAMES: tuple[DomainName, ...] = get_args(DomainName)


@cache
def domain_named(name: str) -> Domain:
    """The domain called `name`. Raises NotFound with the nearest name."""
    if name not in DOMAIN_NAMES:
        raise NotFound(f"There is no domain “{name}”.", hint=nearest(name, DOMAIN_NAMES))
    domain: Domain = import_module(f"sciapp.engine.domains.{name}").DOMAIN
    return domain
