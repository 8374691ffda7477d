"""The methods of a report name like rows in training and test, whatever the split is called."""

from sciapp.engine.reports.text.dataset import leakage_sentences
from sciapp.i18n import Message
from sciapp.records.dataset.leakage import Leakage, Neighbours


def leaks(similarities: tuple[float, ...]) -> Leakage:
    rows = len(similarities)
    seen = Neighbours(
        rows=rows,
        looked_at=rows,
        training_rows=40,
        training_looked_at=40,
        lines=tuple(range(rows)),
        similarities=similarities,
        neighbour_lines=tuple(range(rows)),
    )
    return Leakage(
        measure="Tanimoto similarity of ECFP4 fingerprints",
        symbol="Tanimoto similarity",
        alike=0.4,
        near=0.9,
        neighbours=seen,
        level="careful",
        verdict="",
    )


def test_a_split_that_left_twins_on_both_sides_does_not_pass_for_one_that_kept_them_apart() -> None:
    (some,), (none,) = leakage_sentences(leaks((0.95, 0.3))), leakage_sentences(leaks((0.5, 0.3)))
    assert isinstance(some, Message) and isinstance(none, Message)
    assert some.template != none.template and str(some.values["near"]) == "1"
    assert leakage_sentences(None) == []
