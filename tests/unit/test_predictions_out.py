"""Where predictions are written to: never over the file that they are of."""

from pathlib import Path

import pytest

from sciapp.cli_data import check_out
from sciapp.errors import BadInput
from sciapp.records.atomic import new_file


def test_the_file_to_predict_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("smiles\nCCO\n", encoding="utf-8")
    for out in (file, tmp_path / "." / "rows.csv", tmp_path, tmp_path / "absent" / "out.csv", file / "out.csv"):
        with pytest.raises(BadInput):
            check_out(out, file)
    check_out(tmp_path / "out.csv", file)


def test_a_file_that_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before", encoding="utf-8")
    with pytest.raises(RuntimeError), new_file(out) as file:
        file.write("half")
        raise RuntimeError
    assert out.read_text(encoding="utf-8") == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.csv"]
