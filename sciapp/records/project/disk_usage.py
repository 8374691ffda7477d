"""Disk usage of a project by parts, and the parts that can be done without."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Literal

from sciapp.i18n import Text, joined, msg, plural
from sciapp.records.base import Frozen
from sciapp.records.formatting import size_text

PieceKind = Literal["run", "checkpoints", "tensorboard", "dataset", "caches", "trash"]
_TITLES: dict[PieceKind, Callable[[str], str]] = {
    "run": lambda owner: msg("Run {owner}, all of it", owner=owner),
    "checkpoints": lambda owner: msg("Checkpoints of run {owner}", owner=owner),
    "tensorboard": lambda owner: msg("TensorBoard's curves of run {owner}", owner=owner),
    "dataset": lambda owner: msg("Dataset {owner}, all of it", owner=owner),
    "caches": lambda owner: msg("Descriptors, variants, tokens and encoder states of dataset {owner}", owner=owner),
    "trash": lambda owner: msg("In the trash: {owner}", owner=owner),
}


class DiskPiece(Frozen):
    """Something that can be removed by itself.

    owner: run or dataset. kept_because: why it must stay as things are now, empty where it may go. needed_by: runs
    that must go with it or before it. lost: what cannot be done any more without it. about: the owner's title, where
    its id says little.
    """

    kind: PieceKind
    owner: str
    bytes: int
    kept_because: Text = ""
    needed_by: tuple[str, ...] = ()
    lost: Text = ""
    finished: bool = False
    about: Text = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.owner}"

    @property
    def is_whole(self) -> bool:
        return self.kind in {"run", "dataset", "trash"}

    @property
    def may_go_alone(self) -> bool:
        return not self.kept_because and not self.needed_by

    @property
    def title(self) -> str:
        return _TITLES[self.kind](self.about or self.owner)

    @property
    def remark(self) -> str:
        """Remark that a person should know before it is chosen."""
        if self.kept_because:
            return self.kept_because
        if self.needed_by:
            return msg("Needed by {runs}: only together.", runs=_runs(self.needed_by))
        return self.lost


def objection(pieces: Sequence[DiskPiece], chosen: Collection[str]) -> str:
    """Reason why the pieces with the keys `chosen` cannot be removed together; empty where they can."""
    for piece in pieces:
        if piece.key not in chosen:
            continue
        if piece.kept_because:
            return msg("{title}: {reason}", title=piece.title, reason=piece.kept_because)
        left = [run for run in piece.needed_by if f"run:{run}" not in chosen]
        if left:
            return msg("{title} is needed by {runs}, which would stay.", title=piece.title, runs=_runs(left))
    return ""


def freed(pieces: Iterable[DiskPiece], chosen: Collection[str]) -> int:
    """Bytes that are free when the pieces with the keys `chosen` are gone; parts of a whole are not counted twice."""
    selected = [piece for piece in pieces if piece.key in chosen]
    wholes = {(piece.kind == "dataset", piece.owner) for piece in selected if piece.is_whole}
    return sum(
        piece.bytes for piece in selected if piece.is_whole or (piece.kind == "caches", piece.owner) not in wholes
    )


def removal_question(pieces: Sequence[DiskPiece], chosen: Collection[str]) -> tuple[str, str]:
    """The question before anything goes, with bytes, and what is lost."""
    selected = [piece for piece in pieces if piece.key in chosen]
    size = size_text(freed(pieces, chosen))
    lost = list(dict.fromkeys(piece.lost for piece in selected if piece.lost))
    final = msg("This cannot be undone.")
    if len(selected) == 1:
        question = msg("Remove {what} and free {size}?", what=_amid(selected[0]), size=size)
        return question, joined([final, *lost], "\n")
    titles = joined((piece.title for piece in selected[:12]), "; ")
    names = msg("{titles}…", titles=titles) if len(selected) > 12 else titles
    question = msg("Remove {things:,} things and free {size}?", things=len(selected), size=size)
    return question, joined([msg("{names}.", names=names), final, *lost], "\n")


def _runs(ids: Sequence[str]) -> str:
    return plural("run {ids}", "runs {ids}", len(ids), ids=list(ids))


def _amid(piece: DiskPiece) -> str:
    """Its title within a sentence; TensorBoard is a name."""
    return piece.title if piece.kind == "tensorboard" else msg("{title:l}", title=piece.title)
