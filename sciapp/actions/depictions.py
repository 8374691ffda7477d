"""Pictures of inputs for the window: SVG from the domain, drawn off the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from sciapp.engine.domains.registry import domain_named


@dataclass(frozen=True)
class Depictability:
    """The best depiction of inputs. pictures: they can be drawn. letters: every letter is a unit: letters line up."""

    pictures: bool
    letters: bool


def look_of(domain: str) -> Depictability:
    """May take a few tenths of a second: a domain brings its library along."""
    known = domain_named(domain)
    return Depictability(pictures=known.depict(known.example) is not None, letters=known.label_separator == "")


def depictions(domain: str, values: Sequence[str]) -> dict[str, str]:
    """SVG of each value that has a picture."""
    known = domain_named(domain)
    drawn = {value: known.depict(value) for value in values}
    return {value: picture for value, picture in drawn.items() if picture}
