"""A plan states its facts: nobody outside the rooms of plans asks of which kind it is."""

import ast
from pathlib import Path

import sciapp
from sciapp.records.plan.plan import PLAN_KINDS
from sciapp.records.project.studies.registry import STUDY_KINDS

SOURCES = Path(sciapp.__file__).parent
ROOMS = [SOURCES / "records" / "plan", SOURCES / "engine" / "runs"]
CLASSES = {kind.__name__ for kind in PLAN_KINDS.values()}


def classes_asked_for(node: ast.AST) -> set[str]:
    """The classes of plans in an isinstance or a case."""
    match node:
        case ast.Call(func=ast.Name("isinstance")):
            return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} & CLASSES
        case ast.MatchClass(cls=ast.Name(name)):
            return {name} & CLASSES
        case _:
            return set()


def test_nobody_outside_of_the_rooms_of_plans_asks_of_which_class_one_is() -> None:
    asked = {
        f"{file.relative_to(SOURCES)}:{getattr(node, 'lineno', 0)} {sorted(found)}"
        for file in SOURCES.rglob("*.py")
        if not any(file.is_relative_to(room) for room in ROOMS)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if (found := classes_asked_for(node))
    }
    assert not asked


def test_kinds_of_study_are_registered_under_their_own_names() -> None:
    assert all(kind.name == name and kind.title for name, kind in STUDY_KINDS.items())
