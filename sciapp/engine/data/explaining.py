"""What was found out about a file before it is imported, and why: for `sciapp import --explain`."""

from typing import Any

from sciapp.engine.data.proposal import Proposal
from sciapp.engine.data.readers import Preview
from sciapp.engine.data.reading_again import settled_reading
from sciapp.errors import listed, shortened

_ROWS, _LONGEST = 3, 60


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
            "reason": proposal.reason,
        },
        "rows": seen.rows[:_ROWS],
    }


def explained_text(seen: Preview, proposal: Proposal) -> str:
    """The same for people."""
    width = max(len(finding.what) for finding in seen.format.findings)
    lines = [f"{what:{width}}  {value}: {why}" for what, value, why in seen.format.findings]
    if seen.format.sheets:
        lines.append(f"{'choices':{width}}  {listed(seen.format.sheets)} (--sheet)")
    roles = proposal.roles.by_column
    lines += ["", "Columns, with their first cells:"]
    for place, name in enumerate(seen.columns):
        cells = ", ".join(_short(row[place]) for row in seen.rows[:_ROWS])
        role = f" [{roles[name]}]" if name in roles else ""
        lines.append(f"  {shortened(name)}{role}: {cells}")
    lines += ["", f"{proposal.task.capitalize()}: {proposal.reason}" if proposal.targets else proposal.reason]
    split = f"by the column “{shortened(proposal.split_column)}”" if proposal.split_column else proposal.split
    return "\n".join([*lines, f"Split: {split}.", "Nothing was imported."])


def _short(cell: str) -> str:
    plain = " ".join(cell.split())
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST] + "…"
