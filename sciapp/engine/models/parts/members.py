"""The members that answer beside the transformer: what they learnt, as plain arrays, and their weights."""

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from sciapp.engine.models.members.base import Constant, FittedMember
from sciapp.engine.models.members.ensemble import Ensemble, WeightedMember
from sciapp.engine.models.members.features import MemberRecipe
from sciapp.engine.models.members.registry import member_named
from sciapp.engine.models.parts.base import ModelContents, ModelPart, PartDescription
from sciapp.errors import BadInput, NotFound
from sciapp.i18n import lines, msg
from sciapp.records.atomic import write_json
from sciapp.records.regular import json_in

MEMBERS_FILE, ARRAYS_FILE = "members.json", "members.safetensors"
_FORMAT = 2  # 1: support vector machines of numbers alone


class MembersPart(ModelPart):
    """`members.json`: features, weights and the transformer's share; `members.safetensors`: arrays by
    “member/output/name”."""

    key = "members"
    files = (MEMBERS_FILE, ARRAYS_FILE)

    def save(self, contents: ModelContents, folder: Path) -> None:
        ensemble, recipe = contents.ensemble, contents.member_recipe
        if ensemble is None or recipe is None:
            return
        arrays = {
            f"{member.key}/{output}/{name}": np.ascontiguousarray(array)
            for member in ensemble.members
            for output, fitted in enumerate(member.fitted)
            for name, array in fitted.arrays().items()
        }
        save_file(arrays, folder / ARRAYS_FILE)
        write_json(
            folder / MEMBERS_FILE,
            {
                "format": _FORMAT,
                "outcome": ensemble.outcome,
                "network_share": ensemble.network_share,
                "mean": ensemble.mean.tolist(),
                "spread": ensemble.spread.tolist(),
                "members": [
                    {"key": member.key, "weight": member.weight, "outputs": len(member.fitted)}
                    for member in ensemble.members
                ],
                "features": recipe.to_json(),
            },
        )

    def load(self, folder: Path, contents: ModelContents) -> None:
        """Raises BadInput for a damaged file, a later format, or a member or descriptors that are not known here."""
        if not self.is_in(folder):
            return
        try:
            value = json_in(folder / MEMBERS_FILE)
            if value["format"] > _FORMAT:
                raise ValueError("it was written by a newer SciApp")
            arrays = load_file(folder / ARRAYS_FILE)
            members = tuple(
                WeightedMember(
                    str(member["key"]),
                    float(member["weight"]),
                    tuple(_fitted(str(member["key"]), output, arrays) for output in range(int(member["outputs"]))),
                )
                for member in value["members"]
            )
            mean, spread = (np.array(value[name], dtype=np.float64) for name in ("mean", "spread"))
            ensemble = Ensemble(value["outcome"], members, float(value["network_share"]), mean, spread)
            _must_be_whole(ensemble)
            contents.ensemble, contents.member_recipe = ensemble, MemberRecipe.from_json(value["features"])
        except (OSError, ValueError, KeyError, TypeError, OverflowError, SafetensorError, NotFound) as error:
            raise BadInput(
                msg("The model's members.json cannot be used."),
                hint=msg("Train again with this version, or use the version that trained it."),
                context=f"{folder}: {error}",
            ) from error

    def describe(self, folder: Path) -> PartDescription | None:
        if not self.is_in(folder):
            return None
        return PartDescription(self.key, tags=("ensemble",), note=_NOTE)


def _must_be_whole(ensemble: Ensemble) -> None:
    """Raise ValueError for shares, units or members from which no answer follows."""
    mean, spread = ensemble.mean, ensemble.spread
    if ensemble.outcome not in ("number", "yes_or_no", "class") or mean.ndim != 1 or mean.shape != spread.shape:
        raise ValueError("the outputs are not described")
    if not (np.isfinite(mean).all() and np.isfinite(spread).all() and (spread > 0).all()):
        raise ValueError("the units of the outputs are no numbers")
    weights = [member.weight for member in ensemble.members]
    if not 0 <= ensemble.network_share <= 1 or not all(weight >= 0 for weight in weights):
        raise ValueError("a share is none")
    if not np.isclose(sum(weights), 1.0, atol=1e-3):
        raise ValueError("the weights do not sum to one")
    outputs = 1 if ensemble.outcome == "class" else len(mean)
    if any(len(member.fitted) != outputs for member in ensemble.members if member.weight):
        raise ValueError("a member lacks outputs")


def _fitted(key: str, output: int, arrays: dict[str, np.ndarray]) -> FittedMember:
    begin = f"{key}/{output}/"
    own = {name.removeprefix(begin): array for name, array in arrays.items() if name.startswith(begin)}
    return Constant.from_arrays(own) if "constant" in own else member_named(key).fitted.from_arrays(own)


_NOTE = lines(
    [
        msg("## {title}", title=msg("The members")),
        "",
        msg(
            "The answer is a weighted mean of the transformer's and of simple models that learnt from the same rows; "
            "`members.json` has the weights, `members.safetensors` what they learnt. The lines above ask the "
            "transformer alone; `sciapp predict PROJECT RUN FILE --out OUT.csv` asks all of them."
        ),
    ]
)
