"""The manual: pages of Markdown in `resources/manual/LANGUAGE`, to read, to search, and to open at a control."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sciapp import settings
from sciapp.errors import BadInput
from sciapp.i18n import ENGLISH, msg

_CONTROLS = re.compile(r"<!--\s*controls:(.*?)-->\s*", re.DOTALL)
_TERM = re.compile(r"\*\*(.+?)\*\*: (.+)", re.DOTALL)
_GLOSSARY = "glossary"
_EXCERPT = 90  # characters of a page around a word


@dataclass(frozen=True)
class ManualPage:
    """key: of the file, without its number. text: Markdown, the title first. controls: names of objects of the window
    that the page is about."""

    key: str
    title: str
    text: str
    controls: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A page in which all words stand; excerpt: around the first of them, on one line."""

    page: ManualPage
    excerpt: str


def manual_pages(language: str) -> tuple[ManualPage, ...]:
    """All pages in reading order, in this language or else in English. Raises BadInput where there are none."""
    folder = settings.resources_folder() / "manual"
    for name in (language, language.split("_")[0], ENGLISH.language):
        if pages := tuple(_page(file) for file in sorted((folder / name).glob("*.md"))):
            return pages
    raise BadInput(msg("The manual is not in this installation: {folder} has no pages.", folder=folder))


def page_named(pages: Sequence[ManualPage], name: str) -> ManualPage:
    """The page of this key or title. Raises BadInput."""
    wanted = name.strip().casefold()
    for page in pages:
        if wanted in {page.key, page.title.casefold()}:
            return page
    raise BadInput(
        msg(
            "The manual has no page “{name}”. There are: {pages}.",
            name=name,
            pages=", ".join(page.key for page in pages),
        )
    )


def page_about(pages: Sequence[ManualPage], controls: Iterable[str]) -> ManualPage:
    """The page about the first of these controls that any page is about; the first page where none is."""
    by_control = {control: page for page in pages for control in page.controls}
    return next((by_control[name] for name in controls if name in by_control), pages[0])


def search_manual(pages: Sequence[ManualPage], words: str) -> list[Hit]:
    """Pages in which every word stands, those with all of them in the title first."""
    wanted = words.casefold().split()
    hits = [Hit(page, _excerpt(page.text, wanted)) for page in pages if _has_all(page.text, wanted)]
    return sorted(hits, key=lambda hit: not _has_all(hit.page.title, wanted))


def glossary(pages: Sequence[ManualPage]) -> Mapping[str, str]:
    """Term → what it means, from the page of terms."""
    text = next((page.text for page in pages if page.key == _GLOSSARY), "")
    matches = (_TERM.match(part.strip()) for part in text.split("\n\n"))
    return {match[1]: " ".join(match[2].split()) for match in matches if match}


def _page(file: Path) -> ManualPage:
    text = file.read_text(encoding="utf-8")
    controls = tuple(name.strip() for match in _CONTROLS.finditer(text) for name in match[1].split(",") if name.strip())
    text = _CONTROLS.sub("", text)
    title = text.lstrip().partition("\n")[0].removeprefix("# ").strip()
    return ManualPage(file.stem.partition("-")[2], title, text, controls)


def _has_all(text: str, words: Sequence[str]) -> bool:
    lower = text.casefold()
    return all(word in lower for word in words)


def _excerpt(text: str, words: Sequence[str]) -> str:
    plain = " ".join(re.sub(r"[*`#]", "", text.partition("\n")[2]).split())
    at = max(plain.casefold().find(words[0]), 0) if words else 0
    first = max(0, at - _EXCERPT // 3)
    part = plain[first : first + _EXCERPT]
    return ("…" if first else "") + part + ("…" if first + _EXCERPT < len(plain) else "")
