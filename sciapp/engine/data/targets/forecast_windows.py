"""Rows of a forecast: each series cut into what is read and what is predicted, or into sliding windows of both.

Windows are cut in time: what trains lies before what validates, and that before what tests, and no window crosses a
cut. Series that were measured at the same times, as on one clock, are all cut at the same two times: what happened to
all of them on one day is not learnt from one and asked of another. Series without a common clock are each cut by their
own times. Without windows, or divided by a column, a series is in one split as a whole.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np

from sciapp.engine.data.targets.base import Floats, TableRow, TableRows
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.measured import Measured
from sciapp.errors import BadInput, UnknownColumn
from sciapp.i18n import msg
from sciapp.records.dataset.card import SPLITS

SPLIT_COLUMN = "forecast split"
"""Derived column: the split that a window belongs to by its time."""
FEWEST = 3  # steps of an input: a last value, and two differences
_LOOKED_AT = 5000  # series, for the names of their bands

Reader = Callable[[str], Measured]


@dataclass(frozen=True)
class SeriesSurvey:
    """bands: of the first series, sorted. steps: of each series (times,), all of them; empty where they were not asked
    for."""

    bands: tuple[str, ...]
    steps: tuple[Floats, ...]

    @classmethod
    def of(cls, rows: TableRows, column: str, read: Reader, *, all_steps: bool) -> "SeriesSurvey":
        """Raises UnknownColumn, and BadInput where the column holds no series."""
        names, steps, bad = set[str](), [], ""
        with closing(rows):
            header = next(rows).cells
            if column not in header:
                raise UnknownColumn(column, header)
            index = header.index(column)
            for number, record in enumerate(rows):
                if number >= _LOOKED_AT and not all_steps:
                    break
                if record.problem or index >= len(record.cells) or not record.cells[index].strip():
                    continue
                try:
                    series = read(record.cells[index])
                except Rejected as error:
                    bad = bad or msg("line {line:,}: {reason}", line=record.line, reason=error.reason)
                    continue
                if number < _LOOKED_AT:
                    names.update(series.bands)
                if all_steps:
                    steps.append(np.unique(series.times))
        if not names:
            raise BadInput(
                msg("“{column}” holds no series, so there are no next values to predict.", column=column),
                hint=msg("Choose the column of the series, or another task."),
                context=bad,
            )
        return cls(tuple(sorted(names)), tuple(steps))

    @property
    def on_one_clock(self) -> bool:
        """True if the times of the series overlap, one with the next, without a gap between some and others."""
        spans = sorted((times[0], times[-1]) for times in self.steps)
        reached = spans[0][1] if spans else 0.0
        for first, last in spans[1:]:
            if first > reached:
                return False
            reached = max(reached, last)
        return len(spans) > 1

    def common_cuts(self, fractions: tuple[float, float, float]) -> tuple[float, float]:
        """The first times of validation and of test, behind so many of all steps."""
        times = np.sort(np.concatenate(self.steps))
        ends = np.round(np.cumsum(fractions[:2]) * len(times)).astype(int)
        first, second = times[np.clip(ends, 0, len(times) - 1)].tolist()
        return float(first), float(second)


@dataclass(frozen=True)
class Windows:
    """The rows that a table of series becomes.

    window: steps that are read, 0 for all of them. fractions: of the time, by split; None: windows are not divided by
    time. cuts: the first times of validation and test, of all series; None: each series is cut by its own times.
    """

    column: str
    read: Reader
    bands: tuple[str, ...]
    horizon: int
    window: int
    stride: int
    fractions: tuple[float, float, float] | None
    cuts: tuple[float, float] | None = None

    def cut_in_common(self, survey: SeriesSurvey) -> "Windows":
        """The same, cut at the same times where the series share a clock and every split has windows then."""
        if self.fractions is None or not survey.on_one_clock:
            return self
        common = replace(self, cuts=survey.common_cuts(self.fractions))
        splits = {split for steps in survey.steps for _, _, split in common._spans(steps)}
        return common if splits == set(range(len(SPLITS))) else self

    def must_fill_splits(self, survey: SeriesSurvey) -> None:
        """Raise BadInput where windows are divided by time and a split has none of them."""
        if self.fractions is None or not survey.steps:
            return
        splits = {split for steps in survey.steps for _, _, split in self._spans(steps)}
        longest = max(map(len, survey.steps))
        if splits and splits != set(range(len(SPLITS))):
            raise BadInput(
                msg(
                    "The series are too short to be cut into training, validation and test by time: the longest has "
                    "{steps} steps, and a window with what is predicted takes {length}.",
                    steps=longest,
                    length=self.length,
                ),
                hint=msg(
                    "Choose shorter windows or a shorter horizon ({least} steps of a series are enough for all "
                    "three), or divide whole series: --window 0, or --split group with --group.",
                    least=3 * self.length,
                ),
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the targets."""
        return tuple(f"{band or self.column} +{step}" for band in self.bands for step in range(1, self.horizon + 1))

    def remarks(self) -> tuple[str, ...]:
        if not self.window:
            return (
                msg(
                    "The last {horizon} steps of each series are predicted from all before them.", horizon=self.horizon
                ),
            )
        windows = msg(
            "Windows of {window} steps and the {horizon} behind them, every {stride}",
            window=self.window,
            horizon=self.horizon,
            stride=self.stride,
        )
        if self.fractions is None:
            return (msg("{windows}; the windows of a series stay together as the split says.", windows=windows),)
        train, validation, test = self.fractions
        if self.cuts is not None:
            first, second = self.cuts
            return (
                msg(
                    "{windows}. The series share a clock and are all cut at the same times: training ends before "
                    "{first:.10g}, validation before {second:.10g} ({train:.0%}, {validation:.0%} and {test:.0%} of "
                    "all steps). Windows that would cross a cut are left out: no two splits have a time in common.",
                    windows=windows,
                    first=first,
                    second=second,
                    train=train,
                    validation=validation,
                    test=test,
                ),
            )
        return (
            msg(
                "{windows}. Each series is cut in time ({train:.0%} training, then {validation:.0%} validation, then "
                "{test:.0%} test), and windows that would cross a cut are left out: no two splits have a time of a "
                "series in common.",
                windows=windows,
                train=train,
                validation=validation,
                test=test,
            ),
        )

    def reshaped(self, records: TableRows) -> TableRows:
        with closing(records):
            header = next(records)
            index = header.cells.index(self.column)
            extra = [*self.names, *([SPLIT_COLUMN] if self.fractions else [])]
            yield header._replace(cells=[*header.cells, *extra])
            for record in records:
                if record.problem or len(record.cells) != len(header.cells):
                    yield record._replace(cells=[*record.cells, *[""] * len(extra)])
                else:
                    yield from self._rows(record, index, len(extra))

    def _rows(self, record: TableRow, index: int, extra: int) -> Iterator[TableRow]:
        """One row for each window; a series that has none, and a window with no past, say so in `problem`."""

        def rejected(reason: str) -> TableRow:
            return record._replace(cells=[*record.cells, *[""] * extra], problem=reason, reason=RejectionReason.INVALID)

        try:
            series = self.read(record.cells[index])
        except Rejected as error:
            yield rejected(msg("“{column}”: {reason}", column=self.column, reason=error.reason))
            return
        steps = np.unique(series.times)
        spans = list(self._spans(steps))
        for first, last, split in spans:
            begin, end = steps[first], steps[last - self.horizon - 1]
            try:
                past = series.between(begin, end)
            except Rejected as error:  # all of it, or nearly all, is gaps
                yield rejected(
                    msg("the window from {begin:g} to {end:g}: {reason}", begin=begin, end=end, reason=error.reason)
                )
                continue
            cells = list(record.cells)
            cells[index] = past.text
            future = [_cells(series, band, steps[last - self.horizon : last]) for band in self.bands]
            named = [SPLITS[split]] if self.fractions else []
            yield record._replace(cells=[*cells, *(cell for band in future for cell in band), *named])
        if not spans:
            yield rejected(
                msg("the series has {steps} steps; {least} are needed", steps=len(steps), least=self.length)
                if len(steps) < self.length
                else msg("each window of the series would cross a cut between two splits")
            )

    @property
    def length(self) -> int:
        """Steps of a window and its horizon, at least."""
        return (self.window or FEWEST) + self.horizon

    def _spans(self, steps: Floats) -> Iterator[tuple[int, int, int]]:
        """First step and end of each window with its horizon, and its split. steps: the times of a series (n,)."""
        if not self.window:
            if len(steps) >= self.length:
                yield 0, len(steps), 0
            return
        for split, (begin, end) in enumerate(self._parts(steps)):
            yield from (
                (first, first + self.length, split) for first in range(begin, end - self.length + 1, self.stride)
            )

    def _parts(self, steps: Floats) -> list[tuple[int, int]]:
        """Begin and end of the part of a series that each split has. Of a series that is cut by its own times and too
        short for it all trains; else validation and test have one window at least."""
        count = len(steps)
        if self.cuts is not None:
            first, second = np.searchsorted(steps, self.cuts).tolist()
            return [(0, first), (first, second), (second, count)]
        if self.fractions is None or count < 3 * self.length:
            return [(0, count)]
        tested, validated = (max(self.length, round(count * share)) for share in reversed(self.fractions[1:]))
        trained = max(self.length, count - tested - validated)
        validated = min(validated, count - trained - self.length)
        return [(0, trained), (trained, trained + validated), (trained + validated, count)]


def _cells(series: Measured, band: str, times: Floats) -> list[str]:
    """The values of a band at these times; empty where it was not measured."""
    channel = series.channel(band) if band in series.bands else None
    if channel is None:
        return [""] * len(times)
    known = dict(zip(channel.times.tolist(), channel.values.tolist(), strict=True))
    numbers = [known.get(time, np.nan) for time in times.tolist()]
    return ["" if np.isnan(number) else repr(float(number)) for number in numbers]
