"""Wide tables: a column for each wavelength or time, named by a number (`nm_1100`, `x_001`, `852.5`, `400 cm-1`).

Columns of several channels at the same times (`x_1` … `x_50`, `y_1` … `y_50`) are bands, named by what stands before
the number.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.columns import CellJoiner, PointWords
from sciapp.engine.domains.series.axis import NO_AXIS, Axis, axis_of_heading, placed, unit_text, words_of
from sciapp.engine.domains.series.values import Grid, Series, plain_numbers
from sciapp.i18n import Message, joined, msg
from sciapp.records.read_options import SeriesAxis, SeriesColumns

FEWEST = 8
"""Columns of one kind, from which on they are taken for a series without being asked."""
_UNITS = r"nm|cm-1|cm\^-1|cm⁻¹|[uµμ]m|å|[kmg]?hz|k?ev|m?s|sec|min|h|days?|ppm|m/z|°c"
_NAME = re.compile(
    rf"(?P<stem>.*?)(?:[\s_.:=(]*|-)(?P<number>(?:(?<=[_=(\s])-|^-)?\d+(?:\.\d+)?)[\s_]*(?P<unit>{_UNITS})?\)?",
    re.IGNORECASE,
)
_LEARNT = frozenset({"target", "label", "class", "task", "assay", "endpoint", "output", "fold", "split"})
_OF_SPECTRA = frozenset("nm cm-1 cm^-1 cm⁻¹ um µm μm å ev kev wavelength wl wn wavenumber raman nir".split())

POINT_WORDS = PointWords(
    id=frozenset(
        "id ids uid object obj star supernova sn snid source target track trajectory cell particle subject patient "
        "animal sensor device unit sample specimen series run experiment trial curve spectrum satellite body asteroid "
        "planet kic tic oid engine machine event name well probe".split()
    ),
    time=frozenset(
        "t time times mjd jd bjd hjd tjd btjd date datetime timestamp epoch day days hour hours hr minute minutes sec "
        "second seconds year years frame step cycle elapsed "
        "wavelength wavenumber nm frequency freq angle depth mz".split()
    ),
    count=frozenset("index frame no number row nr count cadence cadenceno".split()),
    band=frozenset("band bands filter filt passband fid flt channel component variable axis analyte".split()),
    error=frozenset(
        "err errs error errors e unc uncertainty sigma sig std sd stdev stddev se sem magerr fluxerr fluxcalerr".split()
    ),
    value=frozenset(
        "flux fluxes mag mags magnitude value values intensity signal absorbance reflectance counts rate rv "
        "measurement reading response luminosity fluxcal amplitude y".split()
    ),
)
"""Of the headings of long tables."""


class NumberedColumn(NamedTuple):
    """A column's name in parts: what stands before and behind the number."""

    stem: str
    number: float
    unit: str


def numbered(name: str) -> NumberedColumn | None:
    """The parts of a column's name; None for one without a number at its end."""
    match = _NAME.fullmatch(name.strip())
    if match is None:
        return None
    return NumberedColumn(match["stem"].strip(), float(match["number"]), (match["unit"] or "").lower())


class WideTable:
    """The columns of one series, which one column in the canonical text of its values replaces."""

    replaces = True
    point_words: PointWords | None = POINT_WORDS

    def family(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The largest set of columns that differ in their number alone, with all others that have the same numbers."""
        kinds: dict[tuple[str, str], dict[str, float]] = {}
        for name in columns:
            parts = numbered(name)
            if parts is not None and parts.stem.lower() not in _LEARNT:
                kinds.setdefault((parts.stem, parts.unit), {})[name] = parts.number
        sound = [kind for kind in kinds.values() if len(kind) >= FEWEST and len(set(kind.values())) == len(kind)]
        if not sound:
            return ()
        axis = set(max(sound, key=len).values())
        chosen = {name for kind in sound if set(kind.values()) == axis for name in kind}
        return tuple(name for name in columns if name in chosen)

    def title(self, columns: Sequence[str]) -> str:
        return f"{columns[0]} … {columns[-1]}"

    def reason(self, columns: Sequence[str], axis: SeriesAxis) -> Message:
        words, times = words_of(self.axis(columns, axis)), _times(columns, axis)
        first = numbered(columns[0])
        spectrum = words.unit.lower() in _OF_SPECTRA or (first is not None and first.stem.lower() in _OF_SPECTRA)
        span = joined([msg("{first:g} to {last:g}", first=times[0], last=times[-1]), unit_text(words.unit)])
        if spectrum:
            return msg("{columns} columns are one spectrum, {span}", columns=len(columns), span=span)
        return msg("{columns} columns are one series, {span}", columns=len(columns), span=span)

    def axis(self, columns: Sequence[str], stated: SeriesAxis) -> SeriesAxis:
        parts = [part for part in map(numbered, columns) if part is not None]
        same = len({(part.stem, part.unit) for part in parts}) == 1
        detected = axis_of_heading(parts[0].stem if same else "", parts[0].unit) if parts else NO_AXIS
        words = words_of(stated).over(detected)
        return stated.model_copy(update=words._asdict())

    def joiner(self, columns: Sequence[str], axis: SeriesAxis) -> CellJoiner:
        parts = [numbered(name) for name in columns]
        bands = [part.stem if part is not None else "" for part in parts]
        named = bands if len(set(bands)) > 1 else None
        times, words = _times(columns, axis), words_of(self.axis(columns, axis))

        def join(cells: Sequence[str]) -> str:
            listed = ";".join(cells)
            try:
                return Series.of(times, plain_numbers(listed), bands=named, axis=words).text
            except Rejected:
                return listed  # for whose fault `clean` has the words

        return join

    def axis_of_points(self, columns: SeriesColumns, stated: SeriesAxis) -> SeriesAxis:
        detected = axis_of_heading(columns.time)
        title = "" if columns.time == detected.unit else columns.time
        value = columns.values[0] if len(columns.values) == 1 else ""
        words = words_of(stated).over(detected).over(Axis(title=title, values=value))
        return stated.model_copy(update=words._asdict())

    def restated(self, axis: SeriesAxis) -> Callable[[str], str]:
        words = words_of(axis)

        def restate(cell: str) -> str:
            try:
                series = Series.parse(cell)
                times, span = series.times, float(series.times[-1])
                if series.grid == Grid(0, 1) and not (axis.start is None and axis.end is None and axis.step is None):
                    start, end = (placed(axis, time, 0, span, round(span) + 1) for time in (0, span))
                    times = start + (end - start) * times / span
                bands, own = [series.bands[index] for index in series.band], words.over(series.axis)
                return Series.of(times, series.values, bands=bands, errors=series.errors, axis=own).text
            except Rejected:
                return cell

        return restate


def _times(columns: Sequence[str], axis: SeriesAxis) -> list[float]:
    """The number of each column on the axis. Raises BadInput for an axis that does not fit them."""
    parts = [numbered(name) for name in columns]
    numbers = [float(index) if part is None else part.number for index, part in enumerate(parts)]
    if axis.start is None and axis.end is None and axis.step is None:
        return numbers
    return [placed(axis, number, numbers[0], numbers[-1], len(set(numbers))) for number in numbers]


WIDE_TABLE = WideTable()
