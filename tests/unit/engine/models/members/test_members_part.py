"""The part of a saved model that has its members: files from which no answer follows are refused."""

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sciapp.engine.models.members.base import Constant
from sciapp.engine.models.members.ensemble import Ensemble, WeightedMember
from sciapp.engine.models.members.features import MemberRecipe
from sciapp.engine.models.parts.members import MEMBERS_FILE, MembersPart
from sciapp.errors import BadInput


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fitted = (Constant(np.array([0.5])), Constant(np.array([1.0])))
    members = (WeightedMember("linear", 0.75, fitted), WeightedMember("svm", 0.25, fitted), WeightedMember("x", 0, ()))
    ensemble = Ensemble("number", members, 0.5, np.zeros(2), np.ones(2))
    MembersPart().save(contents(ensemble, MemberRecipe("", None, ())), tmp_path)
    return tmp_path


def contents(ensemble: Ensemble | None = None, recipe: MemberRecipe | None = None) -> Any:
    return SimpleNamespace(ensemble=ensemble, member_recipe=recipe)


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
