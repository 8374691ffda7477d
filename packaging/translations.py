"""The templates of all messages as a catalogue for translators, and translators' catalogues compiled.

python packaging/translations.py            rewrite resources/translations/sciapp.pot
python packaging/translations.py compile    LANGUAGE/LC_MESSAGES/sciapp.po → sciapp.mo, for every language there
"""

import ast
import json
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
TRANSLATIONS = ROOT / "resources" / "translations"
MODELS = ROOT / "resources" / "models"
TEMPLATE = TRANSLATIONS / "sciapp.pot"
_KEYWORDS: dict[str, tuple[int, ...] | None] = {"msg": None, "plural": (1, 2)}


def python_messages(
    source: BinaryIO, keywords: Collection[str], comment_tags: Sequence[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, str, str | tuple[str, ...], list[str]]]:
    """Babel's extractor for Python: by the syntax tree, so that messages within messages are seen, however deep."""
    for call in ast.walk(ast.parse(source.read())):
        name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
        if isinstance(call, ast.Call) and name in keywords:
            count = len(_KEYWORDS[name] or (1,))
            templates = tuple(part.value for part in call.args[:count] if isinstance(part, ast.Constant))
            yield call.lineno, name, templates if count > 1 else templates[0], []


_METHODS = [("**.py", python_messages), ("**.html.j2", "jinja2.ext:babel_extract")]


def extracted() -> Iterator[str | tuple[str, str]]:
    """A template, or both of a plural, for each message in the source."""
    for _, _, template, _, _ in extract_from_dir(str(ROOT / "sciapp"), _METHODS, keywords=_KEYWORDS):
        yield template
    yield from notes_on_models()


def notes_on_models(folder: Path = MODELS) -> Iterator[str]:
    """Templates of the remarks on models, which are data: in the catalogue of hub models and in the starters' cards."""
    for entry in json.loads((folder / "catalogue.json").read_text("utf-8")):
        if isinstance(entry["note"], dict):
            yield entry["note"]["template"]
    for card in sorted(folder.glob("*/README.md")):
        yield from re.findall(r"^sciapp_note: (.+)$", card.read_text("utf-8"), re.MULTILINE)


def catalogue() -> Catalog:
    """All templates that have words, in the order of the alphabet and without places: a diff shows what changed."""
    found = Catalog(project="SciApp", fuzzy=False)
    for template in extracted():
        first = template if isinstance(template, str) else template[0]
        if re.search(
            r"[^\W\d_]", re.sub(r"\{[^{}]*\}", "", first)
        ):  # of fields and signs there is nothing to translate
            found.add(template)
    return found


def write_template(file: Path = TEMPLATE) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, catalogue(), width=0, no_location=True, omit_header=True, sort_output=True)


def compile_catalogues(folder: Path = TRANSLATIONS) -> list[Path]:
    """The compiled catalogues, each beside its source."""
    compiled = []
    for source in sorted(folder.glob("*/LC_MESSAGES/sciapp.po")):
        with source.open("rb") as stream:
            translated = read_po(stream, locale=source.parts[-3])
        compiled.append(source.with_suffix(".mo"))
        with compiled[-1].open("wb") as stream:
            write_mo(stream, translated)
    return compiled


if __name__ == "__main__":
    if sys.argv[1:] == ["compile"]:
        for catalogue_file in compile_catalogues():
            print(catalogue_file)
    else:
        write_template()
