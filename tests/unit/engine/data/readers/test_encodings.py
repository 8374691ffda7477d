"""Texts in the encodings that laboratories have are read to the last letter, whatever the file is called."""

import bz2
import gzip
import lzma
from pathlib import Path

import pytest

from sciapp.engine.data.readers.table_reader import read_rows, settled_reading, sniff

WESTERN = [("Größe", "Müller café", "1.5"), ("naïve", "Ångström ü", "2.5"), ("Übung", "façade é", "3.5")] * 8
UNITS = [("25 °C", "5 µM ± 1", "1.5"), ("10 m² area", "a – dash", "2.5"), ("EtOAc®", "“said”", "3.5")] * 8
JAPANESE = [("化合物", "東京大学の試料", "1.5"), ("溶解度", "測定された値です", "2.5")] * 12
CHINESE = [("样品", "溶解度测定结果", "1.5"), ("化合物", "上海实验室", "2.5")] * 12
RUSSIAN = [("грунт", "образец воды", "1.5"), ("проба", "раствор соли", "2.5")] * 12
RUSSIAN_NAMES = [("МОСКВА", "Проба 3 из озера", "1.5"), ("ТОМСК", "Раствор Иванова", "2.5")] * 12

Rows = list[tuple[str, str, str]]


def text(rows: Rows, sign: str = ",", end: str = "\n") -> str:
    return end.join([sign.join(["name", "text", "y"]), *map(sign.join, rows), ""])


def read(path: Path) -> Rows:
    """All rows; the settled reading must read the same again."""
    format = sniff(path)
    rows = [tuple(cells.values()) for _, cells in read_rows(path, format)]
    again = [tuple(cells.values()) for _, cells in read_rows(path, sniff(path, settled_reading(format)))]
    assert again == rows
    return rows  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("encoding", "rows"),
    [
        *((name, WESTERN) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")),
        *((name, WESTERN) for name in ("cp1252", "latin-1", "iso8859-15", "mac_roman", "cp850", "cp437")),
        *((name, UNITS) for name in ("utf-8", "cp1252")),
        *((name, JAPANESE) for name in ("shift_jis", "euc_jp", "iso2022_jp", "utf-16", "utf-16-le", "utf-16-be")),
        *((name, CHINESE) for name in ("gb18030", "utf-16-le")),
        *((name, RUSSIAN) for name in ("cp1251", "koi8-r", "cp866", "iso8859-5", "utf-16-le", "utf-8")),
        *((name, RUSSIAN_NAMES) for name in ("cp1251", "koi8-r", "cp866")),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_letter_is_read_as_it_was_written(tmp_path: Path, encoding: str, rows: Rows, end: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(text(rows, end=end).encode(encoding))
    assert read(path) == rows


@pytest.mark.parametrize("name", ["table.csv", "table.tsv", "table.xls", "table"])
@pytest.mark.parametrize("sign", ["\t", ";", "|", ","])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_delimiter_and_packing_are_found_by_content(tmp_path: Path, name: str, sign: str, pack) -> None:
    path = tmp_path / name
    path.write_bytes(pack(text(WESTERN, sign).encode()))
    assert (sniff(path).delimiter, read(path)) == (sign, WESTERN)


@pytest.mark.parametrize("place", range(3))
def test_one_accented_letter_is_western(tmp_path: Path, place: int) -> None:
    rows = [("plain", f"text {i}", "1.5") for i in range(30)]
    rows[9] = (("café", "a", "1"), ("5 µM", "b", "2"), ("Müller", "25 °C", "3"))[place]
    path = tmp_path / "table.csv"
    path.write_bytes(text(rows).encode("cp1252"))
    assert read(path) == rows
