"""The record of likeness between a dataset's test and training rows: `datasets/<id>/leakage.json`."""

from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field

from sciapp.i18n import Text, msg, plural
from sciapp.records.atomic import write_text
from sciapp.records.plan.plan import Frozen
from sciapp.records.regular import text_in

BINS = 20

Level = Literal["clean", "careful", "leak"]


class Neighbours(Frozen):
    """The nearest training row of each test row that was looked at; the three tuples (rows looked at,).

    training_looked_at: where it is less than training_rows, a nearer one may be among the others. lower_bound: not
    every test row was compared with all of them.
    """

    rows: int
    looked_at: int
    training_rows: int
    training_looked_at: int
    lines: tuple[int, ...] = Field(description="source lines of the test rows")
    similarities: tuple[float, ...]
    neighbour_lines: tuple[int, ...] = Field(description="source lines of the nearest training rows")
    lower_bound: bool = False

    def at_least(self, similarity: float) -> int:
        """Number of rows looked at that have a training row that is so alike."""
        return sum(one >= similarity for one in self.similarities)

    def bins(self) -> tuple[tuple[float, ...], tuple[int, ...]]:
        """Edges (n + 1) from 0 to 1 and counts (n) of the similarities."""
        counts = [0] * BINS
        for one in self.similarities:
            counts[min(int(one * BINS + 1e-9), BINS - 1)] += 1
        return tuple(index / BINS for index in range(BINS + 1)), tuple(counts)

    @property
    def summary(self) -> str:
        """“113 test rows, each beside 901 training rows”, with what was left out."""
        ours, theirs = _part_of(self.looked_at, self.rows), _part_of(self.training_looked_at, self.training_rows)
        if not self.lower_bound:
            return msg("{ours} test rows, each compared with {theirs} training rows", ours=ours, theirs=theirs)
        return msg(
            "{ours} test rows, each compared with {theirs} training rows, the likeliest and a sample of the others: "
            "nearer ones may be missed",
            ours=ours,
            theirs=theirs,
        )


def _part_of(part: int, whole: int) -> str:
    return msg("{part:,} of {whole:,}", part=part, whole=whole) if part < whole else msg("{whole:,}", whole=whole)


class SplitOverlap(Frozen):
    """Values in two splits at once: inputs to the letter, or groups of the group column."""

    what: Literal["input", "group"]
    splits: tuple[str, str]
    count: int

    @property
    def words(self) -> str:
        """“3 inputs”."""
        if self.what == "group":
            return plural("{n:,} group", "{n:,} groups", self.count)
        return plural("{n:,} input", "{n:,} inputs", self.count)


class TargetShift(Frozen):
    """Comparison of the distribution of a target in `split` with that in training.

    statistic: the greatest distance between the distributions (Kolmogorov–Smirnov), or Cramér's V of the table of
    counts (chi-squared); both from 0 to 1. p_value: of the test, for this target alone.
    """

    target: str
    split: str
    test: Literal["Kolmogorov–Smirnov", "chi-squared"]
    statistic: float
    p_value: float
    notable: bool = Field(description="small p among all tests of the dataset, and a difference that matters")


class Leakage(Frozen):
    """The measure with its two marks, what was found, and one sentence on it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    schema_version: int = 1
    measure: str
    symbol: str
    alike: float
    near: float
    neighbours: Neighbours
    crossings: tuple[SplitOverlap, ...] = ()
    drifts: tuple[TargetShift, ...] = ()
    level: Level
    verdict: Text

    def write(self, file: Path) -> None:
        write_text(file, self.model_dump_json(indent=1) + "\n")


def read_leakage(file: Path) -> Leakage | None:
    """None where there is none, as in datasets from before, or where it cannot be read."""
    try:
        return Leakage.model_validate_json(text_in(file))
    except (OSError, ValueError):
        return None


def drift_words(drift: TargetShift) -> str:
    """“Kolmogorov–Smirnov 0.31, p < 0.001”."""
    p = "p < 0.001" if drift.p_value < 0.001 else f"p = {drift.p_value:.2g}"
    named = drift.test if drift.test == "Kolmogorov–Smirnov" else msg("chi-squared, Cramér’s V")
    return f"{named} {drift.statistic:.2f}, {p}"
