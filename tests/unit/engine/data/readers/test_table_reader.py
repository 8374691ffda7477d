"""Tables as people have them are read row for row; what is no table is said to be none."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sciapp.engine.data.formats.header_names import misfit
from sciapp.engine.data.formats.text import dialect as delimiters
from sciapp.engine.data.readers.table_reader import TableFormat, columns_of, preview, read_rows, sniff
from sciapp.errors import BadInput
from tests.helpers.messages import values_of


@pytest.fixture
def table(tmp_path: Path):
    def write(content: bytes | str, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    return [(line, dict(cells)) for line, cells in read_rows(path)]


def test_line_numbers_are_physical_lines_where_rows_begin(table) -> None:
    path = table('a,b\n1,"x\ny"\n\n2,z')
    assert rows(path) == [(2, {"a": "1", "b": "x\ny"}), (5, {"a": "2", "b": "z"})]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark_and_line_ends_make_no_difference(table, end: str, mark: bytes) -> None:
    path = table(mark + end.join(["smiles,y", "CCO,1", "CCN,2", ""]).encode())
    assert rows(path) == [(2, {"smiles": "CCO", "y": "1"}), (3, {"smiles": "CCN", "y": "2"})]
    assert sniff(path).encoding == ("utf-8-sig" if mark else "utf-8")


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.txt"])
def test_the_delimiter_is_found_whatever_the_name(table, delimiter: str, name: str) -> None:
    path = table(f'text{delimiter}y\n"one, two; three"{delimiter}1\nfour{delimiter}2\n', name)
    assert sniff(path).delimiter == delimiter
    assert rows(path)[0] == (2, {"text": "one, two; three", "y": "1"})


def test_where_semicolons_separate_a_comma_is_the_decimal_sign(table) -> None:
    assert sniff(table("a;b\n1,5;2\n")).decimal == ","
    assert sniff(table("a,b\n1.5,2\n")).decimal == "."


def test_rows_of_another_width_say_so_and_do_not_end_the_reading(table) -> None:
    path = table("a,b\n1\n1,2,3\n1,2\n")
    assert [(line, dict(cells), cells.problem) for line, cells in read_rows(path)] == [
        (2, {"a": "1", "b": ""}, misfit(["1"], ["a", "b"])),
        (3, {"a": "1", "b": "2"}, misfit(["1", "2", "3"], ["a", "b"], ",")),
        (4, {"a": "1", "b": "2"}, ""),
    ]


def test_empty_and_repeated_names_in_the_header_become_distinct(table) -> None:
    assert columns_of(table(" a ,a,,column 3,a (2)\n1,2,3,4,5\n")) == [
        "a",
        "a (3)",
        "column 3 (2)",
        "column 3",
        "a (2)",
    ]


def test_a_preview_is_a_rectangle(table) -> None:
    path = table("id,y\n1\n1,2,3\n" + "x,y\n" * 300)
    seen = preview(path, rows=5)
    assert seen.columns == ["id", "y"]
    assert seen.rows == [["x", "y"]] * 5
    first = {"line": 2, "wrong": values_of(misfit(["1"], ["id", "y"]))}
    assert values_of(seen.misfits) == {"n": 2, "example": first}
    assert (seen.format.encoding, seen.format.delimiter) == ("utf-8", ",")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \n\n", "empty"),
        (b"a,b\n1,\0\n", "binary"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (b"PAR1rest", "Parquet"),
        (b"\xff\xd8\xff\xe0\x11", "picture"),
        (b"%PDF-1.7 and so on", "PDF"),
        (b"SIMPLE  =                    T", "FITS"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\x00\x01\x02\x03\x04", "binary"),
    ],
)
def test_what_is_no_table_is_said_in_one_sentence(table, content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        sniff(table(content))


def test_wrong_bytes_far_down_are_found_with_their_line(table) -> None:
    path = table("a,b\nä,ö\n".encode() + b"1,2\n" * 100_000 + b"3,caf\xe9\n")
    with pytest.raises(BadInput, match="line 100003"):
        list(read_rows(path))


def test_a_quote_that_is_never_closed_swallows_no_rows(table) -> None:
    path = table('a,b\n1,x\n2,"y\n3,z\n4,w\n')
    with pytest.raises(BadInput, match="line 3"):
        list(read_rows(path))


def test_a_cell_beyond_all_measure_is_refused(table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimiters, "LONGEST_CELL", 1000)
    path = table('a,b\n1,"' + "line\n" * 1000 + '"\n2,z\n')
    with pytest.raises(BadInput, match="line 2"):
        list(read_rows(path))


def test_letters_beyond_ascii_far_down_say_the_encoding(table) -> None:
    path = table(b"a,b\n" + b"1,2\n" * 100_000 + b"3,caf\xe9\n")
    assert rows(path)[-1] == (100_002, {"a": "3", "b": "café"})


@pytest.mark.parametrize("missing", ["nowhere.csv", "."])
def test_a_missing_file_and_a_folder_are_said(tmp_path: Path, missing: str) -> None:
    with pytest.raises(BadInput):
        sniff(tmp_path / missing)


@pytest.mark.parametrize("name", ["with space.csv", "数据表.csv", "🧪 = “x”.tsv", "it's 100%.csv"])
def test_odd_file_names_are_no_trouble(table, name: str) -> None:
    assert rows(table("a,b\n1,2\n", name)) == [(2, {"a": "1", "b": "2"})]


cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(body=st.lists(st.tuples(st.just("x"), cell, cell), max_size=8), end=st.sampled_from(["\n", "\r\n"]))
def test_every_row_that_csv_writes_is_read_back(tmp_path_factory, body: list[tuple[str, ...]], end: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([("a", "b", "c"), *body])
    path = tmp_path_factory.mktemp("rows") / "t.csv"
    path.write_bytes(text.getvalue().encode())
    assert [tuple(cells.values()) for _, cells in read_rows(path, TableFormat())] == body
