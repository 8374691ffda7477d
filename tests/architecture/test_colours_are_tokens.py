"""The window takes its colours from the tokens, and every icon that it names is bundled."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from runpy import run_path

from sciapp import settings
from sciapp.ui.theme import CONTROL_ICONS, STATUS_ICONS, icon_file

UI = Path(settings.__file__).parent / "ui"
TOKENS = UI / "theme" / "tokens.py"
HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b")
NAMED = re.compile(r"\b(?:white|black|red|green|blue|yellow|gr[ae]y|orange|purple)\b")
MAKERS = {"QColor", "mkPen", "mkBrush", "fill"}
BLACK_OF_DRAWINGS = UI / "theme" / "icons.py"  # replaces it: drawings of domains are black on nothing


def literals(file: Path) -> Iterator[ast.Constant]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    prose = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and prose_first(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and id(node) not in prose:
            yield node


def prose_first(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> bool:
    return bool(node.body) and isinstance(node.body[0], ast.Expr)


def text_of(node: ast.Constant) -> str:
    return node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value


def test_no_colour_is_written_outside_the_tokens() -> None:
    written = [
        f"{file.relative_to(UI)}:{node.lineno} {text_of(node)}"
        for file in sorted(UI.rglob("*.py"))
        if file not in {TOKENS, BLACK_OF_DRAWINGS}
        for node in literals(file)
        if HEX.search(text_of(node))
    ]
    assert written == []


def test_no_colour_is_named_where_colours_are_made() -> None:
    calls = [
        f"{file.relative_to(UI)}:{node.lineno}"
        for file in sorted(UI.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in MAKERS
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and NAMED.search(argument.value)
    ]
    assert calls == []


def test_the_style_sheet_has_no_colour_of_its_own() -> None:
    sheet = (settings.resources_folder() / "style" / "window.qss").read_text(encoding="utf-8")
    assert HEX.findall(sheet) == [] and "rgb" not in sheet


def test_every_icon_that_the_window_names_is_bundled() -> None:
    named = {icon for icon, _ in CONTROL_ICONS.values()} | set(STATUS_ICONS.values())
    for file in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                named |= {
                    keyword.value.value
                    for keyword in node.keywords
                    if keyword.arg == "icon" and isinstance(keyword.value, ast.Constant) and keyword.value.value
                }
                called = ast.unparse(node.func).split(".")[-1]
                if called in {"IconLabel", "IconButton", "EmptyState"} and node.args:
                    first = node.args[0]
                    named |= {first.value} if isinstance(first, ast.Constant) else set()
    missing = sorted(name for name in named if isinstance(name, str) and not icon_file(name).is_file())
    assert missing == []


def test_drawings_inside_controls_have_the_colours_of_their_tokens() -> None:
    """After a change of tokens: python packaging/control_icons.py."""
    script = run_path(str(Path(__file__).parents[2] / "packaging" / "control_icons.py"))
    folder = settings.resources_folder() / "icons" / "controls"
    bundled = {
        str(file.relative_to(folder).as_posix()): file.read_text(encoding="utf-8") for file in folder.rglob("*.svg")
    }
    assert bundled == script["drawings"]()
