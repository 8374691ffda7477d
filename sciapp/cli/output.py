"""Output of the command line: words for people, one JSON document for programs, never both on the same stream."""

import json
import sys
from textwrap import fill
from typing import Any

from tqdm import tqdm

from sciapp.engine.runtime.progress import Progress
from sciapp.errors import SciAppError
from sciapp.i18n import rendered
from sciapp.records.dataset.findings import Finding, QualityReport, choice_text
from sciapp.records.formatting import lower_first
from sciapp.records.run.evaluation import Evaluation, Scores
from sciapp.records.run.pretraining import Pretraining
from sciapp.records.run.score_format import score_title, with_interval


class Printer:
    """With `json` standard output carries exactly one JSON document; what is for people goes to standard error."""

    def __init__(self, *, json: bool) -> None:
        self._json = json
        self._bar: tqdm[Any] | None = None
        self._stage = ""

    def say(self, text: str) -> None:
        """A line for people; it goes above a bar that is being drawn."""
        stream = sys.stderr if self._json else sys.stdout
        tqdm.write(text, file=stream)
        stream.flush()

    def result(self, value: Any, text: str = "") -> None:
        """Print the result of the command: `value` as JSON, or `text`."""
        self.end_progress()
        if self._json:
            json.dump(rendered(value), sys.stdout, ensure_ascii=False, indent=2, default=str)
            sys.stdout.write("\n")
        elif text:
            print(text)

    def error(self, error: SciAppError) -> None:
        self.end_progress()
        if self._json:
            content = {"message": error.message, "hint": error.hint, "context": error.context}
            json.dump({"error": content}, sys.stdout, ensure_ascii=False)
            sys.stdout.write("\n")
        else:
            print(f"sciapp: {error.message}", file=sys.stderr)
            if error.hint:
                print(f"        {error.hint}", file=sys.stderr)

    def show_progress(self, stage: str, done: int, total: int) -> None:
        """A bar on a terminal, a line a stage otherwise."""
        if sys.stderr.isatty():
            self._draw(stage, done, total)
        elif stage != self._stage:
            self.say(f"{stage}…")
        self._stage = stage

    def progress(self) -> Progress:
        """For actions; nobody cancels them but by a signal."""
        return Progress(self.show_progress, note=self.say)

    def end_progress(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _draw(self, stage: str, done: int, total: int) -> None:
        if self._bar is None or stage != self._stage:
            self.end_progress()
            self._bar = tqdm(total=total or None, desc=stage, leave=False, dynamic_ncols=True)
        self._bar.total = total or None
        self._bar.n = done
        self._bar.refresh()


def evaluation_text(evaluation: Evaluation) -> str:
    """The table of scores and the verdict."""
    return f"{scores_text(evaluation)}\n\n{evaluation.verdict}"


def pretraining_text(record: Pretraining) -> str:
    """The data and the outcome of a self-supervised run."""
    return f"{record}\n{record.verdict}"


def scores_text(evaluation: Evaluation) -> str:
    """The scores as a table with intervals, the baselines beside them."""
    columns = [evaluation.model]
    for other in (evaluation.before_compression, evaluation.simple_baseline, evaluation.trivial_baseline):
        if other is not None:
            columns.append(other)
    rows = [["test rows", *(column.predictor for column in columns)]]
    for score in evaluation.model.scores:
        label = f"{score_title(score.name)} ({score.target})" if score.target else score_title(score.name)
        rows.append([label, *(with_interval(column.get(score.name, score.target)) for column in columns)])
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    before, after = evaluation.validation_before, evaluation.validation_after
    if before is not None and after is not None:
        lines.append("")
        lines.append(
            f"On validation, {score_title(evaluation.main_score)}: {_from_to(before, after, evaluation.main_score)}"
        )
    for print_ in evaluation.footprints:
        lines.append(f"{print_.label}: {print_.bytes / 1e6:.2f} MB, {print_.milliseconds_per_row:.2f} ms a row")
    return "\n".join(lines)


def _from_to(before: Scores, after: Scores, name: str) -> str:
    return f"{with_interval(before.get(name))} {lower_first(before.predictor)}, {with_interval(after.get(name))} after"


# What the doctor found, as lines for a terminal.


_WIDTH = 110


def checkup_text(checkup: QualityReport) -> str:
    """One paragraph for each finding; what can be chosen is shown as `--repair` takes it."""
    head = f"{checkup.rows_usable:,} of {checkup.rows_read:,} rows can be used. {checkup.task_reason}".strip()
    if not checkup.findings:
        return f"{head}\nNothing was found that should worry you."
    notes = len(checkup.findings) - checkup.problems
    count = ", ".join(
        f"{number} {word}{'s' * (number != 1)}"
        for number, word in ((checkup.problems, "problem"), (notes, "note"))
        if number
    )
    return "\n\n".join([f"{head}\n{count}.", *map(_finding_text, checkup.findings)])


def _finding_text(finding: Finding) -> str:
    mark = "!" if finding.weight == "problem" else "·"
    count = f"  {finding.count:,}" if finding.count else ""
    lines = [f"{mark} {finding.title}{count}"]
    if finding.consequence:
        lines.append(fill(finding.consequence, _WIDTH, initial_indent="    ", subsequent_indent="    "))
    lines += [f"    line {line:,}: {example}" for line, example in zip(finding.lines, finding.examples, strict=False)]
    if text := choice_text(finding):
        lines.append(f"    --repair {text}")
    return "\n".join(lines)
