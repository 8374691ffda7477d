"""A task is what its registered objects say: nobody outside asks which task it is, or of what class targets are."""

import ast
from pathlib import Path

import sciapp
from sciapp.engine.data.targets.registry import target_kinds, task_names
from sciapp.engine.tasks.words.registry import task_report

SOURCES = Path(sciapp.__file__).parent
ROOMS = [SOURCES / "engine" / "tasks", SOURCES / "engine" / "data" / "targets"]
NAMES = {*task_names(), "token_classification", "masked"}
CLASSES = ("Targets", "TokenLabels")


def names_asked_for(node: ast.AST) -> set[str]:
    """The task names in a comparison, in a case, or among several of a list, a tuple, a set or a dictionary's keys."""
    match node:
        case ast.Compare():
            parts: list[ast.AST] = [node.left, *node.comparators]
        case ast.MatchValue():
            parts = [node.value]
        case ast.Set() | ast.List() | ast.Tuple():
            several = {item.value for item in node.elts if isinstance(item, ast.Constant)} & NAMES
            return several if len(several) > 1 else set()
        case ast.Dict():
            several = {item.value for item in node.keys if isinstance(item, ast.Constant)} & NAMES
            return several if len(several) > 1 else set()
        case _:
            return set()
    return {part.value for whole in parts for part in ast.walk(whole) if isinstance(part, ast.Constant)} & NAMES


def classes_asked_for(node: ast.AST) -> set[str]:
    """The classes of targets in an isinstance or a case."""
    match node:
        case ast.Call(func=ast.Name("isinstance")):
            names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        case ast.MatchClass(cls=ast.Name(name)):
            names = {name}
        case _:
            return set()
    return {name for name in names if name.endswith(CLASSES)}


def test_nobody_outside_of_the_rooms_of_tasks_asks_which_task_it_is() -> None:
    asked = {
        f"{file.relative_to(SOURCES)}:{node.lineno}": sorted(found)
        for file in SOURCES.rglob("*.py")
        if not any(file.is_relative_to(room) for room in ROOMS)
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.expr | ast.pattern) and (found := names_asked_for(node) | classes_asked_for(node))
    }
    assert asked == {}


def test_every_task_has_a_kind_of_target_and_words() -> None:
    assert target_kinds()
    for name, kind in target_kinds().items():
        assert kind.facts.name == name
        assert task_report(name).task == name
