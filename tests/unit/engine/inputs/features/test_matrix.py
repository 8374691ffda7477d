"""What is joined to the encoder, where names clash or files are damaged."""

import numpy as np
import pytest

from sciapp.engine.inputs.features.matrix import FeatureRecipe, feature_names
from sciapp.engine.inputs.features.scaling import Scaling


def recipe(*covariates: str) -> FeatureRecipe:
    names = feature_names("protein", True, covariates)
    return FeatureRecipe(
        "protein", True, covariates, Scaling.of(names, np.random.default_rng(0).normal(size=(50, len(names))))
    )


def test_a_covariate_with_a_descriptors_name_leaves_the_descriptor_alone() -> None:
    clash, plain = recipe("length"), recipe("pH")
    one, other = clash.matrix(["MKV"], np.array([[0.5]])), plain.matrix(["MKV"], np.array([[0.5]]))
    assert np.array_equal(one, other)
    assert FeatureRecipe.from_json(clash.to_json()).covariates == ("length",)


def test_a_scaling_with_gaps_is_refused() -> None:
    value = recipe("pH").to_json()
    value["scaling"]["scale"] = [None] * len(value["scaling"]["scale"])
    with pytest.raises(ValueError, match="gaps"):
        FeatureRecipe.from_json(value)
