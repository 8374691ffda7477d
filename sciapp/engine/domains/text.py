"""Texts: sentences, abstracts, notes. Kept as they were written but for white space at both ends."""

from collections.abc import Mapping

from sciapp.engine.domains.base import Augmentation, Features, Rejected, Splitter
from sciapp.records.dataset import DomainName, SplitMethod


class Text:
    """Canonical form: no white space at the ends; what is inside, line breaks too, stays as it is."""

    name: DomainName = "text"
    unit = "words"
    costly = False
    simple_features: Features = "words"
    example = "A sentence."
    spelling = ""
    column_names = ("text", "sentence", "abstract", "content", "body", "string", "title", "question", "document")
    label_separator = " "
    splits: Mapping[SplitMethod, Splitter] = {}
    augmentations: Mapping[str, Augmentation] = {}

    def clean(self, value: str) -> str:
        text = value.strip()
        if not text:
            raise Rejected("the cell is empty")
        if "\0" in text:
            raise Rejected("there is a NUL character in the text")
        return text

    def units(self, value: str) -> list[str]:
        return value.split()

    def descriptors(self, value: str) -> Mapping[str, float]:
        words = value.split()
        return {"characters": float(len(value)), "words": float(len(words))}

    def depict(self, value: str) -> str | None:
        return None


DOMAIN = Text()
