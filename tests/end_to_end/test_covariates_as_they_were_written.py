"""A condition written with signs between thousands and a code for gaps: trained with and predicted with alike."""

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

from sciapp.jobs.launch.processes import own_command
from tests.helpers.tiny import tiny_model


def answer(*words: object) -> Any:
    said = subprocess.run(own_command(*map(str, words), "--json"), capture_output=True, text=True, encoding="utf-8")
    assert said.returncode == 0, said.stderr + said.stdout
    return json.loads(said.stdout)


def predictions(file: Path) -> list[float]:
    """The predictions, whichever decimal sign the file is written with."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter=";" if ";" in file.read_text(encoding="utf-8") else ","))
    (name,) = [column for column in rows[0] if column.startswith("prediction")]
    return [float(row[name].replace(",", ".")) for row in rows]


def test_a_new_file_is_read_as_the_table_was(tmp_path: Path) -> None:
    letters = "ACDEFGHIKLMNPQRSTVWY"
    doses = ("12", "251", "1.001", "15.005", "-999")
    rows = [f"{letters[n % 20 :]}{letters[: n % 7 + 3]};{doses[n % 5]};{n % 9},5" for n in range(60)]
    table = tmp_path / "doses.csv"
    table.write_text("\n".join(["sequence;dose;y", *rows]) + "\n", encoding="utf-8")
    answer("new", tmp_path / "p", "--domain", "protein")
    options = ("--input", "sequence", "--target", "y", "--covariate", "dose", "--split", "random")
    card = answer("import", tmp_path / "p", table, *options)
    assert card["numbers"]["dose"]["codes"] == [-999.0]
    done = answer("train", tmp_path / "p", "--model", tiny_model(tmp_path / "model"), "--set", "max_steps=2")
    results = []
    for name, cells in (("open", ("1.001", "15.005", "-999")), ("plain", ("1001", "15005", ""))):
        new = tmp_path / f"{name}.csv"
        new.write_text("\n".join(["sequence;dose", *(f"{letters};{cell}" for cell in cells)]) + "\n", encoding="utf-8")
        out = tmp_path / f"{name}-out.csv"
        answer("predict", tmp_path / "p", done["run"], new, "--out", out)
        results.append(predictions(out))
    assert results[0] == results[1]
    assert len(set(results[0])) == 3
