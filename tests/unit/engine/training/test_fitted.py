"""How batches are made to fit into memory: halved, recomputed, halved again."""

from unittest.mock import ANY

from sciapp.engine.training.state import MicroBatching
from tests.helpers.messages import values_of


def tried(rows: int, *, can_recompute: bool) -> list[MicroBatching]:
    """Everything that is tried for a batch which never fits."""
    found, fitted = [], MicroBatching()
    while (following := fitted.smaller(rows, step=5, can_recompute=can_recompute and not fitted.recompute)) is not None:
        found.append(following)
        fitted = following
    return found


def test_batches_are_halved_then_recomputed_then_halved_down_to_single_rows() -> None:
    steps = [(one.parts, one.recompute) for one in tried(20, can_recompute=True)]
    assert steps == [(2, False), (4, False), (8, False), (8, True), (16, True), (32, True)]


def test_a_model_that_cannot_recompute_is_only_halved() -> None:
    assert [one.parts for one in tried(3, can_recompute=False)] == [2, 4]


def test_a_single_row_can_only_be_recomputed() -> None:
    assert [(one.parts, one.recompute) for one in tried(1, can_recompute=True)] == [(1, True)]


def test_pieces_hold_every_row_once_in_order() -> None:
    rows = list(range(11))
    pieces = [rows[piece] for piece in MicroBatching(parts=4).pieces(11)]
    assert [row for piece in pieces for row in piece] == rows
    assert max(map(len, pieces)) == 3


def test_only_a_repair_is_told() -> None:
    assert MicroBatching().message == ""
    repair = {"since": 7, "self_": {"items": [{"parts": 4}], "last": ANY}}
    assert values_of(MicroBatching(4, True, since=7).message) == repair
