"""The table that is imported: the files of a data set, thinned, with one column of inputs where SciApp reads one."""

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fair.data_sets import DataSet

TABLES = ("train", "validation", "test")
_TEST_SHARE = 0.25  # of the training rows, for given tests that are larger: enough to tell recipes apart


def written_table(data: DataSet, shared: Path, out: Path, most_rows: int) -> Path:
    """A CSV file below `out`; at most `most_rows` training rows are left where it is not 0 (always the same ones).

    Rows without any target are left out. Given splits keep their division; of the others 10 of 8 rows are taken, of
    which 8 train.
    """
    file = out / f"{data.name}-{most_rows}.csv"
    if file.exists():
        return file
    rows = [row for row in _rows(data, shared) if any(row[name].strip() for name in data.targets)]
    if most_rows:
        rows = [rows[index] for index in _thinned(rows, most_rows)]
    file.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file.write_text(text.getvalue(), encoding="utf-8")
    return file


def _rows(data: DataSet, shared: Path) -> list[dict[str, str]]:
    rows = []
    for number, name in enumerate(data.files):
        path = shared / name
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                part = data.parts[number] if data.parts else _given(row)
                rows.append(_of_interest(data, row, part))
    return rows


def _given(row: dict[str, str]) -> str:
    """The split that a table gives its rows: SciApp's three words, or FLIP's `set` and `validation`."""
    if "set" in row:
        return "validation" if row["set"] == "train" and row.get("validation") == "True" else row["set"]
    return row.get("split", "")


def _of_interest(data: DataSet, row: dict[str, str], part: str) -> dict[str, str]:
    inputs: dict[str, str] = {}
    for name in data.inputs:
        taken = [column for column in row if column.startswith(name[:-1])] if name.endswith("*") else [name]
        inputs |= {column: row[column] for column in taken}
    if data.joint:
        inputs = {"input": data.joint.join(inputs.values())}
    given = {"split": part} if "given" in data.splits else {}
    groups = {data.group: row[data.group]} if data.group else {}
    return inputs | {name: row[name] for name in data.targets} | given | groups


def _thinned(rows: Sequence[dict[str, str]], most: int) -> list[int]:
    """Indices of the rows that stay, in order."""
    rng = np.random.default_rng(0)
    if "split" not in rows[0]:
        return np.sort(rng.permutation(len(rows))[: most * 10 // 8]).tolist()
    splits = np.array([row["split"] for row in rows])
    limits = {"train": most, "validation": int(most * _TEST_SHARE / 2), "test": int(most * _TEST_SHARE)}
    taken = [rng.permutation(np.flatnonzero(splits == name))[:limit] for name, limit in limits.items()]
    return np.sort(np.concatenate(taken)).tolist()
