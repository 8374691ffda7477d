"""What was measured, line after line in a file, and the table that it makes."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from comparison.rows import ROWS, Bar, Row

Record = dict[str, object]
_TITLES = {"starter": "starter", "random": "random weights", "descriptors": "starter with descriptors"}


class Notebook:
    """measurements.jsonl: every record is there before the next begins, so an interrupted benchmark goes on."""

    def __init__(self, folder: Path, known: Path | None = None) -> None:
        """known: a file of the same kind with what was measured before; it is read, never written."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._file = folder / "measurements.jsonl"
        text = self._file.read_text(encoding="utf-8") if self._file.exists() else ""
        whole = text[: text.rfind("\n") + 1]
        if whole != text:  # the last line was cut off
            self._file.write_text(whole, encoding="utf-8")
        before = known.read_text(encoding="utf-8") if known is not None and known.exists() else ""
        mine: list[Record] = [json.loads(line) for line in whole.splitlines()]
        own = {_key(record) for record in mine}
        theirs = (json.loads(line) for line in before.splitlines())
        self.records: list[Record] = [*(record for record in theirs if _key(record) not in own), *mine]

    def has(self, row: str, column: str, seed: int) -> bool:
        return any(_key(record) == (row, column, seed) for record in self.records)

    def add(self, records: Sequence[Record]) -> None:
        self.records += records
        with self._file.open("a", encoding="utf-8") as file:
            file.write("".join(json.dumps(record) + "\n" for record in records))

    def write_table(self) -> str:
        """table.md and table.json beside the measurements; returns the Markdown."""
        found = [told for row in ROWS if (told := summary(row, self.records))]
        text = markdown(found)
        (self.folder / "table.md").write_text(text, encoding="utf-8")
        (self.folder / "table.json").write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
        return text


def _key(record: Record) -> tuple[object, object, object]:
    return record["row"], record["column"], record["seed"]


def summary(row: Row, records: Sequence[Record]) -> Record | None:
    """Mean, sd and number of seeds of each column and classical model, and how each bar was met."""
    mine = [record for record in records if record["row"] == row.name]
    if not mine:
        return None
    columns: dict[str, Record] = {}
    for name in dict.fromkeys(str(record["name"]) for record in mine):
        values = [float(str(record["value"])) for record in mine if record["name"] == name]
        classical = any(record["column"] == "classical" for record in mine if record["name"] == name)
        notes = sorted({str(note) for record in mine if record["name"] == name and (note := record.get("note"))})
        columns[name] = {
            "mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1)) if len(values) > 1 else None,
            "seeds": len(values), "classical": classical, "notes": notes,
        }  # fmt: skip
    bars = {name: _judged(row, str(name), bar, columns) for name, bar in row.bars.items() if name in columns}
    split = "given" if row.split == "column" else row.split
    return {
        "row": row.name, "data": row.title, "split": "identity groups" if row.seeded_table else split,
        "score": row.score, "columns": columns, "bars": bars,
    }  # fmt: skip


def _judged(row: Row, name: str, bar: Bar, columns: dict[str, Record]) -> list[str]:
    """A sentence for each thing asked: what, and whether it is so."""
    mean = float(str(columns[name]["mean"]))
    sign = 1 if row.greater_is_better else -1
    said = []
    if bar.limit is not None:
        met = sign * (mean - bar.limit) >= 0
        said.append(
            f"{'≥' if sign > 0 else '≤'} {bar.limit:g} {'met' if met else f'missed by {abs(mean - bar.limit):.3f}'}"
        )
    for rival, margin in bar.rivals:
        theirs = _rival(rival, sign, columns)
        if theirs is None:
            continue
        behind = sign * (theirs - mean) - margin
        allowed = f" (within {margin:g})" if margin else ""
        said.append(
            f"against {_TITLES.get(rival, rival)}{allowed} {'met' if behind <= 0 else f'missed by {behind:.3f}'}"
        )
    return said


def _rival(name: str, sign: int, columns: dict[str, Record]) -> float | None:
    """Mean of a column or a classical model; “classical” is the best of these."""
    if name != "classical":
        return float(str(columns[name]["mean"])) if name in columns else None
    means = [float(str(column["mean"])) for column in columns.values() if column["classical"]]
    return max(means, key=lambda value: sign * value) if means else None


def markdown(rows: Sequence[Record]) -> str:
    """The table as people read it: mean ± sd (seeds)."""
    lines = [
        "| data | split | score | starter | random weights | starter with descriptors | classical | bars |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        columns: dict[str, Record] = row["columns"]  # type: ignore[assignment]
        cells = [_cell(columns.get(name)) for name in _TITLES]
        classical = "; ".join(f"{name} {_cell(column)}" for name, column in columns.items() if column["classical"])
        lines.append("| " + " | ".join([*_heads(row), *cells, classical or "–", _bars(row)]) + " |")
    return "\n".join(lines) + "\n"


def _heads(row: Record) -> Iterator[str]:
    names = {"rmse": "RMSE", "roc_auc": "ROC-AUC", "spearman": "Spearman ρ", "mcc": "MCC", "macro_f1": "macro F1"}
    yield str(row["data"])
    yield str(row["split"])
    yield names.get(str(row["score"]), str(row["score"]))


def _cell(column: Record | None) -> str:
    if column is None:
        return "–"
    notes = "".join(f", {note}" for note in column["notes"])  # type: ignore[attr-defined]
    spread = f" ± {column['sd']:.3f}" if column["sd"] is not None else ""
    return f"{column['mean']:.3f}{spread} ({column['seeds']}{notes})"


def _bars(row: Record) -> str:
    bars: dict[str, list[str]] = row["bars"]  # type: ignore[assignment]
    return "; ".join(f"{_TITLES[name]}: {', '.join(said)}" for name, said in bars.items() if said) or "–"
