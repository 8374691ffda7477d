"""What stands around a table is no row of it, and what looks like it but is a row stays one."""

from pathlib import Path

import pytest

from sciapp.engine.data.formats.base import HEADER_AGAIN
from sciapp.engine.data.formats.header import header_of
from sciapp.engine.data.formats.text.preamble import has_units
from sciapp.engine.data.readers.table_reader import columns_of, read_rows, settled_reading, sniff
from sciapp.errors import BadInput
from sciapp.records.read_options import Reading

MOLECULES = ["CCO", "CCN", "c1ccccc1O", "CC(=O)O", "CCCl", "CC#N", "COC", "CCS", "CCCC", "OCCO", "NCCN", "CC=O"]


def table(tmp_path: Path, text: str, name: str = "table.csv") -> tuple[list[str], list[dict[str, str]], Path]:
    """Columns and rows as they are read; the settled reading must read the same again."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    format = sniff(path)
    rows = list(read_rows(path, format))
    again = sniff(path, settled_reading(format))
    assert columns_of(path, again) == columns_of(path, format)
    assert list(read_rows(path, again)) == rows
    return columns_of(path, format), [dict(cells) for _, cells in rows if not cells.problem], path


def rows_of(sign: str = ",", decimal: str = ".", mend: str = "{}") -> str:
    numbers = [f"{place}.5".replace(".", decimal) for place in range(len(MOLECULES))]
    return "".join(mend.format(f"{s}{sign}{n}") + "\n" for s, n in zip(MOLECULES, numbers, strict=True))


@pytest.mark.parametrize(
    ("sign", "word"),
    [(";", ";"), ("\t", "\t"), ("\t", "\\t"), ("|", "|"), ("^", "^"), ("~", "~"), (",", ","), ("§", "§")],
)
@pytest.mark.parametrize("line", ["sep={}", '"sep={}"', "SEP={}"])
def test_a_sep_line_names_any_delimiter_and_is_no_row(tmp_path: Path, sign: str, word: str, line: str) -> None:
    columns, rows, path = table(tmp_path, line.format(word) + f"\nsmiles{sign}y\n" + rows_of(sign))
    assert columns == ["smiles", "y"]
    assert [row["smiles"] for row in rows] == MOLECULES
    assert next(read_rows(path))[0] == 3


@pytest.mark.parametrize("sign", ["#", "%", "//", "# ", "%%"])
def test_comments_at_the_top_and_between_rows_are_no_rows(tmp_path: Path, sign: str) -> None:
    text = f'{sign}exported, by "instrument 7\n{sign}\n\n{sign}second line\nsmiles,y\n' + rows_of()
    columns, rows, path = table(tmp_path, text + f'{sign} plate 2, "run 5\n' + rows_of())
    assert (columns, len(rows)) == (["smiles", "y"], 24)
    assert [line for line, _ in read_rows(path)][11:13] == [17, 19]


@pytest.mark.parametrize("sign", [",", "\t", ";", " "])
@pytest.mark.parametrize("mark", ["#", "# "])
def test_a_header_that_is_a_comment_names_the_columns(tmp_path: Path, sign: str, mark: str) -> None:
    text = f"# from the lab\n{mark}smiles{sign}y\n" + rows_of(sign)
    columns, rows, _ = table(tmp_path, text, "table.txt")
    assert columns == ["smiles", "y"]
    assert len(rows) == 12


def test_a_variant_call_file_is_read_below_its_comments(tmp_path: Path) -> None:
    rows = "".join(f"chr1\t{place}\trs{place}\tA\tG\n" for place in range(100, 130))
    columns, found, _ = table(tmp_path, "##fileformat=VCFv4.2\n##x\n#CHROM\tPOS\tID\tREF\tALT\n" + rows, "calls.vcf")
    assert columns == ["CHROM", "POS", "ID", "REF", "ALT"]
    assert len(found) == 30


@pytest.mark.parametrize("header", ["text,label\n", ""])
def test_texts_that_begin_with_a_hash_are_rows(tmp_path: Path, header: str) -> None:
    texts = ["#sunday was nice", "#rain again", "a dull day", "more rain, they say"] * 5
    text = header + "".join(f'"{words}",{"good" if place % 2 else "bad"}\n' for place, words in enumerate(texts))
    _, rows, _ = table(tmp_path, text)
    assert [next(iter(row.values())) for row in rows] == texts


def test_the_first_text_of_a_list_may_begin_with_a_hash(tmp_path: Path) -> None:
    texts = [
        "#sunday was nice here and there",
        *(f"nothing else to be told of{' that' * (day % 3)} day {day}" for day in range(5, 17)),
    ]
    path = tmp_path / "tweets.txt"
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    assert len(list(read_rows(path, Reading(format="table")))) == 13


@pytest.mark.parametrize(
    "titles",
    [
        "Results of March\n",
        "Results of March\n\nsecond, line\n",
        "Results, of March\n\n",
        '"A title, quoted"\n\n\n',
        "Plate 7,\n,\n",
    ],
)
def test_titles_above_the_header_are_passed_over(tmp_path: Path, titles: str) -> None:
    columns, rows, path = table(tmp_path, titles + "smiles,y\n" + rows_of())
    assert columns == ["smiles", "y"]
    assert len(rows) == 12
    assert next(read_rows(path))[0] == titles.count("\n") + 2
    assert any(found.what == "title" for found in sniff(path).passed_over)


def test_a_title_is_known_above_any_delimiter(tmp_path: Path) -> None:
    for sign in ("\t", ";", "|"):
        columns, rows, _ = table(tmp_path, f"Results of March 2019\n\nsmiles{sign}y\n" + rows_of(sign), "table.txt")
        assert (columns, len(rows)) == (["smiles", "y"], 12)


@pytest.mark.parametrize("units", [",nM", "-,(nM)", "text,mol/L", "[],[°C]", ",%", "string,kcal/mol", "-,log(M)"])
def test_a_row_of_units_is_told_and_passed_over(tmp_path: Path, units: str) -> None:
    columns, rows, path = table(tmp_path, f"smiles,y\n{units}\n" + rows_of())
    assert columns == ["smiles", "y"]
    assert len(rows) == 12
    assert next(read_rows(path))[0] == 3
    assert [found.what for found in sniff(path).passed_over] == ["units"]


@pytest.mark.parametrize("first", ["CCF,n.d.", "CCF,", "CCF,nM", "CCF,ND", ",n.d.", ",failed"])
def test_a_first_row_without_its_number_is_no_row_of_units(tmp_path: Path, first: str) -> None:
    _, rows, _ = table(tmp_path, f"smiles,y\n{first}\n" + rows_of())
    assert len(rows) == 13


@pytest.mark.parametrize("sign", [",", "\t", ";", " ", "|"])
@pytest.mark.parametrize("quoted", [True, False])
def test_a_header_one_name_short_leaves_row_names_in_front(tmp_path: Path, sign: str, quoted: bool) -> None:
    mark = '"' if quoted else ""
    text = sign.join(f"{mark}{name}{mark}" for name in ("smiles", "y", "z")) + "\n"
    for place, smiles in enumerate(MOLECULES, start=1):
        text += f"{mark}{place}{mark}{sign}{mark}{smiles}{mark}{sign}{place}.5{sign}7\n"
    columns, rows, _ = table(tmp_path, text, "table.txt")
    assert columns == ["row name", "smiles", "y", "z"]
    assert [row["smiles"] for row in rows] == MOLECULES
    assert rows[0]["y"] == "1.5"


def test_a_delimiter_at_the_end_of_every_row_makes_no_row_names(tmp_path: Path) -> None:
    columns, rows, _ = table(tmp_path, "smiles,y\n" + rows_of(mend="{},"))
    assert columns[:2] == ["smiles", "y"]
    assert [row["smiles"] for row in rows] == MOLECULES


def test_a_table_without_header_keeps_its_first_row(tmp_path: Path) -> None:
    cas = [
        "64-17-5",
        "75-04-7",
        "108-95-2",
        "64-19-7",
        "75-00-3",
        "75-05-8",
        "115-10-6",
        "75-08-1",
        "106-97-8",
        "107-21-1",
    ]
    for sign in (",", "\t", ";"):
        text = "".join(f"{number}{sign}{smiles}\n" for number, smiles in zip(cas, MOLECULES, strict=False))
        columns, rows, path = table(tmp_path, text, "table.txt")
        assert columns == ["column 1", "column 2"]
        assert rows[0] == {"column 1": "64-17-5", "column 2": "CCO"}
        assert len(rows) == 10
        assert [found.what for found in sniff(path).passed_over] == ["header"]


def test_names_above_numbers_of_another_kind_are_still_names(tmp_path: Path) -> None:
    columns, _, _ = table(tmp_path, "Nr,Struktur\n64-17-5,CCO\n75-04-7,CCN\n108-95-2,Oc1ccccc1\n64-19-7,CC(=O)O\n")
    assert columns == ["Nr", "Struktur"]


@pytest.mark.parametrize("text", ["smiles,y\n", "sentence,sentiment\n", "a,b\n"])
def test_the_header_once_more_is_told_and_passed_over(tmp_path: Path, text: str) -> None:
    names = text.strip().split(",")
    body = "".join(f"word {place} of it,{'good' if place % 2 else 'bad'}\n" for place in range(15))
    columns, rows, path = table(tmp_path, text + body + text + body)
    assert columns == names
    assert len(rows) == 30
    assert [(line, cells.problem) for line, cells in read_rows(path) if cells.problem] == [(17, HEADER_AGAIN)]


@pytest.mark.parametrize("sign", [",", "\t", ";"])
@pytest.mark.parametrize(("first", "second"), [(3, 9), (3, 4), (1, 12)])
@pytest.mark.parametrize("where", ["front", "end", "middle"])
def test_two_stray_quotes_cost_their_two_rows(tmp_path: Path, sign: str, first: int, second: int, where: str) -> None:
    lines = [f"{smiles}{sign}{place}.5{sign}n{place}" for place, smiles in enumerate(MOLECULES)]
    for place in (first - 1, second - 1):
        cells = lines[place].split(sign)
        if where == "front":
            cells[0] = '"' + cells[0]
        elif where == "middle":
            cells[2] = '"' + cells[2]
        else:  # a mark that is opened in one row and closed at the end of another
            cells[2] = '"' + cells[2] if place == first - 1 else cells[2] + '"'
        lines[place] = sign.join(cells)
    if where == "end" and second == first + 1:
        return  # two lines between marks in order may be a text
    text = f"smiles{sign}y{sign}note\n" + "\n".join(lines) + "\n"
    _, rows, path = table(tmp_path, text, "table.txt")
    bad = [line for line, cells in read_rows(path) if cells.problem]
    assert [row["smiles"] for row in rows] == [s for p, s in enumerate(MOLECULES, 1) if p not in (first, second)]
    assert bad == [first + 1, second + 1]


def test_a_row_with_quotes_of_its_own_between_stray_ones_is_read(tmp_path: Path) -> None:
    text = 'smiles,y,note\n"CCO,1.5,a\nCCN,2.5,b\n"CCC",3.5,"b, c"\nCCCC,4.5,d\nCCF,5.5,e\n'
    _, rows, _path = table(tmp_path, text)
    assert [row["smiles"] for row in rows] == ["CCN", "CCC", "CCCC", "CCF"]
    assert rows[1]["note"] == "b, c"


@pytest.mark.parametrize(
    "cell",
    [
        "first line\nsecond line",
        "Dear Sir,\nthank you, and bye",
        "a, b\nc, d\ne, f",
        "one\n\ntwo, three",
        'he said ""no"",\nand went',
        "1, 2\n3, 4",
    ],
)
def test_cells_with_line_ends_stay_cells(tmp_path: Path, cell: str) -> None:
    text = "text,label\n" + "".join(f'"{cell}",{"good" if place % 2 else "bad"}\n' for place in range(12))
    _, rows, _ = table(tmp_path, text)
    assert [row["text"] for row in rows] == [cell.replace('""', '"')] * 12


@pytest.mark.parametrize("inside", ["|", ";", "\t"])
def test_a_sign_inside_quoted_cells_is_no_delimiter(tmp_path: Path, inside: str) -> None:
    text = f'"name","range (a {inside} b)","y"\n'
    text += "".join(f'"s{place}","{place} {inside} {place + 1}","{place}.5"\n' for place in range(20))
    for name in ("table.csv", "table.txt"):
        columns, rows, _ = table(tmp_path, text, name)
        assert columns == ["name", f"range (a {inside} b)", "y"]
        assert len(rows) == 20


def test_a_quote_that_is_never_closed_is_still_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("smiles,y\n" + rows_of() * 4 + '"CCF,1\nCCI,2\n', encoding="utf-8")
    with pytest.raises(BadInput, match="line 50"):
        list(read_rows(path))


def test_a_comment_sign_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("# about\nsmiles,y\n" + rows_of(), encoding="utf-8")
    assert columns_of(path, Reading(comment="none", lines="1-14")) == ["# about"]
    path.write_text("smiles,y\nCCO,1\n#CCN\nCCF,2\n", encoding="utf-8")
    assert [cells["smiles"] for _, cells in read_rows(path, Reading(comment="#"))] == ["CCO", "CCF"]


@pytest.mark.parametrize("name", ["table.csv", "table.txt"])
def test_a_sign_inside_every_id_makes_no_row_names(tmp_path: Path, name: str) -> None:
    text = "id,sequence,label\n" + "".join(f"AT{place};promoter_{place},ACGTACGT,{place % 2}\n" for place in range(20))
    columns, rows, _ = table(tmp_path, text, name)
    assert (columns, len(rows)) == (["id", "sequence", "label"], 20)


def test_a_title_with_a_comma_does_not_hide_the_semicolons(tmp_path: Path) -> None:
    text = "Messung vom 3.4., Labor 2\n\nsmiles;y\n" + rows_of(";", ",")
    columns, rows, _ = table(tmp_path, text)
    assert (columns, len(rows), rows[1]["y"]) == (["smiles", "y"], 12, "1,5")


def test_comments_of_as_many_words_as_there_are_columns_are_comments(tmp_path: Path) -> None:
    text = "% measured yesterday\n% by a person\n" + "".join(f"{place} {place * 2}.5\n" for place in range(12))
    columns, rows, _ = table(tmp_path, text, "table.txt")
    assert (columns, len(rows)) == (["column 1", "column 2"], 12)


@pytest.mark.parametrize("above", ["Compound,,Assay,", "Compound,Compound,Assay,Assay", ",,Assay,Assay"])
def test_names_below_titles_of_groups_are_the_header(tmp_path: Path, above: str) -> None:
    body = "".join(f"A{place},{smiles},{place}.5,{place % 2}\n" for place, smiles in enumerate(MOLECULES))
    columns, rows, path = table(tmp_path, f"{above}\nname,smiles,pIC50,active\n{body}")
    assert columns == ["name", "smiles", "pIC50", "active"]
    assert [row["smiles"] for row in rows] == MOLECULES
    assert ("title", "above line 2") in [(what, value) for what, value, _ in sniff(path).findings]


@pytest.mark.parametrize("header", [",smiles,y", "smiles,,y", "smiles,y,y"])
def test_a_header_with_a_gap_or_a_repeat_stays_the_header_above_rows(tmp_path: Path, header: str) -> None:
    body = "".join(f"{smiles},w{place},{place}.5\n" for place, smiles in enumerate(MOLECULES))
    _, rows, _ = table(tmp_path, f"{header}\n{body}")
    assert len(rows) == len(MOLECULES)


def test_a_semicolon_in_every_id_does_not_cut_a_table_of_commas(tmp_path: Path) -> None:
    ids = [f"FP{place:06d} AT1G0{place}_1  :+U  EU:NC; range  -200 to    5" for place in range(len(MOLECULES))]
    body = "".join(
        f"{id},{smiles},{place % 2}\n" for place, (id, smiles) in enumerate(zip(ids, MOLECULES, strict=True))
    )
    columns, rows, _ = table(tmp_path, f"id,sequence,label\n{body}")
    assert columns == ["id", "sequence", "label"]
    assert [row["id"] for row in rows] == ids


def test_a_row_wider_than_its_header_is_no_row_of_units() -> None:
    assert not has_units([["input", "y"], ["", "1", "", "word"], ["a", "1"], ["b", "2"], ["c", "3"]], ".")


@pytest.mark.parametrize(
    ("header", "inputs"),
    [
        ("smiles", ["CCO", "c1ccccc1", "CC(=O)O", "CCN"]),
        ("Structure", ["CCO", "c1ccccc1", "CC(=O)O", "CCN"]),
        ("sequence", ["MKTAYIAKQRQISFVKSHFSRQ"] * 2 + ["MKTAYIAKQRQISFVKSHFSRQA"] * 2),
        ("text", ["the kinase binds the inhibitor tightly", "no binding was seen in this assay"] * 2),
    ],
)
def test_a_column_of_classes_may_be_headed_by_one_of_them(header: str, inputs: list[str]) -> None:
    rows = [[text, word] for text, word in zip(inputs, ["inactive", "active"] * 2, strict=True)]
    assert header_of([[header, "active"], *rows], ".").value == "yes"


def test_molecules_and_classes_without_names_have_no_header() -> None:
    rows = [["CCO", "active"], ["CCN", "inactive"], ["c1ccccc1", "active"], ["CC(=O)O", "inactive"]]
    assert header_of(rows, ".").value == "no"
