"""The catalogue that translators begin with has every message of the program, and no other."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import yaml
from jinja2.ext import extract_from_ast

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "resources" / "models"
CATALOGUE = ROOT / "resources" / "translations" / "sciapp.pot"
_TEMPLATES = {"msg": 1, "plural": 2}
_ENTRY = re.compile(r'^(msgid|msgid_plural) ((?:"(?:[^"\\]|\\.)*"\n)+)', re.MULTILINE)


def templates_of_source(source: str) -> Iterator[tuple[str, str]]:
    """(template, template for several or empty) of each message in a file of Python."""
    for call in ast.walk(ast.parse(source)):
        name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
        if isinstance(call, ast.Call) and name in _TEMPLATES:
            one, *many = (part.value for part in call.args[: _TEMPLATES[name]] if isinstance(part, ast.Constant))
            yield str(one), str(many[0]) if many else ""


def templates_of_page(source: str) -> Iterator[tuple[str, str]]:
    """The same of a page's template."""
    page = jinja2.Environment(autoescape=True).parse(source)
    for _, name, texts in extract_from_ast(page, tuple(_TEMPLATES)):
        both = [text for text in ([texts] if isinstance(texts, str) else texts) if text is not None]
        yield both[0], both[1] if name == "plural" else ""


def templates_of_catalogue(text: str) -> Iterator[tuple[str, str]]:
    template = ""
    for kind, quoted in _ENTRY.findall(text):
        value = "".join(map(ast.literal_eval, quoted.splitlines()))
        if kind == "msgid_plural":
            yield template, value
        elif template := value:
            yield template, ""


def merged(templates: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Template → the one for several; empty where there is none, as gettext keeps them."""
    known: dict[str, str] = {}
    for one, many in templates:
        if re.search(r"[^\W\d_]", re.sub(r"\{[^{}]*\}", "", one)):  # of fields and signs there is nothing to translate
            known[one] = many or known.get(one, "")
    return known


def templates_of_program() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "sciapp").rglob("*.py")):
        yield from templates_of_source(file.read_text(encoding="utf-8"))
    for file in sorted((ROOT / "sciapp").rglob("*.html.j2")):
        yield from templates_of_page(file.read_text(encoding="utf-8"))
    yield from templates_of_models()


def templates_of_models() -> Iterator[tuple[str, str]]:
    """The remarks on models, which are data: in the list of hub models, and in the front matter of starters' cards."""
    for entry in json.loads((MODELS / "catalogue.json").read_text(encoding="utf-8")):
        if isinstance(entry["note"], dict):
            yield entry["note"]["template"], ""
    for card in MODELS.glob("*/README.md"):
        yield yaml.safe_load(card.read_text(encoding="utf-8").split("---\n")[1])["sciapp_note"], ""


def test_the_catalogue_has_the_templates_of_the_program() -> None:
    program = merged(templates_of_program())
    catalogue = merged(templates_of_catalogue(CATALOGUE.read_text(encoding="utf-8")))
    missing, gone = program.items() - catalogue.items(), catalogue.items() - program.items()
    assert (missing, gone) == (set(), set()), "run: python packaging/translations.py"
