"""Every sentence of the program is a message: nothing that people read goes round the catalogue of translations."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "sciapp"
_OUTSIDE = ("ui/", "workers/", "app.py", "i18n.py")  # the window's own test looks at what it shows

_SENTENCE = re.compile(
    r"[A-Za-z]{2,}[,;:.”’)]* +[“(]?[A-Za-z]"  # two words
    r"|^(a|an|the|not|no) [A-Za-z0-9]"
    r"|\0 [A-Za-z]{2,}|[A-Za-z]{2,} \0"  # a word beside a field
)
_NO_TEXT_IN = {"debug", "info", "warning", "error", "exception", "log", "Field", "Sample", "split", "filterwarnings"}
_INTERNAL_ERRORS = {"ValueError", "TypeError", "RuntimeError", "AssertionError", "LookupError", "OSError"}
_NO_TEXT_AS = {"context", "source", "loc"}  # details for the log, publications, places in a figure

# Text that is none of ours, or is read by programs.
_CODE = re.compile(r"^\n    (from|sciapp) |model\.values|model\(\*\*batch|^\0?<[!a-z]|^sciapp (\0|train)|^ +--")
_DATA = re.compile(
    r"^(column|header|cell|table|second|parity|distribution|band) \0|^bands \0|^nearest training rows$"
    r"|: bound of \0$|^pasted table\.tsv$|^\0 \(CUDA \0\)$|^forecast split$"
)
_WORDS_OF_OTHERS = {
    "actions/runs.py": {"in turn"},
    "engine/data/dataset/diff.py": {"full outer"},
    "engine/data/formats/unsupported.py": {"Byte-by-byte Description of file"},
    "engine/data/formats/sequences/genbank.py": {"content is undefined"},
    "engine/hub/download.py": {"Adding `safetensors` variant of this model"},
    "engine/models/model_folder.py": {"(os error \0)"},
}
_VOCABULARIES = {  # what people, programs and RDKit write, word by word; descriptors, whose names are stored
    "engine/data/readers/summary_rows.py",
    "engine/data/schema/column_roles.py",
    "engine/data/values/cells.py",
    "engine/data/values/dates.py",
    "engine/data/values/split_names.py",
    "engine/domains/molecule/smiles_errors.py",
    "engine/domains/series/descriptors.py",
    "engine/domains/series/domain.py",
    "engine/domains/series/periods.py",
    "engine/tasks/baselines/recipes/curves.py",
    "engine/runtime/out_of_memory.py",
}
_LONGEST_WORD = 24  # signs of an entry of a vocabulary, where it is no list


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each sentence that is no message; a field of an f-string is a NUL."""
    yield from _sentences(ast.parse(source))


def _sentences(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant | ast.JoinedStr):
        text = _text(node)
        if text is not None and _SENTENCE.search(text):
            yield node.lineno, text
        fields = node.values if isinstance(node, ast.JoinedStr) else []
        for field in fields:
            if isinstance(field, ast.FormattedValue):
                yield from _sentences(field.value)
        return
    for child in _spoken(node):
        yield from _sentences(child)


def _spoken(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a piece of the source that may hold text for people."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Assert):
        yield node.test
    elif isinstance(node, ast.Call):
        name = _called(node)
        if name in {"msg", "plural"}:
            yield from node.keywords
        elif name not in _NO_TEXT_IN | _INTERNAL_ERRORS and not _is_pattern(node):
            yield from ast.iter_child_nodes(node)
    elif not (isinstance(node, ast.keyword) and node.arg in _NO_TEXT_AS):
        yield from ast.iter_child_nodes(node)


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def _is_pattern(call: ast.Call) -> bool:
    """True for calls of the module `re`."""
    return isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "re"


def _text(node: ast.Constant | ast.JoinedStr) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)


def _is_excepted(file: str, text: str) -> bool:
    if text in _WORDS_OF_OTHERS.get(file, ()) or _CODE.search(text) or _DATA.search(text):
        return True
    return file in _VOCABULARIES and (
        len(text) <= _LONGEST_WORD or "|" in text or (text.islower() and ": " not in text)
    )


def test_no_sentence_is_outside_the_catalogue() -> None:
    found = [
        f"{name}:{line}: {text!r}"
        for file in sorted(SOURCE.rglob("*.py"))
        if not (name := file.relative_to(SOURCE).as_posix()).startswith(_OUTSIDE)
        for line, text in sentences(file.read_text(encoding="utf-8"))
        if not _is_excepted(name, text)
    ]
    assert found == []


def test_each_exception_is_still_needed() -> None:
    for name, texts in _WORDS_OF_OTHERS.items():
        assert texts <= {text for _, text in sentences((SOURCE / name).read_text(encoding="utf-8"))}, name
    assert all((SOURCE / name).is_file() for name in _VOCABULARIES)


@pytest.mark.parametrize(
    "source",
    [
        'title = "Choose a file."',
        'raise BadInput(f"{name} is gone.")',
        'raise BadInput(msg("{what}", what="no such file"))',
        "text = f\"{count} {unit if one else 'of all units'}\"",
        'hint = "the column"',
    ],
)
def test_a_sentence_is_seen(source: str) -> None:
    assert list(sentences(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring of a module."""',
        'msg("Choose a file.")',
        'logger.info("run %s was started", run)',
        'assert known, "this needs a target"',
        'KNOWN = frozenset("of the words".split())',
        'PATTERN = re.compile("one or two")',
        'raise ValueError("no message at all")',
        'key = f"{name}:{number}"',
    ],
)
def test_what_nobody_reads_is_left_alone(source: str) -> None:
    assert not list(sentences(source))
