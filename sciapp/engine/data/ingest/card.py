"""The summaries on a dataset's card: targets, lengths, remarks and the fingerprint."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.staging.weights import must_count
from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.data.targets.staged import StagedTargets
from sciapp.engine.data.targets.summaries import histogram
from sciapp.engine.data.values.split_names import TRAIN
from sciapp.engine.domains.row_input import RowInput, stored_text
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import LengthSummary, Roles, TargetSummary
from sciapp.records.dataset.findings import Finding


class Fingerprint:
    """sha256 over inputs, targets (weights among them) and split of the rows, in order. Equal for equal content,
    whatever the file."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, inputs: Sequence[RowInput], targets: Sequence[Sequence[object]], splits: Sequence[str]) -> None:
        """Rows as they stand in the table; lengths before the inputs keep two rows from reading like one."""
        texts = map(stored_text, inputs)
        lines = [f"{len(i)}:{i}\t{t!r}\t{s}\n" for i, t, s in zip(texts, targets, splits, strict=True)]
        self._hash.update("".join(lines).encode("utf-8"))

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def named_in_file(summaries: Sequence[TargetSummary], columns: Sequence[str]) -> tuple[TargetSummary, ...]:
    """The summaries with the file's column beside a target that is not that column as it stands."""
    return tuple(
        one if one.name == column else one.model_copy(update={"source_column": column})
        for one, column in zip(summaries, columns, strict=True)
    )


def unneeded(repairs: Mapping[str, str], findings: Sequence[Finding]) -> tuple[str, ...]:
    """Repairs that were asked for and had nothing to mend."""
    kinds = {finding.kind for finding in findings}
    return tuple(
        msg("The repair {kind}={policy} was asked for, but nothing of that kind was found.", kind=kind, policy=policy)
        for kind, policy in repairs.items()
        if kind not in kinds
    )


def length_summary(unit: str, lengths: npt.NDArray[np.int32]) -> LengthSummary:
    """Lengths of the kept inputs. Raises nothing; there is at least one row."""
    least, most = int(lengths.min()), int(lengths.max())
    edges, counts = ((least - 0.5, most + 0.5), (len(lengths),)) if least == most else histogram(lengths.astype(float))
    return LengthSummary(
        unit=unit,
        median=float(np.median(lengths)),
        maximum=most,
        bin_edges=edges,
        bin_counts=counts,
    )


def must_be_learnable(
    roles: Roles,
    targets: StagedTargets,
    usable: npt.NDArray[np.bool_],
    codes: npt.NDArray[np.int8],
    weights: npt.NDArray[np.float64] | None = None,
) -> None:
    """Raise BadInput when the training rows hold nothing to tell apart. codes (kept rows,): the split of each.

    weights (rows,): of all rows; those of weight 0 teach nothing.
    """
    learnt = codes == TRAIN
    if weights is not None:
        must_count(weights[usable], learnt, roles.weight, "training")
        learnt &= weights[usable] > 0
    training = usable.copy()
    training[usable] = learnt
    for i, name in enumerate(roles.targets):
        if targets.distinct(training, i) < 2:
            what = target_kind(targets.task).value_word
            raise BadInput(
                msg(
                    "The training rows have only one {what} of “{name}”: there is nothing to learn.",
                    what=what,
                    name=name,
                ),
                hint=msg("Choose another target or another way to split."),
            )
