"""In a language for tests all text on the terminal and in the report is in brackets: none is outside the catalogue."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sciapp.i18n import PSEUDO
from sciapp.settings import LANGUAGE
from tests.helpers.tiny import sequence_table, tiny_model

_FAST = ["--set", "num_train_epochs=2", "--set", "tokens_per_batch=512", "--set", "threads=1", "--descriptors", "off"]
_NAMES = frozenset(
    # Scores and programs that have one name everywhere; the classes, columns and names of the test's own data.
    "RMSE MAE R² ROC AUC many few sequence y0 y1 protein table best sciapp python torch transformers tokenizers numpy "
    "pandas pyarrow scikit learn rdkit biopython safetensors peft scipy pydantic matplotlib datasets accelerate "
    "Kolmogorov Smirnov chi squared Cramér cpu cuda float32 bfloat16 fp32".split()
)


def outside_brackets(text: str) -> str:
    """The text without what the pseudo-language has put in brackets, and brackets within them."""
    outside, depth = [], 0
    for sign in text:
        depth += sign == "["
        outside.append(sign if not depth else " ")
        depth -= sign == "]" and depth > 0
    return "".join(outside)


def strange_words(text: str) -> list[str]:
    """Words outside the catalogue that are neither names nor parts of paths, ids and numbers."""
    plain = re.sub(r"\S*[/\\=_.]\S*|\S*\d\S*", " ", outside_brackets(text))
    return [word for word in re.findall(r"[^\W\d_]{2,}", plain) if word not in _NAMES]


class _Texts(HTMLParser):
    """The texts that a browser shows, code and settings aside."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.texts += [known["aria-label"] or ""] if "aria-label" in known else []
        if tag in {"style", "script", "code", "defs"} or (tag == "ul" and known.get("class") == "settings"):
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden[-1:] == [tag]:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data)


@pytest.fixture(scope="module", params=[False, True], ids=["regression", "classification"])
def spoken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, Path]:
    """What import, train, predict, leaks, runs and report say on the terminal, the page, and the project."""
    folder = tmp_path_factory.mktemp("p")
    table = sequence_table(folder / "table.csv", classes=request.param, targets=1 if request.param else 2)
    with table.open("a", encoding="utf-8") as file:
        file.write("AC\x40D,1\n")
    targets = ["--target", "y0", *([] if request.param else ["--target", "y1"])]
    project, page = folder / "p", folder / "page.html"
    commands = [
        ["new", project, "--domain", "protein"],
        ["import", project, table, "--input", "sequence", *targets, "--split", "random"],
        ["doctor", project, table, "--input", "sequence", *targets],
        ["leaks", project],
        ["train", project, "--model", tiny_model(folder / "model"), *_FAST],
        ["predict", project, "001", table, "--out", folder / "out.csv"],
        ["runs", project],
        ["report", project, "001", "--out", page],
    ]
    said = []
    for words in commands:
        done = subprocess.run(
            [sys.executable, "-m", "sciapp", *map(str, words)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=240,
            env=os.environ | {LANGUAGE: PSEUDO, "PYTHONWARNINGS": "ignore"},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said += [done.stdout, done.stderr]
    return "\n".join(said), page.read_text(encoding="utf-8"), project


def test_the_terminal_shows_no_text_outside_the_catalogue(spoken: tuple[str, str, Path]) -> None:
    found = {line: words for line in spoken[0].splitlines() if (words := strange_words(line))}
    assert found == {}
    assert "[" in spoken[0]


def test_the_report_shows_no_text_outside_the_catalogue(spoken: tuple[str, str, Path]) -> None:
    texts = _Texts(spoken[1]).texts
    versions = next(index for index, text in enumerate(texts) if "Made with" in text)
    found = {text: words for text in texts[:versions] if (words := strange_words(text))}
    assert found == {}
    assert f'<html lang="{PSEUDO}">' in spoken[1]


def test_what_is_written_down_is_in_no_language(spoken: tuple[str, str, Path]) -> None:
    """Records keep templates and values; tables and the model's card are English wherever they are made."""
    files = [file for kind in ("*.json", "*.jsonl", "*.csv", "*.md") for file in spoken[2].rglob(kind)]
    assert len(files) > 10
    assert [file.name for file in files if "~~" in file.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[Loading~~~~]… 12 of 20 rows", ["of", "rows"]),
        ("[of [[3~] rows~~]~~] /tmp/a.csv 001-train y0", []),
        ("RMSE 0.5 ([0.4 to 0.6~~~])", []),
    ],
)
def test_what_stands_outside_is_seen(text: str, words: list[str]) -> None:
    assert strange_words(text) == words
