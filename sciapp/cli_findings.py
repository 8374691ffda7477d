"""What the doctor found, as lines for a terminal."""

from textwrap import fill

from sciapp.records.findings import Checkup, Finding, choice_text

_WIDTH = 110


def checkup_text(checkup: Checkup) -> str:
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
