"""The manual's pages are read, searched and opened at a control; what they name is there."""

import re
from pathlib import Path

import pytest

from sciapp.actions.manual import glossary, manual_pages, page_about, page_named, search_manual
from sciapp.cli.main import main
from sciapp.cli.parser import parser
from sciapp.errors import BadInput

WINDOW = Path(__file__).parents[3] / "sciapp/ui"


@pytest.fixture(scope="module")
def pages():
    return manual_pages("en")


def test_pages_have_keys_titles_and_a_page_of_terms(pages):
    assert len({page.key for page in pages}) == len(pages) > 10
    assert all(page.title and page.text.startswith("# ") and "<!--" not in page.text for page in pages)
    terms = glossary(pages)
    assert len(terms) > 25 and all(len(meaning) > 20 for meaning in terms.values())
    assert [term[0] for term in terms] == sorted(term[0] for term in terms)


def test_another_language_without_pages_is_read_in_english(pages):
    assert manual_pages("zh_CN") == pages


def test_every_control_that_a_page_is_about_is_in_the_window(pages):
    source = "\n".join(file.read_text(encoding="utf-8") for file in WINDOW.rglob("*.py"))
    missing = [
        (page.key, name)
        for page in pages
        for name in page.controls
        if f"class {name}(" not in source and f'"{name}"' not in source
    ]
    assert not missing
    assert page_about(pages, ["nothing", "SplitEditor", "DataTab"]).key == "split"
    assert page_about(pages, []) == pages[0]


def test_all_words_of_a_search_stand_in_the_pages_that_are_found(pages):
    hits = search_manual(pages, "Glossary")
    assert hits[0].page.key == "glossary"
    hits = search_manual(pages, "scaffold leaks")
    assert {hit.page.key for hit in hits} >= {"split"}
    assert all("scaffold" in hit.page.text.casefold() and "leak" in hit.page.text.casefold() for hit in hits)
    assert not search_manual(pages, "scaffold xyzzy")
    assert len(search_manual(pages, "")) == len(pages)


def test_commands_that_the_manual_names_are_there(pages):
    verbs = set(next(action for action in parser()._actions if action.choices and action.dest == "verb").choices)
    named = {verb for page in pages for verb in re.findall(r"(?<!-m )sciapp ([a-z][a-z-]+)", page.text)}
    assert named and named <= verbs


def test_the_command_line_lists_shows_and_searches(capsys, pages):
    assert main(["manual"]) == 0
    listed = capsys.readouterr().out
    assert all(page.key in listed for page in pages)
    assert main(["manual", "split"]) == 0
    assert page_named(pages, "split").text.strip() in capsys.readouterr().out
    assert main(["manual", "--search", "quantisation"]) == 0
    assert "compression" in capsys.readouterr().out
    assert main(["manual", "nowhere"]) == 1
    with pytest.raises(BadInput):
        page_named(pages, "nowhere")
