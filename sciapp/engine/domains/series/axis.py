"""The axis of a series in words: what lies along it and in which unit, and what its values are.

No numpy and no pydantic: the window reads it.
"""

import re
from typing import TYPE_CHECKING, NamedTuple

from sciapp.errors import BadInput
from sciapp.i18n import Message, joined, msg, term

if TYPE_CHECKING:
    from sciapp.records.read_options import SeriesAxis

_QUANTITIES = {
    **dict.fromkeys(("nm", "um", "µm", "μm", "å", "angstrom"), msg("Wavelength")),
    **dict.fromkeys(("cm-1", "cm^-1", "cm⁻¹"), msg("Wavenumber")),
    **dict.fromkeys(("ev", "kev"), msg("Energy")),
    **dict.fromkeys(("hz", "khz", "mhz", "ghz"), msg("Frequency")),
    **dict.fromkeys(("s", "ms", "sec", "min", "h", "d", "day", "days", "yr"), msg("Time")),
    "ppm": msg("Chemical shift"),
    "m/z": msg("Mass-to-charge ratio"),
    "°c": msg("Temperature"),
    "deg": msg("Angle"),
}
"""The quantity that a unit alone tells."""
DATES_UNIT = "s since 1970"
"""Unit of times that were dates."""
_SPELT = {
    DATES_UNIT: msg("s since 1970"),
    "cm-1": "cm⁻¹",
    "cm^-1": "cm⁻¹",
    "um": "µm",
    "angstrom": "Å",
    "å": "Å",
    "sec": "s",
    "day": "d",
    "days": "d",
}
_WORDS = {
    **dict.fromkeys(("wavelength", "wavelengths", "wl", "lambda"), (msg("Wavelength"), "")),
    **dict.fromkeys(("wavenumber", "wavenumbers", "wn"), (msg("Wavenumber"), "cm-1")),
    **dict.fromkeys(("raman", "ramanshift"), (msg("Raman shift"), "cm-1")),
    **dict.fromkeys(("frequency", "freq"), (msg("Frequency"), "")),
    **dict.fromkeys(("temperature", "temp"), (msg("Temperature"), "")),
    **dict.fromkeys(("time", "t", "elapsed"), (msg("Time"), "")),
    **{word: (word.upper(), "d") for word in ("mjd", "jd", "bjd", "hjd", "btjd", "tjd")},
    "energy": (msg("Energy"), ""),
    "angle": (msg("Angle"), ""),
    "2theta": ("2θ", "°"),
    "mz": ("", "m/z"),
}
"""Words of headings: the title and the unit that goes with it without being said."""
_VALUES = frozenset(
    "flux abs absorbance absorption reflectance transmittance transmission intensity signal counts current voltage "
    "mag magnitude power brightness luminosity pressure amplitude".split()
)
_UNIT = re.compile(
    r"(?P<title>.*?)[\s_.:]*[\[(]\s*(?P<unit>[^()\[\]]{1,12}?)\s*[\])]|"
    r"(?P<stem>.*?)[\s_](?P<behind>nm|[uµμ]m|cm-1|cm⁻¹|k?ev|[kmg]?hz|m?s|sec|min|h|days?|d|yr|ppm|deg)",
    re.IGNORECASE,
)


class Axis(NamedTuple):
    """title: of what lies along the axis. unit: of it. values: name, and unit, of what was measured. Empty: unknown."""

    title: str = ""
    unit: str = ""
    values: str = ""

    @property
    def across(self) -> Message:
        """“Wavelength (nm)”, of the title and the unit; the unit alone often says what it is of. Empty without both."""
        unit = unit_text(self.unit)
        title = term(self.title) if self.title else _QUANTITIES.get(self.unit.lower(), "")
        if title and unit:
            return msg("{title} ({unit})", title=title, unit=unit)
        return joined([title or unit])

    def over(self, other: "Axis") -> "Axis":
        """This one, with the other's words where it has none."""
        return Axis(*(own or theirs for own, theirs in zip(self, other, strict=True)))


NO_AXIS = Axis()


def unit_text(unit: str) -> str:
    """A unit as people write it: cm⁻¹ for cm-1."""
    return _SPELT.get(unit.lower(), unit)


def axis_of_heading(heading: str, unit: str = "") -> Axis:
    """The words of a heading (“time_s”, “Wavelength [nm]”, “wavenumber”, “flux”) and the unit beside its number."""
    text = heading.strip(" _.-:=")
    if text.lower() in _QUANTITIES and not unit:
        return Axis(unit=text)
    match = _UNIT.fullmatch(text)
    if match is not None and not unit:
        text, unit = (match["title"] or match["stem"] or "").strip(), match["unit"] or match["behind"]
    word = re.sub("[_ ]", "", text.lower())
    title, usual = _WORDS.get(word, ("", ""))
    if word in _VALUES:
        return Axis(unit=unit, values=text)
    return Axis(title, unit or usual)


def words_of(axis: "SeriesAxis") -> Axis:
    """The words of an axis that was stated."""
    return Axis(axis.title.strip(), axis.unit.strip(), axis.values.strip())


def placed(axis: "SeriesAxis", number: float, first: float, last: float, points: int) -> float:
    """The position of a point on the stated axis; number: its own, of `points` from `first` to `last`.

    Raises BadInput for an axis that says too little, or does not fit the points.
    """
    start, end, step = axis.start, axis.end, axis.step
    hint = msg("Give its start, and its end or its step; for example 850, 1050 and the unit nm.")
    if (start is None) + (end is None) + (step is None) > 1:
        raise BadInput(msg("The axis of the series is said in part only."), hint=hint)
    if points < 2 or last == first:
        raise BadInput(msg("A series with one point has no axis."), hint=msg("Leave the axis out."))
    spans = points - 1
    if step is not None:
        toward = -abs(step) if start is not None and end is not None and end < start else step
        start = end - toward * spans if start is None and end is not None else start
        assert start is not None
        if end is not None and abs(start + toward * spans - end) > 0.5 * abs(toward):
            raise BadInput(
                msg(
                    "From {start:g} in steps of {step:g}, {points:,} points end at {last:g} and not at {end:g}.",
                    start=start,
                    step=toward,
                    points=points,
                    last=start + toward * spans,
                    end=end,
                ),
                hint=msg("Leave the step out: it follows from the number of points."),
            )
        end = start + toward * spans
    assert start is not None and end is not None
    if start == end:
        raise BadInput(msg("The axis begins and ends at {start:g}.", start=start), hint=hint)
    return float(f"{start + (end - start) * (number - first) / (last - first):.12g}")
