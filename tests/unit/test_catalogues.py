"""Catalogues of translations: extracted and compiled by Babel, read by gettext, plural forms included."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from sciapp.i18n import ENGLISH, msg, plural, render, term, translator
from sciapp.records.dataset.card import SPLIT_METHODS, SPLITS
from sciapp.records.machine.queue_view import EntryStatus
from sciapp.records.run.run import RunStatus
from sciapp.records.terms import METHOD_TERMS, SPLIT_TERMS, STATUS_TERMS

pytest.importorskip("babel")

# Polish has three forms, and a comma before decimals is German: the two show what English does not have.
_POLISH = """
msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "{n:,} test row"
msgid_plural "{n:,} test rows"
msgstr[0] "{n:,} wiersz testowy"
msgstr[1] "{n:,} wiersze testowe"
msgstr[2] "{n:,} wierszy testowych"
"""
_GERMAN = """
msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "train"
msgstr "Training"

msgid "{rows:,} rows weigh {weight:.2f} in “{split}”."
msgstr "In „{split}“ wiegen {rows:,} Zeilen {weight:.2f}."
"""


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    """`packaging/translations.py`."""
    file = Path(__file__).parents[2] / "packaging" / "translations.py"
    spec = importlib.util.spec_from_file_location("translations", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compiled(translations: ModuleType, folder: Path, language: str, catalogue: str) -> Path:
    source = folder / language / "LC_MESSAGES" / "sciapp.po"
    source.parent.mkdir(parents=True)
    source.write_text(catalogue, encoding="utf-8")
    assert translations.compile_catalogues(folder) == [source.with_suffix(".mo")]
    return folder


def test_a_language_may_have_three_forms_for_a_number(translations: ModuleType, tmp_path: Path) -> None:
    polish = translator("pl", compiled(translations, tmp_path, "pl", _POLISH))
    rows = [render(plural("{n:,} test row", "{n:,} test rows", n), polish) for n in (1, 3, 5, 22)]
    assert rows == ["1 wiersz testowy", "3 wiersze testowe", "5 wierszy testowych", "22 wiersze testowe"]


def test_words_change_places_and_numbers_their_signs(translations: ModuleType, tmp_path: Path) -> None:
    german = translator("de_DE", compiled(translations, tmp_path, "de", _GERMAN))
    message = msg("{rows:,} rows weigh {weight:.2f} in “{split}”.", rows=12000, weight=0.5, split=term("train"))
    assert render(message, german) == "In „Training“ wiegen 12.000 Zeilen 0,50."
    english = "12,000 rows weigh 0.50 in “train”."
    assert render(message, ENGLISH) == message == english


def test_the_template_holds_what_babel_extracts(translations: ModuleType, tmp_path: Path) -> None:
    fresh = tmp_path / "sciapp.pot"
    translations.write_template(fresh)
    assert fresh.read_text(encoding="utf-8") == translations.TEMPLATE.read_text(encoding="utf-8")


def test_words_that_records_hold_as_text_are_in_the_catalogue() -> None:
    assert set(SPLITS) == set(SPLIT_TERMS)
    assert set(SPLIT_METHODS) <= set(METHOD_TERMS)
    assert {*map(str, RunStatus), *map(str, EntryStatus)} <= set(STATUS_TERMS)
