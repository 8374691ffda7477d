"""A task is what its registered objects say: nobody outside asks which task it is, or of what class targets are."""

import ast
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sciapp
from sciapp.engine.data.targets.registry import target_kinds, task_names
from sciapp.engine.tasks.registry import registered_tasks

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
    assert target_kinds().keys() == registered_tasks().keys()
    for name, kind in target_kinds().items():
        assert kind.facts.name == name


# Ranking: two files, nothing else.

HERE = Path(__file__).parent
NEW = """
import sciapp.engine.data.targets as targets
import sciapp.engine.tasks as tasks
targets.__path__.append({targets!r})
tasks.__path__.append({tasks!r})
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of a process in which the two files are among their like."""
    site = tmp_path_factory.mktemp("site")
    text = NEW.format(targets=str(HERE / "new_targets"), tasks=str(HERE / "new_task"))
    (site / "sitecustomize.py").write_text(text, encoding="utf-8")
    path = os.pathsep.join([str(site), str(SOURCES.parent)])
    return os.environ | {"PYTHONPATH": path, "SCIAPP_HOME": str(tmp_path_factory.mktemp("home"))}


def sciapp_result(environment: dict[str, str], *words: object) -> Any:
    command = [sys.executable, "-m", "sciapp", *map(str, words), "--json"]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=240)
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout)


def test_a_new_task_is_imported_trained_judged_and_reported_by_its_two_files(
    environment: dict[str, str], tmp_path: Path
) -> None:
    rng, table, project = random.Random(0), tmp_path / "places.csv", tmp_path / "p"
    words = dict.fromkeys("".join(rng.choices("ACDEFGHIKL", k=rng.randint(5, 30))) for _ in range(60))
    table.write_text("\n".join(["sequence,place", *(f"{word},{len(word)}" for word in words)]) + "\n", encoding="utf-8")
    sciapp_result(environment, "new", project, "--domain", "protein")
    card = sciapp_result(environment, "import", project, table, "--task", "ranking", "--places", 7)
    assert (card["task"], card["task_options"], card["roles"]["targets"]) == ("ranking", {"places": 7}, ["place"])
    trained = sciapp_result(environment, "train", project, "--set", "num_train_epochs=1", "--set", "threads=1")
    evaluation = trained["evaluation"]
    assert (evaluation["task"], evaluation["main_score"]) == ("ranking", "missed")
    assert evaluation["simple_baseline"]["predictor"] == "Middle place"
    out = tmp_path / "predicted.csv"
    sciapp_result(environment, "predict", project, "001-train", table, "--out", out)
    assert len(out.read_text("utf-8").splitlines()) == len(words) + 1
    report = sciapp_result(environment, "report", project, "001-train", "--out", tmp_path / "report.html")
    assert "first 7 places" in Path(report["report"]).read_text("utf-8")
