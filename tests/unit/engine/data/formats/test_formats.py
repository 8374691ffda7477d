"""Each format is known by its content, whatever it is called, and its rows come with their lines."""

import gzip
from pathlib import Path
from unittest.mock import ANY

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.formats.header_names import misfit
from sciapp.engine.data.readers.table_reader import columns_of, preview, read_records, read_rows, sniff
from sciapp.engine.data.schema.infer import propose
from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import BadInput
from sciapp.records.read_options import Reading
from tests.helpers.messages import refused_exactly, values_of

DATA = Path(__file__).parents[4] / "data"
MOL = """ethanol
  made by hand

  3  2  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 C   0  0
    1.0000    0.0000    0.0000 C   0  0
    2.0000    0.0000    0.0000 O   0  0
  1  2  1  0
  2  3  1  0
M  END
"""
GENBANK = """LOCUS       AB000001                  12 bp    DNA     linear   BCT 01-JAN-2000
DEFINITION  A made-up record.
ACCESSION   AB000001
VERSION     AB000001.1
SOURCE      Escherichia coli
  ORGANISM  Escherichia coli
            Bacteria.
ORIGIN
        1 acgtacgtac gt
//
"""


@pytest.fixture
def write(tmp_path: Path):
    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def rows(path: Path, reading: Reading | None = None) -> list[tuple[int, dict[str, str]]]:
    return [(line, dict(cells)) for line, cells in read_rows(path, reading)]


def test_fasta_has_the_line_of_each_header(write) -> None:
    path = write("x.txt", "; an old comment\n>a first one\nMKTA\nYIAK\n\n>b\nMK*\n")
    assert rows(path) == [
        (2, {"id": "a", "description": "first one", "sequence": "MKTAYIAK"}),
        (6, {"id": "b", "description": "", "sequence": "MK*"}),
    ]


def test_biotrainer_headers_become_columns_and_roles(write) -> None:
    text = "".join(
        f">s{i} TARGET={i}.5 SET={'test' if i % 3 == 0 else 'train'} VALIDATION={i % 5 == 1}\nMKTAYIAKQR{'A' * i}\n"
        for i in range(20)
    )
    path = write("x.fasta.gz", gzip.compress(text.encode()))
    assert columns_of(path) == ["id", "target", "set", "validation", "sequence"]
    found = propose(preview(path), "protein")
    assert (found.input, found.targets, found.split_column) == ("sequence", ("target",), "set")


def test_headers_of_uniprot_stay_descriptions(write) -> None:
    path = write("u.fasta", ">sp|P1|X_HUMAN A protein OS=Homo sapiens OX=9606\nMKTA\n")
    assert rows(path)[0][1]["description"] == "A protein OS=Homo sapiens OX=9606"


def test_a_label_fasta_joins_by_id_and_nothing_vanishes(write) -> None:
    path = write("s.fasta", ">a\nMKT\n>b\nMK\n>only\nMM\n")
    labels = write("l.fasta", ">b SET=test\n01\n>a SET=train\n000\n>lost SET=train\n11\n")
    found = [cells for _, cells in rows(path, Reading(labels=str(labels)))]
    assert [(c["id"], c["sequence"], c["set"], c["label"]) for c in found] == [
        ("a", "MKT", "train", "000"),
        ("b", "MK", "test", "01"),
        ("only", "MM", "", ""),
        ("lost", "", "train", "11"),
    ]


def test_fastq_reads_and_says_where_it_breaks(write) -> None:
    path = write("r.fq", "@r1 lane 1\nACGT\n+\nIIII\n@r2\nGG\n+\n#I\n")
    assert rows(path) == [
        (1, {"id": "r1", "description": "lane 1", "sequence": "ACGT", "quality": "IIII"}),
        (5, {"id": "r2", "description": "", "sequence": "GG", "quality": "#I"}),
    ]
    with refused_exactly(BadInput, line=8, file="b.fq", what={"quality": 1, "bases": 2}):
        rows(write("b.fq", "@r1\nACGT\n+\nIIII\n@r2\nGG\n+\n#\n"))
    with refused_exactly(BadInput, line=6, file="c.fq", what=ANY) as raised:
        rows(write("c.fq", "@r1\nACGT\n+\nIIII\n@r2\nGG\n"))
    assert not values_of(raised.value.message)["what"].values, "no letters were counted"


def test_genbank_gives_a_row_a_record(write) -> None:
    found = rows(write("g.txt", GENBANK + GENBANK.replace("AB000001", "AB000002")))
    assert [line for line, _ in found] == [1, 11]
    assert found[1][1]["id"] == "AB000002.1"
    assert found[0][1]["sequence"] == "ACGTACGTACGT" and found[0][1]["organism"] == "Escherichia coli"
    with pytest.raises(BadInput, match="no end"):
        rows(write("h.gb", GENBANK + GENBANK[:200]))


def test_an_sd_file_gives_smiles_and_properties_and_keeps_what_rdkit_cannot_read(write) -> None:
    bad = MOL.replace("  3  2  0", "  9  2  0")
    path = write(
        "x.data", f"{MOL}> <logS>\n-0.5\n\n> <note>\ntwo\nlines\n\n$$$$\n{bad}> <logS>\n1\n\n$$$$\n{MOL}$$$$\n"
    )
    found = rows(path)
    assert columns_of(path) == ["smiles", "title", "logS", "note"]
    assert found[0] == (1, {"smiles": "CCO", "title": "ethanol", "logS": "-0.5", "note": "two\nlines"})
    assert [line for line, _ in found] == [1, 19, 33]
    with pytest.raises(Rejected):
        domain_named("molecule").clean(found[1][1]["smiles"])
    assert rows(write("one.mol", MOL))[0][1]["smiles"] == "CCO"


def test_lists_of_smiles_with_and_without_names_and_header(write) -> None:
    assert rows(write("a.smi", "CCO ethanol\nc1ccccc1\tbenzene ring\n\nCC\n")) == [
        (1, {"smiles": "CCO", "name": "ethanol"}),
        (2, {"smiles": "c1ccccc1", "name": "benzene ring"}),
        (4, {"smiles": "CC", "name": ""}),
    ]
    assert rows(write("b.smi", "smiles zinc_id\nCCO Z1\nCCN Z2\n"))[0] == (2, {"smiles": "CCO", "zinc_id": "Z1"})
    assert columns_of(write("c.txt", "CCO\nc1ccccc1\nCC(=O)O\nCCN\n")) == ["smiles"]


def test_conll_gives_a_row_a_sentence_that_suits_tagging(write) -> None:
    sentence = "BRCA1\tNN\tO\nbreast\tNN\tB-Dis\ncancer\tNN\tI-Dis\nis\tVB\tO\nrare\tJJ\tO\n\n"
    other = "No\tDT\tO\nflu\tNN\tB-Dis\nhere\tRB\tO\ntoday\tRB\tO\n\n"
    path = write(
        "n.txt",
        "-DOCSTART- -X- O\n\n"
        + sentence
        + other
        + "".join(sentence.replace("is\tVB", f"w{i}\tNN\tB-Dis\n" * i + "is\tVB") for i in range(1, 9)),
    )
    line, cells = rows(path)[0]
    assert (line, cells["words"], cells["labels"]) == (3, "BRCA1 breast cancer is rare", "O B-Dis I-Dis O O")
    found = propose(preview(path), "text")
    assert (found.input, found.targets, found.task) == ("words", ("labels",), "tagging")
    with refused_exactly(BadInput, line=18003, file="m.txt", what={"row": 2, "width": 3}):
        rows(write("m.txt", sentence * 3000 + sentence.replace("cancer\tNN", "cancer")))


def test_conll_u_takes_words_and_their_kinds(write) -> None:
    def word(place: str, form: str, kind: str) -> str:
        return "\t".join([place, form, form.lower(), kind, "_", "_", "0", "root", "_", "_"]) + "\n"

    text = "# sent_id = 1\n" + word("1-2", "don't", "_") + word("1", "Do", "AUX") + word("2", "not", "PART")
    path = write("u.txt", (text + word("3", "go", "VERB") + "\n") * 3)
    assert (rows(path)[0][1]["words"], rows(path)[0][1]["labels"]) == ("Do not go", "AUX PART VERB")


def test_json_in_its_usual_shapes(write) -> None:
    want = [(1, {"a": "x", "b": "1"}), (2, {"a": "y", "b": ""})]
    assert rows(write("a", '[{"a": "x", "b": 1},\n {"a": "y"}]')) == want
    assert rows(write("b", '{"columns": ["a", "b"], "data": [["x", 1], ["y", null]]}')) == want
    assert rows(write("c", '{"a": ["x", "y"], "b": [1.0, null]}')) == want
    assert rows(write("d", '{"data": [{"a": "x", "b": 1}, {"a": "y", "b": null}]}')) == want
    assert rows(write("e", '{"a": "x", "b": 1}\n{"a": "y"}\n')) == want


def test_lists_of_words_in_json_suit_tagging_and_new_names_are_not_lost(write) -> None:
    path = write("t.jsonl", '{"tokens": ["a", "b"], "tags": [0, 1]}\n{"tokens": ["c"], "tags": [1]}\n')
    assert rows(path)[0][1] == {"tokens": "a b", "tags": "0 1"}
    late = write("l.jsonl", '{"a": 1}\n' * 60_000 + '{"a": 2, "z": 3}\n')
    assert [cells.problem for _, cells in read_rows(late)][-1] == misfit(["2", "3"], ["a"])


def test_parquet_feather_and_arrow_streams(tmp_path: Path) -> None:
    table = pa.table({"smiles": ["CCO", None], "y": [1.5, 2.0], "n": pa.array([1, None], pa.int64())})
    pq.write_table(table, tmp_path / "a.bin")
    feather.write_feather(table, tmp_path / "b.bin")
    with pa.OSFile(str(tmp_path / "c.arrow"), "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)
    want = [(1, {"smiles": "CCO", "y": "1.5", "n": "1"}), (2, {"smiles": "", "y": "2", "n": ""})]
    for name in ("a.bin", "b.bin", "c.arrow"):
        assert rows(tmp_path / name) == want, name
        assert sniff(tmp_path / name).kind == "arrow"


def test_a_workbook_has_the_sheet_that_was_asked_for() -> None:
    path = DATA / "two_sheets.xlsx"
    assert rows(path)[0] == (2, {"smiles": "CO", "solubility": "1.1"})
    assert rows(path, Reading(sheet="melting"))[0] == (2, {"smiles": "CN", "melting point": "103"})
    assert sniff(path).sheets == ("Solubility", "Melting")
    with refused_exactly(BadInput, wanted="Boiling"):
        rows(path, Reading(sheet="Boiling"))


def test_a_member_of_an_archive_can_be_named(tmp_path: Path) -> None:
    from tests.helpers.odd_files import zipped

    path = tmp_path / "x.zip"
    path.write_bytes(zipped({"one.csv": b"smiles,y\nCCO,1\n", "in/two.fasta": b">a\nMKT\n"}))
    assert rows(path, Reading(sheet="one.csv")) == [(2, {"smiles": "CCO", "y": "1"})]
    assert rows(path, Reading(sheet="two.fasta"))[0][1]["sequence"] == "MKT"


def test_an_empty_member_of_an_archive_is_there_and_empty(tmp_path: Path) -> None:
    from tests.helpers.odd_files import zipped

    path = tmp_path / "x.zip"
    path.write_bytes(zipped({"one.csv": b"smiles,y\nCCO,1\n", "in/empty.csv": b""}))
    for name in ("empty.csv", "in/empty.csv"):
        with refused_exactly(BadInput, wanted=name, name="x.zip") as empty:
            rows(path, Reading(sheet=name))
        assert empty.value.hint.values == {"names": "one.csv"}
    with refused_exactly(BadInput, wanted="in", name="x.zip") as absent:
        rows(path, Reading(sheet="in"))
    assert absent.value.message.template != empty.value.message.template
    path.write_bytes(zipped({"empty.csv": b"", "void.csv": b""}))
    with refused_exactly(BadInput, which=ANY, file="x.zip") as raised:
        rows(path, Reading(sheet="empty.csv"))
    assert "file" in raised.value.message.values["which"], "the archive itself is not empty"


def test_a_folder_of_texts_is_named_by_class(write, tmp_path: Path) -> None:
    for part in ("train", "test"):
        for kind in ("good", "bad"):
            write(f"f/{part}/{kind}/1.txt", f"A {kind} text\nof {part}.\n")
    found = [cells for _, cells in rows(tmp_path / "f")]
    assert found[0] == {"file": "test/bad/1.txt", "split": "test", "text": "A bad text\nof test.", "label": "bad"}
    write("g/good.txt", "One.\n\nTwo.\n")
    write("g/bad.txt", "Three.\n")
    assert [(c["text"], c["label"]) for _, c in rows(tmp_path / "g")] == [
        ("Three.", "bad"),
        ("One.", "good"),
        ("Two.", "good"),
    ]
    (tmp_path / "none").mkdir()
    with refused_exactly(BadInput, folder="none"):
        sniff(tmp_path / "none")


def test_a_saved_hugging_face_data_set_has_its_parts_and_class_names(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    features = datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["no", "yes"])})
    part = datasets.Dataset.from_dict({"text": ["a", "b"], "label": [1, 0]}, features=features)
    datasets.DatasetDict({"train": part, "test": part}).save_to_disk(str(tmp_path / "d"))
    assert [tuple(cells.values()) for _, cells in rows(tmp_path / "d")] == [
        ("train", "a", "yes"),
        ("train", "b", "no"),
        ("test", "a", "yes"),
        ("test", "b", "no"),
    ]
    assert [tuple(cells.values()) for _, cells in rows(tmp_path / "d", Reading(sheet="test"))] == [
        ("a", "yes"),
        ("b", "no"),
    ]


def test_parts_of_a_saved_data_set_are_put_together_by_the_names_of_their_columns(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    train = datasets.Dataset.from_dict({"text": ["a"], "label": ["x"], "split": ["old"]})
    test = datasets.Dataset.from_dict({"label": ["y"], "text": ["b"], "note": ["n"]})
    datasets.DatasetDict({"test": test, "train": train}).save_to_disk(str(tmp_path / "d"))
    assert [cells for _, cells in rows(tmp_path / "d")] == [
        {"part": "test", "label": "y", "text": "b", "note": "n", "split": ""},
        {"part": "train", "label": "x", "text": "a", "note": "", "split": "old"},
    ]


def test_a_data_set_on_the_hub_is_not_fetched_unasked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(BadInput, match="--download"):
        sniff(tmp_path / "hf:nobody/nothing-of-this-name")


def test_a_table_in_a_page_of_text_is_read_by_its_lines(write) -> None:
    path = write(
        "h.txt", "Ephemeris\nTarget: Earth\n$$SOE\n2458398.5, 0.97, A.D. 2018,\n2458399.5, 0.96, A.D. 2018,\n$$EOE\nx\n"
    )
    with pytest.raises(BadInput, match="--lines 4-5"):
        sniff(path)
    assert [line for line, _ in rows(path, Reading(lines="4-5"))] == [4, 5]


def test_what_a_person_says_counts_more_than_what_is_found(write) -> None:
    path = write("t.csv", "a,b\n1,2\n")
    assert rows(path, Reading(header="no"))[0] == (1, {"column 1": "a", "column 2": "b"})
    assert columns_of(path, Reading(delimiter="semicolon")) == ["a,b"]
    assert sniff(path, Reading(decimal=",")).decimal == ","
    assert rows(write("e.csv", "a,b\né,2\n".encode("latin-1")), Reading(encoding="cp1251"))[0][1]["a"] == "й"
    with pytest.raises(BadInput, match="no encoding"):
        sniff(path, Reading(encoding="klingon"))


def test_a_fasta_key_that_only_a_late_header_has_sets_its_row_aside(write) -> None:
    early = "".join(f">p{n} TARGET={n}.0 SET=train\n{'MKTAYIAK' * 12}\n" for n in range(3000))
    path = write("late.fasta", early + ">late TARGET=1.0 SET=train VALIDATION=True\nMKTA\n")
    cells = [record.cells for record in read_records(path)]
    assert cells[0] == ["id", "target", "set", "sequence"] and len(cells) == 3002
    assert {len(row) for row in cells[:-1]} == {4}
    assert cells[-1] == ["late", "1.0", "train", "MKTA", "validation=True"]
