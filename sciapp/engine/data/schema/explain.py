"""The detected properties of a file before it is imported, with reasons: for `sciapp import --explain`."""

from typing import Any

from sciapp.engine.data.readers.table_reader import Preview, settled_reading
from sciapp.engine.data.schema.proposal import Proposal
from sciapp.engine.data.values.cells import read_number
from sciapp.engine.data.values.number_formats import ColumnNumbers, numbers_of
from sciapp.engine.data.values.number_notations import ERRORS, PARENTHESES, RANGES
from sciapp.engine.domains.about import summary_of
from sciapp.errors import listed, shortened
from sciapp.i18n import ENGLISH, Translator, joined, lines, msg, render, term
from sciapp.records.dataset.number_format import NumberFormat

_READ = {
    ERRORS: msg("of values with their error the value is read"),
    RANGES: msg("of ranges the middle is read"),
    PARENTHESES: msg("numbers in parentheses are read as negative"),
}
_ROWS, _LONGEST, _COLUMNS = 3, 60, 50


def explained(seen: Preview, proposal: Proposal) -> dict[str, Any]:
    """Findings, columns, roles and the first rows, as JSON can hold them."""
    return {
        "findings": [finding._asdict() for finding in seen.format.findings],
        "reading": settled_reading(seen.format).model_dump(),
        "sheets": list(seen.format.sheets),
        "columns": seen.columns,
        "proposal": {
            "input": proposal.input or None,
            "second_input": proposal.second_input,
            "targets": list(proposal.targets),
            "mask": proposal.mask,
            "covariates": list(proposal.covariates),
            "weight": proposal.weight,
            "task": proposal.task if proposal.targets else None,
            "split": proposal.split,
            "split_column": proposal.split_column,
            "group": proposal.group,
            "time": proposal.time,
            "reason": proposal.reason,
            "notes": list(proposal.notes),
        },
        "numbers": {name: one.format.model_dump() for name, one in _numbers(seen, proposal).items()},
        "rows": seen.rows[:_ROWS],
    }


def explained_text(seen: Preview, proposal: Proposal, translator: Translator = ENGLISH) -> str:
    """The same for people, in the translator's language."""
    names = [render(term(finding.what), translator) for finding in seen.format.findings]
    choices = render(msg("choices"), translator)
    width = max(map(len, names))
    text: list[str] = [
        msg("{name}  {value}: {why}", name=name.ljust(width), value=finding.value, why=finding.why)
        for name, finding in zip(names, seen.format.findings, strict=True)
    ]
    if seen.format.sheets:
        text.append(msg("{name}  {sheets} (--sheet)", name=choices.ljust(width), sheets=listed(seen.format.sheets)))
    roles = proposal.roles.by_column
    text += ["", msg("Columns, with their first cells:")]
    columns = [name for index, name in enumerate(seen.columns) if index < _COLUMNS or name in roles]
    for name in columns:
        index = seen.columns.index(name)
        cells = ", ".join(_short(row[index]) for row in seen.rows[:_ROWS])
        called = shortened(name)
        if name in roles:
            text.append("  " + msg("{name} [{role}]: {cells}", name=called, role=term(roles[name]), cells=cells))
        else:
            text.append(f"  {called}: {cells}")
    if len(columns) < len(seen.columns):
        text.append("  " + msg("… and {columns:,} more columns", columns=len(seen.columns) - len(columns)))
    text += [_in_words(name, one) for name, one in _numbers(seen, proposal).items()]
    reason = proposal.reason
    if proposal.targets:
        reason = msg("{task:u}: {reason}", task=term(proposal.task), reason=reason)
    text += ["", reason, *proposal.notes]
    by = proposal.split_column or (proposal.group if proposal.split == "group" else None)
    split = msg("by the column “{name}”", name=shortened(by)) if by else term(proposal.split)
    return render(lines([*text, msg("Split: {split}.", split=split), msg("Nothing was imported.")]), translator)


def _numbers(seen: Preview, proposal: Proposal) -> dict[str, ColumnNumbers]:
    """Number formats, by the sampled rows, of the columns that are not written as the file's others."""
    used = [*proposal.targets, *proposal.covariates, *([proposal.weight] if proposal.weight else [])]
    columns = seen.cells()
    formats = {}
    for name in used:
        one = numbers_of(columns[name], seen.format.decimal, typed=seen.format.typed)
        if one.signs.sign or one.format != NumberFormat(decimal=seen.format.decimal):
            formats[name] = one
    return formats


def _in_words(name: str, numbers: ColumnNumbers) -> str:
    format = numbers.format
    parts = [msg("{code:.10g} stands for a gap", code=code) for code in format.codes]
    if format.unit:
        parts.append(msg("numbers with units, read as {unit}", unit=format.unit))
    parts += [_READ[notation] for notation in format.notations]
    if numbers.examples and numbers.signs.sign:
        parts.append(
            msg(
                "{example} is read as {number!r} and may be either",
                example=numbers.examples[0],
                number=read_number(numbers.examples[0], format),
            )
        )
    return msg(
        "  {name}: {parts}",
        name=shortened(name),
        parts=joined(parts, "; ") or msg("decimals are written with “{decimal}”", decimal=format.decimal),
    )


def _short(cell: str) -> str:
    plain = " ".join(summary_of(cell).split())
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST] + "…"
