"""Labels that stand in the headers of FASTA files, with their names."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sciapp.cli import main as cli
from sciapp.engine.data.readers.table_reader import columns_of, preview, read_rows, settled_reading, sniff
from sciapp.engine.data.schema.infer import propose
from sciapp.records.project.project import Project

Header = Callable[[int], str]


def fasta(folder: Path, header: Header, rows: int = 24) -> Path:
    draw, path = random.Random(7), folder / "some.fasta"
    text = (f">{header(i)}\n{''.join(draw.choices('ACDEFGHIKLMNPQRSTVWY', k=30 + i))}\n" for i in range(rows))
    path.write_text("".join(text), encoding="utf-8")
    return path


def row(path: Path, place: int) -> dict[str, str]:
    """One row without its sequence; the settled reading must read the same again."""
    format = sniff(path)
    rows = list(read_rows(path, format))
    assert list(read_rows(path, sniff(path, settled_reading(format)))) == rows
    assert not any(cells.problem for _, cells in rows)
    return {name: cell for name, cell in rows[place][1].items() if name != "sequence"}


def kind(place: int) -> str:
    return "AB"[place % 2]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (lambda i: f"p{i}|class={kind(i)}", {"id": "p3", "class": "B"}),
        (lambda i: f"p{i}|class={kind(i)}|t={i}", {"id": "p3", "class": "B", "t": "3"}),
        (lambda i: f"p{i} | class = {kind(i)} | t = {i}", {"id": "p3", "class": "B", "t": "3"}),
        (lambda i: f"p{i} label={i / 4} split=test", {"id": "p3", "label": "0.75", "split": "test"}),
        (lambda i: f"p{i} Label = {i / 4}", {"id": "p3", "label": "0.75"}),
        (lambda i: f"p{i};class={kind(i)};t={i}", {"id": "p3", "class": "B", "t": "3"}),
        (lambda i: f"p{i}, class={kind(i)}, t={i}", {"id": "p3", "class": "B", "t": "3"}),
        (lambda i: f"p{i} class:{kind(i)} temp:{i}", {"id": "p3", "class": "B", "temp": "3"}),
        (
            lambda i: f"p{i}|label:{i / 4}|organism:E. coli",
            {"id": "p3", "description": "label:0.75|organism:E. coli", "label": "0.75", "organism": "E. coli"},
        ),
        (
            lambda i: f"p{i} a kinase {i} class={kind(i)} t={i}",
            {"id": "p3", "description": "a kinase 3 class=B t=3", "class": "B", "t": "3"},
        ),
        (
            lambda i: f'p{i} name="my protein {i}" class={kind(i)}',
            {"id": "p3", "description": 'name="my protein 3" class=B', "name": "my protein 3", "class": "B"},
        ),
        (
            lambda i: f"lcl|X{i} [gene=lac{i}] [protein=beta-galactosidase {i}]",
            {
                "id": "lcl|X3",
                "description": "[gene=lac3] [protein=beta-galactosidase 3]",
                "gene": "lac3",
                "protein": "beta-galactosidase 3",
            },
        ),
        (
            lambda i: f"sp|P0000{i}|N{i}_HUMAN Some protein OS=Homo sapiens OX=9606 GN=G{i} PE=1 SV=2",
            {
                "id": "sp|P00003|N3_HUMAN",
                "description": "Some protein OS=Homo sapiens OX=9606 GN=G3 PE=1 SV=2",
                "os": "Homo sapiens",
                "ox": "9606",
                "gn": "G3",
                "pe": "1",
                "sv": "2",
            },
        ),
        (
            lambda i: f"E{i} pep chromosome:GRCh38:1:{i}:9:1 gene:G{i}",
            {"id": "E3", "description": "pep chromosome:GRCh38:1:3:9:1 gene:G3", "chromosome": "GRCh38:1:3:9:1"}
            | {"gene": "G3"},
        ),
    ],
)
def test_names_and_values_in_headers_become_columns(tmp_path: Path, header: Header, cells: dict[str, str]) -> None:
    assert row(fasta(tmp_path, header), 3) == cells


def test_a_key_that_some_headers_lack_is_an_empty_cell(tmp_path: Path) -> None:
    path = fasta(tmp_path, lambda i: f"p{i}|class={kind(i)}" if i % 7 else f"p{i}")
    assert (row(path, 0)["class"], row(path, 1)["class"]) == ("", "B")


def test_one_equals_sign_among_sentences_makes_no_column(tmp_path: Path) -> None:
    path = fasta(tmp_path, lambda i: f"p{i} binds at pH=7" if i == 2 else f"p{i} a protein: {'x' * i} binds")
    assert columns_of(path) == ["id", "description", "sequence"]


@pytest.mark.parametrize("name", ["chr1:{}-900", "http://x.org/{}", "a::b{}", "tr|A{}|A_B", "1ABC_{}|Chain A"])
def test_names_with_signs_in_them_stay_names(tmp_path: Path, name: str) -> None:
    path = fasta(tmp_path, lambda i: name.format(i))
    assert row(path, 2)["id"] == name.format(2).split()[0]
    assert columns_of(path) == ["id", "description", "sequence"]


def test_what_a_database_writes_is_nothing_to_learn(tmp_path: Path) -> None:
    kinds = ("Homo sapiens", "Mus musculus", "Escherichia coli")
    path = fasta(
        tmp_path, lambda i: f"sp|P{i}|N{i}_X Thing OS={kinds[i % 3]} OX={i % 3} GN=G{i} PE={i % 5} SV={i % 4}", 60
    )
    assert propose(preview(path), "protein").targets == ()


def test_labels_and_split_of_headers_are_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = ("train", "train", "train", "validation", "test")
    path = fasta(tmp_path, lambda i: f"p{i}|class={kind(i)}|split={parts[i % 5]}", 60)
    project = Project.create(tmp_path / "project", domain="protein")
    assert cli.main(["import", str(project.folder), str(path), "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert (card["roles"]["targets"], card["roles"]["split"], card["task"]) == (["class"], "split", "classification")
    assert (card["rows_kept"], card["split_counts"]) == (60, {"train": 36, "validation": 12, "test": 12})
    assert card["targets"][0]["classes"] == ["A", "B"]
