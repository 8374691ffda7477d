"""What a chemist or a biologist would have used without us, on the same split.

The run's own simple baseline (forest on RDKit descriptors, linear on 1- to 3-mers, TF-IDF, whatever it is for the
task); for molecules a forest on ECFP4 beside it, for sequences of one length a linear model on one-hot residues.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.preprocessing import OneHotEncoder

from comparison.rows import ON_ECFP, Row
from comparison.scores import score_of
from sciapp.engine.data.dataset.table import Rows, read_split
from sciapp.engine.data.targets.base import ArrayValues
from sciapp.engine.data.targets.registry import class_names, task_facts
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData, BaselineModel, LabelledFeatures
from sciapp.engine.tasks.baselines.sklearn_models import Forest, Linear
from sciapp.engine.tasks.registry import registered_task
from sciapp.engine.tasks.token_classification import TokenClassificationEvaluator
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.project import Project

BITS, RADIUS = 2048, 2


def classical_scores(row: Row, project: Project, card: DatasetCard, seed: int, threads: int) -> dict[str, float]:
    """Name of each classical model, and its score on the test rows."""
    folder = project.dataset_folder(card.id)
    train, test = (read_split(folder, card, split) for split in ("train", "test"))
    found = {}
    for baseline in _baselines(row, card, train, test, seed, threads):
        name = baseline.name[0].lower() + baseline.name[1:]
        if card.task == "tagging":
            found[name] = TokenClassificationEvaluator(card, seed).main(test.targets, baseline.values)
        else:
            found[name] = score_of(row.task, row.score, test, np.asarray(baseline.values))
    return found


def _baselines(row: Row, card: DatasetCard, train: Rows, test: Rows, seed: int, threads: int) -> Iterator[Baseline]:
    classes = len(class_names(card))
    data = BaselineData(domain_named(card.domain), train, test, classes=classes, seed=seed, threads=threads)
    yield registered_task(card.task).simple_baseline(data)
    classifies = not task_facts(card.task).is_quantity
    if card.domain == "molecule":
        yield _fitted(
            ON_ECFP, Forest(classifies, seed, threads), card, train, test, ecfp4(train.inputs), ecfp4(test.inputs)
        )
    elif card.domain in {"protein", "nucleotide"} and len({len(value) for value in train.inputs + test.inputs}) == 1:
        encoder = OneHotEncoder(handle_unknown="ignore", drop=None)
        features = encoder.fit_transform(_letters(train.inputs)), encoder.transform(_letters(test.inputs))
        learner = Linear(classifies, seed)
        yield _fitted(f"{learner.name} on one-hot", learner, card, train, test, *features)


def ecfp4(smiles: list[str]) -> npt.NDArray[np.float32]:
    """Morgan fingerprints (molecules, 2048) of radius 2 (Rogers & Hahn 2010, J. Chem. Inf. Model. 50:742)."""
    from rdkit import Chem
    from rdkit.Chem import rdFingerprintGenerator

    generator = rdFingerprintGenerator.GetMorganGenerator(radius=RADIUS, fpSize=BITS)
    return np.array([generator.GetFingerprintAsNumPy(Chem.MolFromSmiles(one)) for one in smiles], dtype=np.float32)


def _letters(inputs: list[str]) -> npt.NDArray[np.str_]:
    return np.array([list(value) for value in inputs])


def _fitted(
    name: str, learner: BaselineModel, card: DatasetCard, train: Rows, test: Rows, seen: Any, unseen: Any
) -> Baseline:  # fmt: skip
    """One model per target, of the rows where it is known."""
    if card.task == "classification":
        model = learner.learn(LabelledFeatures(seen, np.asarray(train.targets)))
        return Baseline(name, ArrayValues(_shares(model, unseen, len(card.class_names))))
    columns = []
    for target in np.asarray(train.targets, dtype=np.float64).T:
        known = np.flatnonzero(~np.isnan(target))
        model = learner.learn(LabelledFeatures(seen[known], target[known]))
        columns.append(_shares(model, unseen, 2)[:, 1] if card.task == "multilabel" else model.predict(unseen))
    return Baseline(name, ArrayValues(np.column_stack(columns)))


def _shares(model: Any, features: Any, classes: int) -> npt.NDArray[np.float64]:
    """Probabilities (rows, classes); a class that the training rows happen not to have keeps zeros."""
    found = np.zeros((features.shape[0], classes))
    found[:, model.classes_.astype(int)] = model.predict_proba(features)
    return found
