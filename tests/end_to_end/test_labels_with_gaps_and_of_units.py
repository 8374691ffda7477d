"""Targets of 0 and 1 with gaps, and a label for every residue, from table to predictions, through real processes."""

import csv
import html
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.targets import token_classification
from sciapp.engine.data.targets.multilabel import MultilabelWords
from sciapp.engine.data.values import token_labels
from sciapp.engine.models.saved_model import SavedModel
from tests.conftest import REPOSITORY
from tests.end_to_end.test_command_line import answer, rows_of, sciapp
from tests.helpers.printed import says
from tests.helpers.tiny import LETTERS, tiny_model

DATA = REPOSITORY / "tests" / "data"
FAST = [
    *("--set", "num_train_epochs=2", "--set", "tokens_per_batch=1024", "--set", "threads=1", "--set", "members=off"),
    *("--set", "descriptors=off"),  # so that transformers alone can say the same
]
ASSAYS = ("NR-AhR", "SR-ARE", "SR-MMP")


@dataclass(frozen=True)
class Made:
    """A project with one dataset, what `train --json` said, and the file that was imported."""

    project: Path
    card: dict[str, Any]
    trained: dict[str, Any]
    file: Path

    @property
    def model(self) -> Path:
        return Path(self.trained["folder"]) / "model"

    @property
    def evaluation(self) -> dict[str, Any]:
        found: dict[str, Any] = self.trained["evaluation"]
        return found


@pytest.fixture(scope="module")
def assays(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Made-up peptides with three assays: descriptors of real molecules would take minutes here."""
    folder = tmp_path_factory.mktemp("assays")
    file = folder / "assays.csv"
    rng = np.random.default_rng(0)
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["sequence", *ASSAYS])
        for row in range(150):
            sequence = "".join(rng.choice(list(LETTERS + "WWWW"), rng.integers(8, 25)))
            said = [int("W" in sequence[:8]), int(sequence.count("A") > 0), int(len(sequence) > 16)]
            writer.writerow([sequence, *("" if (row + n) % 4 == 0 else value for n, value in enumerate(said))])
    return _made(folder, file, ["--split", "stratified", "--fractions", "0.6,0.2,0.2"])


@pytest.fixture(scope="module")
def residues(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("residues")
    return _made(folder, DATA / "flip_secondary_structure_sample.csv.gz", [])


def _made(folder: Path, file: Path, split: list[str]) -> Made:
    project, model = folder / "project", tiny_model(folder / "model")
    assert sciapp("new", project, "--domain", "protein").returncode == 0
    card = answer("import", project, file, *split)
    return Made(project, card, answer("train", project, "--model", model, *FAST), file)


def _table(made: Made) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = pq.read_table(Path(made.trained["folder"]) / "predictions.parquet").to_pydict()
    return found


def test_columns_of_0_and_1_are_proposed_together_and_keep_their_gaps(assays: Made) -> None:
    assert assays.card["task"] == "multilabel"
    assert assays.card["roles"]["targets"] == list(ASSAYS)
    for target in assays.card["targets"]:
        assert target["classes"] == ["0", "1"]
        assert sum(target["class_counts"]) == target["measured"] < 150


def test_each_target_is_scored_where_it_was_measured(assays: Made) -> None:
    scores = {(s["name"], s["target"]): s for s in assays.evaluation["model"]["scores"]}
    assert assays.evaluation["main_score"] == "roc_auc"
    each = [scores["roc_auc", name]["value"] for name in ASSAYS]
    assert scores["roc_auc", ""]["value"] == pytest.approx(np.mean(each))
    assert [curve["label"] for curve in assays.evaluation["roc"]] == list(ASSAYS)
    trivial = {(s["name"], s["target"]): s for s in assays.evaluation["trivial_baseline"]["scores"]}
    assert trivial["roc_auc", ""]["value"] == 0.5
    assert "ROC-AUC" in assays.evaluation["verdict"]
    table = _table(assays)
    for name in ASSAYS:
        assert all(0 <= value <= 1 for value in table[f"probability:{name}"])
        assert set(table[f"target:{name}"]) == {0.0, 1.0, None}


def test_the_file_s_own_split_and_validation_column_are_obeyed(residues: Made) -> None:
    assert residues.card["task"] == "tagging"
    assert residues.card["roles"] | {"split": "set"} == {
        "input": "sequence", "targets": ["dssp3"], "split": "set", "mask": "mask", "covariates": [],
        "group": None, "time": None, "weight": None, "second_input": None,
    }  # fmt: skip
    assert residues.card["split_counts"] == {"train": 110, "validation": 20, "test": 20}
    assert residues.card["split"]["validation_column"] == "validation"
    assert says(residues.card["task_reason"], token_labels, name="dssp3", unit="residues")


def test_residues_are_counted_where_the_mask_says_so(residues: Made) -> None:
    table = _table(residues)
    right = counted = 0
    for split, truth, said, mask, share in zip(
        table["split"], table["target:dssp3"], table["prediction:dssp3"], table["mask"], table["accuracy:dssp3"],
        strict=True,
    ):  # fmt: skip
        hits = [a == b for a, b, sign in zip(truth, said, mask, strict=True) if sign == "1"]
        assert share == pytest.approx(np.mean(hits))
        if split == "test":
            right, counted = right + sum(hits), counted + len(hits)
    scores = {score["name"]: score for score in residues.evaluation["model"]["scores"]}
    assert scores["unit_accuracy"]["value"] == pytest.approx(right / counted)
    confusion = residues.evaluation["confusion"]
    assert confusion["counted"] == "residues"
    assert sum(map(sum, confusion["counts"])) == counted
    simple = {score["name"]: score for score in residues.evaluation["simple_baseline"]["scores"]}
    trivial = {score["name"]: score for score in residues.evaluation["trivial_baseline"]["scores"]}
    assert simple["unit_accuracy"]["value"] > trivial["unit_accuracy"]["value"]


@pytest.mark.parametrize("which", ["assays", "residues"])
def test_the_model_alone_gives_the_predictions_without_sciapp(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    made: Made = request.getfixturevalue(which)
    kind = "Token" if which == "residues" else "Sequence"
    script = tmp_path / "plain.py"
    script.write_text(
        "import sys, json, torch\n"
        "sys.modules['sciapp'] = None\n"
        f"from transformers import AutoModelFor{kind}Classification as Network, AutoTokenizer\n"
        "tokenizer, model = AutoTokenizer.from_pretrained(sys.argv[1]), Network.from_pretrained(sys.argv[1]).eval()\n"
        "with torch.no_grad():\n"
        "    logits = model(**tokenizer(sys.argv[2], return_tensors='pt')).logits[0]\n"
        "names = [model.config.id2label[i] for i in range(model.config.num_labels)]\n"
        "print(json.dumps([''.join(names[i] for i in logits[1:-1].argmax(-1)) if logits.ndim == 2"
        " else dict(zip(names, logits.sigmoid().tolist()))]))\n"
    )
    table = _table(made)
    place = min(range(len(table["input"])), key=lambda row: len(table["input"][row]))
    command = [sys.executable, str(script), str(made.model), table["input"][place]]
    said = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    (answer_,) = json.loads(said.stdout.splitlines()[-1])
    if which == "residues":
        assert answer_ == table["prediction:dssp3"][place]
    else:
        assert answer_ == pytest.approx({name: table[f"probability:{name}"][place] for name in ASSAYS}, abs=1e-4)


@pytest.mark.parametrize("which", ["assays", "residues"])
def test_both_are_compressed_predicted_and_reported(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    made: Made = request.getfixturevalue(which)
    small = answer("compress", made.project, made.trained["run"])
    before, after = small["evaluation"]["before_compression"], small["evaluation"]["model"]
    assert before["scores"] == made.evaluation["model"]["scores"]
    assert after["rows"] == before["rows"]
    table = _table(made)
    new, out = tmp_path / "new.csv", tmp_path / "out.csv"
    long = "ACDEFGHIKL" * 30  # the tiny model reads 64 tokens at a time
    with new.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["sequence"], [table["input"][0]], ["AC3"], [long]])
    for run in (made.trained["run"], small["run"]):
        assert sciapp("predict", made.project, run, new, "--out", out).returncode == 0
        known, broken, lengthy = rows_of(out)
        if which == "residues":
            assert len(known["prediction dssp3"]) == len(known["sequence"])
            assert len(lengthy["prediction dssp3"]) == 300
            assert set(lengthy["prediction dssp3"]) <= set("CEH"), "no residue goes without a label"
            assert broken["prediction dssp3"] == ""
        else:
            assert 0 < float(known["probability NR-AhR"]) < 1
            assert broken["probability NR-AhR"] == ""
        assert "“3”" in broken["problem"]
        page = tmp_path / f"{run}.html"
        answer("report", made.project, run, "--out", page)
        text = page.read_text(encoding="utf-8")
        assert made.card["roles"]["targets"][0] in text
        if which == "residues":
            assert says(text, token_classification, unit="residues")
        else:
            assert MultilabelWords.together in html.unescape(text)
    assert f"AutoModelFor{'Token' if which == 'residues' else 'Sequence'}" in (made.model / "README.md").read_text()


def test_a_saved_model_of_yes_or_no_targets_is_no_set_of_classes(assays: Made) -> None:
    """Both are saved with the same problem type; sigmoids of single targets do not add up to one."""
    saved = SavedModel.open(assays.model)
    assert saved.model.config.problem_type == "multi_label_classification"
    values = np.asarray(saved.values(["WWWWWWWW", "ACDEFGHI"]))
    logits = np.log(values / (1 - values))
    assert np.isfinite(logits).all()
    assert not np.allclose(values.sum(axis=1), 1)


def test_molecules_have_no_residues_to_label(tmp_path: Path) -> None:
    project = tmp_path / "p"
    assert sciapp("new", project, "--domain", "molecule").returncode == 0
    refused = sciapp(
        "import", project, DATA / "tox21_sample.csv", "--input", "smiles", "--target", "mol_id", "--task", "tagging"
    )
    assert refused.returncode == 1
    assert says(refused.stderr, token_classification, units=..., domain="molecule")
