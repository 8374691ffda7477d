"""Rows to learn from without labels: a dataset's training rows, or a file in any of the formats."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sciapp.engine.data.dataset.table import read_inputs, read_split
from sciapp.engine.data.readers.table_reader import Preview, preview, read_rows
from sciapp.engine.data.schema.infer import propose
from sciapp.engine.data.schema.joined_preview import joined_preview
from sciapp.engine.data.staging.cleaning import cleaned_in_order
from sciapp.engine.data.values.input_columns import single_inputs
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.row_input import RowInput, only_part
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput, UnknownColumn
from sciapp.i18n import joined, msg
from sciapp.records.dataset.card import DomainName
from sciapp.records.project.project import Project
from sciapp.records.read_options import Reading

_CHUNK = 2000
_LONGEST_PIECE = 20_000  # letters; a genome is read in pieces, of which some are held out


@dataclass(frozen=True)
class UnlabelledRows:
    """Distinct canonical rows in the source's order, and what became of the others.

    held_back: rows that were left out because a dataset of the project keeps them for its test.
    """

    inputs: list[str]
    read: int
    repeated: int
    unusable: Counter[str]
    held_back: int = 0

    def without(self, values: Iterable[str]) -> "UnlabelledRows":
        """The rows but for these, which a model must not have seen before it is judged by them."""
        barred = {part for value in values for part in (value, *_pieces(value))}
        remaining = [value for value in self.inputs if value not in barred]
        return replace(self, inputs=remaining, held_back=len(self.inputs) - len(remaining))

    @property
    def fingerprint(self) -> str:
        """Tells whether the source still gives the same rows."""
        digest = hashlib.sha256()
        for value in self.inputs:
            digest.update(value.encode("utf-8", "surrogatepass") + b"\0")
        return digest.hexdigest()

    def __str__(self) -> str:
        sentences = [
            msg("{inputs:,} distinct rows of {read:,} are learnt from.", inputs=len(self.inputs), read=self.read)
        ]
        if self.repeated:
            sentences.append(msg("{repeated:,} were there more than once.", repeated=self.repeated))
        if self.held_back:
            sentences.append(
                msg("{rows:,} are left out: they are test rows of a dataset of this project.", rows=self.held_back)
            )
        if self.unusable:
            reason, count = self.unusable.most_common(1)[0]
            total = self.unusable.total()
            sentences.append(
                msg(
                    "{total:,} could not be used, most often ({count:,} times): {reason}.",
                    total=total,
                    count=count,
                    reason=reason,
                )
                if len(self.unusable) > 1
                else msg("{total:,} could not be used, because: {reason}.", total=total, reason=reason)
            )
        return joined(sentences)


def dataset_rows(project: Project, dataset: str) -> UnlabelledRows:
    """The training rows of a dataset: no model may see a test input before it is judged by it. Raises NotFound."""
    inputs = single_inputs(read_split(project.dataset_folder(dataset), project.dataset(dataset), "train").inputs)
    distinct = list(dict.fromkeys(inputs))
    return UnlabelledRows(distinct, len(inputs), len(inputs) - len(distinct), Counter())


def file_rows(
    file: Path,
    domain_name: DomainName,
    column: str = "",
    reading: Reading | None = None,
    *,
    progress: Progress = SILENT,
) -> UnlabelledRows:
    """The rows of a file, cleaned by the domain.

    column: with the rows; empty: proposed from the columns and the first rows. Raises BadInput, UnknownColumn,
    Cancelled.
    """
    domain = domain_named(domain_name)
    unusable: Counter[str] = Counter()
    values = [value for value in _values(file, domain_name, column, unusable, reading) if value.strip()]
    chunks = ((None, list[RowInput | None](values[first : first + _CHUNK])) for first in range(0, len(values), _CHUNK))
    distinct: dict[str, None] = {}
    used = done = 0
    with closing(cleaned_in_order(chunks, domain_name, None, rows=len(values))) as cleaned:
        for _, chunk in cleaned:
            for value, reason in zip(chunk.values, chunk.reasons, strict=True):
                if value is not None:
                    used += 1
                    distinct[only_part(value)] = None
                elif reason:
                    unusable[reason] += 1
            done += len(chunk.values)
            progress.report(done, len(values))
    whole = domain.simple_features != "letters"
    inputs = [piece for value in distinct for piece in ([value] if whole else _pieces(value))]
    return UnlabelledRows(inputs, used + unusable.total(), used - len(distinct), unusable)


def values_for_tests(project: Project, until: datetime) -> Iterator[str]:
    """Values kept for tests by the datasets that the project had at that time: a resumed run finds the same."""
    for card in (card for card in project.datasets() if card.created <= until):
        folder = project.dataset_folder(card.id)
        tested = single_inputs(read_inputs(folder, "test"))
        if len(card.roles.inputs) == 1:
            yield from tested
        else:  # of pairs the training rows may have one, or both in other pairs: then it is no secret
            known = set(single_inputs(read_inputs(folder, "train")))
            yield from (value for value in tested if value not in known)


def _pieces(sequence: str) -> list[str]:
    return [sequence[first : first + _LONGEST_PIECE] for first in range(0, len(sequence), _LONGEST_PIECE)]


def _values(
    file: Path, domain_name: DomainName, column: str, unusable: Counter[str], reading: Reading | None
) -> Iterator[str]:
    """The rows as they are in the file; those of a table that do not fit its header are counted in `unusable`."""
    seen, _ = joined_preview(file, domain_name, reading, labels=False)
    if column and column not in seen.columns:  # it may be one of those that were joined
        seen = preview(file, reading=reading)
    column = _column(file, seen, domain_name, column)
    for _, cells in read_rows(file, seen.format):
        if cells.problem:
            unusable[cells.problem] += 1
        else:
            yield cells[column]


def _column(file: Path, seen: Preview, domain_name: DomainName, wanted: str) -> str:
    if wanted:
        if wanted not in seen.columns:
            raise UnknownColumn(wanted, seen.columns)
        return wanted
    proposal = propose(seen, domain_name)
    if not proposal.input:
        raise BadInput(
            proposal.explanation, hint=msg("Name the column with the rows to learn from."), context=str(file)
        )
    return proposal.input
