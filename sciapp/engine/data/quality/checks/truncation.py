"""Inputs longer than what a training reads of a row."""

import numpy as np

from sciapp.engine.data.quality.base import Check, CheckResult, TableCheckup, share
from sciapp.i18n import msg
from sciapp.records.dataset.findings import Finding
from sciapp.records.formatting import percent_text
from sciapp.records.plan.plan import Batching

_SPECIAL = 2  # tokens at the ends


def run(case: TableCheckup, _: str) -> list[CheckResult]:
    """How many are longer than the usual plan's window, in the domain's units; tokens are estimated."""
    window, lengths = Batching().max_length, case.notes.lengths
    room = int((window - _SPECIAL) / case.domain.tokens_per_unit)
    kept = case.notes.kept
    rows = np.flatnonzero(kept & (lengths > room))
    if not len(rows):
        return []
    shown = [int(row) for row in rows[np.argsort(-lengths[rows], kind="stable")][:10]]
    lost = float((lengths[rows] - room).sum() / lengths[kept].sum())
    per_unit = case.targets is not None and case.facts.per_unit
    finding = Finding(
        kind="long",
        title=msg(
            "Longer than about {room:,} {units} ({window} tokens)",
            room=room,
            units=case.domain.unit,
            window=window,
        ),
        count=len(rows),
        column=case.chosen.roles.input,
        lines=case.lines(shown),
        consequence=f"{share(len(rows), int(kept.sum()))} rows. "
        + (
            "They are read in overlapping pieces."
            if per_unit
            else f"What is beyond is cut off while training, {percent_text(lost, 1)} of all {case.domain.unit}. A "
            "larger max_length reads more of it, as far as the model can.".replace("%", " %")
        ),
        weight="note",
    )
    said = [f"  ({lengths[row]:,} {case.domain.unit})" for row in shown]
    return [CheckResult(finding, shown, case.chosen.input_place, said)]


CHECK = Check("long", run, needs_targets=False)
