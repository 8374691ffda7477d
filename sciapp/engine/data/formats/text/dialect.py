"""Detection of the sign that cuts the lines of a text table into cells, and of the sign that quotes."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from sciapp.engine.data.formats.header import decimal_of
from sciapp.engine.data.formats.table_format import FormatEvidence
from sciapp.engine.data.formats.text.preamble import is_short_header, rows_above, usual_width
from sciapp.records.formatting import is_typed_number, percent_text
from sciapp.records.read_options import DELIMITERS, QUOTES

if TYPE_CHECKING:
    import _csv
from sciapp.errors import BadInput
from sciapp.i18n import msg

# Tables that part their cells by one sign in some lines and by another in others, as files put together by hand do.


_SIGNS = tuple(sign for sign in DELIMITERS.values() if sign.strip() or sign == "\t")
_DELIMITER_WORDS = {sign: word for word, sign in DELIMITERS.items()}
_MOST = 0.5  # of the rows: where so few fit, the table cannot be read as it stands


def other_sign(line: str, width: int) -> str:
    """The word for the sign that cuts a line of one cell into `width` cells; empty for none."""
    return next((_DELIMITER_WORDS[sign] for sign in _SIGNS if width > 1 and line.count(sign) == width - 1), "")


def a_sign(sign: str) -> str:
    """“a comma”; the sign itself in quotation marks where there is no word for it."""
    return _A.get(_DELIMITER_WORDS.get(sign, ""), f"“{sign}”")


def with_mixed_delimiters(name: str, rows: Sequence[Sequence[str]], delimiter: FormatEvidence) -> FormatEvidence:
    """The finding, which says so where other rows have another sign. rows: the first rows as they are cut.

    Raises BadInput where most rows have the other sign, and only the header or a few have this one.
    """
    width = len(rows[0])
    others = [(index, word) for index, row in enumerate(rows) if len(row) == 1 and (word := other_sign(row[0], width))]
    if not others:
        return delimiter
    word = others[0][1]
    if len(others) > _MOST * (len(rows) - 1):
        here = _DELIMITER_WORDS[delimiter.value]
        raise BadInput(
            msg(
                "“{name}” parts the cells of its first row by {sign} and those of most others by {usual_sign}.",
                name=name,
                sign=_A[here],
                usual_sign=_A[word],
            ),
            hint=msg("Make it one sign in the whole file, with a text editor, and import again."),
        )
    return delimiter._replace(
        why=msg(
            "{why}; {others} of the first {rows} rows have {a} instead",
            why=delimiter.why,
            others=len(others),
            rows=len(rows),
            a=_A[word],
        )
    )


_A = {
    "comma": msg("a comma"),
    "tab": msg("a tab"),
    "semicolon": msg("a semicolon"),
    "pipe": msg("a pipe"),
    "blank": "blanks",
}


LONGEST_CELL = 10_000_000

_SAMPLE_ROWS = 200
_SURE, _LIKELY = 0.9, 0.6  # share of rows of the usual width
_ORDER = ("\t", ";", "|", ",")
_PROMISED = {".csv": (",", ";"), ".tsv": ("\t",), ".tab": ("\t",), ".psv": ("|",)}
ESCAPED = QUOTES["backslash"]
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_WORDS = {sign: word for word, sign in DELIMITERS.items()} | {sign: word for word, sign in QUOTES.items() if sign}
_FEWEST_ALIGNED = 4  # lines that blanks cut alike


@dataclass(frozen=True)
class DelimiterFit:
    """Fit of a delimiter to the first lines: the usual width, and the share of rows that have it.

    torn: the share of rows in which it cuts quoted cells, so that marks stand inside of cells. above: titles.
    irregular: the first row has another width.
    """

    delimiter: str
    quote: str
    width: int
    share: float
    rows: int
    torn: float = 0.0
    above: int = 0
    irregular: bool = False


def reader_of(lines: Iterator[str], delimiter: str, quote: str, *, strict: bool = False) -> "_csv.Reader":
    """The cells of a text table's lines. delimiter: a blank stands for any run of blanks, empty for none at all.

    quote: with what escapes it in front, where it is not doubled. The reader raises csv.Error for a cell beyond
    LONGEST_CELL; strict: for marks that are not in order too.
    """
    csv.field_size_limit(LONGEST_CELL)
    escape, quote = quote[:-1], quote[-1:]
    if escape:
        lines = (_other_escapes_doubled(line, quote + delimiter) for line in lines)
    if delimiter == " ":
        lines = (_blanks_alone(line) for line in lines)
    return csv.reader(
        lines,
        delimiter=delimiter or "\0",  # a sign that no text has
        quotechar=quote or None,
        escapechar=escape or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        skipinitialspace=delimiter == " ",
        strict=strict,
    )


def delimiter_of(lines: Sequence[str], suffix: str) -> tuple[FormatEvidence, FormatEvidence]:
    """The delimiter and the quote of the first lines, and why; `value` is the sign."""
    filled, escaped = _sampled(lines)
    cuts = {sign: _best_cut(filled, sign, escaped) for sign in _ORDER}
    promised = _PROMISED.get(suffix, ())
    by_order = [cuts[sign] for sign in (*promised[:1], *_ORDER) if promised[:1] != (",",) or sign != ","]
    by_order += [cuts[","]]
    sure = [cut for cut in by_order if cut.width > 1 and cut.share >= _SURE]
    if sure:
        # A sign that stands inside quoted cells, or once in every id, cuts rows alike as well.
        return _evidence_of(min(sure, key=lambda cut: (cut.torn > 1 - _SURE, _doubt(cut))))
    blank = _cut(filled, " ", '"')
    likely = max(cuts.values(), key=lambda cut: (cut.width > 1, cut.share, cut.width))
    if blank.width > 1 and blank.share == 1.0 and _aligned(filled, blank):
        return _evidence_of(blank)
    if likely.width > 1 and (likely.share >= _LIKELY or likely.delimiter in promised):
        return _evidence_of(likely)
    quote = '"' if any(line.startswith('"') for line in filled) and _closed(filled) else ""
    why = msg("no sign cuts the first lines into equally many cells, so that each line is one cell")
    return FormatEvidence(msg("delimiter"), "", why), _quote(quote)


def _doubt(cut: DelimiterFit) -> int:
    """0 for rows that are all alike, 1 where they are below a title, 2 where some are not, 3 for a short header too."""
    if cut.share == 1.0:
        return 0 if not cut.irregular else 1 if cut.above else 3
    return 3 if cut.irregular else 2


def named_delimiter(lines: Sequence[str], delimiter: str, quote: str | None) -> tuple[FormatEvidence, FormatEvidence]:
    """The same for a delimiter that a person named; quote: None to find it out."""
    filled, escaped = _sampled(lines)
    mark = _best_cut(filled, delimiter, escaped).quote if quote is None else quote
    return FormatEvidence(msg("delimiter"), delimiter, msg("as said")), _quote(
        mark, msg("as said") if quote is not None else ""
    )


def word_for(sign: str) -> str:
    """“tab”, “comma”: what people call a delimiter or a quote."""
    return _WORDS.get(sign, sign)


def _evidence_of(cut: DelimiterFit) -> tuple[FormatEvidence, FormatEvidence]:
    share = msg("all") if cut.share == 1.0 else percent_text(cut.share)
    why = msg(
        "it cuts {share} of the first {rows} rows into {width} cells", share=share, rows=cut.rows, width=cut.width
    )
    return FormatEvidence(msg("delimiter"), cut.delimiter, why), _quote(cut.quote)


def _quote(sign: str, why: str = "") -> FormatEvidence:
    if sign == ESCAPED:
        return FormatEvidence(msg("quote"), sign, why or msg("a backslash stands before marks that belong to the text"))
    usual = msg("rows fit best with it") if sign else msg("marks at the beginning of a cell belong to its text")
    return FormatEvidence(msg("quote"), sign, why or usual)


def _sampled(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The first filled lines, and some with backslashes before marks from among those that follow."""
    filled = [line for line in lines if line.strip()]
    first, later = filled[: 2 * _SAMPLE_ROWS], filled[2 * _SAMPLE_ROWS :]
    whole = (line for line in later if ESCAPED in line and marks_in(line, ESCAPED) % 2 == 0)
    return first, list(islice(whole, _SAMPLE_ROWS // 2))


def _best_cut(lines: list[str], delimiter: str, escaped: list[str]) -> DelimiterFit:
    """With the double quote, unless rows fit clearly better with single ones or with none, or some in which a backslash
    stands before a mark or a delimiter fit only when it is read as the escape that it is.
    """
    cuts = [_cut(lines, delimiter, quote) for quote in ('"', "'", "")]
    double = cuts[0]
    if escaped_cut := _escaped_cut(lines, delimiter, double) or _escaped_cut([*lines[:1], *escaped], delimiter, double):
        return escaped_cut
    single = _single_quoted(lines, delimiter)
    better = [cut for cut in cuts[1:] if cut.share > double.share + 0.05 and (cut.quote != "'" or single)]
    if better:
        return max(better, key=lambda cut: cut.share)
    return cuts[1] if single and cuts[1].share >= double.share else double


def _escaped_cut(lines: list[str], delimiter: str, double: DelimiterFit) -> DelimiterFit | None:
    """With escaped marks, where all of them are in order so and rows do not fit as well without."""
    if not any(ESCAPED in line or (delimiter and ESCAPED[0] + delimiter in line) for line in lines):
        return None
    plain, cut = _cut(lines, delimiter, '"'), _cut(lines, delimiter, ESCAPED)
    good = cut.width > 1 and cut.share >= max(_SURE, plain.share) and not cut.torn and not cut.irregular
    better = plain.torn or plain.irregular or plain.share < cut.share
    return replace(cut, rows=double.rows) if good and better else None


def _single_quoted(lines: list[str], delimiter: str) -> bool:
    """True if cells stand between single quotes: one that begins with it ends with it as well."""
    cells = [cell.strip() for line in lines for cell in (line.split(delimiter) if delimiter.strip() else line.split())]
    begin = [cell for cell in cells if cell.startswith("'")]
    return len(begin) >= max(2, len(lines) // 2) and sum(cell.endswith("'") for cell in cells) >= 0.9 * len(begin)


def _cut(lines: list[str], delimiter: str, quote: str) -> DelimiterFit:
    """The header's width counts where most rows have it, else that of the rows below titles or a short header."""
    rows: list[list[str]] = []
    with suppress(csv.Error):  # a cell beyond all measure: what came before it counts
        for row in islice(reader_of(iter(lines), delimiter, quote), _SAMPLE_ROWS):
            rows += [row] if row else []
    if not rows:
        return DelimiterFit(delimiter, quote, 1, 0.0, 0)
    width, above, fitting = len(rows[0]), 0, sum(len(row) == len(rows[0]) for row in rows)
    usual = usual_width(rows)
    if usual > 1 and fitting < _LIKELY * len(rows):
        below = rows_above(rows, usual, decimal_of(rows, delimiter).value)
        whole = sum(len(row) == usual for row in rows)
        if below and whole >= _SURE * (len(rows) - below):
            width, above, fitting = usual, below, whole + is_short_header(rows[below:], usual)
        elif is_short_header(rows, usual) and whole >= _SURE * (len(rows) - 1):
            width, fitting = usual, whole + 1
    if width == 1:
        return DelimiterFit(delimiter, quote, 1, 0.0, len(rows))
    share = fitting / (len(rows) - above)
    torn, irregular = _torn(lines, delimiter, quote), len(rows[0]) != width
    return DelimiterFit(delimiter, quote, width, share, len(rows) - above, torn, above, irregular)


def _torn(lines: list[str], delimiter: str, quote: str) -> float:
    """The share of rows whose marks are not in order, cut like this."""
    reader, rows, torn = reader_of(iter(lines), delimiter, quote, strict=True), 0, 0
    while rows < _SAMPLE_ROWS:
        try:
            if next(reader, None) is None:
                break
        except csv.Error:
            torn += 1
        rows += 1
    return torn / max(rows, 1)


def _aligned(lines: list[str], cut: DelimiterFit) -> bool:
    """True if blanks between words make columns: some hold numbers, or very many lines are cut alike."""
    rows = [row for row in reader_of(iter(lines), " ", cut.quote) if row][1 + cut.above :]
    numbers = Counter(index for row in rows for index, cell in enumerate(row) if is_typed_number(cell))
    every = any(count == len(rows) for count in numbers.values())
    return (every and bool(rows)) or (len(lines) >= 5 * _FEWEST_ALIGNED and cut.width <= 50)


def _closed(lines: list[str]) -> bool:
    return all(line.count('"') % 2 == 0 for line in lines)


def marks_in(text: str, quote: str) -> int:
    """Number of quotation marks in a text, without escaped ones."""
    if not quote:
        return 0
    return (_ESCAPE.sub("", text) if len(quote) > 1 else text).count(quote[-1])


def _other_escapes_doubled(line: str, signs: str) -> str:
    """Backslashes that stand before other signs than these are letters like others: `C:\\data`, `\\N`."""
    if "\\" not in line:
        return line
    return _ESCAPE.sub(partial(_as_escape, signs=signs + "\\\r\n"), line)


def _as_escape(match: re.Match[str], signs: str) -> str:
    return match.group() if match[1] and match[1] in signs else "\\" + match.group()


def _blanks_alone(line: str) -> str:
    """Tabs count as blanks; those at both ends of a line are none."""
    body = line.rstrip("\r\n")
    return body.replace("\t", " ").strip(" ") + line[len(body) :]
