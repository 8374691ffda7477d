"""The summaries on a dataset's card: targets, lengths, remarks and the fingerprint."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.staging.targets import Targets
from sciapp.engine.data.staging.weights import must_count
from sciapp.engine.data.values.safe_float import grown, most_bins, tamed
from sciapp.engine.data.values.split_names import TEST, TRAIN, VALIDATION, Division
from sciapp.errors import BadInput
from sciapp.records.dataset.card import SPLITS, LengthSummary, Roles, TargetSummary
from sciapp.records.dataset.findings import Finding

_MOST_BINS = 40
_FEW_ROWS = 10
_NAMED = 5


class Fingerprint:
    """sha256 over inputs, targets (weights among them) and split of the rows, in order. Equal for equal content,
    whatever the file."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, inputs: Sequence[str], targets: Sequence[Sequence[object]], splits: Sequence[str]) -> None:
        """Rows as they stand in the table; lengths before the inputs keep two rows from reading like one."""
        lines = [f"{len(i)}:{i}\t{t!r}\t{s}\n" for i, t, s in zip(inputs, targets, splits, strict=True)]
        self._hash.update("".join(lines).encode("utf-8"))

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def target_summaries(names: Sequence[str], targets: Targets, kept: npt.NDArray[np.bool_]) -> tuple[TargetSummary, ...]:
    """One summary for each target over the kept rows."""
    values = targets.values[kept]
    if targets.units is not None:
        return (_class_summary(names[0], targets.classes, targets.units.table[kept].sum(axis=0)),)
    if targets.classes:
        counts = np.bincount(values[:, 0].astype(np.int64), minlength=len(targets.classes))
        return (_class_summary(names[0], targets.classes, counts),)
    if targets.task == "multilabel":
        each = [np.array([(column == 0).sum(), (column == 1).sum()]) for column in values.T]
        return tuple(_class_summary(name, ("0", "1"), counts) for name, counts in zip(names, each, strict=True))
    bounds = targets.bound_counts(kept)
    return tuple(
        _number_summary(name, values[:, i]).model_copy(update={"bounds": bounds[i]}) for i, name in enumerate(names)
    )


def named_in_file(summaries: Sequence[TargetSummary], columns: Sequence[str]) -> tuple[TargetSummary, ...]:
    """The summaries with the file's column beside a target that is not that column as it stands."""
    return tuple(
        one if one.name == column else one.model_copy(update={"source_column": column})
        for one, column in zip(summaries, columns, strict=True)
    )


def unneeded(repairs: Mapping[str, str], findings: Sequence[Finding]) -> tuple[str, ...]:
    """Repairs that were asked for and had nothing to mend."""
    found = {finding.kind for finding in findings}
    return tuple(
        f"The repair {kind}={policy} was asked for, but nothing of that kind was found."
        for kind, policy in repairs.items()
        if kind not in found
    )


def length_summary(unit: str, lengths: npt.NDArray[np.int32]) -> LengthSummary:
    """Lengths of the kept inputs. Raises nothing; there is at least one row."""
    edges, counts = histogram(lengths.astype(np.float64))
    return LengthSummary(
        unit=unit,
        median=float(np.median(lengths)),
        maximum=int(lengths.max()),
        bin_edges=edges,
        bin_counts=counts,
    )


def histogram(values: npt.NDArray[np.float64]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Edges (n + 1) and counts (n), n between 1 and 40 by the Freedman-Diaconis rule (1981, Z. Wahrsch. 57:453)."""
    values, scale = tamed(values)
    spread = float(np.subtract(*np.percentile(values, [75, 25])))
    whole = float(np.ptp(values))
    width = 2 * spread / len(values) ** (1 / 3)
    bins = int(np.clip(np.ceil(whole / width), 1, _MOST_BINS)) if width > 0 and np.isfinite(whole / width) else 10
    counts, edges = np.histogram(values, bins=most_bins(values, bins))
    return tuple(grown(edge, scale) for edge in edges.tolist()), tuple(counts.tolist())


def must_be_learnable(
    roles: Roles,
    targets: Targets,
    kept: npt.NDArray[np.bool_],
    codes: npt.NDArray[np.int8],
    weights: npt.NDArray[np.float64] | None = None,
) -> None:
    """Raise BadInput when the training rows hold nothing to tell apart. codes (kept rows,): the split of each.

    weights (rows,): of all rows; those of weight 0 teach nothing.
    """
    learnt = codes == TRAIN
    if weights is not None:
        must_count(weights[kept], learnt, roles.weight, "training")
        learnt &= weights[kept] > 0
    training = targets.values[kept][learnt]
    for i, name in enumerate(roles.targets):
        known = training[:, i][~np.isnan(training[:, i])]
        different = len(np.unique(known))
        if targets.units is not None:
            different = int((targets.units.table[kept][learnt].sum(axis=0) > 0).sum())
        if different < 2:
            what = {"classification": "class", "tagging": "label"}.get(targets.task, "value")
            raise BadInput(
                f"The training rows have only one {what} of “{name}”: there is nothing to learn.",
                hint="Choose another target or another way to split.",
            )


def remarks(names: Sequence[str], targets: Targets, kept: npt.NDArray[np.bool_], division: Division) -> tuple[str, ...]:
    """What a person should know about the kept rows before they trust a score."""
    values, codes = targets.values[kept], division.codes
    if targets.units is not None:
        return division.remarks + _about_labels(targets.classes, targets.units.table[kept], codes)
    if targets.classes:
        return division.remarks + _about_classes(targets.classes, values[:, 0].astype(np.int64), codes)
    said = []
    for i, name in enumerate(names):
        known = ~np.isnan(values[:, i])
        if not known.all():
            said.append(f"“{name}” was measured in {int(known.sum()):,} of {len(known):,} rows.")
        said += [
            f"“{name}” was measured in no {SPLITS[code]} row; it cannot be judged there."
            for code in (VALIDATION, TEST)
            if not known[codes == code].any()
        ]
    return division.remarks + tuple(said)


def _about_classes(classes: Sequence[str], ids: npt.NDArray[np.int64], codes: npt.NDArray[np.int8]) -> tuple[str, ...]:
    counts = np.bincount(ids, minlength=len(classes))
    trained = np.bincount(ids[codes == TRAIN], minlength=len(classes))
    absent = [name for name, count in zip(classes, trained, strict=True) if count == 0]
    rare = [name for name, count in zip(classes, counts, strict=True) if count < _FEW_ROWS]
    said = []
    if absent:
        said.append(f"No training row has {_listed(absent)}: it cannot be learnt.")
    if rare:
        said.append(f"Fewer than {_FEW_ROWS} rows have {_listed(rare)}; scores of such a class mean little.")
    return tuple(said)


def _about_labels(labels: Sequence[str], table: npt.NDArray[np.int32], codes: npt.NDArray[np.int8]) -> tuple[str, ...]:
    """table (rows, labels): units of each label."""
    trained = table[codes == TRAIN].sum(axis=0)
    absent = [name for name, count in zip(labels, trained, strict=True) if count == 0]
    return tuple(f"No training row has the label “{name}”: it cannot be learnt." for name in absent[:_NAMED])


def _class_summary(name: str, classes: tuple[str, ...], counts: npt.NDArray[np.int64]) -> TargetSummary:
    numbers = tuple(int(count) for count in counts)
    return TargetSummary(name=name, measured=sum(numbers), classes=classes, class_counts=numbers)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:_NAMED])
    return f"the class {shown}" if len(names) == 1 else f"the classes {shown}{' …' if len(names) > _NAMED else ''}"


def _number_summary(name: str, values: npt.NDArray[np.float64]) -> TargetSummary:
    known = values[~np.isnan(values)]
    if not len(known):
        return TargetSummary(name=name, measured=0)
    edges, counts = histogram(known)
    small, scale = tamed(known)
    return TargetSummary(
        name=name,
        measured=len(known),
        mean=grown(float(small.mean()), scale),
        standard_deviation=grown(float(small.std(ddof=1)), scale) if len(known) > 1 else 0.0,
        minimum=float(known.min()),
        maximum=float(known.max()),
        bin_edges=edges,
        bin_counts=counts,
    )
