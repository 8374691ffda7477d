"""Scores of targets of 0 and 1 and of single units are scikit-learn's; intervals draw whole rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.evaluation.evaluate import verdict
from sciapp.engine.statistics import bootstrap
from sciapp.engine.tasks.baselines.base import Baseline
from sciapp.engine.tasks.registry import evaluator_of
from sciapp.engine.tasks.token_classification import unit_tables
from sciapp.records.dataset.card import DatasetCard, Roles, TargetSummary
from sciapp.records.project.project import Project
from tests.helpers.baselines import simple_baseline, trivial_baseline
from tests.helpers.heard import Step, noted
from tests.helpers.made_projects import made_dataset


@pytest.fixture
def card(tmp_path) -> DatasetCard:
    return made_dataset(Project.create(tmp_path / "p", domain="protein"), rows=10)


@pytest.fixture
def assays(card: DatasetCard) -> DatasetCard:
    return card.model_copy(update={"task": "multilabel", "roles": Roles(input="s", targets=("a", "b", "c"))})


@pytest.fixture
def residues(card: DatasetCard) -> DatasetCard:
    labels = TargetSummary(name="y", measured=9, classes=("H", "E", "C"), class_counts=(3, 3, 3))
    return card.model_copy(update={"task": "tagging", "domain": "protein", "targets": (labels,)})


def gappy(rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, (rows, 3)).astype(float)
    said = np.clip(0.5 + 0.3 * (truth - 0.5) + rng.normal(size=truth.shape) * 0.25, 0, 1).round(2)
    truth[rng.random(truth.shape) < 0.3] = np.nan
    return truth, said


@given(st.integers(0, 10_000), st.integers(2, 40), st.booleans())
@settings(max_examples=60, deadline=None)
def test_yes_or_no_scores_of_sets_are_the_references(seed: int, rows: int, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    positive, score = rng.integers(0, 2, rows) == 1, rng.random(rows)
    score = score.round(1) if ties else score
    drawn = rng.integers(0, rows, (6, rows))
    counts = np.stack([np.bincount(draw, minlength=rows) for draw in drawn]).astype(float)
    many = bootstrap.yes_or_no(positive, score, counts)
    for place, draw in enumerate(drawn):
        if len(np.unique(positive[draw])) < 2:
            assert all(np.isnan(values[place]) for values in many.values())
            continue
        assert many["roc_auc"][place] == pytest.approx(reference.roc_auc_score(positive[draw], score[draw]))
        precision = reference.average_precision_score(positive[draw], score[draw])
        assert many["average_precision"][place] == pytest.approx(precision)
        balanced = reference.balanced_accuracy_score(positive[draw], score[draw] > 0.5)
        assert many["balanced_accuracy"][place] == pytest.approx(balanced)


def test_means_over_targets_leave_out_what_is_undefined(assays: DatasetCard) -> None:
    truth, said = gappy(200)
    truth[:, 2] = 1
    scores = evaluator_of(assays, truth, 0).report("p", truth, said)
    each = [scores.get("roc_auc", name) for name in ("a", "b", "c")]
    assert each[2] is not None and each[2].value is None
    mean = scores.get("roc_auc")
    assert mean is not None and mean.low is not None and mean.high is not None and mean.value is not None
    assert mean.value == pytest.approx(np.mean([score.value for score in each[:2] if score]))
    known = ~np.isnan(truth[:, 0])
    assert each[0] is not None
    assert each[0].value == pytest.approx(reference.roc_auc_score(truth[known, 0], said[known, 0]))
    assert mean.low < mean.value < mean.high


def test_the_verdict_on_targets_of_0_and_1_names_the_mean_roc_auc(assays: DatasetCard) -> None:
    truth, said = gappy(200)
    chance = Baseline("Random forest on RDKit 2-D descriptors", np.full(truth.shape, 0.5))
    beats, sentence = verdict(evaluator_of(assays, truth, 0), truth, said, chance)
    assert beats is True
    assert "ROC-AUC" in sentence and "against 0.5" in sentence
    same, _ = verdict(evaluator_of(assays, truth, 0), truth, said, Baseline("Twin", said))
    assert same is False


def chains(rows: int, seed: int = 0) -> tuple[TokenLabels, TokenLabels]:
    rng = np.random.default_rng(seed)
    truth = TokenLabels.of([rng.integers(0, 3, length).tolist() for length in rng.integers(5, 30, rows)])
    counts = rng.random(len(truth.codes)) < 0.8
    said = np.where(rng.random(len(truth.codes)) < 0.6, truth.codes, rng.integers(-1, 3, len(truth.codes)))
    return TokenLabels(truth.codes, truth.starts, counts), TokenLabels(said, truth.starts, said >= 0)


def test_unit_scores_are_the_references_and_no_answer_is_a_wrong_one(residues: DatasetCard) -> None:
    truth, said = chains(40)
    judge = evaluator_of(residues, truth, 0)
    scores = judge.report("p", truth, said)
    true, claimed = truth.codes[truth.counts], said.codes[truth.counts]
    accuracy, f1 = scores.get("unit_accuracy"), scores.get("macro_f1")
    assert accuracy is not None and f1 is not None
    assert accuracy.value == pytest.approx(reference.accuracy_score(true, claimed))
    expected = reference.f1_score(true, claimed, labels=[0, 1, 2], average="macro")
    assert f1.value == pytest.approx(expected)
    assert judge.main(truth, said) == pytest.approx(accuracy.value)
    confusion = judge.confusion(truth, said)
    assert confusion is not None and confusion.counted == "residues"
    assert confusion.counts == tuple(map(tuple, reference.confusion_matrix(true, claimed, labels=[0, 1, 2]).tolist()))


def test_whole_chains_are_redrawn(residues: DatasetCard) -> None:
    """Ten copies of every chain's units say no more than one: the interval must not be narrower."""
    truth, said = chains(30)
    ten = [TokenLabels.of(codes.tolist() * 10 for codes in np.split(p.codes, p.starts[1:-1])) for p in (truth, said)]
    plain = TokenLabels(truth.codes, truth.starts, np.ones(len(truth.codes), dtype=bool))
    judge = evaluator_of(residues, truth, 0)
    one, many = judge.report("p", plain, said).get("unit_accuracy"), judge.report("p", *ten).get("unit_accuracy")
    assert one is not None and many is not None
    assert (one.value, one.low, one.high) == pytest.approx((many.value, many.low, many.high))


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_unit_scores_of_sets_are_those_of_their_rows(seed: int) -> None:
    truth, said = chains(12, seed)
    drawn = np.random.default_rng(seed).integers(0, 12, 12)
    counts = np.bincount(drawn, minlength=12).astype(float)[None]
    tables = unit_tables(truth, said, 3)
    many = bootstrap.units(tables, counts)
    one = bootstrap.units(unit_tables(truth[drawn], said[drawn], 3), np.ones((1, 12)))
    for name, value in one.items():
        assert many[name] == pytest.approx(value)


def _rows(inputs: list[str], targets: object) -> Rows:
    return Rows(np.arange(len(inputs)), inputs, targets)  # type: ignore[arg-type]


def test_the_neighbours_of_a_residue_tell_its_label() -> None:
    """The label is what the next residue is, so the majority is wrong and the window is right."""
    rng = np.random.default_rng(0)
    inputs = ["".join(rng.choice(list("AG"), 40)) for _ in range(60)]
    labels = TokenLabels.of([[int(letter == "G") for letter in chain[1:] + "A"] for chain in inputs])
    rows = np.arange(60)
    train, test = _rows(inputs[:40], labels[rows[:40]]), _rows(inputs[40:], labels[rows[40:]])
    domain = domain_named("protein")
    steps: list[Step] = []
    simple = simple_baseline(domain, "tagging", train, test, classes=2, seed=0, threads=1, progress=noted(steps))
    assert isinstance(simple.values, TokenLabels)
    assert steps and all(done <= total for _, done, total in steps)
    assert (simple.values.codes == labels[rows[40:]].codes).mean() > 0.99
    trivial = trivial_baseline(domain, "tagging", train, test, 2)
    assert isinstance(trivial.values, TokenLabels)
    assert len(set(trivial.values.codes.tolist())) == 1
    assert trivial.values.starts.tolist() == simple.values.starts.tolist()


def test_each_target_of_0_and_1_is_learned_where_it_was_measured() -> None:
    rng = np.random.default_rng(0)
    inputs = ["".join(rng.choice(list("ACDW"), 12)) for _ in range(120)]
    truth = np.array([[float("W" in text[:6]), float(text.count("A") > 2), 1.0] for text in inputs])
    truth[::3, 0] = np.nan
    train, test = _rows(inputs[:90], truth[:90]), _rows(inputs[90:], truth[90:])
    domain = domain_named("protein")
    simple = simple_baseline(domain, "multilabel", train, test, classes=0, seed=0, threads=1)
    assert isinstance(simple, Baseline)
    values = np.asarray(simple.values)
    assert values.shape == (30, 3)
    assert ((values >= 0) & (values <= 1)).all()
    assert (values[:, 2] == 1).all(), "all training rows had a 1"
    assert reference.roc_auc_score(truth[90:, 1], values[:, 1]) > 0.8
    trivial = np.asarray(trivial_baseline(domain, "multilabel", train, test, 0).values)
    assert trivial[0] == pytest.approx(np.nanmean(truth[:90], axis=0))
