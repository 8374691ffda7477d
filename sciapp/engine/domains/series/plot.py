"""A small plot of a series as SVG: a line on an even grid, dots with error bars elsewhere, a colour for each band."""

from html import escape

import numpy as np

from sciapp.engine.domains.series.values import Channel, Floats, Series

_WIDTH, _HEIGHT = 360, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 8, 10, 26
_COLOURS = ("#1f5f8b", "#c8553d", "#4f8a3c", "#8a5fa8", "#b58900", "#3c8a86", "#7a4a2b", "#6b6b6b")
_MOST_TICKS = 6
_MOST_DOTS, _MOST_NAMES = 2000, 8


def plotted(series: Series) -> str:
    """The picture; axes are labelled with their numbers."""
    known = series.known
    across = _Axis.over(series.times, _LEFT, _WIDTH - _RIGHT)
    down = _Axis.over(series.values[known], _HEIGHT - _BOTTOM, _TOP)
    parts = [_frame(across, down)]
    for index, channel in enumerate(series):
        colour = _COLOURS[index % len(_COLOURS)]
        parts.append((_line if series.grid is not None else _dots)(channel, across, down, colour))
    if len(series.bands) > 1:
        parts.append(_names(series.bands))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'font-family="sans-serif" font-size="10">{"".join(parts)}</svg>'
    )


class _Axis:
    """Numbers from `low` to `high` laid on the pixels from `begin` to `end`."""

    def __init__(self, low: float, high: float, begin: float, end: float) -> None:
        self.low, self.high, self.begin, self.end = low, high, begin, end

    @classmethod
    def over(cls, numbers: Floats, begin: float, end: float) -> "_Axis":
        low, high = float(numbers.min()), float(numbers.max())
        room = 0.04 * (high - low) or abs(low) or 1.0
        return cls(low - room, high + room, begin, end)

    def at(self, number: float) -> float:
        share = (number - self.low) / (self.high - self.low)
        return round(self.begin + share * (self.end - self.begin), 1)

    def ticks(self) -> list[float]:
        """A few round numbers; zero is never written as −0."""
        finest = (self.high - self.low) / _MOST_TICKS
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
        marks.append(f'<text x="{x}" y="{bottom + 15}" text-anchor="middle" fill="#666">{number:g}</text>')
    for number in down.ticks():
        y = down.at(number)
        marks.append(f'<path d="M{left} {y}h-4" stroke="#888"/>')
        marks.append(f'<text x="{left - 6}" y="{y + 3.5}" text-anchor="end" fill="#666">{number:g}</text>')
    return box + "".join(marks)


def _line(channel: Channel, across: _Axis, down: _Axis, colour: str) -> str:
    """Broken at gaps; a value between two gaps is a dot."""
    known = ~np.isnan(channel.values)
    path, before = [], False
    for time, value, there in zip(channel.times, channel.values, known, strict=True):
        if there:
            path.append(f"{'L' if before else 'M'}{across.at(time)} {down.at(value)}{'' if before else 'h.1'}")
        before = bool(there)
    return f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="1.3"/>'


def _dots(channel: Channel, across: _Axis, down: _Axis, colour: str) -> str:
    known = np.flatnonzero(~np.isnan(channel.values))
    dots = []
    for index in known[:: max(1, -(-len(known) // _MOST_DOTS))]:
        x, value = across.at(channel.times[index]), float(channel.values[index])
        dots.append(f'<circle cx="{x}" cy="{down.at(value)}" r="1.8"/>')
        error = float("nan") if channel.errors is None else float(channel.errors[index])
        if error > 0:
            ends = [min(down.begin, max(down.end, down.at(value + sign * error))) for sign in (-1, 1)]
            dots.append(f'<path d="M{x} {ends[0]}V{ends[1]}" stroke="{colour}" stroke-width=".6"/>')
    return f'<g fill="{colour}">{"".join(dots)}</g>'


def _names(bands: tuple[str, ...]) -> str:
    texts = []
    for index, name in enumerate(bands[:_MOST_NAMES]):
        colour = _COLOURS[index % len(_COLOURS)]
        texts.append(f'<tspan fill="{colour}">{escape(name[:12])}&#160;&#160;</tspan>')
    return f'<text x="{_WIDTH - _RIGHT}" y="{_TOP + 8}" text-anchor="end" font-weight="bold">{"".join(texts)}</text>'
