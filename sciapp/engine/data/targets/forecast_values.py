"""Targets of a forecast, and the past that they are counted from.

A target is the value of a band some steps behind the end of the input: “x +1” to “x +5”. In memory it is a multiple of
the series' own usual step, counted from its last known value: so slow and fast, near and far series are learnt alike.
A series that hardly moved in its input would make such multiples of any size; its step is no smaller than a share of
the usual one of the training rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from sciapp.engine.data.targets.base import ArrayTargets, Floats, Ints
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.measured import UNNAMED, Measured
from sciapp.engine.domains.registry import domain_named, domain_of
from sciapp.engine.domains.row_input import RowInput, only_part
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard

_LEAST_STEP = 0.1  # of the usual step of the training rows


@dataclass(frozen=True)
class ForecastTargets(ArrayTargets):
    """values (rows, targets), NaN where not measured. last: the last known value of the target's band in the input,
    scale: its usual step there, the mean absolute difference of neighbours; both (rows, targets), NaN and 0 for none.
    """

    last: Floats
    scale: Floats

    def __getitem__(self, rows: Ints) -> "ForecastTargets":
        return ForecastTargets(self.values[rows], self.last[rows], self.scale[rows])

    def followed_by(self, other: "ForecastTargets") -> "ForecastTargets":
        """These rows, then those of `other`."""
        both = ((getattr(self, name), getattr(other, name)) for name in ("values", "last", "scale"))
        return ForecastTargets(*(np.concatenate(parts) for parts in both))

    @property
    def relative(self) -> Floats:
        """Multiples of the usual step from the last value (rows, targets); NaN where there is neither."""
        return to_relative(self.values, self.last, self.scale)


def to_relative(values: Floats, last: Floats, scale: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(scale > 0, (values - last) / scale, np.nan)


def forecast_targets(targets: object) -> ForecastTargets:
    """Targets of a forecast, as what they are."""
    assert isinstance(targets, ForecastTargets), "a forecast starts from a series"
    return targets


def band_and_step(target: str) -> tuple[str, int]:
    """(“x”, 3) of “x +3”."""
    band, _, step = target.rpartition(" +")
    return band, int(step)


def bands_of(targets: Iterable[str]) -> tuple[str, ...]:
    """The bands of these targets, each once, in their order."""
    return tuple(dict.fromkeys(band_and_step(target)[0] for target in targets))


def steps_of(targets: Iterable[str]) -> tuple[int, ...]:
    """The steps ahead of these targets, each once, in order."""
    return tuple(sorted({band_and_step(target)[1] for target in targets}))


def measured_reader(domain: Domain) -> Callable[[str], Measured]:
    """Reads the values of a domain as measurements. Raises BadInput for a domain whose values are none."""
    if domain.measured is None:
        raise BadInput(
            msg("A {domain} has no next values to predict.", domain=domain.name),
            hint=msg("Choose another task."),
        )
    return domain.measured


@lru_cache(maxsize=4096)
def _known_of_bands(domain: str, text: str) -> dict[str, tuple[Floats, Floats]]:
    """Times and values of each band of a canonical value, gaps left out."""
    value = measured_reader(domain_named(domain))(text)
    known = {}
    for name, band in zip(value.bands, value, strict=True):
        there = ~np.isnan(band.values)
        known[name] = (band.times[there], band.values[there])
    return known


@dataclass(frozen=True)
class PastReader:
    """The past of each target in inputs of a domain. least: by band, the smallest step that a target is counted in."""

    domain: str
    targets: tuple[str, ...]
    least: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of_card(cls, card: DatasetCard) -> "PastReader":
        return cls(domain_of(card).name, card.target_names, card.task_constants)

    @classmethod
    def of_training(cls, domain: str, targets: tuple[str, ...], inputs: Sequence[RowInput]) -> "PastReader":
        """With the smallest step by these inputs, which are the training rows'."""
        plain = cls(domain, targets)
        scale = plain.anchors(inputs)[1]
        least = {}
        for column, name in enumerate(targets):
            steps = scale[:, column][scale[:, column] > 0]
            if len(steps):
                least[band_and_step(name)[0]] = _LEAST_STEP * float(np.median(steps))
        return cls(domain, targets, least)

    @property
    def bands(self) -> tuple[str, ...]:
        return bands_of(self.targets)

    def band(self, value: RowInput, band: str) -> tuple[Floats, Floats]:
        """Times and known values (n,) of a band; of a series without bands whatever the name is."""
        bands = _known_of_bands(self.domain, only_part(value))
        return bands[band] if band in bands else bands.get(UNNAMED, (np.zeros(0), np.zeros(0)))

    def anchors(self, inputs: Sequence[RowInput]) -> tuple[Floats, Floats]:
        """Last value and usual step (rows, targets) of each target's band; see `ForecastTargets`."""
        bands = [band_and_step(name)[0] for name in self.targets]
        shape = len(inputs), len(bands)
        last, scale = np.full(shape, np.nan), np.zeros(shape)
        for row, value in enumerate(inputs):
            of_band = {band: self._anchor(value, band) for band in self.bands}
            last[row], scale[row] = zip(*(of_band[band] for band in bands), strict=True)
        return last, scale

    def ahead(self, inputs: Sequence[RowInput]) -> Floats:
        """Times of the steps ahead (rows, steps), as `steps_of` has them: they follow the last one in its usual gap."""
        steps = np.array(steps_of(self.targets), dtype=np.float64)
        times = np.full((len(inputs), len(steps)), np.nan)
        for row, value in enumerate(inputs):
            measured = np.unique(np.concatenate([self.band(value, band)[0] for band in self.bands]))
            if len(measured):
                gap = float(np.median(np.diff(measured))) if len(measured) > 1 else 1.0
                times[row] = measured[-1] + gap * steps
        return times

    def _anchor(self, value: RowInput, band: str) -> tuple[float, float]:
        values = self.band(value, band)[1]
        if not len(values):
            return np.nan, 0.0
        step = float(np.abs(np.diff(values)).mean()) if len(values) > 1 else 0.0
        return float(values[-1]), max(step, self.least.get(band, 0.0))
