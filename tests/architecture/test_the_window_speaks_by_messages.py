"""No text of the window goes round the catalogue: words that people read are templates of messages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "sciapp"
WINDOW = [*sorted((SOURCE / "ui").rglob("*.py")), SOURCE / "app.py", *sorted((SOURCE / "workers").rglob("*.py"))]
_TEMPLATES = {"msg": 1, "plural": 2}
_NO_TEXT = frozenset(
    {
        "setObjectName", "findChild", "findChildren", "setProperty", "property", "getLogger", "info", "warning",
        "TypeVar", "TypeError", "ValueError", "QByteArray", "Signal", "cast", "removeprefix", "replace", "partition",
        "basicConfig", "ArgumentParser", "setPalette", "setStyle", "QKeySequence",
    }
)  # fmt: skip
"""Functions whose strings nobody reads in the window: names, patterns, the log."""
_QT = frozenset(
    {
        "setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setPlaceholderText",
        "setWindowTitle", "setLabelText", "setSpecialValueText", "setPrefix", "setSuffix", "addTab", "insertTab",
        "addItem", "addItems", "addAction", "addMenu", "setTabText", "setHeaderLabels", "setHorizontalHeaderLabels",
        "setStatusTip", "setInformativeText", "addButton", "addRow", "showMessage", "setNameFilter",
        "appendPlainText", "drawText", "setTitle", "QLabel", "QPushButton", "QCheckBox", "QGroupBox", "QAction",
        "QTreeWidgetItem", "QListWidgetItem", "QTableWidgetItem", "QToolButton", "TextItem",
    }
)  # fmt: skip
"""What of Qt takes a text to be read: here one word in small letters is a text as well."""
_LETTER = re.compile(r"[^\W\d_]")
_NAME = re.compile(
    r"SciApp( \{\})?|Solubility sample|Fusion|GPU|PROJECT|[A-Z]+_[A-Z_]+|Q[A-Z]\w+"
    r"|(Ctrl|Alt|Shift)\+.*|F\d+|%[\w:% -]+|[\w{}.-]*\.(svg|csv|html|log|json|otf)"
    r"|Inter|[\w ]+ (SC|UI)|MB|PNG"
)
"""Names that are the same in every language: of the program, keys, files, fonts, Qt's classes, forms of dates."""
_MARKUP = re.compile(r"<[^>]*>|<[^>]*$|^[^<]*>|&\w+;")


def texts_round_the_catalogue(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each literal with words that is no template."""
    tree = ast.parse(source)
    passed = {id(part) for node in ast.walk(tree) for part in _passed(node)}
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if (text := _text(node)) and _has_words(text):
            yield getattr(node, "lineno", 0), text
        if isinstance(node, ast.Call) and _name(node) in _QT:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    text = argument.value
                    if _LETTER.search(text) and not _has_words(text) and not _NAME.fullmatch(text):
                        yield argument.lineno, text


def _text(node: ast.AST) -> str:
    """A literal; of an f-string, with {} for what is put in."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case _:
            return ""


def _passed(node: ast.AST) -> Iterator[ast.AST]:
    """What below a node is a template, a docstring, a type or a name."""
    match node:
        case ast.Call() if (name := _name(node)) in _TEMPLATES:
            for template in node.args[: _TEMPLATES[name]]:
                yield from ast.walk(template)
        case ast.Call() if _name(node) in _NO_TEXT:
            yield from ast.walk(node)
        case ast.Assign(targets=[ast.Name("__all__")]):
            yield from ast.walk(node.value)
        case ast.Expr(value=ast.Constant() as docstring):
            yield docstring
        case ast.Assert(msg=ast.AST() as told):
            yield from ast.walk(told)
        case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=ast.AST() as annotation):
            yield from ast.walk(annotation)
        case ast.FunctionDef(returns=ast.AST() as returned):
            yield from ast.walk(returned)
        case ast.JoinedStr(values=parts):
            yield from (part for part in parts if isinstance(part, ast.Constant))
        case ast.FormattedValue(format_spec=ast.AST() as form):
            yield from ast.walk(form)
        case ast.Subscript():
            yield from ast.walk(node.slice)
        case _:
            pass


def _name(call: ast.Call) -> str:
    function = call.func
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _has_words(text: str) -> bool:
    """True for what people read: more than one word, or a word with a capital, a mnemonic or an ellipsis."""
    text = _MARKUP.sub(" ", text).strip()
    if not _LETTER.search(text) or _NAME.fullmatch(text):
        return False
    return bool(re.search(r"\s", text) or re.match(r"&?[A-Z]\w", text) or "…" in text or "&" in text)


def test_every_text_of_the_window_is_a_message() -> None:
    found = [
        f"{file.relative_to(SOURCE)}, line {line}: {text!r}"
        for file in WINDOW
        for line, text in texts_round_the_catalogue(file.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'button.setText("Import…")',
        'QLabel("rows", self)',
        'label.setText(f"{rows} rows")',
        '_HELP = "The column that the model reads."',
        'self._button("Open", "openFile", help)',
        'self.say("Saved " + name)',
        'spin.setSuffix(" times")',
        'tr("Import")',
    ],
)
def test_a_text_that_goes_round_the_catalogue_is_seen(source: str) -> None:
    assert list(texts_round_the_catalogue(source))


@pytest.mark.parametrize(
    "source",
    [
        'button.setText(tr(msg("Import…")))',
        'label.setText(tr(plural("{n} row", "{n} rows", count)))',
        'button.setObjectName("openFile")',
        'action.setShortcut(QKeySequence("Ctrl+O"))',
        '"""A docstring with words."""',
        'label.setText(f"<b>{tr(title)}</b><br>")',
        'assert item is not None, "there is always one"',
        'icon("open", self.palette())',
    ],
)
def test_what_nobody_reads_is_left_alone(source: str) -> None:
    assert not list(texts_round_the_catalogue(source))
