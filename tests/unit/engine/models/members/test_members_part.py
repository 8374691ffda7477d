"""The part of a saved model that has its members: files from which no answer follows are refused."""

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from sciapp.engine.models.members.base import Constant, MemberTask
from sciapp.engine.models.members.ensemble import Ensemble, WeightedMember
from sciapp.engine.models.members.features import MemberRecipe
from sciapp.engine.models.members.registry import member_named
from sciapp.engine.models.parts.members import ARRAYS_FILE, MEMBERS_FILE, MembersPart
from sciapp.errors import BadInput


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fitted = (Constant(np.array([0.5])), Constant(np.array([1.0])))
    members = (WeightedMember("linear", 0.75, fitted), WeightedMember("svm", 0.25, fitted), WeightedMember("x", 0, ()))
    ensemble = Ensemble("number", members, 0.5, np.zeros(2), np.ones(2))
    MembersPart().save(contents(ensemble, MemberRecipe("", None, ())), tmp_path)
    return tmp_path


def contents(ensemble: Ensemble | None = None, recipe: MemberRecipe | None = None) -> Any:
    return SimpleNamespace(ensemble=ensemble, member_recipe=recipe, task=None)


def test_what_was_saved_is_read_again(folder: Path) -> None:
    read = contents()
    MembersPart().load(folder, read)
    assert [member.weight for member in read.ensemble.members] == [0.75, 0.25, 0]
    assert read.ensemble.network_share == 0.5


@pytest.mark.parametrize(
    ("keys", "damaged"),
    [
        (("network_share",), math.nan),
        (("network_share",), -1),
        (("network_share",), 2),
        (("mean", 0), None),
        (("spread", 1), 0),
        (("spread",), [1.0]),
        (("members",), []),
        (("members", 0, "weight"), math.nan),
        (("members", 0, "weight"), -0.75),
        (("members", 0, "weight"), 0.25),
        (("members", 0, "outputs"), 1),
        (("members", 0, "outputs"), 0),
        (("features",), {"numbers": {"domain": "alchemy"}, "pieces": []}),
        ((), None),
        ((), [1]),
    ],
)
def test_a_file_from_which_no_answer_follows_is_refused(folder: Path, keys: tuple[Any, ...], damaged: object) -> None:
    file = folder / MEMBERS_FILE
    whole = {"value": json.loads(file.read_text(encoding="utf-8"))}
    inner: Any = whole
    for key in ("value", *keys)[:-1]:
        inner = inner[key]
    inner[("value", *keys)[-1]] = damaged
    file.write_text(json.dumps(whole["value"]), encoding="utf-8")
    with pytest.raises(BadInput):
        MembersPart().load(folder, contents())


KEYS = ("linear_counts", "svm_shared", "boosting_counts")


@pytest.fixture
def learnt(tmp_path: Path) -> Path:
    """Members that learnt how often W comes, with equal weights."""
    texts = ["".join(letters) for letters in np.random.default_rng(0).choice(list("ACDW"), size=(60, 12))]
    recipe = MemberRecipe.learnt("protein", texts, None, ())
    features, labels = recipe.of(texts), np.array([text.count("W") for text in texts], dtype=np.float64)
    members = tuple(
        WeightedMember(key, 1 / len(KEYS), (member_named(key).fit(features, labels, MemberTask("number", 1, 0)),))
        for key in KEYS
    )
    MembersPart().save(contents(Ensemble("number", members, 0.5, np.zeros(1), np.ones(1)), recipe), tmp_path)
    return tmp_path


def of_nodes(array: np.ndarray) -> np.ndarray:
    """Children that lead back to the root."""
    return np.zeros_like(array)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("boosting_counts/0/left", of_nodes),
        ("boosting_counts/0/right", lambda array: array + 10**6),
        ("boosting_counts/0/feature", lambda array: array + 10**6),
        ("boosting_counts/0/roots", lambda array: array - 5),
        ("linear_counts/0/weight", lambda array: array[:, :-1]),
        ("linear_counts/0/weight", lambda array: array * np.float32("nan")),
        ("svm_shared/0/coefficients", lambda array: array[1:]),
        ("svm_shared/0/facts", lambda array: array[:1]),
    ],
)
def test_arrays_that_do_not_fit_are_refused_when_the_model_is_opened(learnt: Path, name: str, damage: Any) -> None:
    MembersPart().load(learnt, contents())
    arrays = load_file(learnt / ARRAYS_FILE)
    save_file(arrays | {name: np.ascontiguousarray(damage(arrays[name]))}, learnt / ARRAYS_FILE)
    with pytest.raises(BadInput):
        MembersPart().load(learnt, contents())


def test_members_of_another_task_are_refused(learnt: Path) -> None:
    read = contents()
    read.task = SimpleNamespace(task="multilabel", outputs=("y",))
    with pytest.raises(BadInput):
        MembersPart().load(learnt, read)
    read.task = SimpleNamespace(task="regression", outputs=("y",))
    MembersPart().load(learnt, read)


def test_a_card_says_who_answers(learnt: Path) -> None:
    note = MembersPart().describe(learnt).note
    value = json.loads((learnt / MEMBERS_FILE).read_text(encoding="utf-8"))
    value["network_share"], (first, *others) = 0.0, value["members"]
    first["weight"] = 1.0
    for member in others:
        member["weight"] = 0.0
    (learnt / MEMBERS_FILE).write_text(json.dumps(value), encoding="utf-8")
    alone = MembersPart().describe(learnt).note
    assert str(member_named(KEYS[0]).title) in alone and alone != note
    value["network_share"] = 1.0
    (learnt / MEMBERS_FILE).write_text(json.dumps(value), encoding="utf-8")
    assert MembersPart().describe(learnt) is None
