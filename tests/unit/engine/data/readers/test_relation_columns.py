"""A sign in a column of its own belongs to the number beside it: “>” beside 10 is a bound, not 10."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.dataset.prediction_export import export_table
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.quality.checks.censored_values import LOWER, WORDS
from sciapp.engine.data.readers.relation_columns import related_columns, with_sign
from sciapp.engine.data.readers.table_reader import read_rows, sniff
from sciapp.records.dataset.card import DatasetCard, DatasetFolder, ImportRequest, Roles
from sciapp.records.project.project import Project
from tests.helpers.messages import values_of


@pytest.mark.parametrize(
    ("sign", "number", "joined"),
    [
        (">", "10", "> 10"), ("'>'", "10", "> 10"), ('"<="', " 0.5 ", "<= 0.5"), ("≥", "3", "≥ 3"), ("~", "5", "~ 5"),
        (">>", "5", ">> 5"), ("=", "10", "10"), ("'='", "10", "10"), ("", "10", "10"), ("''", "10", "10"),
        ("NA", "10", "10"), (">", "", ""), (">", "n.d.", "n.d."), (">", ">10", ">10"), ("hmm", "10", "hmm 10"),
    ],
)  # fmt: skip
def test_a_sign_is_joined_to_its_number(sign: str, number: str, joined: str) -> None:
    assert with_sign(sign, number) == joined


def test_where_the_numbers_fall_a_lower_bound_is_an_upper_one() -> None:
    assert [with_sign(sign, "5", turned=True) for sign in (">", "<=", "~", "=")] == ["< 5", "> 5", "~ 5", "5"]


@pytest.mark.parametrize(
    ("columns", "row", "found"),
    [
        ("smiles,relation,value", "C,>,{n}", [("relation", "value")]),
        ("smiles,value,relation", "C,{n},>", [("relation", "value")]),
        ("smiles,standard_relation,weight,standard_value", "C,'>',{m},{n}", [("standard_relation", "standard_value")]),
        ("smiles,mass,Standard Relation,x,Standard Value", "C,{m},>,a,{n}", [("Standard Relation", "Standard Value")]),
        ("smiles,qualifier,ic50,mass", "C,<,{n},{m}", [("qualifier", "ic50")]),
        ("smiles,Ki (nM),Ki_prefix,mass", "C,{n},<,{m}", [("Ki_prefix", "Ki (nM)")]),
        ("smiles,a,a_qual,b,b_qual", "C,{n},>,{m},<", [("a_qual", "a"), ("b_qual", "b")]),
        ("smiles,op,dG", "C,>,{n}", [("op", "dG")]),
        ("smiles,op,note,dG", "C,>,good,{n}", []),
        ("smiles,operator,dG", "C,anna,{n}", []),
        ("smiles,relation,value", "C,,{n}", []),
        ("smiles,activity,relation", "C,active,>", []),
    ],
)  # fmt: skip
def test_signs_belong_to_the_column_of_their_name_or_the_next(
    columns: str, row: str, found: list[tuple[str, str]]
) -> None:
    rows = [row.format(n=place * 1.5, m=place % 7).split(",") for place in range(1, 40)]
    assert [relation[:2] for relation in related_columns(columns.split(","), rows)] == found


def test_a_sign_far_down_a_column_that_is_called_so_is_seen() -> None:
    rows = [["C", ">" if place == 3000 else "", str(place / 7)] for place in range(4000)]
    assert related_columns(["smiles", "standard_relation", "standard_value"], rows) == [
        ("standard_relation", "standard_value", False)
    ]


def table(folder: Path) -> Path:
    """One row in three is only known to be above 10000 nM; the pIC50 of it is at most 5."""
    rows = []
    for place in range(36):
        sign, value = ("'>'", 10000.0) if place % 3 == 0 else ("'='", 10 + 7.5 * place)
        rows.append(f"word {place},{sign},{value},nM,{9 - value / 2500}")
    path = folder / "chembl.csv"
    path.write_text("x,standard_relation,standard_value,standard_units,pX\n" + "\n".join(rows), encoding="utf-8")
    return path


def imported(path: Path, target: str, repairs: dict[str, str]) -> tuple[DatasetCard, DatasetFolder]:
    project = Project.create(path.parent / f"p{len(list(path.parent.iterdir()))}", domain="text")
    card = import_table(
        project, ImportRequest(file=str(path), roles=Roles(input="x", targets=(target,)), repairs=repairs)
    )
    project.close()
    assert isinstance(card, DatasetCard)
    return card, project.dataset_folder(card.id)


def test_a_censored_value_with_its_sign_elsewhere_is_told_dropped_kept_or_read(tmp_path: Path) -> None:
    path = table(tmp_path)
    card, _ = imported(path, "standard_value", {"cell_units": "convert"})
    (finding,) = (one for one in card.findings if one.kind == "censored")
    kinds = {"part0": {"count": 12, "what": WORDS[LOWER]}}
    assert values_of(finding.title) == {"name": "standard_value", "kinds": kinds}
    assert finding.examples[0] == "> 10000.0"
    assert (card.rows_kept, card.remarks[0][:8]) == (24, "Relation")
    card, _ = imported(path, "standard_value", {"censored": "number"})
    assert card.rows_kept == 36
    card, folder = imported(path, "standard_value", {"censored": "bound", "units": "keep"})
    kept = pq.read_table(folder.table_file)
    assert kept["target:standard_value"].to_pylist()[:4] == [None, 17.5, 25.0, None]
    assert kept["lower:standard_value"].to_pylist()[:4] == [10000.0, None, None, 10000.0]
    assert set(kept["upper:standard_value"].to_pylist()) == {None}


def test_the_bound_of_a_concentration_is_one_of_its_logarithm_the_other_way_round(tmp_path: Path) -> None:
    path = table(tmp_path)
    assert [tuple(one) for one in sniff(path).relations] == [
        ("standard_relation", "standard_value", False),
        ("standard_relation", "pX", True),
    ]
    assert [cells["pX"] for _, cells in read_rows(path)][:2] == ["< 5.0", "8.993"]
    _, folder = imported(path, "pX", {"censored": "bound"})
    kept = pq.read_table(folder.table_file)
    assert kept["upper:pX"].to_pylist()[:2] == [5.0, None]
    assert set(kept["lower:pX"].to_pylist()) == {None}


def test_an_exported_table_has_its_numbers_as_they_were(tmp_path: Path) -> None:
    path, out = table(tmp_path), tmp_path / "out.csv"
    predicted = pa.table({"prediction": pa.array([1.0] * 36)})
    export_table(path, sniff(path), predicted, out)
    assert [cells["standard_value"] for _, cells in read_rows(out, replace(sniff(out), relations=()))][:2] == [
        "10000.0",
        "17.5",
    ]
