"""A model folder from anybody is data: every file that its configs and indexes name lies in it, and no size is absurd.

Read without torch and before any memory is asked for: the headers of the weights say how large the network is.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sciapp.engine.hub.cache import INDEX, WEIGHTS
from sciapp.engine.hub.model_info import weight_shapes
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.regular import check_regular, json_in, json_object_in

_READ = ("*.json", "*.txt", "*.model", "*.spm", "*.safetensors", "*.jinja", "*.md")  # what libraries and we open
_ADAPTER = "adapter_config.json"
_NAMES_FILES = re.compile(r"_files?$|^(source|target)_spm$")
_ELSEWHERE = msg("Ask for the whole folder, with all files in it, from where it came.")

_LAYERS = re.compile(r"layers?$|^n_layer|^depths?$|hidden_groups$")
_POSITIONS = re.compile(r"positions?$|position_embeddings$|^n_ctx$")
_SIDES = re.compile(r"(sizes?|dim|width|heads|experts|n_embd|d_model|d_ff|n_inner|ffn_dim|buckets)$|^n_head$")
_MOST_LAYERS, _MOST_SIDE, _MOST_POSITIONS = 200, 1 << 17, 10_000_000
"""Up to here a number is believed even where no weight is that large: positions may need no table, layers may share."""


def check_trusted(folder: Path, name: str) -> None:
    """Raise BadInput for a folder from which something else than its own plain data would be read.

    name: what people call the model.
    """
    for pattern in _READ:
        for file in folder.glob(pattern):
            _check_own(file, folder, name)
    if (folder / _ADAPTER).exists():
        raise BadInput(
            msg("“{name}” is an adapter for another model, which its {adapter} names.", name=name, adapter=_ADAPTER),
            hint=msg("Merge it into its model first (merge_and_unload in peft), and give that folder."),
            context=str(folder),
        )
    _check_named_weights(folder, name)
    _check_index(folder, name)
    _check_tokenizer(folder, name)
    check_sizes(folder, name)


def check_sizes(folder: Path, name: str) -> None:
    """Raise BadInput where config.json tells of a network that is far larger than the weights beside it."""
    shapes = weight_shapes(folder)
    if not shapes:
        return  # whoever needs weights says that there are none
    side = max((side for shape in shapes.values() for side in shape), default=0)
    limits = (
        (_LAYERS, max(len(shapes), _MOST_LAYERS)),
        (_POSITIONS, max(side, _MOST_POSITIONS)),
        (_SIDES, max(side, _MOST_SIDE)),
    )
    for key, number in _numbers(_config(folder)):
        limit = next((limit for pattern, limit in limits if pattern.search(key)), None)
        if limit is not None and number > limit:
            raise absurd(name, f"{key} {number:,.0f}", folder)


def absurd(name: str, what: str, folder: Path) -> BadInput:
    """The refusal of a config that its weights belie."""
    return BadInput(
        msg("The config.json of “{name}” tells of a network that its weights are not: {what}.", name=name, what=what),
        hint=msg("Copy or download the folder again; nothing was loaded."),
        context=str(folder),
    )


def _check_own(file: Path, folder: Path, name: str) -> None:
    """The shared cache of the hub keeps a model's files beside its snapshots, and links to them."""
    real, home = Path(os.path.realpath(file)), Path(os.path.realpath(folder))
    blobs = home.parent.parent / "blobs"
    in_cache = home.parent.name == "snapshots" and real.is_relative_to(blobs)
    if not real.is_relative_to(home) and not in_cache:
        raise BadInput(
            msg("“{file}” of the model “{name}” is a link to somewhere else.", file=file.name, name=name),
            hint=_ELSEWHERE,
            context=f"{file}: {real}",
        )
    try:
        if not file.is_dir():
            check_regular(file)
    except OSError as error:
        raise BadInput(
            msg("“{file}” of the model “{name}” cannot be read.", file=file.name, name=name),
            hint=_ELSEWHERE,
            context=f"{file}: {error}",
        ) from error


def _check_named_weights(folder: Path, name: str) -> None:
    """transformers loads the file that config.json names under this key in the place of the usual ones, which are
    those that are looked at here; “adapter_model.bin” there is a pickle.
    """
    named = _config(folder).get("transformers_weights")
    if named is not None and named not in (WEIGHTS, INDEX):
        raise BadInput(
            msg(
                "The config.json of “{name}” names other weights than {weights}: {named}.",
                name=name,
                weights=WEIGHTS,
                named=named,
            ),
            hint=msg("Ask for a version of the model without “transformers_weights” in its config.json."),
            context=str(folder),
        )


def _check_index(folder: Path, name: str) -> None:
    """Weights come from safetensors files of the folder itself: others may be pickles, which can run code."""
    if not (folder / INDEX).exists():
        return
    try:
        shards = sorted(set(json_in(folder / INDEX)["weight_map"].values()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            msg("The {index} of “{name}” cannot be read.", index=INDEX, name=name),
            hint=_ELSEWHERE,
            context=f"{folder}: {error}",
        ) from error
    for shard in shards:
        if not isinstance(shard, str) or "\0" in shard or Path(shard).name != shard or "\\" in shard:
            raise BadInput(
                msg(
                    "The {index} of “{name}” names a file outside its folder: {shard}.",
                    index=INDEX,
                    name=name,
                    shard=shard,
                ),
                hint=_ELSEWHERE,
                context=str(folder),
            )
        if not shard.endswith(".safetensors"):
            raise BadInput(
                msg(
                    "The {index} of “{name}” names weights that are not safetensors: {shard}.",
                    index=INDEX,
                    name=name,
                    shard=shard,
                ),
                hint=msg("Pickles can run code when they are opened; ask for a version of the model with safetensors."),
                context=str(folder),
            )


def _check_tokenizer(folder: Path, name: str) -> None:
    """A tokenizer's settings may name files of their own; stale paths of another computer lead to nothing."""
    for settings in ("tokenizer_config.json", "special_tokens_map.json"):
        for key, value in json_object_in(folder / settings).items():
            for file in value if isinstance(value, list) else [value]:
                if isinstance(file, str) and _NAMES_FILES.search(key) and _leads_out(file, folder):
                    raise BadInput(
                        msg(
                            "The {settings} of “{name}” names a file outside its folder: {file}.",
                            settings=settings,
                            name=name,
                            file=file,
                        ),
                        hint=_ELSEWHERE,
                        context=f"{folder}: {key}",
                    )


def _leads_out(file: str, folder: Path) -> bool:
    """True if there is such a file, and it is not in the folder."""
    home = Path(os.path.realpath(folder))
    paths = () if "\0" in file else (Path(file).expanduser(), folder / file)
    return any(
        real.exists() and not real.is_relative_to(home) for real in (Path(os.path.realpath(path)) for path in paths)
    )


def _numbers(config: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Settings that are numbers, those of parts and in lists too."""
    waiting: list[tuple[str, Any]] = list(config.items())
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.items())
        elif isinstance(value, list):
            waiting.extend((key, one) for one in value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield key, value


def _config(folder: Path) -> dict[str, Any]:
    return json_object_in(folder / "config.json")
