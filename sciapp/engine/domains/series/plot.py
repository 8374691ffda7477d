"""A small plot of a series as SVG: a line on an even grid, dots with error bars elsewhere, a colour for each band."""

from html import escape

import numpy as np

from sciapp.engine.domains.series.values import Channel, Floats, Series
from sciapp.i18n import render

_WIDTH, _HEIGHT = 300, 220
_RIGHT, _TOP, _BOTTOM = 10, 10, 22
_FONT, _TITLE = 14, 18  # heights of the numbers, and of a line with a title: pictures are shown at half this size
_DIGIT = 9.0  # width of a digit
_COLOURS = ("#1f5f8b", "#c8553d", "#4f8a3c", "#8a5fa8", "#b58900", "#3c8a86", "#7a4a2b", "#6b6b6b")
_MOST_ACROSS, _MOST_DOWN = 4, 4  # ticks
_INK = "#444"  # pictures are drawn on paper, in dark windows too
_MOST_DOTS, _MOST_NAMES = 2000, 8


def plotted(series: Series) -> str:
    """The picture; axes are labelled with their numbers, and titles as far as the series knows them."""
    known = series.known
    title, values = render(series.axis.across), series.axis.values
    down = _Axis.over(series.values[known], _HEIGHT - _BOTTOM - (_TITLE if title else 0), _TOP, _MOST_DOWN)
    room = max(len(_number(number)) for number in down.ticks())
    left = 10 + room * _DIGIT + (_TITLE if values else 0)
    across = _Axis.over(series.times, left, _WIDTH - _RIGHT, _MOST_ACROSS)
    parts = [_frame(across, down), _titles(across, down, title, values)]
    for index, channel in enumerate(series):
        colour = _COLOURS[index % len(_COLOURS)]
        parts.append((_line if series.grid is not None else _dots)(channel, across, down, colour))
    if len(series.bands) > 1:
        parts.append(_names(series.bands))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'font-family="sans-serif" font-size="{_FONT}">{"".join(parts)}</svg>'
    )


class _Axis:
    """Numbers from `low` to `high` laid on the pixels from `begin` to `end`."""

    def __init__(self, low: float, high: float, begin: float, end: float, most: int) -> None:
        self.low, self.high, self.begin, self.end, self._most = low, high, begin, end, most

    @classmethod
    def over(cls, numbers: Floats, begin: float, end: float, most: int) -> "_Axis":
        """most: ticks."""
        low, high = float(numbers.min()), float(numbers.max())
        room = 0.04 * (high - low) or abs(low) or 1.0
        return cls(low - room, high + room, round(begin, 1), end, most)

    def at(self, number: float) -> float:
        share = (number - self.low) / (self.high - self.low)
        return round(self.begin + share * (self.end - self.begin), 1)

    def ticks(self) -> list[float]:
        """A few round numbers; zero is never written as −0."""
        finest = (self.high - self.low) / self._most
        unit = 10.0 ** np.floor(np.log10(finest))
        step = unit * next(factor for factor in (1, 2, 2.5, 5, 10) if factor * unit >= finest)
        first = np.ceil(self.low / step)
        return [float(f"{number * step:.10g}") + 0.0 for number in np.arange(first, np.floor(self.high / step) + 1)]


def _frame(across: _Axis, down: _Axis) -> str:
    left, right, bottom, top = across.begin, across.end, down.begin, down.end
    box = f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="#888"/>'
    marks = []
    for number in across.ticks():
        x = across.at(number)
        marks.append(f'<path d="M{x} {bottom}v4" stroke="#888"/>')
        half = len(_number(number)) * _DIGIT / 2
        if half < x < _WIDTH - half:
            marks.append(f'<text x="{x}" y="{bottom + 17}" text-anchor="middle" fill="{_INK}">{_number(number)}</text>')
    for number in down.ticks():
        y = down.at(number)
        marks.append(f'<path d="M{left} {y}h-4" stroke="#888"/>')
        marks.append(f'<text x="{left - 6}" y="{y + 5}" text-anchor="end" fill="{_INK}">{_number(number)}</text>')
    return box + "".join(marks)


def _titles(across: _Axis, down: _Axis, title: str, values: str) -> str:
    """The title beneath the axis, and that of the values along theirs."""
    middle, centre = (across.begin + across.end) / 2, (down.begin + down.end) / 2
    texts = []
    if title:
        texts.append(f'<text x="{middle}" y="{_HEIGHT - 5}" text-anchor="middle" fill="{_INK}">{escape(title)}</text>')
    if values:
        place = f'transform="translate(13 {centre}) rotate(-90)"'
        texts.append(f'<text {place} text-anchor="middle" fill="{_INK}">{escape(values)}</text>')
    return "".join(texts)


def _number(number: float) -> str:
    return f"{number:g}".replace("-", "−")


def _line(channel: Channel, across: _Axis, down: _Axis, colour: str) -> str:
    """Broken at gaps; a value between two gaps is a dot."""
    known = ~np.isnan(channel.values)
    path, before = [], False
    for time, value, there in zip(channel.times, channel.values, known, strict=True):
        if there:
            path.append(f"{'L' if before else 'M'}{across.at(time)} {down.at(value)}{'' if before else 'h.1'}")
        before = bool(there)
    return f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="1.8"/>'


def _dots(channel: Channel, across: _Axis, down: _Axis, colour: str) -> str:
    known = np.flatnonzero(~np.isnan(channel.values))
    dots = []
    for index in known[:: max(1, -(-len(known) // _MOST_DOTS))]:
        x, value = across.at(channel.times[index]), float(channel.values[index])
        dots.append(f'<circle cx="{x}" cy="{down.at(value)}" r="2.2"/>')
        error = float("nan") if channel.errors is None else float(channel.errors[index])
        if error > 0:
            ends = [min(down.begin, max(down.end, down.at(value + sign * error))) for sign in (-1, 1)]
            dots.append(f'<path d="M{x} {ends[0]}V{ends[1]}" stroke="{colour}" stroke-width=".6"/>')
    return f'<g fill="{colour}">{"".join(dots)}</g>'


def _names(bands: tuple[str, ...]) -> str:
    texts = []
    for index, name in enumerate(bands[:_MOST_NAMES]):
        colour = _COLOURS[index % len(_COLOURS)]
        texts.append(f'<tspan fill="{colour}">&#160;&#160;{escape(name[:12])}</tspan>')
    place = f'x="{_WIDTH - _RIGHT}" y="{_TOP + 6}" text-anchor="end"'
    return f'<text {place} font-weight="bold" xml:space="preserve">{"".join(texts)}</text>'
