"""Columns that look like what was measured: by heading and content, and in the company of the others."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sciapp.engine.data.values.cells import MOST_CLASSES, ColumnContent, is_binary, is_gap, read_number
from sciapp.engine.data.values.number_formats import numbers_of
from sciapp.errors import listed
from sciapp.i18n import msg
from sciapp.records.dataset.number_format import DecimalSign

_SCREEN = 3  # columns of 0 and 1; two may be the same thing twice
_FAMILY = 3  # columns that differ by a number only: features rather than measurements
_TARGET_NAMES = frozenset("label labels target y class expt p_np outcome activity measured value".split())
_MEASURED_NAMES = frozenset("activity expt measured value".split())  # above words they are no more than a hint
_TARGET_WORDS = frozenset(
    "measured experimental exp activity active fitness score tm ic50 ec50 ac50 cc50 gi50 mic kd ki kon koff logd logp "
    "logs solubility permeability toxicity label target class category type yield affinity intent wavelength ddg dg "
    "interaction output tm1 melting stability toxic".split()
)
_LOGARITHMS = frozenset("pic50 pec50 pac50 pgi50 pkd pki pchembl pxc50 logic50 logki logkd".split())  # of potencies
_OTHER_WORDS = frozenset(
    "id ids name names index idx num no row predicted prediction pred calc calculated computed dft fold split set "
    "date cid cas iupac inchi inchikey reference doi smiles validation accession url description comment notes note "
    "file quality uid".split()
)
_BESIDE_WORDS = frozenset(  # beside a measurement: how sure it is, and what was set for it
    "err error std sd sem stdev uncertainty variance replicate replicates count n r2 rmse t temp temperature kelvin ph "
    "dose dosage conc concentration time hours minutes pressure".split()
)
_FEATURE_STEMS = frozenset(
    "fp bit bits ecfp fcfp morgan maccs fingerprint feature feat features descriptor desc x f v pc dim emb embedding "
    "component pixel fr nm".split()
)
_SERIAL_STEMS = frozenset({"column", "task", "assay", "endpoint"}) | _TARGET_NAMES | _TARGET_WORDS
_OF_UNIPROT = frozenset("os ox gn pe sv".split())  # organism, its number, gene, evidence, version: nothing measured
_COPY_WORDS = frozenset(
    "bin binary binarized binarised bool flag class cat category label discrete level active activity".split()
)
_FEWEST_STEPS = 20  # rows from which on classes may be seen to be cut from numbers
_MOST_COPIES, _MOST_ORIGINALS, _MOST_ROWS = 5, 200, 2_000
_MANY_FEATURES, _LARGE_SCREEN, _DEAD_SHARE = 10, 20, 0.2  # what computed descriptors are known by


@dataclass(frozen=True)
class TargetColumns:
    """Columns to learn, and the columns of one screen that are left out because they hold a single value.

    rivals: columns that suit as well by heading and content; only where they stand in the table decided. last: whether
    the last of all was taken, else the first.
    """

    names: tuple[str, ...] = ()
    dead: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    last: bool = False

    @property
    def reason(self) -> str:
        """The choice among columns that suit as well, in a sentence; empty where there was none."""
        if not self.rivals:
            return ""
        name, n, others = self.names[0], len(self.rivals) + 1, listed(self.rivals)
        if self.last:
            return msg(
                "“{name}” was chosen because it is the last of {n} columns that look alike; others are {others}.",
                name=name,
                n=n,
                others=others,
            )
        return msg(
            "“{name}” was chosen because it is the first of {n} columns that look alike; others are {others}.",
            name=name,
            n=n,
            others=others,
        )


def target_columns(
    columns: Mapping[str, Sequence[str]],
    contents: Mapping[str, ColumnContent],
    scores: Mapping[str, float],
    decimal: DecimalSign,
) -> TargetColumns:
    """The best column, or all assays of one screen. columns: cells by name; scores: from `target_fit`, by name."""
    ranked = _after_originals(columns, contents, dict(scores), decimal)
    indices = {name: index for index, name in enumerate(contents)}

    def order(name: str) -> tuple[float, ...]:
        return ranked[name], *_measured_look(name, contents[name], indices[name])

    best = max(ranked, key=order, default="")
    if not best or ranked[best] <= 0:
        return TargetColumns()
    screen = [name for name, content in contents.items() if is_binary(content.different) and _may_be_in_screen(name)]
    screen = [] if _are_descriptors(screen, contents, ranked) else screen
    rows = len(columns[best])
    if best not in screen and not _named(best, contents[best]) and _has_gaps(screen, contents, rows):
        best = max((name for name in screen if ranked.get(name, 0) > 0), key=order, default=best)
    enough = len(screen) >= _SCREEN or _are_two_assays(screen, columns, contents)
    if best not in screen or not enough or not _is_screen(best, screen, columns, contents, ranked):
        kind, logarithm, _ = _measured_look(best, contents[best], 0)
        rivals = tuple(
            name
            for name in contents
            if name != best
            and ranked.get(name, 0) == ranked[best]
            and _measured_look(name, contents[name], 0)[:2] == (kind, logarithm)
        )
        return TargetColumns((best,), rivals=rivals, last=bool(kind))
    alive = tuple(name for name in screen if ranked.get(name, 0) > 0)
    return TargetColumns(alive, tuple(name for name in screen if len(contents[name].different) < 2))


def target_fit(
    header: str, content: ColumnContent, cells: Sequence[str], features: Collection[str], *, whole: bool
) -> float:
    """Score of a column as the target; 0 or less: not at all.

    features: headings that stand for features of the rows. whole: the cells are all that there are.
    """
    several = len(content.different) + bool(content.infinite) > 1
    most = min(MOST_CLASSES, max(20, 0.5 * content.filled))
    names_rows = not content.mostly_numbers and len(content.different) > most
    if not content.filled or names_rows or (whole and not several):
        return 0.0
    fit = 1.0 + (0.5 if several else -0.5) + content.filled / max(len(cells), 1)
    fit += _named(header, content) - (2.6 if _names_something_else(header) else 0.0)
    fit -= 0.3 if set(_words(header)) & _BESIDE_WORDS else 0.0
    fit -= 1.2 if header in features else 0.0
    fit -= 2.6 if header in features and (_stem(header) in _FEATURE_STEMS or header in _OF_UNIPROT) else 0.0
    fit -= 2.0 if _counts_up(cells) else 0.0
    return fit


def headed_as_target(header: str) -> bool:
    """True for a heading that measurements have."""
    return header.strip().lower() in _TARGET_NAMES or bool(set(_words(header)) & (_TARGET_WORDS | _MEASURED_NAMES))


def feature_headings(names: Sequence[str], descriptors: Collection[str]) -> frozenset[str]:
    """Headings that differ by a number only (fp1, fp2…), and those of descriptors that can be computed."""
    stems = Counter(stem for name in names if (stem := _stem(name)) is not None)
    families = {stem for stem, count in stems.items() if count >= _FAMILY and not set(_words(stem)) & _SERIAL_STEMS}
    known = {name.lower() for name in descriptors}
    catalogued = _OF_UNIPROT if _OF_UNIPROT - {"gn"} <= set(names) else frozenset()
    return frozenset(
        name for name in names if _stem(name) in families or name.strip().lower() in known or name in catalogued
    )


def _named(header: str, content: ColumnContent) -> float:
    """Score of the heading as that of a measurement."""
    name = header.strip().lower()
    if name in _TARGET_NAMES and (content.mostly_numbers or name not in _MEASURED_NAMES):
        return 2.0
    return 1.2 if set(_words(header)) & (_TARGET_WORDS | _MEASURED_NAMES | _LOGARITHMS) else 0.0


def _measured_look(name: str, content: ColumnContent, index: int) -> tuple[float, ...]:
    """For columns that are as good by heading: numbers of many values, then numbers, then words; of numbers the
    logarithms (pKi beside Ki), then the last, as tables for learning have them, of words the first.
    """
    kind = 2 if not content.class_like else 1 if content.numeric else 0
    return kind, bool(set(_words(name)) & _LOGARITHMS), index if kind else -index


def _has_gaps(screen: Sequence[str], contents: Mapping[str, ColumnContent], rows: int) -> bool:
    """True if there are several columns of 0 and 1 of which most were not measured everywhere."""
    with_gaps = sum(contents[name].filled < rows for name in screen)
    return len(screen) >= _SCREEN and 2 * with_gaps >= len(screen)


def _are_descriptors(screen: Sequence[str], contents: Mapping[str, ColumnContent], scores: Mapping[str, float]) -> bool:
    """True if columns of 0 and 1 are some of many computed descriptors: beside many columns of unnamed numbers, or
    with many that hold a single value. Of a panel of assays neither is seen.
    """
    members = set(screen)
    numbers = [name for name in scores if name not in members and not contents[name].class_like]
    if sum(not _named(name, contents[name]) for name in numbers) >= _MANY_FEATURES:
        return True
    dead = sum(len(contents[name].different) < 2 for name in screen)
    return len(screen) >= _LARGE_SCREEN and dead >= _DEAD_SHARE * len(screen)


def _are_two_assays(
    screen: Sequence[str], columns: Mapping[str, Sequence[str]], contents: Mapping[str, ColumnContent]
) -> bool:
    """True if two columns of 0 and 1 each lack rows that the other has: no copies, and neither says all."""
    if len(screen) != 2 or any(len(contents[name].different) != 2 for name in screen):
        return False
    gaps = {tuple(map(is_gap, cells)) for cells in zip(*(columns[name] for name in screen), strict=True)}
    return {(True, False), (False, True)} <= gaps


def _may_be_in_screen(name: str) -> bool:
    return not _names_something_else(name)


def _names_something_else(name: str) -> bool:
    """True for headings of ids, references and predictions, “canvasUID” among them."""
    return bool(set(_words(name)) & _OTHER_WORDS) or name.endswith("UID")


def _is_screen(
    best: str,
    screen: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    contents: Mapping[str, ColumnContent],
    scores: Mapping[str, float],
) -> bool:
    """True if columns of 0 and 1 are assays of one kind: not measured everywhere, or headed alike, or all there is.

    Features of the rows are none, nor are columns beside one that is headed as what to learn.
    """
    names = Counter(_stem(name) for name in screen)
    del names[None]
    if set(names) & _FEATURE_STEMS or any(
        count >= _FAMILY for stem, count in names.items() if stem not in _SERIAL_STEMS
    ):
        return False
    if _has_gaps(screen, contents, len(columns[best])):
        return True
    named = [name for name in screen if _named(name, contents[name]) > 0]
    if named and 2 * len(named) < len(screen) and best in named:
        return best.strip().lower() not in _TARGET_NAMES and len(named) > 1
    first = {_words(name)[0] for name in screen if _words(name)}
    return len(first) == 1 or all(name in screen for name, score in scores.items() if score > 0)


def _after_originals(
    columns: Mapping[str, Sequence[str]],
    contents: Mapping[str, ColumnContent],
    scores: dict[str, float],
    decimal: DecimalSign,
) -> dict[str, float]:
    """The scores, those of classes that were cut from a column of numbers below that column's."""
    by_score = sorted((name for name in scores if scores[name] > 0), key=lambda name: -scores[name])
    classes = [name for name in by_score if contents[name].class_like and len(contents[name].different) <= 10]
    numbers = [name for name in by_score if not contents[name].class_like][:_MOST_ORIGINALS]
    for copy in classes[:_MOST_COPIES]:
        original = next((name for name in numbers if _is_copy(copy, name, columns, decimal)), None)
        if original is not None:
            scores[copy] = min(scores[copy], scores[original] - 0.1)
    return scores


def _is_copy(copy: str, original: str, columns: Mapping[str, Sequence[str]], decimal: DecimalSign) -> bool:
    """By the heading (score, score_bin), or because each class holds all numbers of its range."""
    ours, theirs = set(_words(copy)), set(_words(original))
    if theirs < ours and ours - theirs <= _COPY_WORDS:
        return True
    pairs: list[tuple[float, str]] = []
    written = numbers_of(columns[original][:_MOST_ROWS], decimal).format
    for cell, label in zip(columns[original][:_MOST_ROWS], columns[copy][:_MOST_ROWS], strict=True):
        try:
            value = read_number(cell, written)
        except ValueError:
            continue
        if value is not None and not is_gap(label):
            pairs.append((value, label.strip()))
    in_file = [value for value, _ in pairs]
    labels = [label for _, label in sorted(pairs)]
    counts = Counter(labels)
    if len(pairs) < _FEWEST_STEPS or len(counts) < 2 or in_file in (sorted(in_file), sorted(in_file, reverse=True)):
        return False
    return min(counts.values()) >= 3 and sum(a != b for a, b in pairwise(labels)) == len(counts) - 1


def _counts_up(cells: Sequence[str]) -> bool:
    """True if the cells are 1, 2, 3…: a row number, nothing that was measured."""
    try:
        numbers = [int(cell) for cell in cells[:200]]
    except ValueError:
        return False
    return len(numbers) > 2 and all(b - a == 1 for a, b in pairwise(numbers))


def _stem(header: str) -> str | None:
    """“fp” of “fp12” and “FP_12”; None without a number behind."""
    parts = re.fullmatch(r"(.*?)[\W_]*\d+(?:[._]\d+)?", header.strip().lower())
    return parts[1] if parts else None


def _words(header: str) -> list[str]:
    return re.findall(r"[^\W_]+", header.lower())
