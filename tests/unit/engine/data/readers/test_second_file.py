"""Inputs looked up in a second file by id, and several columns as one input."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from sciapp.cli import main as cli
from sciapp.engine.data.dataset.prediction_export import export_predictions
from sciapp.engine.data.dataset.prediction_reading import prediction_reading
from sciapp.engine.data.formats.header_names import misfit
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.lookup_join import IdsUnclear
from sciapp.engine.data.readers.table_reader import columns_of, preview, read_rows, settled_reading, sniff
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.errors import NotFound, UnknownColumn
from sciapp.records.dataset.card import DatasetCard, DatasetFolder, ImportRequest, Roles
from sciapp.records.plan.plan import PredictPlan
from sciapp.records.project.project import Project
from sciapp.records.read_options import Reading
from tests.helpers.messages import has_part, quoted, refused_exactly, values_of
from tests.helpers.rejections import set_aside
from tests.helpers.sheets import write_workbook

SEQUENCES = {f"P{place:03}": "MKTAYIAKQRQISFVKSHFSRQ"[place % 9 :] + "ACDEFGHIKL"[: place % 10] for place in range(24)}
PAIRS = [(f"P{a:03}", f"P{(a * 7 + 3) % 24:03}", a % 2) for a in range(24)]


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.tsv"
    path.write_text("a\tb\tbinds\n" + "".join(f"{a}\t{b}\t{y}\n" for a, b, y in PAIRS), encoding="utf-8")
    return path


def second_file(folder: Path, kind: str) -> Path:
    """The sequences as people keep them."""
    path = folder / f"sequences.{kind}"
    fasta = "".join(f">{id} a protein\n{sequence}\n" for id, sequence in SEQUENCES.items())
    table = "id,sequence\n" + "".join(f"{id},{sequence}\n" for id, sequence in SEQUENCES.items())
    match kind:
        case "fasta":
            path.write_text(fasta, encoding="utf-8")
        case "csv":
            path.write_text(table, encoding="utf-8")
        case "csv.gz":
            path.write_bytes(gzip.compress(table.encode()))
        case "json":
            path.write_text(json.dumps(SEQUENCES), encoding="utf-8")
        case "xlsx":
            write_workbook(path, {"Sequences": [["id", "sequence"], *map(list, SEQUENCES.items())]})
    return path


@pytest.mark.parametrize("kind", ["fasta", "csv", "csv.gz", "json", "xlsx"])
def test_pairs_of_ids_get_their_sequences_from_a_second_file(tmp_path: Path, pairs: Path, kind: str) -> None:
    format = sniff(pairs, Reading(join=str(second_file(tmp_path, kind))))
    what = "value" if kind == "json" else "sequence"
    columns = columns_of(pairs, format)
    assert [name for name in columns if name.endswith(what)] == [f"a {what}", f"b {what}"]
    rows = list(read_rows(pairs, format))
    assert [(line, cells["a"], cells["b"]) for line, cells in rows] == [
        (i, a, b) for i, (a, b, _) in enumerate(PAIRS, 2)
    ]
    assert all(cells[f"{key} {what}"] == SEQUENCES[cells[key]] for _, cells in rows for key in "ab")
    again = sniff(pairs, settled_reading(format))
    assert (columns_of(pairs, again), list(read_rows(pairs, again))) == (columns, rows)


def test_ids_that_are_not_there_are_set_aside_with_line_and_reason(tmp_path: Path, pairs: Path) -> None:
    pairs.write_text(pairs.read_text() + "P001\tX9\t1\n\t P002 \t0\nP001\tP002\t1\textra\n P003\tP004\t1\n")
    second = second_file(tmp_path, "fasta")
    project = Project.create(tmp_path / "project", domain="protein")
    roles = Roles(input="a sequence", second_input="b sequence", targets=("binds",))
    request = ImportRequest(file=str(pairs), roles=roles, reading=Reading(join=str(second)))
    card = import_table(project, request)
    assert isinstance(card, DatasetCard)
    rejected = DatasetFolder(project.datasets_folder / card.id).rejected_file.read_text()
    assert set_aside(card)[RejectionReason.UNMATCHED] == 2
    assert ["X9", "b", "sequences.fasta"] in [quoted(line) for line in rejected.splitlines()]
    assert "26,“X9”" in rejected
    assert "27,“a” is empty" in rejected
    wide = misfit(["P001", "P002", "1", "extra"], ["a", "b", "binds"], "\t")
    assert f'28,"{wide}"' in rejected
    assert card.rows_kept == 25
    assert card.source.joined is not None
    assert card.source.joined.sha256 == hashlib.sha256(second.read_bytes()).hexdigest()
    assert card.source.sha256 == hashlib.sha256(pairs.read_bytes()).hexdigest()
    assert card.source.reading is not None
    assert card.source.reading.on == ("a=id", "b=id")
    assert any("sequences.fasta" in remark for remark in card.remarks)


def test_labels_find_their_molecules_in_a_mapping(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("compound,pIC50\n" + "".join(f"CHEMBL{i},{i / 7:.2f}\n" for i in range(20)), encoding="utf-8")
    mapping = tmp_path / "smiles.json"
    mapping.write_text(json.dumps({f"CHEMBL{i}": "C" * (i + 1) + "O" for i in range(25)}), encoding="utf-8")
    seen = preview(labels, reading=Reading(join=str(mapping)))
    assert seen.columns == ["compound", "pIC50", "value"]
    assert seen.rows[3] == ["CHEMBL3", "0.43", "CCCCO"]


def test_the_columns_with_ids_can_be_named(tmp_path: Path, pairs: Path) -> None:
    second = second_file(tmp_path, "csv")
    assert columns_of(pairs, Reading(join=str(second), on=("b",)))[3:] == ["sequence"]
    assert columns_of(pairs, Reading(join=str(second), on=("a=id",)))[3:] == ["sequence"]
    with pytest.raises(UnknownColumn, match="“c”"):
        sniff(pairs, Reading(join=str(second), on=("c",)))
    with pytest.raises(UnknownColumn, match="“name”"):
        sniff(pairs, Reading(join=str(second), on=("a=name",)))


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path, pairs: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("id,sequence\n" + "".join(f"X{i},MKV\n" for i in range(9)), encoding="utf-8")
    with refused_exactly(IdsUnclear, file="pairs.tsv", second="other.csv"):
        sniff(pairs, Reading(join=str(other)))
    with pytest.raises(NotFound):
        sniff(pairs, Reading(join=str(tmp_path / "gone.csv")))
    twice = tmp_path / "twice.csv"
    twice.write_text(second_file(tmp_path, "csv").read_text() + "P003,MMMM\n", encoding="utf-8")
    with refused_exactly(IdsUnclear, second="twice.csv", key="P003", line=26):
        list(read_rows(pairs, Reading(join=str(twice))))


def test_a_name_that_both_files_have_is_kept_apart(tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("id,y\n" + "".join(f"k{i},{i}\n" for i in range(12)), encoding="utf-8")
    second.write_text("id,y,smiles\n" + "".join(f"k{i},{i * 2},CC\n" for i in range(12)), encoding="utf-8")
    assert columns_of(first, Reading(join=str(second))) == ["id", "y", "id y", "smiles"]


def test_the_command_line_joins_and_proposes_both_sequences(
    tmp_path: Path, pairs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Project.create(tmp_path / "project", domain="protein")
    second = second_file(tmp_path, "fasta")
    words = ["import", str(tmp_path / "project"), str(pairs), "--json"]
    assert cli.main([*words, "--join", str(second), "--on", "a", "--on", "b=id"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["roles"]["input"] == "a sequence"
    assert card["roles"]["second_input"] == "b sequence"
    assert card["rows_kept"] == 24
    assert cli.main([*words, "--on", "a"]) == 1
    assert "--join" in capsys.readouterr().out


def test_several_columns_make_one_text_in_import_and_predict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "papers.csv"
    rows = "".join(f'"Title, {i}",,{"yes" if i % 2 else "no"}\n' for i in range(2))
    rows += "".join(f'"Title, {i}",Some words of {i}.,{"yes" if i % 2 else "no"}\n' for i in range(2, 30))
    table.write_text("title,abstract,relevant\n" + rows, encoding="utf-8")
    Project.create(tmp_path / "project", domain="text")
    words = ["import", str(tmp_path / "project"), str(table), "--target", "relevant", "--json"]
    assert cli.main([*words, "--input", "title, abstract"]) == 0
    card = DatasetCard.model_validate_json(capsys.readouterr().out)
    assert card.roles.input == "title + abstract"
    assert card.source.reading is not None
    assert card.source.reading.together == ("title", "abstract")
    folder = Project.open(tmp_path / "project").dataset_folder(card.id)
    import pyarrow.parquet as pq

    inputs = pq.read_table(folder.table_file).sort_by("line").column("input").to_pylist()
    assert inputs[:3] == ["Title, 0", "Title, 1", "Title, 2 Some words of 2."]
    new = tmp_path / "new.csv"
    new.write_text("abstract,title\nWords.,A name\n", encoding="utf-8")
    reading = prediction_reading(new, PredictPlan(run="1", file=str(new)), card)
    assert [cells["title + abstract"] for _, cells in read_rows(new, reading)] == ["A name Words."]
    assert cli.main([*words, "--input", "title,absent"]) == 1
    assert "title,absent" in capsys.readouterr().out


def test_a_file_of_predictions_has_the_columns_of_the_predicted_file_alone(tmp_path: Path, pairs: Path) -> None:
    project = Project.create(tmp_path / "project", domain="protein")
    reading = Reading(join=str(second_file(tmp_path, "fasta")))
    run = project.new_run(PredictPlan(run="001-train", file=str(pairs), reading=reading))
    run.predictions_file.parent.mkdir(parents=True, exist_ok=True)
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"line": list(range(24)), "prediction:binds": ["1"] * 24}), run.predictions_file)
    assert export_predictions(run, tmp_path / "out.csv") == 24
    first = (tmp_path / "out.csv").read_text().splitlines()[:2]
    assert [line.replace("\t", ",") for line in first] == ["a,b,binds,prediction binds", "P000,P003,0,1"]


def test_ids_in_other_capitals_or_with_blanks_find_their_inputs(tmp_path: Path) -> None:
    ids = ["p001", "P002 ", " P003", "P  4x", "Q5", "q5", "P006", *(f"P{i:03}" for i in range(10, 22))]
    table, second = tmp_path / "labels.csv", tmp_path / "second.csv"
    table.write_text("id,y\n" + "".join(f'"{id}",{i / 2}\n' for i, id in enumerate(ids)), encoding="utf-8")
    others = ["P001", "P002", "p003", "P 4X", "Q5", "q5", "p006", "P006x", *(f"P{i:03}" for i in range(10, 22))]
    second.write_text("id,sequence\n" + "".join(f"{id},{'MK' * (i + 1)}\n" for i, id in enumerate(others)))
    format = sniff(table, Reading(join=str(second)))
    found = [cells["sequence"] for _, cells in read_rows(table, format)]
    assert found == ["MK" * (place + 1) for place in (0, 1, 2, 3, 4, 5, 6, *range(8, 20))]
    spelling = {"id": "p001", "spelling": "P001"}
    assert any(has_part(remark, n=4, name="second.csv", spelling=spelling) for remark in format.remarks)
    again = sniff(table, settled_reading(format))
    assert [cells["sequence"] for _, cells in read_rows(table, again)] == found


def test_an_id_that_two_spellings_may_mean_stays_unknown(tmp_path: Path) -> None:
    table, second = tmp_path / "labels.csv", tmp_path / "second.csv"
    table.write_text("id,y\nAb,1\n" + "".join(f"k{i},{i}\n" for i in range(12)), encoding="utf-8")
    second.write_text("id,sequence\nab,MK\nAB,MM\n" + "".join(f"k{i},MKT\n" for i in range(12)), encoding="utf-8")
    rows = list(read_rows(table, Reading(join=str(second))))
    assert values_of(rows[0][1].problem) == {"id": "Ab", "key": "id", "file": "second.csv"}
    assert all(not cells.problem and cells["sequence"] == "MKT" for _, cells in rows[1:])


def test_the_doctor_shows_the_ids_that_are_not_there(
    tmp_path: Path, pairs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs.write_text(pairs.read_text() + "P001\tX9\t1\nY7\tP001\t1\n")
    Project.create(tmp_path / "project", domain="protein")
    words = ["doctor", str(tmp_path / "project"), str(pairs), "--join", str(second_file(tmp_path, "fasta")), "--json"]
    assert cli.main(words) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    found = next(one for one in findings if RejectionReason.UNMATCHED.label in one["title"])
    assert found["lines"] == [26, 27]
    examples = [quoted(example) for example in found["examples"]]
    assert examples == [["X9", "b", "sequences.fasta"], ["Y7", "a", "sequences.fasta"]]


def test_a_row_of_another_width_is_told_as_such_beside_a_second_file(tmp_path: Path, pairs: Path) -> None:
    pairs.write_text(pairs.read_text() + "P001\tP002\t1\textra\n")
    project = Project.create(tmp_path / "project", domain="protein")
    roles = Roles(input="a sequence", second_input="b sequence", targets=("binds",))
    reading = Reading(join=str(second_file(tmp_path, "csv")))
    card = import_table(project, ImportRequest(file=str(pairs), roles=roles, reading=reading))
    assert isinstance(card, DatasetCard)
    assert set_aside(card)[RejectionReason.MISFIT] == 1
