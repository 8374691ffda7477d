"""Domains by name. Each is imported when first asked for: RDKit takes a while, and a text project never needs it."""

from functools import cache
from importlib import import_module
from typing import cast

from sciapp.engine.domains.about import PACKAGE, domain_names
from sciapp.engine.domains.base import Domain, DomainOf
from sciapp.engine.domains.pair import PAIR, PairDomain
from sciapp.errors import NotFound, nearest
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard, Roles


@cache
def domain_named(name: str) -> Domain:
    """The domain called `name`, or the pairs of one (“molecule pair”). Raises NotFound with the nearest name."""
    # Rows of a dataset have as many inputs as its domain reads, and no type can say so of rows that a file holds.
    if name.endswith(PAIR):
        return cast(Domain, PairDomain(_single(name.removesuffix(PAIR))))
    return cast(Domain, _single(name))


def _single(name: str) -> DomainOf[str]:
    if name not in domain_names():
        raise NotFound(msg("There is no domain “{name}”.", name=name), hint=nearest(name, domain_names()))
    domain: DomainOf[str] = import_module(f"{PACKAGE}.{name}.domain").DOMAIN
    return domain


def parts_of_domain(domain: Domain) -> tuple[Domain, ...]:
    """The domains of a row's inputs, one for each of its columns."""
    return cast(tuple[Domain, ...], domain.parts) if isinstance(domain, PairDomain) else (domain,)


def domain_of(card: DatasetCard) -> Domain:
    """The domain of a dataset's rows: pairs where they have a second input."""
    return domain_for(card.domain, card.roles)


def domain_for(name: str, roles: Roles) -> Domain:
    """The domain called `name`, or its pairs, as the roles say."""
    return domain_named(name + PAIR if roles.second_input else name)
