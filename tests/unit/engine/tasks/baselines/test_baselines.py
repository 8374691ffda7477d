"""Baselines on real rows, on gaps, and on the strange tables that people have."""

import csv
from collections.abc import Sequence

import numpy as np
import pytest

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.tasks.baselines.base import Baseline
from sciapp.errors import Cancelled
from tests.conftest import REPOSITORY
from tests.helpers.baselines import simple_baseline, trivial_baseline
from tests.helpers.heard import Step, cancelled_when, noted
from tests.helpers.messages import values_of

LOG_S = "measured log solubility in mols per litre"


def _rows(inputs: Sequence[str], targets: object) -> Rows:
    return Rows(np.arange(len(inputs)), list(inputs), np.asarray(targets))


def _simple(domain: str, task: str, train: Rows, test: Rows, classes: int = 0, seed: int = 0) -> Baseline:
    steps: list[Step] = []
    baseline = simple_baseline(
        domain_named(domain), task, train, test, classes=classes, seed=seed, threads=1, progress=noted(steps)
    )
    assert steps
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps), "progress never goes back"
    assert all(done <= total for _, done, total in steps)
    return baseline


def _rmse(truth: np.ndarray, values: np.ndarray) -> float:
    return float(np.sqrt(np.nanmean((truth - values) ** 2)))


@pytest.fixture(scope="module")
def esol() -> tuple[Rows, Rows]:
    with (REPOSITORY / "resources/samples/esol.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))[::4]
    molecule = domain_named("molecule")
    inputs = [molecule.clean(row["smiles"]) for row in table]
    targets = np.array([[float(row[LOG_S])] for row in table])
    order = np.random.default_rng(0).permutation(len(inputs))
    train, test = order[60:], order[:60]
    return _rows([inputs[i] for i in train], targets[train]), _rows([inputs[i] for i in test], targets[test])


def test_the_forest_on_descriptors_halves_the_error_of_the_mean_on_solubilities(esol: tuple[Rows, Rows]) -> None:
    train, test = esol
    simple = _simple("molecule", "regression", train, test)
    trivial = trivial_baseline(domain_named("molecule"), "regression", train, test, 0)
    assert values_of(simple.name) == {"learner": "Random forest", "features": "RDKit 2-D descriptors"}
    assert _rmse(test.targets, np.asarray(simple.values)) < 0.5 * _rmse(test.targets, np.asarray(trivial.values))
    assert np.asarray(trivial.values)[:, 0] == pytest.approx(train.targets.mean())


def test_the_same_seed_gives_the_same_forest(esol: tuple[Rows, Rows]) -> None:
    train, test = esol
    small = _rows(train.inputs[:60], train.targets[:60])
    first, second = (_simple("molecule", "regression", small, test, seed=7) for _ in range(2))
    assert (np.asarray(first.values) == np.asarray(second.values)).all()


def test_each_target_learns_from_the_rows_that_have_it() -> None:
    """Target b is measured on few rows, and is minus target a."""
    rng = np.random.default_rng(0)
    inputs = ["".join(rng.choice(list("ACDEW"), 20)) for _ in range(160)]
    a = np.array([value.count("W") for value in inputs], dtype=float)
    targets = np.column_stack([a, np.where(np.arange(160) % 2, -a, np.nan)])
    train, test = _rows(inputs[:120], targets[:120]), _rows(inputs[120:], targets[120:])
    simple = _simple("protein", "regression", train, test)
    assert np.asarray(simple.values).shape == (40, 2)
    assert _rmse(a[120:], np.asarray(simple.values)[:, 0]) < 0.3 * a.std()
    assert _rmse(-a[120:], np.asarray(simple.values)[:, 1]) < 0.6 * a.std()


def test_words_tell_classes_apart() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 150)
    words = [["red", "warm"], ["blue", "cold"], ["green", "mild"]]
    inputs = [" ".join(["the", *rng.permutation(words[label]), str(rng.integers(50))]) for label in labels]
    train, test = _rows(inputs[:110], labels[:110]), _rows(inputs[110:], labels[110:])
    simple = _simple("text", "classification", train, test, classes=3)
    assert values_of(simple.name) == {"learner": "Logistic regression", "features": "TF-IDF"}
    assert np.asarray(simple.values).sum(axis=1) == pytest.approx(1)
    assert (np.asarray(simple.values).argmax(axis=1) == labels[110:]).mean() > 0.95


def test_a_class_that_training_lacks_keeps_its_column() -> None:
    train = _rows(["AAAA", "CCCC"] * 20, np.array([0, 2] * 20))
    test = _rows(["AAAA", "CCCC", "GGGG"], np.array([0, 2, 1]))
    simple = _simple("nucleotide", "classification", train, test, classes=3)
    trivial = trivial_baseline(domain_named("molecule"), "classification", train, test, 3)
    assert np.asarray(simple.values).shape == (3, 3)
    assert (np.asarray(simple.values)[:, 1] == 0).all()
    assert np.asarray(simple.values).argmax(axis=1)[:2].tolist() == [0, 2]
    assert np.asarray(trivial.values).tolist() == [[0.5, 0.0, 0.5]] * 3


def test_training_rows_of_one_class_only_are_no_failure() -> None:
    train, test = _rows(["AAAA", "CCCC"], np.array([1, 1])), _rows(["GGGG"], np.array([0]))
    assert np.asarray(_simple("nucleotide", "classification", train, test, classes=2).values).tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize("rows", [3, 200])
def test_texts_without_a_word_give_the_mean(rows: int) -> None:
    train, test = _rows(["!!!"] * rows, np.arange(rows, dtype=float)[:, None]), _rows(["???"], np.array([[1.0]]))
    values = np.asarray(_simple("text", "regression", train, test).values)
    assert values[0, 0] == pytest.approx((rows - 1) / 2)


def test_a_target_that_no_training_row_has_is_predicted_as_zero() -> None:
    train = _rows(["AAAA", "CCCC"], np.array([[1.0, np.nan], [2.0, np.nan]]))
    test = _rows(["GGGG"], np.array([[1.0, 5.0]]))
    assert np.asarray(_simple("protein", "regression", train, test).values)[0, 1] == 0
    assert np.asarray(trivial_baseline(domain_named("molecule"), "regression", train, test, 0).values).tolist() == [
        [1.5, 0.0]
    ]


def test_descriptors_that_explode_do_not_stop_the_forest() -> None:
    big = "C" * 200  # Ipc of a long chain is beyond fp32
    train = _rows([big, *["CC", "CCC", "CCO"] * 5], np.arange(16, dtype=float)[:, None])
    simple = _simple("molecule", "regression", train, _rows(["[Na+].[Cl-]"], np.array([[0.0]])))
    assert np.isfinite(np.asarray(simple.values)).all()


def test_cancelling_the_work_in_the_middle_ends_it(esol: tuple[Rows, Rows]) -> None:
    train, test = esol
    progress = cancelled_when(lambda *_: True)
    with pytest.raises(Cancelled):
        simple_baseline(
            domain_named("molecule"), "regression", train, test, classes=0, seed=0, threads=1, progress=progress
        )
