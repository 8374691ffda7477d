"""The extra features that the head reads besides the encoder's output: which ones, and how they are scaled."""

from pathlib import Path

from sciapp.engine.inputs.features.matrix import FeatureRecipe
from sciapp.engine.models.parts.base import ModelContents, ModelPart
from sciapp.engine.models.parts.head import DESCRIPTORS_FILE, HEAD
from sciapp.errors import BadInput, NotFound
from sciapp.i18n import msg
from sciapp.records.atomic import write_json
from sciapp.records.regular import json_in

_FORMAT, _WITHOUT_RULE = 2, 1
"""Earlier versions know no rule, and would predict other numbers without it."""


class FeaturesPart(ModelPart):
    """`descriptors.json`: descriptors, covariates and rule of a FusionModel, with their scaling."""

    key = "features"
    files = (DESCRIPTORS_FILE,)

    def save(self, contents: ModelContents, folder: Path) -> None:
        if contents.recipe is not None:
            format = _WITHOUT_RULE if contents.recipe.rule is None else _FORMAT
            value = {"format": format, "pooling": "mean", **contents.recipe.to_json()}
            write_json(folder / DESCRIPTORS_FILE, value)

    def load(self, folder: Path, contents: ModelContents) -> None:
        """Raises BadInput for a damaged file, a later format, or descriptors that are not computed here."""
        if not HEAD.is_in(folder):
            return
        try:
            value = json_in(folder / DESCRIPTORS_FILE)
            if value["format"] > _FORMAT:
                raise ValueError("it was written by a newer SciApp")
            contents.recipe = FeatureRecipe.from_json(value)
        except (OSError, ValueError, KeyError, TypeError, OverflowError, NotFound) as error:
            raise BadInput(
                msg("The model's descriptors.json cannot be used."),
                hint=msg("Train again with this version, or use the version that trained it."),
                context=f"{folder}: {error}",
            ) from error
