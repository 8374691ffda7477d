"""Dividing rows into train, validation and test.

Every row has a key: a hash of its canonical input mixed with the seed. Rows are ordered by their keys, never by
their place in the file, so the same rows and seed give the same split whatever order the rows come in.
"""

import re
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.values.spellings import plain_spelling
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import SPLITS, SplitPlan

Keys = npt.NDArray[np.uint64]
Number = TypeVar("Number", bound=np.generic)
Codes = npt.NDArray[np.int8]

TRAIN, VALIDATION, TEST = range(3)
UNKNOWN = -1

_QUANTILES = 10
_NAMES = {
    "train": TRAIN, "training": TRAIN, "trn": TRAIN, "tr": TRAIN,
    "trainieren": TRAIN, "entraînement": TRAIN, "entrainement": TRAIN, "apprentissage": TRAIN, "entrenamiento": TRAIN,
    "validation": VALIDATION, "valid": VALIDATION, "val": VALIDATION, "dev": VALIDATION, "va": VALIDATION,
    "development": VALIDATION, "validierung": VALIDATION, "validación": VALIDATION, "validacion": VALIDATION,
    "test": TEST, "testing": TEST, "tst": TEST, "te": TEST, "prueba": TEST,
    "holdout": TEST, "hold out": TEST, "heldout": TEST, "held out": TEST,
}  # fmt: skip
_NUMBERED = re.compile(r"(?:[ _-]?(?:set|split))?(?:[ _-]?\d{1,2})?$")  # “dev0012” is an id


@dataclass(frozen=True)
class Division:
    """`codes` (rows,): positions in SPLITS; `remarks`: sentences for the card."""

    codes: Codes
    remarks: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        return {name: int((self.codes == code).sum()) for code, name in enumerate(SPLITS)}


def split_named(cell: str) -> int | None:
    """The split that a cell of a split column names, whatever its case and number (“train0”, “Test set”); None for
    another word.
    """
    word = plain_spelling(cell)
    if word in _NAMES:
        return _NAMES[word]
    plain = _NUMBERED.sub("", word)
    return _NAMES.get(plain) if len(plain) > 2 else None  # “TE1” and “tr-2” name many things


def mixed(keys: Keys, seed: int) -> Keys:
    """Keys that depend on the seed as well (the finaliser of splitmix64: Steele, Lea, Flood 2014, OOPSLA, fig. 17)."""
    with np.errstate(over="ignore"):
        z = keys ^ (np.uint64(seed % 2**64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x632BE59BD9B4E019))
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)), dtype=np.uint64)


def of_one_key(
    keys: Keys, values: npt.NDArray[Number], order_by: npt.NDArray[np.generic] | None = None
) -> npt.NDArray[Number]:
    """For all rows of a key the value (a group, a stratum) of one of them: of the least, or the first by `order_by`."""
    if not len(keys):
        return values
    order = np.lexsort((values if order_by is None else order_by, keys))
    begins = np.flatnonzero(np.r_[True, keys[order[1:]] != keys[order[:-1]]])
    merged = np.empty_like(values)
    merged[order] = np.repeat(values[order[begins]], np.diff(np.r_[begins, len(keys)]))
    return merged


def not_torn(keys: Keys, division: Division) -> Division:
    """Rows of one key (an input under other conditions, a pair both ways round) all in one split, the training rows
    last: exact shares part some of them. A split that would lose all its rows keeps them.
    """
    codes = -of_one_key(keys, -division.codes)
    whole = Division(codes, division.remarks)
    return whole if min(whole.counts().values()) > 0 else division


def random_split(keys: Keys, plan: SplitPlan) -> Division:
    """Exact shares of all rows."""
    counts = share_out(len(keys), plan.fractions)
    codes = np.empty(len(keys), dtype=np.int8)
    codes[np.argsort(mixed(keys, plan.seed), kind="stable")] = np.repeat([TEST, VALIDATION, TRAIN], counts[::-1])
    return Division(codes)


def stratified_split(keys: Keys, strata: npt.NDArray[np.int64], plan: SplitPlan) -> Division:
    """Like shares of every stratum; a stratum with a single row is trained on.

    strata (rows,): class ids, or quantile numbers of a regression target (`quantiles`).
    """
    order = np.lexsort((mixed(keys, plan.seed), strata))
    codes = np.full(len(keys), TRAIN, dtype=np.int8)
    _, sizes = np.unique(strata, return_counts=True)
    ends = np.cumsum(sizes)
    fractions = np.array(plan.fractions) / sum(plan.fractions)
    for end, size in zip(ends, sizes, strict=True):
        # The difference of rounded running totals: small strata add up to the wanted shares of the whole.
        tests, validations = (
            int(np.floor(end * f + 0.5) - np.floor((end - size) * f + 0.5)) for f in fractions[[TEST, VALIDATION]]
        )
        tests = min(tests, size - 1)
        validations = min(validations, size - 1 - tests)
        rows = order[end - size : end]
        codes[rows[:tests]] = TEST
        codes[rows[tests : tests + validations]] = VALIDATION
    return _complete(Division(codes), msg("There are too few rows of each kind to divide them alike."))


def grouped_split(keys: Keys, groups: Keys, plan: SplitPlan) -> Division:
    """No group in two splits (scaffolds). groups (rows,): a hash of the group's name.

    Groups larger than half of the validation or test share come first, and so are trained on; the others follow in
    random order, fill the training share and then the other two in turn.
    """
    names, members, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    quotas = share_out(len(keys), plan.fractions)
    large = sizes > min(quotas[VALIDATION], quotas[TEST]) / 2
    order = np.lexsort((mixed(names, plan.seed), np.where(large, -sizes, 0)))
    of_group = np.empty(len(names), dtype=np.int8)
    filled = [0, 0, 0]
    for group in order:
        size = int(sizes[group])
        if filled[TRAIN] == 0 or filled[TRAIN] + size <= quotas[TRAIN]:
            code = TRAIN
        else:  # to the one that lacks more of its share
            code = min((VALIDATION, TEST), key=lambda code: filled[code] / quotas[code])
        of_group[group] = code
        filled[code] += size
    division = Division(of_group[members])
    if len(names) == 1:
        return _complete(division, msg("All rows are alike enough to form 1 group, which cannot be divided."))
    return _complete(division, msg("The rows form only {names} groups, too few to divide by.", names=len(names)))


def column_split(named: Codes, keys: Keys, plan: SplitPlan, called: str = "column") -> Division:
    """The file's own split. named (rows,): what the split column, or file, says of each row.

    Without validation rows a tenth of the training rows, chosen with the seed, become them. Raises BadInput when the
    file names no training or no test rows.
    """
    for code in (TRAIN, TEST):
        if not (named == code).any():
            raise BadInput(
                msg("The split {called} has no {split} rows.", called=called, split=SPLITS[code]),
                hint=msg("Choose another way to split, for example random."),
            )
    codes = named.copy()
    if (codes == VALIDATION).any():
        return Division(codes)
    training = np.flatnonzero(codes == TRAIN)
    if len(training) < 2:
        raise BadInput(
            msg("The split {called} has fewer than two training rows.", called=called),
            hint=msg("Choose another way to split."),
        )
    chosen = np.argsort(mixed(keys[training], plan.seed), kind="stable")[: max(1, round(len(training) / 10))]
    codes[training[chosen]] = VALIDATION
    remark = msg(
        "The split {called} names no validation rows; {chosen} training rows were taken for validation.",
        called=called,
        chosen=len(chosen),
    )
    return Division(codes, (remark,))


def quantiles(target: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Decile of the measured values that a row lies in; rows without a value are a stratum of their own (-1)."""
    measured = np.flatnonzero(~np.isnan(target))
    strata = np.full(len(target), -1, dtype=np.int64)
    parts = max(1, min(_QUANTILES, len(measured) // 10))
    values = target[measured]
    edges = np.quantile(values, np.linspace(0, 1, parts + 1)[1:-1]) if len(values) else np.empty(0)
    strata[measured] = np.searchsorted(edges, values, side="right")
    return strata


def share_out(rows: int, fractions: tuple[float, float, float]) -> list[int]:
    """Rows of train, validation and test; at least one each. Raises BadInput for shares that are not positive."""
    if min(fractions) <= 0:
        raise BadInput(
            msg("Every split needs a share of the rows."),
            hint=msg("For example 0.8, 0.1, 0.1."),
            context=str(fractions),
        )
    whole = sum(fractions)
    validation, test = (max(1, round(rows * f / whole)) for f in fractions[1:])
    train = rows - validation - test
    if train < 1:
        raise BadInput(msg("{rows} rows are too few to divide into train, validation and test.", rows=rows))
    return [train, validation, test]


def _complete(division: Division, problem: str) -> Division:
    empty = [name for name, count in division.counts().items() if count == 0]
    if empty:
        raise BadInput(
            msg("{problem} No row is left for {split}.", problem=problem, split=empty[0]),
            hint=msg("Choose the random split."),
        )
    return division
