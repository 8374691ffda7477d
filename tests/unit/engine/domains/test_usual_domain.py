"""A domain states what differs from the usual facts, and is asked like every other."""

from collections.abc import Mapping

import pytest

from sciapp.engine.domains.about import domain_names
from sciapp.engine.domains.base import DomainOf, Similarity
from sciapp.engine.domains.inputs import Inputs
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.usual import UsualDomain


class Knot(UsualDomain):
    name = "knot"
    unit = "crossings"
    inputs = Inputs(kind="tokens", network="none", longest=8)
    example = "3_1"
    descriptors_called = "crossings"

    @property
    def likeness(self) -> Similarity[str]:
        raise NotImplementedError

    def clean(self, value: str) -> str:
        return value.strip()

    def units(self, value: str) -> list[str]:
        return [value]

    def descriptors(self, value: str) -> Mapping[str, float]:
        return {}


def test_a_domain_of_few_lines_has_the_usual_facts() -> None:
    knot: DomainOf[str] = Knot()
    assert not knot.repairs and not knot.splits and not knot.augmentations and not knot.variations
    assert knot.simple_features == "descriptors" and knot.label_separator is None
    assert knot.identity("3_1").text == "3_1" and knot.depict("3_1") is None


@pytest.mark.parametrize("name", domain_names())
def test_every_domain_begins_from_the_usual_facts(name: str) -> None:
    assert isinstance(domain_named(name), UsualDomain)
