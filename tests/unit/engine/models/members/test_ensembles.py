"""Members learn, are saved as plain arrays, and are weighed by rows that they did not learn from."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.metrics import roc_auc_score

from sciapp.engine.domains.molecule.fragments import FRAGMENTS
from sciapp.engine.domains.row_input import MultiInput
from sciapp.engine.domains.terms import ENDS, LETTERS, LONG_LETTERS, POSITIONS, WORDS
from sciapp.engine.inputs.features.terms import TermCounts
from sciapp.engine.models.members.base import MemberFeatures, MemberTask
from sciapp.engine.models.members.ensemble import Ensemble, MemberRows, WeightedMember, fit_ensemble
from sciapp.engine.models.members.features import MemberRecipe
from sciapp.engine.models.members.registry import MEMBERS, member_named
from sciapp.engine.models.members.weights import clearly_better, mixture, share_of_second


def features(rows: int = 160, seed: int = 0) -> MemberFeatures:
    """Four numbers with their logarithms, and counts of six terms."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(rows, 4))
    numbers = np.concatenate([values, np.sign(values) * np.log1p(np.abs(values))], axis=1).astype(np.float32)
    counts = sparse.csr_matrix(rng.integers(0, 3, size=(rows, 6)).astype(np.float64))
    return MemberFeatures(rows, numbers, counts)


def truth(known: MemberFeatures) -> np.ndarray:
    """A curved function of the numbers and a linear one of the counts; spread about 1."""
    x = known.numbers.astype(np.float64)
    total = x[:, 0] ** 2 - x[:, 1] + 0.5 * known.counts.toarray()[:, 2]
    return (total - total.mean()) / total.std()


OUTCOMES = {
    "number": (1, lambda y: y),
    "yes_or_no": (1, lambda y: (y > 0).astype(np.float64)),
    "class": (3, lambda y: np.digitize(y, [-0.5, 0.5]).astype(np.float64)),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.key)
def test_what_a_member_learnt_is_the_same_after_it_was_saved(member, outcome):
    classes, labels_of = OUTCOMES[outcome]
    known, new = features(), features(seed=1)
    task = MemberTask(outcome, classes, seed=0)
    assert member.suits(known, task)
    fitted = member.fit(known, labels_of(truth(known)), task)
    again = type(fitted).from_arrays(fitted.arrays())
    answers = fitted.predict(new)
    assert answers.shape == (160, classes)
    np.testing.assert_allclose(again.predict(new), answers, rtol=1e-5, atol=1e-6)
    if outcome == "class":
        np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-6)
    elif outcome == "yes_or_no":
        assert roc_auc_score(labels_of(truth(new)), answers[:, 0]) > 0.53
    assert all(isinstance(array, np.ndarray) and array.dtype != object for array in fitted.arrays().values())


def test_saved_trees_answer_as_those_of_scikit_learn():
    known, new = features(), features(seed=1)
    fitted = member_named("extra_trees").fit(known, truth(known), MemberTask("number", 1, seed=3))
    theirs = ExtraTreesRegressor(200, max_features=1 / 3, random_state=3).fit(known.numbers[:, :4], truth(known))
    np.testing.assert_allclose(fitted.predict(new)[:, 0], theirs.predict(new.numbers[:, :4]), atol=1e-5)


def test_a_class_that_no_row_has_is_never_answered():
    known = features()
    labels = (truth(known) > 0).astype(np.float64) * 2  # of three classes the middle one is missing
    for member in MEMBERS:
        task = MemberTask("class", 3, seed=0)
        if member.suits(known, task):
            answers = member.fit(known, labels, task).predict(known)
            assert answers[:, 1].max() < 1e-3, member.key


def test_weights_go_to_the_better_answers_and_sum_to_one():
    rng = np.random.default_rng(0)
    labels = rng.normal(size=(300, 1))
    good, noisy, useless = (
        labels + 0.3 * rng.normal(size=(300, 1)),
        labels + rng.normal(size=(300, 1)),
        rng.normal(size=(300, 1)),
    )
    weights = mixture([good, noisy, useless], labels, outcome="number")
    assert weights.sum() == pytest.approx(1)
    assert weights[0] > 0.7 and weights[2] < 0.05
    labels[::3] = np.nan
    assert mixture([good, noisy, useless], labels, outcome="number")[0] > 0.7


def test_probabilities_are_weighed_by_how_likely_they_make_the_labels():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 3, 200)
    one_hot = np.eye(3)[codes]
    sure, wrong = 0.8 * one_hot + 0.2 / 3, np.roll(0.8 * one_hot + 0.2 / 3, 1, axis=1)
    assert mixture([sure, wrong], one_hot, outcome="class")[0] > 0.95


def test_a_no_counts_where_every_row_happens_to_have_one_yes():
    rng = np.random.default_rng(0)
    labels = np.eye(3)[rng.integers(0, 3, 200)]
    calibrated, always_yes = 0.7 * labels + 0.1, np.full(labels.shape, 0.9)
    assert mixture([calibrated, always_yes], labels, outcome="yes_or_no")[0] > 0.95


@pytest.mark.parametrize("outcome", ["number", "yes_or_no", "class"])
def test_rows_that_count_little_have_little_say_in_the_weights(outcome):
    rng = np.random.default_rng(0)
    labels = np.eye(2)[rng.integers(0, 2, 400)]
    near, far = 0.9 * labels + 0.05, np.full(labels.shape, 0.5)
    first = np.vstack([near[:200], far[200:]])
    second = np.vstack([far[:200], near[200:]])
    counts = np.repeat([2 - 1e-6, 1e-6], 200)
    weights = mixture([first, second], labels, outcome=outcome, row_weights=counts)
    assert weights[0] > 0.95
    assert mixture([first, second], labels, outcome=outcome)[0] < 0.6


def test_what_has_no_share_has_no_say():
    known = features(40)
    fitted = (member_named("linear").fit(known, truth(known), MemberTask("number", 1, 0)),)
    member = WeightedMember("linear", 1.0, fitted)
    alone = Ensemble("number", (member,), 0.0, np.zeros(1), np.ones(1))
    answers = alone.answers(known)
    assert np.isfinite(alone.combined(np.full((40, 1), np.nan), answers)).all()
    assert alone.only_member == "linear"
    network = Ensemble("number", (member,), 1.0, np.zeros(1), np.ones(1))
    assert network.shares == {} and network.only_member is None
    np.testing.assert_array_equal(network.combined(np.ones((40, 1)), {}), 1.0)


def test_few_rows_leave_the_share_where_the_losses_alone_put_it_and_many_do_not():
    rng = np.random.default_rng(0)

    def share(rows: int, first: float, second: float) -> float:
        """Of a second prediction whose error has the first's in it, so that all of the first is best."""
        labels, noise = rng.normal(size=(rows, 1)), rng.normal(size=(rows, 1))
        ours = labels + first * noise
        return share_of_second(ours, ours + second * rng.normal(size=(rows, 1)), labels, classifies=False)

    assert share(3000, 1.0, 0.5) < 0.1
    assert share(3, 1.0, 0.5) > 0.2
    labels = rng.normal(size=(1, 1))
    assert share_of_second(labels + 3.0, labels + 1e-4, labels, classifies=False) > 0.99, "a rule that is exact stays"
    assert share_of_second(labels + 1e-4, labels + 3.0, labels, classifies=False) < 0.01


def test_the_whole_is_at_least_as_good_as_its_parts_on_new_rows():
    known, held, new = features(300), features(60, seed=1), features(300, seed=2)
    network = truth(held)[:, None] + 0.5 * np.random.default_rng(3).normal(size=(60, 1))
    ensemble = fit_ensemble(
        "number",
        0,
        MemberRows(known, 10 + 3 * truth(known)[:, None]),
        MemberRows(held, 10 + 3 * truth(held)[:, None]),
        10 + 3 * network,
        seed=0,
    )
    labels = 10 + 3 * truth(new)[:, None]
    errors = [
        np.sqrt(np.mean((member.answers(new) * ensemble.spread + ensemble.mean - labels) ** 2))
        for member in ensemble.members
        if member.weight
    ]
    whole = np.sqrt(np.mean((ensemble.without_network(ensemble.answers(new), new.rows) - labels) ** 2))
    assert whole <= 1.05 * min(errors)
    assert 0 < ensemble.network_share < 1
    answer = ensemble.combined(labels, ensemble.answers(new))
    assert (
        np.abs(answer - labels).mean()
        < np.abs(ensemble.without_network(ensemble.answers(new), new.rows) - labels).mean()
    )


def test_a_part_that_is_clearly_better_than_the_whole_answers_alone():
    rng = np.random.default_rng(0)
    labels = rng.normal(size=(200, 1))
    exact, near, far = (labels + error * rng.normal(size=(200, 1)) for error in (0.01, 0.5, 2.0))
    assert clearly_better(near, {"": far, "svm": exact}, labels, classifies=False) == "svm"
    assert clearly_better(near, {"": far, "svm": near}, labels, classifies=False) is None
    assert clearly_better(near[:5], {"svm": exact[:5]}, labels[:5], classifies=False) is None, "few rows say nothing"
    labels[::2] = np.nan
    assert clearly_better(near, {"": exact, "svm": far}, labels, classifies=False) == ""
    yes = (rng.random((200, 1)) < 0.5).astype(np.float64)
    sure, unsure = 0.9 * yes + 0.05, 0.2 * yes + 0.4
    assert clearly_better(unsure, {"linear": sure}, yes, classifies=True) == "linear"


def test_a_transformer_that_knows_all_is_not_mixed_with_members_that_mislead():
    known, held = features(300), features(80, seed=1)
    misled = MemberRows(known, np.random.default_rng(5).permutation(truth(known))[:, None])
    ensemble = fit_ensemble("number", 0, misled, MemberRows(held, truth(held)[:, None]), truth(held)[:, None], seed=0)
    assert ensemble.network_share > 0.97
    answers = ensemble.combined(truth(held)[:, None], ensemble.answers(held))
    np.testing.assert_allclose(answers[:, 0], truth(held), atol=0.1)


def test_gaps_are_left_out_and_a_target_without_values_is_answered_by_its_mean():
    known = features()
    labels = np.column_stack([truth(known), np.full(160, np.nan)])
    labels[::2, 0] = np.nan
    labels[5, 1] = 7.0
    rows = MemberRows(known, labels)
    ensemble = fit_ensemble("number", 0, rows, rows, np.zeros((160, 2)), seed=0)
    answers = ensemble.without_network(ensemble.answers(known), known.rows)
    assert np.isfinite(answers).all()
    np.testing.assert_allclose(answers[:, 1], 7.0)


TERMS = (
    (LETTERS, ["ACGT", "ACCA", "GGTA"]),
    (LONG_LETTERS, ["ACGTACGT", "ACCAACGT", "GGTAACGT"]),
    (POSITIONS, ["ACGT", "ACCA", "GGTA"]),
    (WORDS, ["a cell divides", "a cell dies", "no cell"]),
    (FRAGMENTS, ["CCO", "CCN", "c1ccccc1O"]),
)


@pytest.mark.parametrize(("kind", "texts"), TERMS, ids=[kind.name for kind, _ in TERMS])
def test_terms_are_counted_the_same_after_they_were_saved(kind, texts):
    learnt = TermCounts.learnt(kind, texts)
    again = TermCounts.from_json(learnt.to_json(), {kind.name: kind})
    assert learnt.terms
    np.testing.assert_allclose(again.of(texts).toarray(), learnt.of(texts).toarray())
    assert learnt.of(["?"]).nnz == 0


def test_texts_without_a_term_have_no_columns():
    assert TermCounts.learnt(WORDS, ["…", "?"]).of(["…"]).shape == (1, 0)


def test_a_term_at_a_position_is_another_one_elsewhere_and_is_counted_where_texts_are_equally_long():
    counts = TermCounts.learnt(POSITIONS, ["AC", "CA"])
    assert counts.terms == ("0A", "0AC", "0C", "0CA", "1A", "1C")
    assert not replace(POSITIONS, most_letters=3).suits(["AC", "CA"])
    assert POSITIONS.suits(["AC", "CA"]) and not POSITIONS.suits(["AC", "CAT"]) and LETTERS.suits(["AC", "CAT"])


def test_fragments_of_all_parts_of_a_mixture_are_counted():
    counts = TermCounts.learnt(FRAGMENTS, ["CCO", "c1ccccc1N"])
    both = counts.of(["CCO.c1ccccc1N"]).toarray()
    np.testing.assert_allclose(both, counts.of(["CCO", "c1ccccc1N"]).toarray().sum(axis=0, keepdims=True))


def test_members_of_models_from_before_a_domain_had_terms_of_its_own_are_read():
    letters = TermCounts.learnt(LETTERS, ["ACGT", "ACCA"]).to_json()
    recipe = MemberRecipe.from_json({"numbers": None, "pieces": [letters, letters]})
    features = recipe.of([MultiInput(("ACGT", "ACCA"))])
    assert [index for index, _ in recipe.terms] == [0, 1] and features.counts.shape[1] == 2 * len(letters["pieces"])


def of_earlier_versions(learnt: MemberFeatures, key: str) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Arrays of a support vector machine of numbers as they were saved at first, and its answers for the same rows."""
    rng = np.random.default_rng(0)
    coefficients, bias = rng.normal(size=20), 0.3
    if key == "svm":
        vectors, gamma = learnt.numbers[:20], 0.1
        distances = ((learnt.numbers[:, None, :] - vectors[None, :, :]) ** 2).sum(axis=2)
        arrays = {"vectors": vectors, "facts": np.array([bias, gamma])}
        return arrays | {"coefficients": coefficients}, np.exp(-gamma * distances) @ coefficients + bias
    vectors = learnt.counts[:20]
    there, own = (m.toarray() > 0 for m in (learnt.counts, vectors))
    both = (there[:, None, :] & own[None, :, :]).sum(axis=2)
    either = np.maximum((there[:, None, :] | own[None, :, :]).sum(axis=2), 1)
    parts = {"data": vectors.data, "indices": vectors.indices, "indptr": vectors.indptr}
    arrays = {**parts, "coefficients": coefficients, "facts": np.array([bias, vectors.shape[1]])}
    return arrays, both / either @ coefficients + bias


@pytest.mark.parametrize("key", ["svm", "svm_shared"])
def test_machines_of_earlier_versions_answer_as_they_did_also_when_they_are_saved_again(key):
    known = features()
    arrays, answers = of_earlier_versions(known, key)
    kind = member_named(key).fitted
    first = kind.from_arrays(arrays)
    again = kind.from_arrays(first.arrays())
    for fitted in (first, again):
        np.testing.assert_allclose(fitted.predict(known)[:, 0], answers, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("rows_of_a_class", [1, 2, 3])
def test_machines_learn_classes_of_very_few_rows_and_weights(rows_of_a_class):
    known = features(60)
    labels = np.zeros(60)
    labels[:rows_of_a_class], labels[rows_of_a_class : 2 * rows_of_a_class] = 1, 2
    for key in ("svm", "svm_shared"):
        for weights in (None, np.linspace(0.5, 1.5, 60)):
            answers = member_named(key).fit(known, labels, MemberTask("class", 3, 0, weights)).predict(known)
            assert np.isfinite(answers).all()
            np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-6)


def test_rows_without_a_term_teach_members_that_count_nothing_and_no_rows_are_answered_by_none():
    recipe = MemberRecipe.learnt("text", ["…", "?!", "."], None, ())
    task = MemberTask("yes_or_no", 1, 0)
    assert not any(member.suits(recipe.of(["?", "!"]), task) for member in MEMBERS if member.key in COUNTING)
    some = MemberRecipe.learnt("protein", ["ACDE", "DEAC", "WWWW", "ACWW"] * 6, None, ())
    learnt = some.of(["ACDE", "DEAC", "WWWW", "ACWW"] * 6)
    for key in COUNTING:
        fitted = member_named(key).fit(learnt, np.array([0.0, 0.0, 1.0, 1.0] * 6), task)
        assert fitted.predict(some.of([])).shape == (0, 1)


COUNTING = ("linear_counts", "svm_shared", "boosting_counts")


def test_many_targets_are_left_to_members_that_learn_fast():
    known = features()
    few, many = (MemberTask("yes_or_no", 1, 0, targets=number) for number in (3, 500))
    for key in ("svm", "svm_shared"):
        assert member_named(key).suits(known, few) and not member_named(key).suits(known, many)


def test_what_is_no_molecule_has_no_fragment():
    assert [len(FRAGMENTS.cut(text)) for text in ("", "no molecule")] == [0, 0]


def test_a_recipe_of_two_inputs_is_the_same_after_it_was_saved():
    rows = [MultiInput(("CCO", "CCN")), MultiInput(("c1ccccc1", "CC=O"))]
    recipe = MemberRecipe.learnt("molecule pair", rows, None, ())
    again = MemberRecipe.from_json(json.loads(json.dumps(recipe.to_json())))
    np.testing.assert_allclose(again.of(rows).counts.toarray(), recipe.of(rows).counts.toarray())
    assert {index for index, _ in again.terms} == {0, 1}


def test_machines_take_the_width_of_their_tube_and_their_cost_from_the_noise():
    known, new = features(300), features(300, seed=1)
    noise = 2 * np.random.default_rng(5).normal(size=300)
    task = MemberTask("number", 1, 0)

    def fitted(labels):
        return member_named("svm").fit(known, labels, task)

    exact, noisy = fitted(truth(known)), fitted(truth(known) + noise)
    assert np.abs(exact.machines.coefficients).max() > 5 >= np.abs(noisy.machines.coefficients).max()
    error = np.sqrt(np.mean((exact.predict(new)[:, 0] - truth(new)) ** 2))
    assert error < 0.45, "of a spread of 1, of which the counts make a third"


def test_ends_are_counted_apart_from_the_middle_and_not_at_all_in_short_sequences():
    first, last = "MKTLLLTLVVVTIVCLDLGYTRRPRRRRRR", "GGGGGGGGGGGKDEL"
    terms = ENDS.cut(first + "W" * 60 + last)
    assert "^MKT" in terms and "KDE$" not in terms[:80] and "KDE$" in terms
    assert not any("W" in term for term in terms)
    assert ENDS.cut("MKTLLLTLV") == []
