"""Which row changes in which pass follows from seed, pass and row; what does not fit is refused in plain words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciapp.engine.augmentation.rewriter import Rewriter, check_augmentations, fitting, rewriter_for
from sciapp.engine.data.targets.registry import task_facts
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import BadInput
from sciapp.records.plan.augmentation import Augmentations
from tests.helpers.messages import refused_exactly

OF_ROWS, OF_UNITS = task_facts("regression"), task_facts("tagging")
ROWS = ["MKTAYIAKQRQISFVKSHFSRQ" + "ACDEFGHIKL"[n % 10] * (n % 7 + 1) for n in range(300)]


def rewriter(**settings: object) -> Rewriter:
    wanted = Augmentations(augmentations=("blosum_substitutions", "end_crops"), augmentation_strength=1.0, **settings)  # type: ignore[arg-type]
    found = rewriter_for(domain_named("protein"), wanted, seed=7, facts=OF_ROWS)
    assert found is not None
    return found


@given(order=st.permutations(range(40)), epoch=st.integers(0, 1000))
@settings(deadline=None, max_examples=40)
def test_what_a_row_becomes_has_nothing_to_do_with_when_it_is_asked_for(order: list[int], epoch: int) -> None:
    one = rewriter()
    straight = {row: one.rewritten(ROWS[row], row, epoch) for row in range(40)}
    assert {row: one.rewritten(ROWS[row], row, epoch) for row in order} == straight


def test_about_the_share_that_is_asked_for_changes_and_others_in_the_next_pass() -> None:
    one = rewriter(augmented_share=0.3)
    passes = [{row for row, value in enumerate(ROWS) if one.rewritten(value, row, epoch)} for epoch in range(4)]
    assert all(0.15 < len(changed) / len(ROWS) < 0.4 for changed in passes)
    assert len(set().union(*passes)) > 1.5 * len(passes[0])


def test_every_augmentation_that_was_chosen_has_its_turn() -> None:
    one = rewriter(augmented_share=1.0)
    found = [one.rewritten(value, row, 0) for row, value in enumerate(ROWS)]
    names = [new.augmentation for new in found if new]
    assert 0.3 < names.count("end_crops") / len(names) < 0.75
    assert set(names) == {"end_crops", "blosum_substitutions"}


def test_without_names_nothing_is_rewritten() -> None:
    assert rewriter_for(domain_named("protein"), Augmentations(token_masking=0.2), 0, facts=OF_ROWS) is None


@pytest.mark.parametrize(
    ("domain", "fits", "moves"),
    [
        ("protein", ("blosum_substitutions", "masked_substitution"), "end_crops"),
        ("nucleotide", ("point_noise", "masked_substitution"), "reverse_complement"),
        ("text", ("typing_noise",), "word_swaps"),
    ],
)
def test_labels_of_units_allow_only_what_keeps_units_in_place(domain: str, fits: tuple[str, ...], moves: str) -> None:
    kind = domain_named(domain)
    assert fitting(kind, facts=OF_UNITS) == fits
    assert rewriter_for(kind, Augmentations(augmentations=fits[:1]), 0, facts=OF_UNITS) is not None
    check_augmentations(kind, Augmentations(augmentations=fits), facts=OF_UNITS)
    with refused_exactly(BadInput, name=moves, units=kind.unit) as raised:
        rewriter_for(kind, Augmentations(augmentations=(*fits, moves)), 0, facts=OF_UNITS)
    assert raised.value.hint.values["fitting"] == list(fits)


def test_labels_that_are_a_part_of_the_row_allow_no_augmentation() -> None:
    series, forecast = domain_named("series"), task_facts("forecasting")
    assert fitting(series, facts=forecast) == ()
    assert "shift" in fitting(series, facts=OF_ROWS)
    with refused_exactly(BadInput, name="shift", rows="series"):
        check_augmentations(series, Augmentations(augmentations=("shift",)), facts=forecast)


def test_an_augmentation_of_another_domain_is_told_with_what_there_is() -> None:
    with refused_exactly(BadInput, domain="protein", name="randomized_smiles") as raised:
        rewriter_for(domain_named("protein"), Augmentations(augmentations=("randomized_smiles",)), 0, facts=OF_ROWS)
    assert "end_crops" in raised.value.hint


def test_a_variation_that_changes_words_is_not_for_labels_of_words() -> None:
    with refused_exactly(BadInput, name="masked_substitution", units="words"):
        check_augmentations(domain_named("text"), Augmentations(augmentations=("masked_substitution",)), facts=OF_UNITS)


class Written:
    """Two variants of every other row."""

    def of(self, row: int) -> tuple[str, ...]:
        return () if row % 2 else (f"MK{row}", f"MR{row}")


def test_a_row_is_shown_as_one_of_its_variants_or_as_it_is() -> None:
    wanted = Augmentations(augmentations=("masked_substitution",), augmented_share=1.0)
    one = rewriter_for(domain_named("protein"), wanted, 7, facts=OF_ROWS, variants={"masked_substitution": Written()})
    assert one is not None
    seen = {epoch: [one.rewritten(ROWS[row], row, epoch) for row in range(40)] for epoch in range(6)}
    assert all(row is None for found in seen.values() for row in found[1::2])
    assert {row.value for found in seen.values() if (row := found[4])} == {"MK4", "MR4"}
