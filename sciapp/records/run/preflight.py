"""The result of a preflight check of a training: memory, time, disk, what the model reads, what looks wrong."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from sciapp.i18n import Text, joined, msg, plural
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
        return joined([self.message, self.advice])


class MemoryForecast(Frozen):
    """Bytes. peak: of the whole process, measured over a step with the largest batch; left: what could still be taken
    before it."""

    peak: int
    taken: int = Field(description="of the peak, what the step itself took")
    left: int
    rows: int = Field(description="of the largest batch")
    length: int = Field(description="tokens of each of its rows, padding included")
    fitted: Text = Field("", description="how the batch was made to fit, in words; empty: it fits as it is")
    on_gpu: bool = False

    def __str__(self) -> str:
        where = msg("GPU memory") if self.on_gpu else msg("memory")
        peak = msg(
            "{peak} of {where} at the peak, measured over a step with the largest batch ({rows:,} rows of {length:,} "
            "tokens); {free} were free.",
            peak=megabytes(self.peak),
            where=where,
            rows=self.rows,
            length=self.length,
            free=megabytes(self.left),
        )
        if not self.fitted:
            return peak
        return joined([peak, msg("It only fits {how}; a run does this by itself.", how=self.fitted)])


class TimeForecast(Frozen):
    """Seconds of all steps, from those that were timed. low, high: as fast or slow as the fastest and slowest.
    members: of fitting the simple models beside the transformer."""

    steps: int
    steps_per_epoch: int
    low: float
    high: float
    timed: int = Field(description="steps that were timed")
    can_stop_early: bool
    members: float = 0.0

    def __str__(self) -> str:
        steps = self._of_steps()
        if self.members < 0.5:
            return steps
        return joined([steps, msg("The simple models take about {time} more.", time=duration(self.members))])

    def _of_steps(self) -> str:
        low, high = duration(self.low), duration(self.high)
        text = msg(
            "{time} for {steps:,} steps, {steps_per_epoch:,} in each pass ({timed} were timed); preparing and judging "
            "come on top",
            time=msg("about {time}", time=low) if low == high else msg("{low} to {high}", low=low, high=high),
            steps=self.steps,
            steps_per_epoch=self.steps_per_epoch,
            timed=self.timed,
        )
        if self.can_stop_early:
            return msg("{forecast}; early stopping may end it sooner.", forecast=text)
        return msg("{forecast}.", forecast=text)


class DiskForecast(Frozen):
    """Bytes. needed: all checkpoints that may be kept at a time, and the finished model; least: what it takes for
    sure."""

    checkpoint: int
    needed: int
    least: int = 0
    free: int

    def __str__(self) -> str:
        return msg(
            "up to {needed} for checkpoints and the model; {free} are free.",
            needed=megabytes(self.needed),
            free=megabytes(self.free),
        )

    @property
    def fits(self) -> bool:
        return self.needed < self.free


class TruncatedRows(Frozen):
    """Rows longer than the model reads. how: what happens to them."""

    rows: int
    of: int
    longest: int = Field(description="tokens that are read of a row")
    how: Text

    def __str__(self) -> str:
        if not self.rows:
            return msg("No row is longer than the {longest:,} tokens that are read.", longest=self.longest)
        share = msg(
            "{rows:,} of {all:,} rows ({share})",
            rows=self.rows,
            all=self.of,
            share=percent_text(self.rows / self.of, 1),
        )
        return msg(
            "{share} are longer than {longest:,} tokens and {how}.", share=share, longest=self.longest, how=self.how
        )


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
            return plural(
                "One thing should be changed before this training is started.",
                "{n:,} things should be changed before this training is started.",
                problems,
            )
        if warnings:
            return plural(
                "The training can be started; one thing should be looked at first.",
                "The training can be started; {n:,} things should be looked at first.",
                warnings,
            )
        return msg("The training can be started.")

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Name and sentence of each thing that was found out."""
        size = amount(self.parameters)
        if self.trainable == self.parameters:
            model = msg("{model} on {device}: {size} parameters.", model=self.model, device=self.device, size=size)
        else:
            model = msg(
                "{model} on {device}: {size} parameters, {learning} of them learn.",
                model=self.model,
                device=self.device,
                size=size,
                learning=amount(self.trainable),
            )
        return (
            (msg("Model"), model),
            (msg("Memory"), str(self.memory)),
            (msg("Time"), str(self.time)),
            (msg("Disk"), str(self.disk)),
            (msg("Rows"), str(self.cut)),
        )

    def lines(self) -> Iterator[str]:
        """For a terminal."""
        yield self.verdict
        yield ""
        for caution in self.cautions:
            yield msg("{level}: {warning}", level=_LEVELS[caution.level], warning=str(caution))
        if self.cautions:
            yield ""
        for name, message in self.facts:
            yield msg("{name:<8} {fact}", name=msg("{name}:", name=name), fact=message)
        yield msg("What the model reads of the first batch:")
        for row in self.rows:
            yield "  " + msg("{text}  ({tokens:,} tokens)", text=row.decoded, tokens=row.tokens)


_LEVELS = {"problem": msg("Problem"), "warning": msg("Warning"), "note": msg("Note")}


def amount(number: int) -> str:
    """“13,000” or “12.3 million”"""
    return msg("{millions:,.1f} million", millions=number / 1e6) if number >= 1e6 else msg("{number:,}", number=number)


def megabytes(size: float) -> str:
    """“0.4 MB”, “120 MB” or “3.2 GB”"""
    if size >= 1e9:
        return msg("{size:,.1f} GB", size=size / 1e9)
    return msg("{size:,.0f} MB", size=size / 1e6) if size >= 10e6 else msg("{size:,.1f} MB", size=size / 1e6)


# What augmentation does to some training rows, for people to look at before they train.


Marks = tuple[tuple[int, int], ...]


class AugmentationChoice(Frozen):
    """One augmentation of the dataset's domain. fits: it keeps the labels of this dataset true.

    settings: those of a plan that this one alone looks at; none for what is written anew in every pass.
    """

    name: str
    title: Text
    help: Text
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
        text = msg(
            "Pass {number}: {changed:,} of the first {rows:,} training rows change (not every row is drawn, and a row "
            "may come out as it was).",
            number=self.number,
            changed=self.changed,
            rows=self.looked_at,
        )
        if not self.masked_share:
            return text
        masked = msg("Of all rows, {share:.0%} of the tokens are masked as well (not shown).", share=self.masked_share)
        return joined([text, masked])
