"""Messages keep their template and values, and read the same in English as ever."""

import copy
import gettext
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from sciapp.errors import BadInput
from sciapp.i18n import (
    ANY_NUMBER,
    ENGLISH,
    PSEUDO,
    Message,
    Text,
    from_record,
    joined,
    msg,
    plural,
    render,
    rendered,
    translator,
)


class Note(BaseModel):
    text: Text = ""


def test_a_message_is_its_english_text() -> None:
    message = msg("Only {usable:,} of {all:,} rows", usable=np.int64(7), all=12_000)
    assert message == "Only 7 of 12,000 rows"
    assert message.template == "Only {usable:,} of {all:,} rows"
    assert dict(message.values) == {"usable": 7, "all": 12_000}


@pytest.mark.parametrize(
    ("title", "inside"),
    [
        ("Ridge regression", "ridge regression"),
        ("A forest", "a forest"),
        ("PLS (8)", "PLS (8)"),
        ("R²", "R²"),
        ("", ""),
    ],
)
def test_abbreviations_keep_their_capitals_in_the_middle_of_a_sentence(title: str, inside: str) -> None:
    assert msg("the {title:l}", title=title) == f"the {inside}"


def test_several_things_have_another_template_than_one() -> None:
    assert [plural("{n:,} row", "{n:,} rows", count) for count in (0, 1, 2000)] == ["0 rows", "1 row", "2,000 rows"]


def test_values_may_be_messages_and_lists(tmp_path: Path) -> None:
    message = msg("{what}: {names}", what=msg("Left out"), names=["a", "b"])
    assert message == "Left out: a, b"
    assert render(message, translator(PSEUDO, tmp_path)) == "[Left out~~~~]: a, b"


def test_the_pseudo_language_brackets_every_template_and_is_longer(tmp_path: Path) -> None:
    said = render(msg("no “{name}”", name="y"), translator(PSEUDO, tmp_path))
    assert said.startswith("[no “y”~~~~") and said.endswith("~]")
    assert render("plain", translator(PSEUDO, tmp_path)) == "plain"


def test_a_language_without_a_catalogue_is_english(tmp_path: Path) -> None:
    assert translator("de", tmp_path) is ENGLISH


def test_numbers_are_written_as_the_language_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gettext, "translation", lambda *_: gettext.NullTranslations())
    german = translator("de", tmp_path)
    assert (
        render(msg("{rows:,} rows, {share:.1f} %, v1.2", rows=12_345, share=3.25), german) == "12.345 rows, 3,2 %, v1.2"
    )


@pytest.mark.parametrize(
    "message",
    [
        msg("“{name}” has {rows:,} rows", name="a{b}", rows=3),
        plural("{n} thing", "{n} things", 4),
        msg("{inner}!", inner=plural("one", "{n}", 1)),
        joined([msg("First."), "", msg("Second {braces}.", braces="{}")]),
        "what an earlier version wrote",
    ],
)
def test_a_record_holds_a_message_and_reads_what_earlier_versions_wrote(message: str) -> None:
    note = Note(text=message)
    again = Note.model_validate_json(note.model_dump_json())
    for one in (note, again, note.model_copy(), pickle.loads(pickle.dumps(note)), copy.deepcopy(note)):
        assert one.text == message and type(one.text) is type(message)
        assert getattr(one.text, "template", "") == getattr(message, "template", "")
    assert rendered(note.model_dump(mode="json")) == {"text": str(message)}
    assert rendered(note.model_dump()) == {"text": str(message)}


@pytest.mark.parametrize(
    "record",
    [
        {"template": "{a.__class__}", "values": {"a": "x"}},
        {"template": "{a:>999999999}", "values": {"a": "x"}},
        {"template": "{a:999999999}", "values": {"a": 1}},
        {"template": "{a", "values": {"a": 1}},
        {"template": "{b}", "values": {"a": 1}},
        {"template": "{a}", "values": {"a": None}},
        {"template": 3, "values": {}},
        7,
    ],
)
def test_a_message_out_of_a_file_is_data_and_no_program(record: object) -> None:
    with pytest.raises(ValidationError):
        Note.model_validate({"text": record})


@given(st.text())
def test_braces_and_any_signs_in_a_value_stay(text: str) -> None:
    message = msg("“{text}” …", text=text)
    assert message == f"“{text}” …"
    assert from_record(message.record) == message


def test_an_error_keeps_its_message_and_its_hint() -> None:
    error = BadInput(msg("“{name}” is odd.", name="x"), hint=msg("Try c."))
    assert isinstance(error.message, Message) and error.message.template == "“{name}” is odd."
    assert isinstance(error.hint, Message) and str(error) == "“x” is odd. Try c."
    long = BadInput(msg("“{name}” is no split.", name="x" * 200))
    assert isinstance(long.message, Message) and len(long.message) < 110 and "…" in long.message


def test_a_text_is_no_number_but_for_the_sign_of_any() -> None:
    assert msg("{count:,} of {share:.0%}", count=ANY_NUMBER, share=ANY_NUMBER) == "… of …"
    with pytest.raises(ValueError, match="no format of a text"):
        msg("{count:.3g}", count="a")
