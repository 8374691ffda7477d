"""Time series in the .ts text format of aeon and sktime (Middlehurst et al. 2024, J. Mach. Learn. Res. 25:289).

Header lines begin with “@”; below “@data” every line is one series: values parted by commas, channels by colons, the
class or the value to learn at the end. Archives hold their data sets as two files, NAME_TRAIN.ts and NAME_TEST.ts.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sciapp.engine.data.formats.archives import plain_name
from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.detection import FileHead, look_at
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.text.lines import broken, numbered_lines, text_format
from sciapp.engine.data.values.dates import DateReader
from sciapp.engine.domains.series.notation import SERIES, channels_text, series_text
from sciapp.errors import BadInput, nearest
from sciapp.i18n import msg, plural
from sciapp.records.read_options import AUTO, Reading

CLASS, TARGET, SPLIT = "class", "target", "split"
BOTH = msg("both parts")
_PARTS = ("train", "test")
_PART = re.compile(r"(?P<stem>.+)_(?P<part>TRAIN|TEST)(?P<end>\.ts)", re.IGNORECASE)
_PACKED = ("", ".gz", ".bz2", ".xz")
_GAPS = frozenset({"?", "nan", "na", ""})
_DATES = DateReader(numbers=False)
_SHOWN = 30


@dataclass(frozen=True)
class _Header:
    """label: the column of what stands at the end of a line; empty for none. classes: its values, where the header
    lists them. stamped: whether each value has its time. channels: how many; 0 where the header does not say."""

    label: str
    classes: frozenset[str]
    stamped: bool
    channels: int


class TsFile:
    """Columns: the series, and its class or target; with both parts of a data set the split in front."""

    name = "ts"
    title = msg("time series (.ts)")

    def fits(self, look: FileHead) -> str:
        lines = [line.strip().lower() for line in look.lines if line.strip() and not line.startswith("#")]
        if lines and lines[0].startswith("@problemname"):
            return msg("its header begins with @problemName")
        if look.suffix == ".ts" and "@data" in lines:
            return msg("it has a line @data, and its name ends in .ts")
        return ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        header = _header(_fields(look.lines), look.path)
        names = (SERIES, header.label) if header.label else (SERIES,)
        format = text_format(self.name, look, names)
        if look.member:
            return format
        part = _part_of(look.path)
        other = _other_part(look.path)
        if other is None or not part:
            _must_be_offered(reading, (AUTO,))
            return format
        choices = (BOTH, *_PARTS)
        _must_be_offered(reading, (AUTO, *choices))
        sheet = part if reading.sheet == AUTO else reading.sheet
        format = replace(format, sheet=sheet, sheets=choices)
        if sheet != BOTH:
            why = msg(
                "“{file}” lies beside it; “{both}” reads the two with their split (--sheet)", file=other.name, both=BOTH
            )
            return format.because(FormatEvidence(msg("part"), sheet, why))
        _must_match(header, other, reading)
        names_of_both = f"{look.path.name}, {other.name}"
        why = msg("read together, “{column}” tells them apart", column=SPLIT)
        both = FormatEvidence(msg("parts"), names_of_both, why)
        return replace(format, names=(SPLIT, *names), passed_over=(both,)).because(both)

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(format.names))
        part, other = _part_of(path), _other_part(path)
        if format.sheet not in (BOTH, *_PARTS) or other is None:
            yield from _rows(path, format)
            return
        files = {part: path, _PARTS[part == _PARTS[0]]: other}
        plain = replace(format, sheet="")
        if format.sheet != BOTH:
            yield from _rows(files[format.sheet], plain)
            return
        for split in _PARTS:
            for record in _rows(files[split], plain):
                yield record._replace(cells=[split, *record.cells])


def _rows(path: Path, format: TableFormat) -> Records:
    """The series of one file. Raises BadInput for one without “@data”."""
    fields: list[str] = []
    header: _Header | None = None
    for number, line in numbered_lines(path, format):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if header is not None:
            cells, problem = _row(text, header)
            yield Record(number, cells, line, problem)
        elif text.lower() == "@data":
            header = _header(_fields(fields), path)
        elif text.startswith("@"):
            fields.append(text)
        else:
            raise broken(path, number, msg("stands before “@data” and is no header line"))
    if header is None:
        raise _without_data(path)


def _fields(lines: list[str]) -> dict[str, list[str]]:
    """The words behind each field of the header, by the field's name in lower case."""
    fields: dict[str, list[str]] = {}
    for line in lines:
        words = line.strip().split()
        if words and words[0].startswith("@"):
            fields[words[0].lower()] = words[1:]
        if words and words[0].lower() == "@data":
            break
    return fields


def _header(fields: Mapping[str, list[str]], path: Path) -> _Header:
    """Raises BadInput for a field that says neither true nor false."""
    classed, valued = _flag(fields, "@classlabel", path), _flag(fields, "@targetlabel", path)
    channels = next((fields[name][0] for name in ("@dimensions", "@dimension") if fields.get(name)), "")
    if not channels and _flag(fields, "@univariate", path):
        channels = "1"
    return _Header(
        label=CLASS if classed else TARGET if valued else "",
        classes=frozenset(fields["@classlabel"][1:]) if classed else frozenset(),
        stamped=_flag(fields, "@timestamps", path),
        channels=int(channels) if channels.isdecimal() else 0,
    )


def _flag(fields: Mapping[str, list[str]], name: str, path: Path) -> bool:
    if name not in fields:
        return False
    word = (fields[name] or [""])[0].lower()
    if word not in ("true", "false"):
        raise BadInput(
            msg("“{file}” says neither true nor false behind {field}.", file=path.name, field=name),
            hint=msg("Correct the header of the file."),
            context=str(path),
        )
    return word == "true"


def _row(text: str, header: _Header) -> tuple[list[str], str]:
    """(cells, what is wrong with the line)."""
    parts, label = _cut(text, header)
    cells = ["", label] if header.label else [""]
    if header.label and not label:
        return cells, msg("the line ends without its {column}: it may be cut off", column=header.label)
    if header.classes and label not in header.classes and label.lower() not in _GAPS:
        return cells, msg("“{label}” is none of the classes that the header lists", label=label[:_SHOWN])
    if header.channels and len(parts) != header.channels:
        return cells, _other_channels(len(parts), header.channels)
    try:
        channels = [_stamped(part) if header.stamped else _plain(part) for part in parts]
    except _NoSeries as error:
        return cells, error.reason
    if header.label:
        cells[1] = "" if label.lower() in _GAPS else label
    cells[0] = _text(channels)
    return cells, ""


class _NoSeries(Exception):
    """A line holds something that is no time and no number."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _other_channels(count: int, stated: int) -> str:
    return plural(
        "{n} channel where the header says {stated}",
        "{n} channels where the header says {stated}",
        count,
        stated=stated,
    )


def _cut(text: str, header: _Header) -> tuple[list[str], str]:
    """(the text of each channel, the label). Times may have colons themselves, inside of parentheses."""
    label = ""
    if header.stamped:
        body, _, end = text.rpartition(")")
        if header.label:
            label = end.partition(":")[2]
        return re.split(r":(?=\()", body + ")"), label.strip()
    if header.label and ":" in text:
        text, _, label = text.rpartition(":")
    return text.split(":"), label.strip()


_Channel = tuple[list[float] | None, list[float]]  # times, values


def _plain(part: str) -> _Channel:
    return None, [_number(word, index) for index, word in enumerate(part.split(","), start=1)]


def _stamped(part: str) -> _Channel:
    """The pairs “(time,value),(time,value)”; dates become seconds since 1970. Raises _NoSeries."""
    times, values = [], []
    for index, pair in enumerate(re.findall(r"\(([^()]*)\)", part), start=1):
        stamp, comma, word = pair.rpartition(",")
        if not comma:
            raise _NoSeries(msg("“({pair})” is no pair of time and value", pair=pair[:_SHOWN]))
        times.append(_moment(stamp.strip(), index))
        values.append(_number(word, index))
    return times, values


def _moment(stamp: str, index: int) -> float:
    try:
        moment = float(stamp)
    except ValueError:
        moment = _DATES.moment(stamp)
    if not math.isfinite(moment):
        raise _NoSeries(
            msg("the time “{time}” of value {n:,} is neither a number nor a date", time=stamp[:_SHOWN], n=index)
        )
    return moment


def _number(word: str, index: int) -> float:
    text = word.strip()
    if text.lower() in _GAPS:
        return math.nan
    try:
        number = float(text)
    except ValueError:
        raise _NoSeries(msg("“{cell}”, value {n:,}, is no number", cell=text[:_SHOWN], n=index)) from None
    if math.isinf(number):
        raise _NoSeries(msg("value {n:,} is infinite", n=index))
    return number


def _text(channels: list[_Channel]) -> str:
    """The cell of a series; channels are called 1, 2, 3 …, as they stand."""
    if len(channels) == 1:
        times, values = channels[0]
        return series_text(values, times=times)
    first = channels[0][0]
    if len({len(values) for _, values in channels}) == 1 and all(times == first for times, _ in channels):
        return channels_text({str(n): values for n, (_, values) in enumerate(channels, start=1)}, times=first)
    moments = [moment for times, values in channels for moment in times or map(float, range(len(values)))]
    bands = [str(number) for number, (_, values) in enumerate(channels, start=1) for _ in values]
    return series_text([number for _, values in channels for number in values], times=moments, bands=bands)


def _part_of(path: Path) -> str:
    """“train” or “test” by the file's name; empty for others."""
    match = _PART.fullmatch(plain_name(path).name)
    return match["part"].lower() if match else ""


def _other_part(path: Path) -> Path | None:
    """The file of the other part, packed or not; None where there is none beside this one."""
    match = _PART.fullmatch(plain_name(path).name)
    if match is None:
        return None
    part = match["part"]
    word = {"train": "TEST", "test": "TRAIN"}[part.lower()]
    word = word if part.isupper() else word.capitalize() if part.istitle() else word.lower()
    names = [f"{match['stem']}_{word}{match['end']}{packed}" for packed in (path.suffix, *_PACKED)]
    return next((file for name in names if (file := path.with_name(name)).is_file() and file != path), None)


def _must_match(header: _Header, other: Path, reading: Reading) -> None:
    """Raise BadInput where the other part is no file of the same columns."""
    look = look_at(other, reading.model_copy(update={"sheet": AUTO}))
    if not FORMAT.fits(look) or _header(_fields(look.lines), other).label != header.label:
        raise BadInput(
            msg("“{file}” is no other part of the same data set.", file=other.name),
            hint=msg("Choose one of the two parts."),
            context=str(other),
        )


def _must_be_offered(reading: Reading, choices: tuple[str, ...]) -> None:
    if reading.sheet not in choices:
        raise BadInput(
            msg("There is no part “{part}”.", part=reading.sheet),
            hint=nearest(reading.sheet, choices[1:]) if len(choices) > 1 else msg("The file is the only one."),
        )


def _without_data(path: Path) -> BadInput:
    return BadInput(
        msg("“{file}” has no line “@data”.", file=path.name),
        hint=msg("Its end may be missing; copy or download it again."),
        context=str(path),
    )


FORMAT = TsFile()
