"""Inputs that are read as patches of measurements: a few neighbours of a spectrum, or one of a light curve.

Values are given to the network twice, in units of the training rows and in units of the series itself: the first tell
how bright, the second which shape. Times stay what they were measured as, errors are inputs, gaps are marked.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.inputs import Inputs
from sciapp.engine.domains.row_input import RowInput, parts_of
from sciapp.engine.domains.series.values import Channel, Floats, Series
from sciapp.engine.inputs.tokenization.tokens import TokenRows, Tokens
from sciapp.errors import BadInput
from sciapp.i18n import Message, msg
from sciapp.records.atomic import write_json
from sciapp.records.regular import json_in

PATCHES = "patches"
FILE = "series.json"
CHANNELS = ("value", "shape", "known", "time", "error", "signal")
"""Numbers of a measurement in a patch: its value by the training rows and by its own series, 1 where there is one, its
time within the patch, its error and its value in units of it."""
BEHIND = ("time", "band", "side")
"""Numbers behind those of the measurements: the patch's time, the number of its band, how manieth input of the row."""
_MOST_PATCHES, _MOST_POINTS = 32, 32  # of an even grid; of a patch
_FURTHEST = 8.0
_OFF_GRID = 0.01  # of a step
_OTHER = 0  # number of a band that no training row has
_LOOKED_AT = 20_000  # training rows


@dataclass
class SeriesReader:
    """A converter of series into patches, with the scale of the training rows; saved with the model.

    patch: measurements of a patch. grid: (start, step, points) where all training rows lie on one even grid: times are
    then shares of it, else durations since the first measurement in units of `time_scale`. bands: names, those of the
    network are numbered from 1. centre, spread, shape_centre, shape_spread: a list for each band, of all points of the
    grid, or of one number. error: usual error of each band, 0 without.
    """

    patch: int
    grid: tuple[float, float, int] | None
    time_scale: float
    bands: tuple[str, ...]
    centre: list[list[float]]
    spread: list[list[float]]
    shape_centre: list[list[float]]
    shape_spread: list[list[float]]
    error: list[float]
    model_max_length: int
    sciapp_inputs: str = "series"
    is_fast: bool = field(default=False, repr=False)
    pad_token_id: int | None = None
    unk_token_id: int | None = None
    mask_token_id: int | None = None

    def save_pretrained(self, folder: Any) -> None:
        write_json(Path(folder) / FILE, asdict(self))

    @property
    def width(self) -> int:
        """Numbers of a patch."""
        return self.patch * len(CHANNELS) + len(BEHIND)

    def decode(self, numbers: Any) -> str:
        """The values of a row's patches, in their own units as far as that can be told."""
        patches = np.asarray(numbers, dtype=np.float64).reshape(-1, self.width)
        centre, spread = float(np.mean(self.centre[0])), float(np.mean(self.spread[0]))
        return " ".join(f"{value * spread + centre:.4g}" for value in patches[:, : self.patch].ravel())

    def patches(self, series: Series, side: int = 0) -> npt.NDArray[np.float32]:
        """(patches, width) of a series, by time; each patch is of one band. Raises BadInput for a series whose axis has
        nothing in common with that of the training rows."""
        if problem := self.problem(series):
            raise BadInput(problem, hint=msg("Bring its values to that axis, or train a model on such series."))
        begin = series.times[series.known][0]
        rows = [part for name, channel in zip(series.bands, series, strict=True)
                for part in self._of_band(name, channel, float(begin), side)]  # fmt: skip
        rows.sort(key=lambda row: row[-len(BEHIND)])
        return np.array(rows, dtype=np.float32)

    def problem(self, series: Series) -> str:
        """The reason why a series cannot be read; empty where it can."""
        if self.grid is None:
            return ""
        start, step, points = self.grid
        steps = (series.times - start) / step
        shared = (np.abs(steps - np.rint(steps)) < _OFF_GRID) & (steps > -0.5) & (steps < points - 0.5)
        if shared.any():
            return ""
        return msg(
            "A series from {first:g} to {last:g} lies on another axis than those that the model learnt from, "
            "{start:g} to {end:g}.",
            first=series.times[0],
            last=series.times[-1],
            start=start,
            end=start + step * (points - 1),
        )

    def _of_band(self, name: str, channel: Channel, begin: float, side: int) -> list[Floats]:
        number = self.bands.index(name) + 1 if name in self.bands else _OTHER
        index = max(0, number - 1)
        keep = np.ones(len(channel.times), dtype=bool) if self.grid else ~np.isnan(channel.values)
        times, values = channel.times[keep], channel.values[keep]
        errors = None if channel.errors is None else channel.errors[keep]
        known = ~np.isnan(values)
        if not known.any():
            return []
        columns = np.zeros((len(times), len(CHANNELS)))
        columns[:, 0] = self._scaled(values, times, self.centre[index], self.spread[index])
        columns[:, 1] = self._scaled(_normal(values), times, self.shape_centre[index], self.shape_spread[index])
        columns[:, 2] = known
        if errors is not None and self.error[index] > 0:
            there = np.isfinite(errors) & (errors > 0)
            columns[there, 4] = np.log10(errors[there] / self.error[index])
            columns[there, 5] = np.arcsinh(np.nan_to_num(values[there]) / errors[there]) / 3
        moments = self._moments(times, begin)
        pieces = []
        for first in range(0, len(times), self.patch):
            part = columns[first : first + self.patch].copy()
            middle = float(moments[first : first + self.patch].mean())
            if not part[:, 2].any():
                continue
            part[:, 3] = (moments[first : first + self.patch] - middle) * len(times)
            padded = np.zeros((self.patch, len(CHANNELS)))
            padded[: len(part)] = np.clip(np.nan_to_num(part), -_FURTHEST, _FURTHEST)
            pieces.append(np.concatenate([padded.T.ravel(), [middle, number, side]]))
        return pieces

    def _moments(self, times: Floats, begin: float) -> Floats:
        if self.grid is None:
            return (times - begin) / self.time_scale
        start, step, points = self.grid
        return (times - start) / (step * max(1, points - 1))

    def _scaled(self, values: Floats, times: Floats, centre: Sequence[float], spread: Sequence[float]) -> Floats:
        """In units of the training rows; of a grid those of the point that is nearest."""
        where: npt.NDArray[np.int64] = np.zeros(len(times), dtype=np.int64)
        if self.grid is not None and len(centre) > 1:
            start, step, _ = self.grid
            where = np.clip(np.rint((times - start) / step), 0, len(centre) - 1).astype(np.int64)
        return np.asarray((values - np.asarray(centre)[where]) / np.asarray(spread)[where], dtype=np.float64)


class SeriesPatches:
    """Canonical series as patches; see `SeriesReader`."""

    plain = False

    def fresh_reader(self, inputs: Inputs, rows: Iterable[str]) -> SeriesReader:
        """The scale of these rows, which are the training's; an even grid is cut into 17 to 32 patches."""
        series = [Series.parse(row) for row in islice(rows, _LOOKED_AT)]
        bands = tuple(sorted({name for one in series for name in one.bands}))
        grid = _shared_grid(series)
        points = [len(one) for one in series]
        usual = grid[2] if grid else float(np.percentile(points, 95)) if points else 1.0
        most = _MOST_PATCHES if all(one.grid is not None for one in series) else inputs.longest / 2
        durations = [float(np.ptp(one.times[one.known])) for one in series]
        reader = SeriesReader(
            patch=int(min(_MOST_POINTS, max(1, math.ceil(usual / most)))),
            grid=grid,
            time_scale=float(np.median(durations)) or 1.0 if durations else 1.0,
            bands=bands,
            centre=[],
            spread=[],
            shape_centre=[],
            shape_spread=[],
            error=[],
            model_max_length=inputs.longest,
        )
        for name in bands:
            channels = [one.channel(name) for one in series if name in one.bands]
            for of, centres, spreads in (
                ([channel.values for channel in channels], reader.centre, reader.spread),
                ([_normal(channel.values) for channel in channels], reader.shape_centre, reader.shape_spread),
            ):
                centre, spread = _scale(of, by_point=grid is not None)
                centres.append(centre)
                spreads.append(spread)
            known = [channel.errors for channel in channels if channel.errors is not None]
            errors = np.concatenate(known) if known else np.zeros(0)
            errors = errors[np.isfinite(errors) & (errors > 0)]
            reader.error.append(float(np.median(errors)) if len(errors) else 0.0)
        return reader

    def load_reader(self, folder: Path) -> SeriesReader:
        value = json_in(folder / FILE)
        grid = value["grid"]
        reader = SeriesReader(
            **value
            | {"grid": (float(grid[0]), float(grid[1]), int(grid[2])) if grid else None, "bands": tuple(value["bands"])}
        )
        lists = (reader.centre, reader.spread, reader.shape_centre, reader.shape_spread, reader.error)
        if not 1 <= reader.patch <= _MOST_POINTS or any(len(part) != len(reader.bands) for part in lists):
            raise ValueError("the scale does not fit the bands")
        return reader

    def check(self, reader: SeriesReader, value: RowInput) -> None:
        for part in parts_of(value) if reader.grid else ():
            if problem := reader.problem(Series.parse(part)):
                raise Rejected(problem)

    def shortening(self, *, pairs: bool) -> Message:
        return msg("are thinned evenly")

    def encode(
        self, reader: SeriesReader, values: Sequence[RowInput], longest: int, check: Callable[[int], None]
    ) -> Tokens:
        """Rows that are too long are thinned evenly: of a light curve every second measurement, and so on."""
        rows, cut = [], 0
        for index, value in enumerate(values):
            if index % 500 == 0:
                check(index)
            sides = [reader.patches(Series.parse(part), side) for side, part in enumerate(parts_of(value))]
            row = np.concatenate(sides)
            if len(row) > longest:
                cut += 1
                row = row[np.linspace(0, len(row) - 1, longest).round().astype(np.int64)]
            rows.append(row)
        return Tokens(TokenRows.of(rows, name=PATCHES), cut)


def _normal(values: Floats) -> Floats:
    """The values of a series in units of their own spread (standard normal variate)."""
    spread = float(np.nanstd(values)) if np.isfinite(values).any() else 0.0
    return (values - np.nanmean(values)) / spread if spread > 0 else np.where(np.isnan(values), np.nan, 0.0)


def _shared_grid(series: Sequence[Series]) -> tuple[float, float, int] | None:
    """Start, step and points of the one even grid on which all of these lie; None where there is none."""
    grids = {(one.grid, len(one) // len(one.bands)) for one in series}
    if len(grids) != 1:
        return None
    ((grid, points),) = grids
    return (grid.start, grid.step, points) if grid is not None else None


def _scale(values: Sequence[Floats], *, by_point: bool) -> tuple[list[float], list[float]]:
    """Mean and spread of each point of a grid, or of all points; a point that never changes has the spread of all."""
    everything = np.concatenate(values)
    whole = float(np.nanstd(everything)) or 1.0
    if not by_point:
        low, high = np.nanpercentile(everything, [1, 99])
        held = np.clip(everything, low, high)  # a cosmic ray is no unit of brightness
        return [float(np.nanmean(held))], [float(np.nanstd(held)) or whole]
    table = np.stack(values)
    known = ~np.isnan(table)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, table, 0.0).sum(axis=0) / count
    spread = np.sqrt((np.where(known, table - mean, 0.0) ** 2).sum(axis=0) / count)
    return mean.tolist(), np.where(spread > 1e-6 * whole, spread, whole).tolist()


KIND = SeriesPatches()
