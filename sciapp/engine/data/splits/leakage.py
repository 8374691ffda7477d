"""Similarity of the test rows to the training rows: how much of a score may be memory.

For each test row its nearest training row by the domain's own measure, inputs and groups that are in two splits, and
targets that are spread differently. Of very many rows a random sample is looked at, and that is said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from sciapp.engine.data.dataset.table import by_split
from sciapp.engine.data.splits.target_shift import drifts
from sciapp.engine.data.staging.cleaning import GROUP_BYTES, digest
from sciapp.engine.data.values.damaged_files import UNREADABLE, damaged_table
from sciapp.engine.data.values.input_columns import inputs_of, names_in
from sciapp.engine.data.values.spellings import plain_spelling
from sciapp.engine.domains.base import Domain, Similarity
from sciapp.engine.domains.registry import domain_of, parts_of_domain
from sciapp.engine.domains.row_input import RowInput, parts_of
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.i18n import joined, msg, plural
from sciapp.records.dataset.card import (
    COLUMN_PREFIX,
    LINE,
    SPLIT,
    SPLITS,
    TARGET_PREFIX,
    DatasetCard,
    DatasetFolder,
)
from sciapp.records.dataset.leakage import Leakage, Level, Neighbours, SplitOverlap, TargetShift, drift_words
from sciapp.records.formatting import percent_text
from sciapp.records.regular import regular

# How much of the test pairs was seen in training: both of their inputs, one of them, or none.
#
# Park & Marcotte (2012, Nat. Methods 9:1134): scores of the three kinds are hardly to be compared.


@dataclass(frozen=True)
class PairOverlap:
    """Test pairs by how many of their inputs occur in some training pair, on either side."""

    both: int
    one: int
    neither: int

    @property
    def rows(self) -> int:
        return self.both + self.one + self.neither

    def __str__(self) -> str:
        return msg(
            "of {rows:,} test pairs, both inputs occur in training in {both:,}, one of them in {one:,} and "
            "none in {neither:,}",
            rows=self.rows,
            both=self.both,
            one=self.one,
            neither=self.neither,
        )


def partners_seen(test: Iterable[tuple[str, ...]], train: Iterable[tuple[str, ...]]) -> PairOverlap:
    """test, train: the two inputs of each pair."""
    known = {part for parts in train for part in parts}
    seen = [sum(part in known for part in parts) for parts in test]
    return PairOverlap(seen.count(2), seen.count(1), seen.count(0))


MOST_TEST_ROWS, FEWEST_TEST_ROWS = 2_000, 200
MOST_TRAINING_ROWS = 50_000
_MOST_UNITS = 400_000  # of all test rows together: long sequences take longer to compare
_MUCH = 0.05  # of the test rows nearly the same as a training row


def measure_leaks(folder: DatasetFolder, card: DatasetCard, *, progress: Progress = SILENT) -> Leakage:
    """Takes a minute at most for most data: see the samples above. Raises Cancelled, BadInput for a damaged table."""
    domain = domain_of(card)
    try:
        with pq.ParquetFile(regular(folder.table_file)) as file:
            splits = by_split(file.read(columns=[SPLIT]).column(0))
            chosen = _chosen(splits, card)
            lines = file.read(columns=[LINE]).column(0).to_numpy()
            # Of pairs all training rows are known: whether a partner occurs among them is told of all.
            pairs = len(card.roles.inputs) > 1
            inputs, digests = _inputs(file, chosen | splits["train"] if pairs else chosen, domain)
            groups = _groups(file, card)
            targets = [TARGET_PREFIX + name for name in card.target_names]
            moved = drifts(file.read(columns=[SPLIT, *targets]), card.task, card.target_names)
    except UNREADABLE as error:
        raise damaged_table(folder, error) from error
    likeness = domain.likeness
    tested, trained = (np.flatnonzero(chosen & splits[name]) for name in ("test", "train"))
    queries, known = ([inputs[i] for i in rows.tolist()] for rows in (tested, trained))
    nearest = likeness.nearest(queries, known, progress=progress)
    partners = (
        _partners(queries, [inputs[i] for i in np.flatnonzero(splits["train"]).tolist()], domain) if pairs else None
    )
    neighbours = Neighbours(
        rows=int(splits["test"].sum()),
        looked_at=len(tested),
        training_rows=int(splits["train"].sum()),
        training_looked_at=len(trained),
        lines=tuple(lines[tested].tolist()),
        similarities=tuple(round(float(one), 4) for one in nearest.similarity),
        neighbour_lines=tuple(lines[trained[nearest.index]].tolist()),
        lower_bound=nearest.at_least,
    )
    crossings = (*_crossings("input", digests, splits), *(_crossings("group", groups, splits) if len(groups) else ()))
    level, verdict = judged(likeness, neighbours, crossings, moved, card, partners)
    return Leakage(
        measure=likeness.called,
        symbol=likeness.symbol,
        alike=card.split.threshold or likeness.alike,
        near=likeness.near,
        neighbours=neighbours,
        crossings=crossings,
        drifts=moved,
        level=level,
        verdict=verdict,
    )


def _partners(test: Sequence[RowInput], train: Sequence[RowInput], domain: Domain) -> PairOverlap:
    """An RNA with U or T is the same partner."""
    return partners_seen(*([_identities(value, domain) for value in values] for values in (test, train)))


def _identities(value: RowInput, domain: Domain) -> tuple[str, ...]:
    """The identity of each input of a row by itself."""
    pairs = zip(parts_of_domain(domain), parts_of(value), strict=True)
    return tuple(each.identity(part).text for each, part in pairs)


def judged(
    likeness: Similarity[RowInput],
    neighbours: Neighbours,
    crossings: tuple[SplitOverlap, ...],
    moved: tuple[TargetShift, ...],
    card: DatasetCard,
    partners: PairOverlap | None = None,
) -> tuple[Level, str]:
    """Level of leakage, and a sentence that says so."""
    looked, near = neighbours.looked_at, neighbours.at_least(likeness.near)
    level, sentence = _about_neighbours(likeness, neighbours, near, card)
    both = next((one for one in crossings if set(one.splits) == {"train", "test"}), None)
    if both is not None:
        level, sentence = "leak", _in_both(both, near, looked)
    parts = [sentence]
    if partners is not None:
        parts.append(str(partners))
        level = "careful" if level == "clean" and partners.neither < (1 - _MUCH) * partners.rows else level
    different = [one for one in moved if one.notable and one.split == "test"]
    if different:
        first = max(different, key=lambda one: one.statistic)
        parts.append(
            msg(
                "“{target}” and {more:,} more targets are spread differently in test ({drift})",
                target=first.target,
                more=len(different) - 1,
                drift=drift_words(first),
            )
            if len(different) > 1
            else msg(
                "“{target}” is spread differently in test ({drift})", target=first.target, drift=drift_words(first)
            )
        )
    return level, msg("{facts}.", facts=joined(parts, "; "))


def _in_both(both: SplitOverlap, near: int, looked: int) -> str:
    what = both.words
    if near:
        return plural(
            "{what} is in training and test at once, and {part} test rows are nearly the same as a training row",
            "{what} are in training and test at once, and {part} test rows are nearly the same as a training row",
            both.count,
            what=what,
            part=_part(near, looked),
        )
    return plural(
        "{what} is in training and test at once", "{what} are in training and test at once", both.count, what=what
    )


def _about_neighbours(
    likeness: Similarity[RowInput], neighbours: Neighbours, near: int, card: DatasetCard
) -> tuple[Level, str]:
    looked = neighbours.looked_at
    mark = msg("{symbol} of at least {near:g}", symbol=likeness.symbol, near=likeness.near)
    if near >= _MUCH * looked:
        return "careful", (
            msg(
                "{part} test rows are nearly the same as a training row ({mark}): scores will be better than on "
                "anything new",
                part=_part(near, looked),
                mark=mark,
            )
        )
    threshold = card.split.threshold or likeness.alike
    alike = neighbours.at_least(threshold)
    median = msg(
        "{part} have one that is alike ({symbol} of at least {threshold:g}), and the median of the nearest is {median}",
        part=_part(alike, looked),
        symbol=likeness.symbol,
        threshold=threshold,
        median=_median_similarity(neighbours),
    )
    if near:
        return "clean", msg(
            "Only {part} test rows are nearly the same as a training row ({mark}); {alike}",
            part=_part(near, looked),
            mark=mark,
            alike=median,
        )
    return "clean", msg("No test row is nearly the same as a training row ({mark}); {alike}", mark=mark, alike=median)


def _median_similarity(neighbours: Neighbours) -> str:
    median = float(np.median(neighbours.similarities))
    return msg("at least {median:.2f}", median=median) if neighbours.lower_bound else msg("{median:.2f}", median=median)


def _part(count: int, whole: int) -> str:
    share = percent_text(count / max(1, whole), sign=" %")
    return msg("{count:,} of {whole:,} ({share})", count=count, whole=whole, share=share)


def _chosen(splits: Mapping[str, npt.NDArray[np.bool_]], card: DatasetCard) -> npt.NDArray[np.bool_]:
    """Indices of the rows looked at."""
    chosen = np.zeros(len(splits["train"]), dtype=bool)
    most_tests = max(FEWEST_TEST_ROWS, min(MOST_TEST_ROWS, int(_MOST_UNITS / max(1.0, card.lengths.median))))
    rng = np.random.default_rng(0)
    for name, most in (("test", most_tests), ("train", MOST_TRAINING_ROWS)):
        rows = np.flatnonzero(splits[name])
        chosen[rows if len(rows) <= most else rng.choice(rows, most, replace=False)] = True
    return chosen


def _inputs(
    file: pq.ParquetFile, chosen: npt.NDArray[np.bool_], domain: Domain
) -> tuple[dict[int, RowInput], npt.NDArray[np.uint64]]:
    """(inputs of the chosen rows by row number, a hash of the identity of every row's input (rows,))."""
    inputs: dict[int, RowInput] = {}
    hashes = bytearray()
    row = 0
    for batch in file.iter_batches(columns=names_in(file.schema_arrow.names)):
        for value in inputs_of(batch):
            hashes += digest(domain.identity(value).text, GROUP_BYTES)
            if chosen[row]:
                inputs[row] = value
            row += 1
    return inputs, np.frombuffer(bytes(hashes), dtype="<u8")


def _groups(file: pq.ParquetFile, card: DatasetCard) -> npt.NDArray[np.uint64]:
    """A hash of every row's group (rows,), 0 for no group; empty where no column says it."""
    name = COLUMN_PREFIX + (card.roles.group or "")
    if card.roles.group is None or name not in file.schema_arrow.names:
        return np.empty(0, dtype=np.uint64)
    cells = [plain_spelling(cell or "") for cell in file.read(columns=[name]).column(0).to_pylist()]
    hashes = b"".join(digest(cell or None, GROUP_BYTES) for cell in cells)
    return np.frombuffer(hashes, dtype="<u8")


def _crossings(
    what: str, hashes: npt.NDArray[np.uint64], splits: Mapping[str, npt.NDArray[np.bool_]]
) -> tuple[SplitOverlap, ...]:
    """The pairs of splits that have something in common."""
    parts = {name: np.unique(hashes[splits[name] & (hashes != 0)]) for name in SPLITS}
    pairs = ((one, other) for i, one in enumerate(SPLITS) for other in SPLITS[i + 1 :])
    counted = [(pair, len(np.intersect1d(parts[pair[0]], parts[pair[1]], assume_unique=True))) for pair in pairs]
    return tuple(SplitOverlap(what=what, splits=pair, count=count) for pair, count in counted if count)
