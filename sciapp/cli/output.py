"""Output of the command line: words for people, one JSON document for programs, never both on the same stream."""

import json
import sys
from textwrap import fill
from typing import Any

from tqdm import tqdm

from sciapp.engine.runtime.progress import Progress
from sciapp.errors import SciAppError
from sciapp.i18n import ENGLISH, Translator, joined, lines, msg, plural, render, rendered
from sciapp.records.dataset.findings import Finding, QualityReport, choice_text
from sciapp.records.run.evaluation import Evaluation, Scores
from sciapp.records.run.pretraining import Pretraining
from sciapp.records.run.score_format import score_title, with_interval


class Printer:
    """With `json` standard output carries exactly one JSON document; what is for people goes to standard error."""

    def __init__(self, *, json: bool, translator: Translator = ENGLISH) -> None:
        """translator: into the language of whoever reads; the JSON document is English."""
        self._json, self.translator = json, translator
        self._bar: tqdm[Any] | None = None
        self._stage = ""

    def say(self, text: str) -> None:
        """A line for people; it goes above a bar that is being drawn."""
        stream = sys.stderr if self._json else sys.stdout
        tqdm.write(render(text, self.translator), file=stream)
        stream.flush()

    def result(self, value: Any, text: str = "") -> None:
        """Print the result of the command: `value` as JSON, or `text`."""
        self.end_progress()
        if self._json:
            json.dump(rendered(value), sys.stdout, ensure_ascii=False, indent=2, default=str)
            sys.stdout.write("\n")
        elif text:
            print(render(text, self.translator))

    def error(self, error: SciAppError) -> None:
        self.end_progress()
        if self._json:
            content = {"message": error.message, "hint": error.hint, "context": error.context}
            json.dump({"error": content}, sys.stdout, ensure_ascii=False)
            sys.stdout.write("\n")
        else:
            print(f"sciapp: {render(error.message, self.translator)}", file=sys.stderr)
            if error.hint:
                print(f"        {render(error.hint, self.translator)}", file=sys.stderr)

    def show_progress(self, stage: str, done: int, total: int) -> None:
        """A bar on a terminal, a line a stage otherwise."""
        if sys.stderr.isatty():
            self._draw(stage, done, total)
        elif stage != self._stage:
            self.say(msg("{stage}…", stage=stage))
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
            self._bar = tqdm(total=total or None, desc=render(stage, self.translator), leave=False, dynamic_ncols=True)
        self._bar.total = total or None
        self._bar.n = done
        self._bar.refresh()


def evaluation_text(evaluation: Evaluation, translator: Translator = ENGLISH) -> str:
    """The table of scores and the verdict."""
    return lines([scores_text(evaluation, translator), "", evaluation.verdict])


def pretraining_text(record: Pretraining) -> str:
    """The data and the outcome of a self-supervised run."""
    return lines([str(record), record.verdict])


def scores_text(evaluation: Evaluation, translator: Translator = ENGLISH) -> str:
    """The scores as a table with intervals, the baselines beside them."""
    columns = [evaluation.model]
    for other in (evaluation.before_compression, *evaluation.baselines):
        if other is not None:
            columns.append(other)
    cells = [[msg("test rows"), *(column.predictor for column in columns)]]
    for score in evaluation.model.scores:
        label = score_title(score.name)
        if score.target:
            label = msg("{score} ({target})", score=label, target=score.target)
        cells.append([label, *(with_interval(column.get(score.name, score.target)) for column in columns)])
    rows = [[render(cell, translator) for cell in row] for row in cells]
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    text: list[str] = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    before, after = evaluation.validation_before, evaluation.validation_after
    if before is not None and after is not None:
        text += (
            "",
            msg(
                "On validation, {score}: {change}",
                score=score_title(evaluation.main_score),
                change=_from_to(before, after, evaluation.main_score),
            ),
        )
    for print_ in evaluation.footprints:
        text.append(
            msg(
                "{label}: {size:.2f} MB, {time:.2f} ms a row",
                label=print_.label,
                size=print_.bytes / 1e6,
                time=print_.milliseconds_per_row,
            )
        )
    return lines(text)


def _from_to(before: Scores, after: Scores, name: str) -> str:
    return msg(
        "{before} {predictor:l}, {after} after",
        before=with_interval(before.get(name)),
        predictor=before.predictor,
        after=with_interval(after.get(name)),
    )


# What the doctor found, as lines for a terminal.


_WIDTH = 110


def checkup_text(checkup: QualityReport, translator: Translator = ENGLISH) -> str:
    """One paragraph for each finding; what can be chosen is shown as `--repair` takes it."""
    usable = msg("{usable:,} of {rows:,} rows can be used.", usable=checkup.rows_usable, rows=checkup.rows_read)
    head = joined([usable, checkup.task_reason])
    if not checkup.findings:
        return lines([head, msg("Nothing was found that should worry you.")])
    problems, notes = checkup.problems, len(checkup.findings) - checkup.problems
    counts = [
        plural("{n} problem", "{n} problems", problems) if problems else "",
        plural("{n} note", "{n} notes", notes) if notes else "",
    ]
    findings = [part for finding in checkup.findings for part in ("", _finding_text(finding, translator))]
    return lines([head, msg("{counts}.", counts=joined(counts, ", ")), *findings])


def _finding_text(finding: Finding, translator: Translator) -> str:
    mark = "!" if finding.weight == "problem" else "·"
    count = f"  {finding.count:,}" if finding.count else ""
    text = [f"{mark} {render(finding.title, translator)}{count}"]
    if finding.consequence:
        consequence = render(finding.consequence, translator)
        text.append(fill(consequence, _WIDTH, initial_indent="    ", subsequent_indent="    "))
    text += [
        "    " + msg("line {line:,}: {example}", line=line, example=example)
        for line, example in zip(finding.lines, finding.examples, strict=False)
    ]
    if choice := choice_text(finding):
        text.append(f"    --repair {choice}")
    return lines(text)
