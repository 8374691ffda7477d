"""The members that answer beside the transformer: what they learnt, as plain arrays, and their weights."""

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from scipy import sparse

from sciapp.engine.models.members.base import Constant, FittedMember, MemberFeatures
from sciapp.engine.models.members.ensemble import Ensemble, WeightedMember
from sciapp.engine.models.members.features import MemberRecipe
from sciapp.engine.models.members.registry import member_named
from sciapp.engine.models.parts.base import ModelContents, ModelPart, PartDescription
from sciapp.engine.tasks.base import Task
from sciapp.engine.tasks.registry import registered_task
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
            recipe = MemberRecipe.from_json(value["features"])
            _must_be_whole(ensemble)
            if not all(np.isfinite(array).all() for array in arrays.values() if array.dtype.kind == "f"):
                raise ValueError("a member learnt no numbers")
            _must_answer(ensemble, recipe, contents.task)
            contents.ensemble, contents.member_recipe = ensemble, recipe
        except (OSError, ArithmeticError, ValueError, LookupError, TypeError, SafetensorError, NotFound) as error:
            raise BadInput(
                msg("The model's members.json cannot be used."),
                hint=msg("Train again with this version, or use the version that trained it."),
                context=f"{folder}: {error}",
            ) from error

    def describe(self, folder: Path) -> PartDescription | None:
        if not self.is_in(folder):
            return None
        contents = ModelContents()
        self.load(folder, contents)
        ensemble = contents.ensemble
        if ensemble is None or ensemble.network_share == 1:
            return None
        only, first = ensemble.only_member, _MIXED
        if only is not None:
            first = msg("The answer is that of a simple model: {title}.", title=member_named(only).title)
        return PartDescription(self.key, tags=("ensemble",), note=lines([_TITLE, "", first, _NOTE]))


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


def _must_answer(ensemble: Ensemble, recipe: MemberRecipe, task: Task | None) -> None:
    """Raise ValueError, LookupError, TypeError where an answer does not follow, or is none to what the task asks."""
    if task is not None and (ensemble.outcome, len(ensemble.mean)) != (
        registered_task(task.task).outcome,
        len(task.outputs),
    ):
        raise ValueError("the members learnt another task")
    width = recipe.numbers.width if recipe.numbers is not None else None
    terms = sum(len(term.terms) for _, term in recipe.terms)
    row = MemberFeatures(
        1,
        None if width is None else np.zeros((1, width), dtype=np.float32),
        sparse.csr_matrix((1, terms), dtype=np.float64) if recipe.terms else None,
    )
    for answers in ensemble.answers(row).values():
        if answers.shape != (1, len(ensemble.mean)) or not np.isfinite(answers).all():
            raise ValueError("a member gives no answer")


def _fitted(key: str, output: int, arrays: dict[str, np.ndarray]) -> FittedMember:
    begin = f"{key}/{output}/"
    own = {name.removeprefix(begin): array for name, array in arrays.items() if name.startswith(begin)}
    return Constant.from_arrays(own) if "constant" in own else member_named(key).fitted.from_arrays(own)


_TITLE = msg("## {title}", title=msg("The members"))
_MIXED = msg("The answer is a weighted mean of the transformer's and of simple models that learnt from the same rows.")
_NOTE = msg(
    "`members.json` has the weights, `members.safetensors` what they learnt. SciApp's `SavedModel` and `sciapp predict "
    "PROJECT RUN FILE --out OUT.csv` give this answer; the classes of transformers alone ask the transformer only.\n"
)
