"""Files as laboratories hand them over, whole and broken, with what has to become of each."""

import bz2
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

ROWS = 40
NAMES = {
    "utf-8": "Müller “α”",
    "utf-8-sig": "Müller “α”",
    "utf-16": "Müller “α”",
    "utf-16-le": "Müller",
    "utf-16-be": "Müller",
    "cp1252": "Müller “Säure” – 5 µg",
    "latin-1": "Müller Säure",
    "gb18030": "水杨酸",
    "cp932": "アスピリン",
}
"""An encoding, and a name whose letters only it writes in this way."""


@dataclass(frozen=True)
class Odd:
    """rows: how many the file has (an import keeps and sets aside exactly these); None: one sentence has to refuse it.

    kept: how many can be used, where that is known. first: the name in the first row, read rightly.
    """

    name: str
    content: bytes
    rows: int | None
    kept: int | None = None
    first: str = ""
    said: str = ""


def odd_files() -> Iterator[Odd]:
    """Every encoding by every delimiter, then every damage."""
    for encoding, name in NAMES.items():
        for word, sign in (("comma", ","), ("tab", "\t"), ("semicolon", ";"), ("pipe", "|")):
            text = table(sign, name)
            yield Odd(f"{encoding} {word}.txt", encoded(text, encoding), ROWS, ROWS, name)
    yield from _ways_to_write()
    yield from _packed()
    yield from _damaged()
    yield from _refused()


def table(sign: str = ",", name: str = "Müller", decimal: str = "", header: bool = True, end: str = "\n") -> str:
    """text, name, value: 40 rows of different texts. Where semicolons part cells, numbers have commas."""
    point = decimal or ("," if sign == ";" else ".")
    lines = [sign.join(["text", "name", "value"])] if header else []
    for number in range(ROWS):
        value = f"{number * 0.75 + 0.25:.2f}".replace(".", point)
        lines.append(sign.join([f"sample number {number} of the series", name, value]))
    return end.join(lines) + end


def encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding)


def _ways_to_write() -> Iterator[Odd]:
    yield Odd("old mac line ends.csv", table(end="\r").encode(), ROWS, ROWS, "Müller")
    yield Odd("windows line ends.csv", table(end="\r\n").encode(), ROWS, ROWS, "Müller")
    yield Odd("mixed line ends.csv", table().replace("\n", "\r\n", 7).encode(), ROWS, ROWS, "Müller")
    yield Odd("no end of the last line.csv", table().rstrip().encode(), ROWS, ROWS, "Müller")
    yield Odd("empty lines between.csv", table(end="\r\n\r\n").encode(), ROWS, ROWS, "Müller")
    yield Odd("blank lines on top.csv", ("\n  \n" + table()).encode(), ROWS, ROWS, "Müller")
    yield Odd("no header.csv", table(header=False).encode(), ROWS, ROWS, "Müller")
    yield Odd("decimal commas in quotes.csv", _quoted(table(";"), ";", ",").encode(), ROWS, ROWS, "Müller")
    yield Odd("all in quotes.csv", _quoted(table(), ",", ",").encode(), ROWS, ROWS, "Müller")
    yield Odd("single quotes.csv", _quoted(table(), ",", ",").replace('"', "'").encode(), ROWS, ROWS, "Müller")
    yield Odd("quoted newlines.csv", _quoted(table(), ",", ",").replace("of the", "of\nthe").encode(), ROWS, ROWS)
    yield Odd("blanks as columns.dat", _blanks().encode(), ROWS, ROWS)
    yield Odd("wrong ending.parquet", table().encode(), ROWS, ROWS, "Müller")
    yield Odd("no ending", table("\t").encode(), ROWS, ROWS, "Müller")
    objects = [{"text": f"text number {i}", "name": "Müller", "value": i * 0.5} for i in range(ROWS)]
    yield Odd("objects.json", json.dumps(objects).encode(), ROWS, ROWS, "Müller")
    yield Odd("lines.jsonl", "\n".join(map(json.dumps, objects)).encode(), ROWS, ROWS, "Müller")
    columns = {key: [row[key] for row in objects] for key in objects[0]}
    yield Odd("columns.json", json.dumps(columns).encode(), ROWS, ROWS, "Müller")


def _packed() -> Iterator[Odd]:
    plain = table().encode()
    yield Odd("packed.csv.gz", gzip.compress(plain), ROWS, ROWS, "Müller")
    yield Odd("packed.csv.bz2", bz2.compress(plain), ROWS, ROWS, "Müller")
    yield Odd("packed.csv.xz", lzma.compress(plain), ROWS, ROWS, "Müller")
    yield Odd("packed.zip", zipped({"a.csv": plain}), ROWS, ROWS, "Müller")
    yield Odd("from a mac.zip", zipped({"a.csv": plain, "__MACOSX/._a.csv": b"\0\1"}), ROWS, ROWS, "Müller")
    yield Odd("packed under a wrong name.csv", gzip.compress(table(";").encode("cp1252")), ROWS, ROWS, "Müller")
    yield Odd("two halves.csv.gz", gzip.compress(plain[:600]) + gzip.compress(plain[600:]), ROWS, ROWS, "Müller")
    yield Odd("cut off.csv.gz", gzip.compress(_long().encode())[:-30], None, said="the end of the gzip file is missing")
    yield Odd("cut off.csv.xz", lzma.compress(_long().encode())[:-30], None, said="the end of the xz file is missing")
    yield Odd(
        "cut off.csv.bz2", bz2.compress(_long().encode())[:-30], None, said="the end of the bzip2 file is missing"
    )
    yield Odd("cut off.zip", zipped({"a.csv": plain})[:-40], None, said="damaged or cut off")
    yield Odd("garbled.csv.gz", _garbled(gzip.compress(_long().encode())), None, said="damaged gzip")
    yield Odd("two files.zip", zipped({"a.csv": plain, "b.csv": plain}), None, said="2 files")
    yield Odd("nothing inside.zip", zipped({}), None, said="empty")


def _damaged() -> Iterator[Odd]:
    lines = table().splitlines(keepends=True)
    short = [line.split(",")[0] + "\n" if i in {5, 9} else line for i, line in enumerate(lines)]
    yield Odd("rows too short.csv", "".join(short).encode(), ROWS, ROWS - 2)
    wide = [line.rstrip() + ",more,and more\n" if i == 7 else line for i, line in enumerate(lines)]
    yield Odd("a row too wide.csv", "".join(wide).encode(), ROWS, ROWS - 1)
    words = [line.replace(line.rsplit(",", 1)[1], "n.d.\n") if i in {3, 4} else line for i, line in enumerate(lines)]
    yield Odd("words among numbers.csv", "".join(words).encode(), ROWS, ROWS - 2)
    gaps = [line.rsplit(",", 1)[0] + ",\n" if i in {3, 4, 5} else line for i, line in enumerate(lines)]
    yield Odd("gaps.csv", "".join(gaps).encode(), ROWS, ROWS - 3)
    yield Odd("only commas at the end.csv", (table() + ",,\n,,\n").encode(), ROWS + 2, ROWS)
    yield Odd("twice the same.csv", (table() + lines[3]).encode(), ROWS + 1, ROWS)
    yield Odd("cut off in a row.csv", table().encode()[:-25], ROWS, ROWS - 1)
    yield Odd("a quote that never closes.csv", (table() + 'x,"y,1\nz,w,2\n').encode(), None, said="never closed")
    yield Odd("bad bytes among good.csv", table().encode() + b"x\xff\xfey,n,1\n", None, said="line 42")
    yield Odd("cut off in a letter.csv", table().encode() + "x,y,1,ü".encode()[:-1], None, said="line 42")
    yield Odd("odd number of bytes.csv", table().encode("utf-16")[:-1], None, said="UTF-16")
    broken = json.dumps([{"text": f"text {i}", "value": i} for i in range(ROWS)])
    yield Odd("cut off.json", broken[:-20].encode(), None, said="no complete JSON")
    yield Odd("a broken line.jsonl", b'{"text": "a", "value": 1}\n' * 3 + b'{"text": \n', None, said="Line 4")


def _refused() -> Iterator[Odd]:
    yield Odd("empty.csv", b"", None, said="empty")
    yield Odd("only blanks.csv", b"\n \n\t\n", None, said="empty")
    yield Odd("only a header.csv", b"text,name,value\n", None, said="no rows")
    yield Odd("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), None, said="picture")
    yield Odd("page.csv", b"<!doctype html><html><body>404</body></html>", None, said="web page")
    yield Odd("zeros.csv", bytes(3000), None, said="empty")
    yield Odd("noise.csv", bytes((i * 7919 + i * i) % 256 for i in range(4000)), None, said="binary")
    yield Odd("fake.xlsx", b"PK\x03\x04" + b"\0" * 200, None, said="damaged")
    yield Odd("fake.parquet", b"PAR1" + b"\0" * 200, None, said="damaged")
    yield Odd("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, None, said="no workbook")
    yield Odd("settings.json", b'{"a": 1, "b": {"c": 2}}', None, said="no table")


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _quoted(text: str, before: str, after: str) -> str:
    lines = [after.join(f'"{cell}"' for cell in line.split(before)) for line in text.splitlines()]
    return "\n".join(lines) + "\n"


def _blanks() -> str:
    lines = ["text             name        value"]
    return "\n".join(lines + [f"sample_{i:<8}  Müller   {i * 0.75:10.3f}" for i in range(ROWS)]) + "\n"


def _long() -> str:
    return "text,name,value\n" + "".join(
        f"text {i} {i * 7919 % 10007},name {i * 31 % 977},{i}\n" for i in range(30_000)
    )


def _garbled(packed: bytes) -> bytes:
    middle = len(packed) // 2
    return packed[:middle] + bytes(64) + packed[middle + 64 :]
