"""Disk usage of a project by parts, and the parts that can be done without."""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from sciapp.records.base import Frozen
from sciapp.records.formatting import lower_first, size_text

PieceKind = Literal["run", "checkpoints", "tensorboard", "dataset", "caches"]
_WORDS = {
    "run": "Run {}, all of it",
    "checkpoints": "Checkpoints of run {}",
    "tensorboard": "TensorBoard's curves of run {}",
    "dataset": "Dataset {}, all of it",
    "caches": "Descriptors, variants, tokens and encoder states of dataset {}",
}


class DiskPiece(Frozen):
    """Something that can be removed by itself.

    owner: run or dataset. kept_because: why it must stay as things are now, empty where it may go. needed_by: runs
    that must go with it or before it. lost: what cannot be done any more without it.
    """

    kind: PieceKind
    owner: str
    bytes: int
    kept_because: str = ""
    needed_by: tuple[str, ...] = ()
    lost: str = ""
    finished: bool = False

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.owner}"

    @property
    def is_whole(self) -> bool:
        return self.kind in {"run", "dataset"}

    @property
    def may_go_alone(self) -> bool:
        return not self.kept_because and not self.needed_by

    @property
    def title(self) -> str:
        return _WORDS[self.kind].format(self.owner)

    @property
    def remark(self) -> str:
        """Remark that a person should know before it is chosen."""
        if self.kept_because:
            return self.kept_because
        if self.needed_by:
            return f"Needed by {_runs(self.needed_by)}: only together."
        return self.lost


def objection(pieces: Sequence[DiskPiece], chosen: Collection[str]) -> str:
    """Reason why the pieces with the keys `chosen` cannot be removed together; empty where they can."""
    for piece in pieces:
        if piece.key not in chosen:
            continue
        if piece.kept_because:
            return f"{piece.title}: {piece.kept_because}"
        left = [run for run in piece.needed_by if f"run:{run}" not in chosen]
        if left:
            return f"{piece.title} is needed by {_runs(left)}, which would stay."
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
    what = _amid(selected[0]) if len(selected) == 1 else f"{len(selected)} things"
    lost = list(dict.fromkeys(piece.lost for piece in selected if piece.lost))
    names = (
        ""
        if len(selected) == 1
        else "; ".join(piece.title for piece in selected[:12]) + "…" * (len(selected) > 12) + ".\n"
    )
    question = f"Remove {what} and free {size_text(freed(pieces, chosen))}?"
    return question, "\n".join([f"{names}This cannot be undone.", *lost])


def _runs(ids: Sequence[str]) -> str:
    return f"run {ids[0]}" if len(ids) == 1 else f"runs {', '.join(ids)}"


def _amid(piece: DiskPiece) -> str:
    """Its title within a sentence; TensorBoard is a name."""
    return piece.title if piece.kind == "tensorboard" else lower_first(piece.title)
