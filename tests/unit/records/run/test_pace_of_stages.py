"""How long a stage that counts will still take: from its recent pace, not from what lay there before."""

from sciapp.records.run.events import Progressed
from sciapp.records.run.progress import RemainingStageTime


def report(done: int, seconds: float, total: int = 900) -> Progressed:
    return Progressed(time=1000.0 + seconds, stage="augmenting", done=done, total=total)


def test_the_pace_is_known_after_some_seconds() -> None:
    left = RemainingStageTime()
    assert left.update(report(0, 0)) is None
    assert left.update(report(10, 1)) is None
    assert left.update(report(40, 4)) == 86


def test_rows_that_were_kept_from_before_do_not_flatter_the_pace() -> None:
    left = RemainingStageTime(window=3)
    for done, seconds in ((0, 0.0), (300, 0.1), (310, 1.1), (320, 2.1), (330, 3.1)):
        left.update(report(done, seconds))
    assert left.update(report(340, 5.1)) == (900 - 340) * 3.0 / 20


def test_another_count_begins_anew_and_a_finished_one_has_nothing_left() -> None:
    left = RemainingStageTime()
    left.update(report(0, 0))
    assert left.update(report(900, 10)) is None
    assert left.update(report(5, 11)) is None
    assert left.update(report(15, 16)) == 885 * 5 / 10
