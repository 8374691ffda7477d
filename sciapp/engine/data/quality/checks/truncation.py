"""Inputs longer than what a training reads of a row."""

import numpy as np

from sciapp.engine.data.quality.base import Check, CheckResult, TableCheckup, share
from sciapp.i18n import msg
from sciapp.records.dataset.findings import Finding
from sciapp.records.formatting import percent_text
from sciapp.records.plan.plan import Batching

_SPECIAL = 2  # tokens at the ends


def run(case: TableCheckup, _: str) -> list[CheckResult]:
    """A finding for inputs longer than the usual plan's window, in the domain's units; tokens are estimated."""
    window, lengths = Batching().max_length, case.notes.lengths
    room = int((window - _SPECIAL) / case.domain.tokens_per_unit)
    usable = case.notes.usable
    rows = np.flatnonzero(usable & (lengths > room))
    if not len(rows):
        return []
    examples = [int(row) for row in rows[np.argsort(-lengths[rows], kind="stable")][:10]]
    lost = float((lengths[rows] - room).sum() / lengths[usable].sum())
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
        lines=case.lines(examples),
        consequence=msg("{share} rows. They are read in overlapping pieces.", share=share(len(rows), int(usable.sum())))
        if per_unit
        else msg(
            "{share} rows. What is beyond is cut off while training, {lost} of all {unit}. A larger max_length reads "
            "more of it, as far as the model can.",
            share=share(len(rows), int(usable.sum())),
            lost=percent_text(lost, 1, " %"),
            unit=case.domain.unit,
        ),
        weight="note",
    )
    remarks = [f"  ({lengths[row]:,} {case.domain.unit})" for row in examples]
    return [CheckResult(finding, examples, case.chosen.input_index, remarks)]


CHECK = Check("long", run, needs_targets=False)
