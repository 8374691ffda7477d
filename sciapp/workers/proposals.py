"""What the import dialog shows before anything is imported."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from sciapp.engine.data.labels import content_of
from sciapp.engine.data.proposal import Proposal, task_of
from sciapp.engine.data.readers import Preview
from sciapp.engine.domains.registry import domain_named
from sciapp.records.dataset import DomainName
from sciapp.workers.tables import Column, MemorySource
from sciapp.workers.verbs import preview_table

__all__ = ["ImportOffer", "Preview", "Proposal", "offer_import", "task_of"]


@dataclass(frozen=True)
class ImportOffer:
    """The first rows of a file, what its columns seem to be for, and how its rows may be split."""

    preview: Preview
    rows: MemorySource
    proposal: Proposal
    numeric: tuple[str, ...]
    split_methods: tuple[str, ...]


def offer_import(*, path: Path, domain: DomainName) -> ImportOffer:
    """Raises BadInput when the file is no table."""
    seen, proposal = preview_table(path=path, domain=domain)
    rows = {str(place): pa.array([row[place] for row in seen.rows], pa.string()) for place in range(len(seen.columns))}
    columns = tuple(Column(str(place), title, "", False) for place, title in enumerate(seen.columns))
    safe = tuple(domain_named(domain).splits)
    column = ("group", "time", "column") if len(seen.columns) > 2 else ()
    taken = {proposal.input, *proposal.targets, proposal.mask, proposal.split_column, proposal.group}
    numeric = tuple(
        name
        for place, name in enumerate(seen.columns)
        if name not in taken and content_of((row[place] for row in seen.rows), seen.format.decimal).numeric
    )
    methods = ("random", "stratified", *safe, "cluster", *column, "file")
    return ImportOffer(seen, MemorySource(pa.table(rows), columns), proposal, numeric, methods)
