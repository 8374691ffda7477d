"""Series: spectra, light curves, tracks, sensor traces. Canonical form: the JSON text of `values`."""

from collections.abc import Callable, Mapping

import numpy as np

from sciapp.engine.domains.base import (
    Augmentation,
    Features,
    Identity,
    Repair,
    Similarity,
)
from sciapp.engine.domains.columns import ColumnJoiner
from sciapp.engine.domains.inputs import Inputs
from sciapp.engine.domains.measured import Measured
from sciapp.engine.domains.series.augment import AUGMENTATIONS
from sciapp.engine.domains.series.notation import without_words
from sciapp.engine.domains.series.plot import plotted
from sciapp.engine.domains.series.repairs import REPAIRS
from sciapp.engine.domains.series.values import Series as Values
from sciapp.engine.domains.series.wide_table import WIDE_TABLE
from sciapp.engine.domains.usual import UsualDomain
from sciapp.i18n import msg
from sciapp.records.dataset.card import DomainName

_LONGEST = 512  # patches
_SETS: Mapping[str, tuple[str, ...]] = {
    msg("the spectrum"): ("value ",),
    msg("the spectrum and its derivatives"): ("value ", "first derivative ", "second derivative "),
    msg("statistics and the period"): ("points", "band", "duration", "gaps", "motion ", "log period", "fold "),
    msg("all of them"): ("",),
}


class SeriesDomain(UsualDomain):
    """Nothing of a series is resampled: times, bands, gaps and errors are kept as they were measured."""

    name: DomainName = "series"
    unit = msg("points")
    inputs: Inputs = Inputs(kind="series", network="series", longest=_LONGEST, descriptor_sets=_SETS)
    costly = True
    simple_features: Features = "curves"
    example = Values.even(np.round(np.sin(np.arange(12.0)), 3)).text
    descriptors_called = msg("statistics, period and derivatives of the series")
    column_names = (
        "series", "spectrum", "light_curve", "lightcurve", "trace", "signal", "track", "curve", "spectra",
        "time_series", "timeseries", "flux", "absorbance", "intensity", "dim_0", "values",
    )  # fmt: skip
    joins_columns: ColumnJoiner | None = WIDE_TABLE
    measured: Callable[[str], Measured] | None = Values.parse
    reads_numbers = True
    repairs: Mapping[str, Repair[str]] = REPAIRS
    augmentations: Mapping[str, Augmentation[str]] = AUGMENTATIONS

    @property
    def likeness(self) -> Similarity[str]:
        from sciapp.engine.domains.series.similarity import CurveSimilarity

        return CurveSimilarity()

    def clean(self, value: str) -> str:
        return Values.parse(value).text

    def identity(self, value: str) -> Identity:
        return Identity(without_words(value))

    def units(self, value: str) -> list[str]:
        """The measurements, gaps left out."""
        series = Values.parse(value)
        return [f"{number:g}" for number in series.values[series.known]]

    def descriptors(self, value: str) -> Mapping[str, float]:
        from sciapp.engine.domains.series.descriptors import described  # scipy takes a while

        return described(Values.parse(value))

    def depict(self, value: str) -> str | None:
        return plotted(Values.parse(value))


DOMAIN = SeriesDomain()
