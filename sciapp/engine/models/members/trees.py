"""Trees: extremely randomised ones (Geurts et al. 2006, Mach. Learn. 63:3) and gradient boosting (Friedman 2002,
Comput. Stat. Data Anal. 38:367), both of scikit-learn, saved as arrays of nodes."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit, softmax
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
)

from sciapp.engine.models.members.base import (
    Arrays,
    FittedMember,
    Floats,
    Member,
    MemberFeatures,
    MemberTask,
    drawn_rows,
)
from sciapp.i18n import msg

_MOST_ROWS, _FEWEST_ROWS = 20_000, 20
_MOST_BOOSTED_CLASSES, _MOST_TARGETS, _MOST_BOOSTED_TARGETS = 10, 20, 3
_MOST_LEAVES = 2000  # of a tree; more rows make leaves larger, not the file
_IMPOSSIBLE = 20.0  # logits below the others, of a class that is not learnt from
_BLOCK = 500  # rows of a prediction at once


@dataclass(frozen=True)
class FittedTrees(FittedMember):
    """Nodes of all trees behind one another.

    roots: (trees,) their first nodes. feature, threshold, left, right: (nodes,); a leaf is its own child. value:
    (nodes, outputs), already divided as the sum over trees wants it. link: 0 none, 1 sigmoid of one output, 2 soft-max,
    3 probabilities as they are.
    """

    roots: npt.NDArray[np.int64]
    feature: npt.NDArray[np.int32]
    threshold: Floats
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: npt.NDArray[np.float32]
    link: int

    def predict(self, features: MemberFeatures) -> Floats:
        return self.answers(_values(features))

    def answers(self, values: npt.NDArray[np.float32]) -> Floats:
        """Numbers or probabilities (rows, outputs) of values (rows, columns)."""
        parts = [self._sum(values[first : first + _BLOCK]) for first in range(0, len(values), _BLOCK)]
        total = np.concatenate(parts) if parts else np.empty((0, self.value.shape[1]))
        if self.link == 1:
            return np.asarray(expit(total))
        return np.asarray(softmax(total, axis=1)) if self.link == 2 else total

    def _sum(self, rows: npt.NDArray[np.float32]) -> Floats:
        """The sum (rows, outputs) over the leaves that rows fall into; all trees go down at once."""
        node = np.tile(self.roots, (len(rows), 1))
        index = np.arange(len(rows))[:, None]
        while True:
            goes_left = rows[index, self.feature[node]] <= self.threshold[node]
            following = np.where(goes_left, self.left[node], self.right[node])
            if np.array_equal(following, node):
                return np.asarray(self.value[node].sum(axis=1, dtype=np.float64))
            node = following

    def arrays(self) -> Arrays:
        nodes = {name: getattr(self, name) for name in ("roots", "feature", "threshold", "left", "right", "value")}
        return {**nodes, "facts": np.array([self.link], dtype=np.int64)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "FittedTrees":
        names = ("roots", "feature", "threshold", "left", "right", "value")
        fitted = cls(**{name: arrays[name] for name in names}, link=int(arrays["facts"][0]))
        own = np.arange(len(fitted.feature))
        leaf = (fitted.left == own) & (fitted.right == own)
        # Children stand behind their parent, so that every way down ends.
        deeper = np.all([(own < child) & (child < len(own)) for child in (fitted.left, fitted.right)], axis=0)
        if not (leaf | deeper).all() or not ((fitted.roots >= 0) & (fitted.roots < len(own))).all():
            raise ValueError("the nodes are no trees")
        if (fitted.feature < 0).any():
            raise ValueError("a node asks of no feature")
        return fitted


@dataclass(frozen=True)
class FittedTreesOnCounts(FittedMember):
    """Trees on directions of the counts of some terms. columns (terms,): those of the terms; directions (terms,
    directions)."""

    trees: FittedTrees
    columns: npt.NDArray[np.int64]
    directions: npt.NDArray[np.float32]

    def predict(self, features: MemberFeatures) -> Floats:
        return self.trees.answers(_along(features, self.columns, self.directions))

    def arrays(self) -> Arrays:
        return {**self.trees.arrays(), "columns": self.columns, "directions": self.directions}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "FittedTreesOnCounts":
        return cls(FittedTrees.from_arrays(arrays), arrays["columns"], arrays["directions"])


def _along(
    features: MemberFeatures, columns: npt.NDArray[np.int64], directions: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """The rows along the directions (rows, directions)."""
    assert features.counts is not None, "counts are there"
    return np.asarray(features.counts[:, columns] @ directions.astype(np.float64), dtype=np.float32)


def _values(features: MemberFeatures) -> npt.NDArray[np.float32]:
    """The plain half of the numbers: the order of a value's logarithms is the same, so trees learn nothing of them."""
    assert features.numbers is not None, "numbers are there"
    return features.numbers[:, : features.numbers.shape[1] // 2]


def _nodes(trees: Sequence[Any], values: Sequence[Floats], link: int) -> FittedTrees:
    """scikit-learn's trees with the values of their nodes (nodes, outputs)."""
    begins = np.cumsum([0, *(tree.node_count for tree in trees)])
    left, right, feature = [], [], []
    for begin, tree in zip(begins, trees, strict=False):
        own = np.arange(begin, begin + tree.node_count)
        leaf = tree.children_left < 0
        left.append(np.where(leaf, own, tree.children_left + begin))
        right.append(np.where(leaf, own, tree.children_right + begin))
        feature.append(np.where(leaf, 0, tree.feature))
    return FittedTrees(
        begins[:-1].astype(np.int64),
        np.concatenate(feature).astype(np.int32),
        np.concatenate([tree.threshold for tree in trees]),
        np.concatenate(left).astype(np.int32),
        np.concatenate(right).astype(np.int32),
        np.concatenate(values).astype(np.float32),
        link,
    )


@dataclass(frozen=True)
class _TreeRows:
    """values (rows, columns), labels (rows,), weights (rows,) or None. leaf: the fewest rows of a leaf."""

    values: npt.NDArray[np.float32]
    labels: npt.NDArray[Any]
    weights: Floats | None
    leaf: int


class TreeMember(Member):
    """Trees on the plain half of the numbers."""

    fitted = FittedTrees

    def most_rows(self, task: MemberTask) -> float:
        return _MOST_ROWS

    def suits(self, features: MemberFeatures, task: MemberTask) -> bool:
        # Columns that come in pairs, value and logarithm; fewer rows have no leaves to speak of.
        return features.numbers is not None and features.numbers.shape[1] >= 2 and features.rows >= _FEWEST_ROWS

    def fit(self, features: MemberFeatures, labels: Floats, task: MemberTask) -> FittedTrees:
        rows = drawn_rows(features, _MOST_ROWS, task.seed)
        return self.learnt(_tree_rows(_values(features)[rows], labels, task, rows), task)

    @abstractmethod
    def learnt(self, rows: _TreeRows, task: MemberTask) -> FittedTrees:
        """Trees fitted to these rows."""


def _tree_rows(
    values: npt.NDArray[np.float32], labels: Floats, task: MemberTask, rows: npt.NDArray[np.int64]
) -> _TreeRows:
    """values: of these rows; labels and the task's weights: of all."""
    known = labels[rows].astype(np.int64) if task.classifies else labels[rows]
    weights = None if task.weights is None else task.weights[rows]
    return _TreeRows(values, known, weights, max(1, len(rows) // _MOST_LEAVES))


class ExtraTreesMember(TreeMember):
    key, title = "extra_trees", msg("extra trees on descriptors")

    def learnt(self, rows: _TreeRows, task: MemberTask) -> FittedTrees:
        usual: dict[str, Any] = {"random_state": task.seed, "min_samples_leaf": rows.leaf, "n_jobs": 1}
        if not task.classifies:
            model = ExtraTreesRegressor(_TREES, max_features=1 / 3, **usual).fit(rows.values, rows.labels, rows.weights)
            trees = [tree.tree_ for tree in model.estimators_]
            return _nodes(trees, [tree.value[:, 0, :] / len(trees) for tree in trees], 0)
        model = ExtraTreesClassifier(_TREES, **usual).fit(rows.values, rows.labels, rows.weights)
        trees = [tree.tree_ for tree in model.estimators_]
        shares = [_of_classes(tree.value[:, 0, :], model.classes_, task) / len(trees) for tree in trees]
        return _nodes(trees, shares, 3)


_TREES = 200


def _of_classes(counts: Floats, known: npt.NDArray[Any], task: MemberTask) -> Floats:
    """Shares (nodes, classes), or of 1 alone (nodes, 1)."""
    shares = counts / counts.sum(axis=1, keepdims=True)
    every = np.zeros((len(shares), max(2, task.classes)))
    every[:, known.astype(int)] = shares
    return every[:, 1:2] if task.outcome == "yes_or_no" else every


class BoostingMember(TreeMember):
    key, title = "boosting", msg("gradient boosting on descriptors")
    _rate, _stages, _share = 0.05, 300, 0.2

    def suits(self, features: MemberFeatures, task: MemberTask) -> bool:
        few = task.classes <= _MOST_BOOSTED_CLASSES and task.targets <= _MOST_TARGETS
        return super().suits(features, task) and few

    def learnt(self, rows: _TreeRows, task: MemberTask) -> FittedTrees:
        kind: Any = GradientBoostingClassifier if task.classifies else GradientBoostingRegressor
        model = kind(
            learning_rate=self._rate, n_estimators=self._stages, max_depth=5, subsample=0.5, max_features=self._share,
            min_samples_leaf=max(3, rows.leaf), init="zero", random_state=task.seed,
        ).fit(rows.values, rows.labels, rows.weights)  # fmt: skip
        stages = model.estimators_  # (stages, 1 or classes)
        known = model.classes_.astype(int) if task.classifies and stages.shape[1] > 1 else np.array([0])
        if task.outcome == "class" and stages.shape[1] == 1:  # two classes: the logarithm of the odds of the second
            classes, columns = max(2, task.classes), {0: model.classes_.astype(int)[1]}
        else:
            classes = task.classes if task.outcome == "class" else 1
            columns = dict(enumerate(known.tolist()))
        unknown = [index for index in range(classes) if task.outcome == "class" and index not in model.classes_]
        trees, parts = [], []
        for stage in stages:
            for number, tree in enumerate(stage):
                value = np.zeros((tree.tree_.node_count, classes))
                value[:, unknown] = -_IMPOSSIBLE / len(stages)
                value[:, columns[number]] = self._rate * tree.tree_.value[:, 0, 0]
                trees.append(tree.tree_)
                parts.append(value)
        link = 0 if not task.classifies else 1 if classes == 1 else 2
        return _nodes(trees, parts, link)


_MOST_TERMS, _DIRECTIONS = 5000, 100


class BoostingOnCounts(Member):
    """Gradient boosting on the main directions of the counts: what several terms do together, as two mutations may."""

    key, title = "boosting_counts", msg("gradient boosting on combinations of letters, words or fragments")
    fitted = FittedTreesOnCounts

    def most_rows(self, task: MemberTask) -> float:
        return _MOST_ROWS

    def suits(self, features: MemberFeatures, task: MemberTask) -> bool:
        few = task.classes <= _MOST_BOOSTED_CLASSES and task.targets <= _MOST_BOOSTED_TARGETS
        enough = features.counts is not None and features.counts.shape[1] > 1 and features.rows >= _FEWEST_ROWS
        return few and enough

    def fit(self, features: MemberFeatures, labels: Floats, task: MemberTask) -> FittedTreesOnCounts:
        rows = drawn_rows(features, _MOST_ROWS, task.seed)
        learnt = features.of(rows)
        assert learnt.counts is not None, "counts are there"
        columns, directions = _main_directions(learnt.counts, task.seed)
        values = _along(learnt, columns, directions)
        return FittedTreesOnCounts(
            BoostingMember().learnt(_tree_rows(values, labels, task, rows), task), columns, directions
        )


def _main_directions(counts: sparse.csr_matrix, seed: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Columns of the terms whose shares of their largest count vary most, and directions (terms, directions) of the
    counts: right singular vectors (Deerwester et al. 1990, J. Am. Soc. Inf. Sci. 41:391)."""
    largest = np.maximum(counts.max(axis=0).toarray().ravel(), 1e-9)
    shares = sparse.csr_matrix(counts.multiply(1 / largest[None, :]))
    squares = np.ravel(shares.multiply(shares).mean(axis=0))
    variance = squares - np.square(np.ravel(shares.mean(axis=0)))
    columns = np.sort(np.argsort(-variance, kind="stable")[:_MOST_TERMS]).astype(np.int64)
    few = min(_DIRECTIONS, len(columns), shares.shape[0])
    with np.errstate(divide="ignore", invalid="ignore"):  # of counts that never change
        vectors = TruncatedSVD(few, random_state=seed).fit(shares[:, columns]).components_.T
    return columns, np.asarray(vectors / largest[columns, None], dtype=np.float32)
