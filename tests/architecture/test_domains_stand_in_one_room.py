"""A domain is one folder: nobody else knows its name, and a new one is found wherever domains are looked for."""

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
from sciapp.engine.domains.about import domain_names
from tests.architecture.new_domain.braid.about import ABOUT

HERE = Path(__file__).parent
SOURCES = Path(sciapp.__file__).parent
ROOM = SOURCES / "engine" / "domains"
NEW_FOLDERS = {"domains": "new_domain", "networks": "new_network", "kinds": "new_inputs"}
NEW = """
import sciapp.engine.domains as domains
import sciapp.engine.models.architectures.networks as networks
domains.__path__.append({domains!r})
import sciapp.engine.inputs.kinds as kinds
networks.__path__.append({networks!r})
kinds.__path__.append({kinds!r})
"""
FRESH = """
import sys
from sciapp.engine.models.architectures.from_scratch import fresh_network, fresh_reader
rows = [line.split(";")[0] for line in open(sys.argv[1]).read().splitlines()[1:]]
reader = fresh_reader("trace", rows)
reader.save_pretrained(sys.argv[2])
fresh_network("trace", reader, "tiny", 0).save_pretrained(sys.argv[2])
"""


def texts_in(*nodes: ast.AST | None) -> set[str]:
    return {
        part.value
        for node in nodes
        if node is not None
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def names_asked_for(node: ast.AST, domains: set[str]) -> set[str]:
    """The names of domains that a comparison, a case, a list or a literal type of the source has in it."""
    match node:
        case ast.Compare():
            return texts_in(node.left, *node.comparators) & domains
        case ast.MatchValue():
            return texts_in(node.value) & domains
        case ast.Set() | ast.List() | ast.Tuple():
            several = {item.value for item in node.elts if isinstance(item, ast.Constant)} & domains
        case ast.Dict():
            several = {item.value for item in node.keys if isinstance(item, ast.Constant)} & domains
        case _:
            return set()
    return several if len(several) > 1 else set()


def test_nobody_outside_of_the_domains_asks_for_one_by_its_name() -> None:
    asked = {
        f"{file.relative_to(SOURCES)}:{node.lineno}": sorted(names)
        for file in SOURCES.rglob("*.py")
        if not file.is_relative_to(ROOM)
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.expr | ast.pattern) and (names := names_asked_for(node, set(domain_names())))
    }
    assert asked == {}


def test_nobody_outside_of_the_domains_tells_pairs_by_their_class_or_by_a_separator() -> None:
    """`row_input` says the inputs of a row and its stored text, `parts_of_domain` the domain of each input."""
    told = []
    for path in sorted(SOURCES.rglob("*.py")):
        if path.is_relative_to(ROOM):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {part.id for part in ast.walk(tree) if isinstance(part, ast.Name)} & {"PairDomain", "MultiInput"}
        separated = any("\ufdd0" in text for text in texts_in(tree))
        told += [str(path.relative_to(SOURCES))] if names or separated else []
    assert told == []


# Braids: a folder and a network file, nothing else.


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of a process in which the new folder and the new file are among their like."""
    site = tmp_path_factory.mktemp("site")
    text = NEW.format(
        domains=str(HERE / "new_domain"), networks=str(HERE / "new_network"), kinds=str(HERE / "new_inputs")
    )
    (site / "sitecustomize.py").write_text(text, encoding="utf-8")
    path = os.pathsep.join([str(site), str(SOURCES.parent)])
    return os.environ | {"PYTHONPATH": path, "SCIAPP_HOME": str(tmp_path_factory.mktemp("home"))}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Braids and their writhe."""
    rng, file = random.Random(0), tmp_path_factory.mktemp("braids") / "braids.csv"
    words = ["".join(rng.choices("abcABC", k=rng.randint(4, 20))) for _ in range(80)]
    rows = [f"{word},{sum(1 if letter.islower() else -1 for letter in word)}" for word in dict.fromkeys(words)]
    file.write_text("\n".join(["braid,writhe", *rows]) + "\n", encoding="utf-8")
    return file


def typed(environment: dict[str, str], *words: object) -> Any:
    command = [sys.executable, "-m", "sciapp", *map(str, words), "--json"]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=240)
    assert said.returncode == 0, said.stdout + said.stderr
    return json.loads(said.stdout)


def test_it_is_imported_pretrained_from_scratch_and_trained_on(
    environment: dict[str, str], table: Path, tmp_path: Path
) -> None:
    project = tmp_path / "p"
    typed(environment, "new", project, "--domain", "braid")
    card = typed(environment, "import", project, table)
    assert (card["domain"], card["roles"]["input"], card["roles"]["targets"]) == ("braid", "braid", ["writhe"])
    assert card["split"]["method"] == "length"
    assert card["lengths"]["unit"] == "crossings"
    quick = ["--set", "num_train_epochs=1", "--set", "threads=1"]
    typed(environment, "pretrain", project, "--dataset", card["id"], *quick)
    trained = typed(environment, "train", project, "--model", "run:001-pretrain", *quick)
    assert trained["evaluation"]["model"]["scores"]
    report = typed(environment, "report", project, "002-train", "--out", tmp_path / "report.html")
    assert ABOUT.splits["length"].methods in Path(report["report"]).read_text("utf-8")


def test_a_table_is_known_for_one_of_it(environment: dict[str, str], table: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from sciapp.engine.data.readers.table_reader import preview;"
        "from sciapp.engine.data.schema.infer import guess_domain; print(guess_domain(preview(Path(sys.argv[1]))))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(table)], capture_output=True, text=True, env=environment, check=True
    )
    assert said.stdout == "braid\n"


def test_without_a_bundled_model_a_training_begins_from_scratch(
    environment: dict[str, str], table: Path, tmp_path: Path
) -> None:
    project = tmp_path / "p"
    typed(environment, "new", project, "--domain", "braid")
    typed(environment, "import", project, table)
    trained = typed(environment, "train", project, "--set", "num_train_epochs=1", "--set", "threads=1")
    assert trained["evaluation"]["model"]["scores"]
    plan = json.loads((project / "runs" / "001-train" / "plan.json").read_text("utf-8"))
    assert plan["model"] == "fresh:tiny"
    offered = typed(environment, "models", "--domain", "braid")
    assert [model["name"] for model in offered] == ["fresh:tiny", "fresh:small", "fresh:medium"]


def test_a_domain_that_is_no_text_is_trained_on_with_inputs_of_its_own(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """Lists of numbers, read as patches by a network that transformers does not know."""
    rng, table, model, project = random.Random(0), tmp_path / "traces.csv", tmp_path / "model", tmp_path / "p"
    lines = ["trace;height"]
    for _ in range(80):
        height = rng.uniform(1, 9)
        points = [f"{height + rng.gauss(0, 0.3):.3f}" for _ in range(rng.randint(6, 20))]
        lines.append(f"{' '.join(points)};{height:.3f}")
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    model.mkdir()
    subprocess.run([sys.executable, "-c", FRESH, str(table), str(model)], check=True, env=environment)
    typed(environment, "new", project, "--domain", "trace")
    card = typed(environment, "import", project, table, "--delimiter", "semicolon")
    assert (card["roles"]["input"], card["roles"]["targets"], card["rows_kept"]) == ("trace", ["height"], 80)
    quick = ["--set", "num_train_epochs=2", "--set", "threads=1"]
    trained = typed(environment, "train", project, "--model", model, *quick)
    assert trained["evaluation"]["model"]["scores"]
    out = tmp_path / "predicted.csv"
    typed(environment, "predict", project, "001-train", table, "--out", out)
    assert len(out.read_text("utf-8").splitlines()) == 81
