"""The result of a preflight check of a training: memory, time, disk, what the model reads, what looks wrong."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from sciapp.i18n import Text
from sciapp.records.base import Frozen
from sciapp.records.formatting import percent_text
from sciapp.records.run.progress import duration

Level = Literal["note", "warning", "problem"]


class PreflightWarning(Frozen):
    """Something about a plan that a person should know. problem: the training cannot go well as it stands."""

    level: Level
    message: Text
    advice: Text = ""

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class MemoryForecast(Frozen):
    """Bytes. peak: of the whole process, measured over a step with the largest batch; left: what could still be taken
    before it."""

    peak: int
    taken: int = Field(description="of the peak, what the step itself took")
    left: int
    rows: int = Field(description="of the largest batch")
    length: int = Field(description="tokens of each of its rows, padding included")
    fitted: str = Field("", description="how the batch was made to fit, in words; empty: it fits as it is")
    on_gpu: bool = False

    def __str__(self) -> str:
        where = "GPU memory" if self.on_gpu else "memory"
        text = (
            f"{megabytes(self.peak)} of {where} at the peak, measured over a step with the largest batch "
            f"({self.rows:,} rows of {self.length:,} tokens); {megabytes(self.left)} were free."
        )
        return text + (f" It only fits {self.fitted}; a run does this by itself." if self.fitted else "")


class TimeForecast(Frozen):
    """Seconds of all steps, from those that were timed. low, high: as fast or slow as the fastest and slowest."""

    steps: int
    steps_per_epoch: int
    low: float
    high: float
    timed: int = Field(description="steps that were timed")
    can_stop_early: bool

    def __str__(self) -> str:
        spans = [duration(self.low), duration(self.high)]
        about = f"{spans[0]} to {spans[1]}" if spans[0] != spans[1] else f"about {spans[0]}"
        text = f"{about} for {self.steps:,} steps, {self.steps_per_epoch:,} in each pass ({self.timed} were timed); "
        text += "preparing and judging come on top"
        return text + ("; early stopping may end it sooner." if self.can_stop_early else ".")


class DiskForecast(Frozen):
    """Bytes. needed: all checkpoints that may be kept at a time, and the finished model; least: what it takes for
    sure."""

    checkpoint: int
    needed: int
    least: int = 0
    free: int

    def __str__(self) -> str:
        return f"up to {megabytes(self.needed)} for checkpoints and the model; {megabytes(self.free)} are free."

    @property
    def fits(self) -> bool:
        return self.needed < self.free


class TruncatedRows(Frozen):
    """Rows longer than the model reads. how: what happens to them."""

    rows: int
    of: int
    longest: int = Field(description="tokens that are read of a row")
    how: str

    def __str__(self) -> str:
        if not self.rows:
            return f"No row is longer than the {self.longest:,} tokens that are read."
        share = f"{self.rows:,} of {self.of:,} rows ({percent_text(self.rows / self.of, 1)})"
        return f"{share} are longer than {self.longest:,} tokens and {self.how}."


class TokenizedRow(Frozen):
    """A training row, and its tokens turned back into text: what the model is shown."""

    original: str
    decoded: str
    tokens: int


class Preflight(Frozen):
    """A training that was tried out for some steps on a copy of the model; nothing of it is kept."""

    dataset: str
    model: str
    device: str
    parameters: int
    trainable: int
    memory: MemoryForecast
    time: TimeForecast
    disk: DiskForecast
    cut: TruncatedRows
    rows: tuple[TokenizedRow, ...] = Field(description="of the first batch")
    cautions: tuple[PreflightWarning, ...]

    @property
    def verdict(self) -> str:
        """In one sentence, whether to start."""
        problems = sum(caution.level == "problem" for caution in self.cautions)
        warnings = sum(caution.level == "warning" for caution in self.cautions)
        if problems:
            return f"{counted(problems, 'thing').capitalize()} should be changed before this training is started."
        if warnings:
            return f"The training can be started; {counted(warnings, 'thing')} should be looked at first."
        return "The training can be started."

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Name and sentence of each thing that was found out."""
        learnt = "" if self.trainable == self.parameters else f", {amount(self.trainable)} of them learn"
        return (
            ("Model", f"{self.model} on {self.device}: {amount(self.parameters)} parameters{learnt}."),
            ("Memory", str(self.memory)),
            ("Time", str(self.time)),
            ("Disk", str(self.disk)),
            ("Rows", str(self.cut)),
        )

    def lines(self) -> Iterator[str]:
        """For a terminal."""
        yield self.verdict
        yield ""
        for caution in self.cautions:
            yield f"{caution.level.capitalize()}: {caution}"
        if self.cautions:
            yield ""
        for name, message in self.facts:
            yield f"{name + ':':<8} {message}"
        yield "What the model reads of the first batch:"
        for row in self.rows:
            yield f"  {row.decoded}  ({row.tokens:,} tokens)"


def counted(number: int, word: str) -> str:
    """“one thing”, “3 things”"""
    return f"one {word}" if number == 1 else f"{number:,} {word}s"


def amount(number: int) -> str:
    """“13,000” or “12.3 million”"""
    return f"{number / 1e6:,.1f} million" if number >= 1e6 else f"{number:,}"


def megabytes(size: float) -> str:
    """“0.4 MB”, “120 MB” or “3.2 GB”"""
    if size >= 1e9:
        return f"{size / 1e9:,.1f} GB"
    return f"{size / 1e6:,.0f} MB" if size >= 10e6 else f"{size / 1e6:,.1f} MB"


# What augmentation does to some training rows, for people to look at before they train.


Marks = tuple[tuple[int, int], ...]


class AugmentationChoice(Frozen):
    """One augmentation of the dataset's domain. fits: it keeps the labels of this dataset true.

    settings: those of a plan that this one alone looks at; none for what is written anew in every pass.
    """

    name: str
    title: str
    help: str
    source: str
    fits: bool
    averages: bool
    settings: tuple[str, ...] = ()


class AugmentedExample(Frozen):
    """A training row as it was imported beside itself in a pass.

    removed, added: where (from, up to) the original has what the other lacks, and the other way round; none for
    another spelling of the same thing, of which every sign may differ. pictures: SVG, empty where there is none.
    """

    line: int
    original: str
    augmented: str
    augmentation: str
    removed: Marks = ()
    added: Marks = ()
    original_picture: str = ""
    augmented_picture: str = ""


class AugmentationPreview(Frozen):
    """looked_at: the first training rows; changed: how many of them are written anew in this pass, which counts from 1.

    masked_share: of the tokens, which the model does not see; this happens after what is shown here.
    """

    dataset: str
    number: int
    looked_at: int
    changed: int
    masked_share: float
    examples: tuple[AugmentedExample, ...]
    choices: tuple[AugmentationChoice, ...]

    def __str__(self) -> str:
        text = f"Pass {self.number}: {self.changed:,} of the first {self.looked_at:,} training rows change"
        text += " (not every row is drawn, and a row may come out as it was)."
        if self.masked_share:
            text += f" Of all rows, {self.masked_share:.0%} of the tokens are masked as well (not shown)."
        return text
