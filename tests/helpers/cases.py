"""Small inputs that once went wrong (`tests/data/cases/INDEX.tsv`), and the outcome that is right for each of them."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sciapp.cli import main as cli
from sciapp.records.project.project import Project

CASES_FOLDER = Path(__file__).parent.parent / "data" / "cases"


@dataclass(frozen=True)
class Answer:
    """What a command wrote: `code` 0 is success; `json` is its result (None where it failed)."""

    code: int
    out: str
    err: str
    json: Any

    @property
    def said(self) -> str:
        return self.out + self.err


@dataclass
class Case:
    """One file of the collection, beside an empty project of its domain."""

    path: Path
    domain: str
    folder: Path
    capture: pytest.CaptureFixture[str]

    def command(self, verb: str, *words: str, as_json: bool = True) -> Answer:
        """`sciapp VERB PROJECT words…`, in this process."""
        if not (self.folder / "project").exists():
            Project.create(self.folder / "project", domain=self.domain)  # type: ignore[arg-type]
        self.capture.readouterr()
        code = cli.main([verb, str(self.folder / "project"), *words, *(["--json"] if as_json else [])])
        out, err = self.capture.readouterr()
        return Answer(code, out, err, json.loads(out) if as_json and code == 0 and out else None)

    def explain(self, *words: str) -> Answer:
        """`sciapp import FILE --explain`."""
        return self.command("import", str(self.path), "--explain", *words)

    def imported(self, *words: str) -> Answer:
        """`sciapp import FILE`: json is the card of the dataset."""
        return self.command("import", str(self.path), *words)

    def checked(self, *words: str) -> Answer:
        """`sciapp doctor FILE`: json has the findings."""
        return self.command("doctor", str(self.path), *words)

    def table(self, card: dict[str, Any]) -> pa.Table:
        """The rows that a dataset keeps."""
        return pq.read_table(self.folder / "project" / "datasets" / card["id"] / "table.parquet")

    def rejected(self, card: dict[str, Any]) -> list[dict[str, str]]:
        """The rows that were set aside, with line and reason."""
        path = self.folder / "project" / "datasets" / card["id"] / "rejected.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


Expectation = Callable[[Case], None]
EXPECTATIONS: dict[str, Expectation] = {}


def right(*names: str) -> Callable[[Expectation], Expectation]:
    """Registers what has to become of the cases with these names, as INDEX.tsv spells them."""

    def register(expectation: Expectation) -> Expectation:
        for name in names:
            assert name not in EXPECTATIONS, name
            EXPECTATIONS[name] = expectation
        return expectation

    return register


def index() -> dict[str, tuple[str, str]]:
    """Name → domain and the right outcome in words."""
    with (CASES_FOLDER / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {row["file"]: (row["domain"], row["right"]) for row in rows}
