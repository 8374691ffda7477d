"""Every template of a message is a literal that a translator can be given, and asks for the values that it gets."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

SOURCE = Path(__file__).parents[2] / "sciapp"
_TEMPLATES = {"msg": 1, "plural": 2}


def problems(source: str) -> Iterator[str]:
    """Line and complaint of each call that a translator could not be shown."""
    for call in ast.walk(ast.parse(source)):
        name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
        if not isinstance(call, ast.Call) or name not in _TEMPLATES:
            continue
        templates = call.args[: _TEMPLATES[name]]
        literal = [t.value for t in templates if isinstance(t, ast.Constant) and isinstance(t.value, str)]
        if len(literal) != _TEMPLATES[name] or len(call.args) != (1 if name == "msg" else 3):
            yield f"line {call.lineno}: a template is no literal"
            continue
        fields = {field for text in literal for _, field, _, _ in Formatter().parse(text) if field is not None}
        given = {keyword.arg for keyword in call.keywords}
        if fields - ({"n"} if name == "plural" else set()) != given:
            yield f"line {call.lineno}: fields {sorted(fields)}, values {sorted(map(str, given))}"


def test_every_template_is_a_literal_and_its_fields_are_its_values() -> None:
    found = [
        f"{file.relative_to(SOURCE)}, {problem}"
        for file in sorted(SOURCE.rglob("*.py"))
        if file.name != "i18n.py"
        for problem in problems(file.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'msg(f"{name} is gone.")',
        "msg(template)",
        'msg("{name} is gone.")',
        'msg("It is gone.", name=name)',
        'msg("{name} is gone.", **values)',
        'plural("{n} row", many, 3)',
        'plural("{n} row of {file}", "{n} rows", 3)',
    ],
)
def test_what_could_not_be_translated_is_seen(source: str) -> None:
    assert list(problems(source))


@pytest.mark.parametrize("source", ['msg("a " "{b}", b=1)', 'plural("{n} row", "{n} rows of {f}", 3, f=f)'])
def test_what_can_be_translated_is_left_alone(source: str) -> None:
    assert not list(problems(source))
