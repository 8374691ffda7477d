"""Facts about a model's folder, read without torch: config.json, the weights' header, the README's head."""

import math
import re
import struct
from pathlib import Path
from typing import Any

import yaml

from sciapp.engine.domains.about import domain_names
from sciapp.engine.hub.cache import INDEX, WEIGHTS
from sciapp.i18n import term
from sciapp.records.model.info import ModelFacts, Origin
from sciapp.records.regular import json_object_in, json_of, open_regular

_HEAD = 16_384  # bytes of a README in which its front matter must end
_LONGEST_HEADER = 100_000_000  # bytes; the format's own limit
_IN_FEW_BITS = "model_int8.safetensors"  # of a compressed model; its whole numbers are parameters
_FLOATS = frozenset({"F64", "F32", "F16", "BF16"})
_IN_LAYER = re.compile(r"(^|\.)(layers?|h|blocks?)\.\d+\..*weight$")
_IN_ATTENTION = re.compile(r"(^|\.)(layers?|h|blocks?)\.\d+\..*att.*weight$")
_SPDX = {"apache-2.0": "Apache-2.0", "mit": "MIT"}
# The same three things, as networks of various families call them.
_LAYERS = ("num_hidden_layers", "n_layers", "n_layer")
_WIDTH = ("hidden_size", "dim", "d_model", "n_embd")
_HEADS = ("num_attention_heads", "n_heads", "n_head")


def folder_facts(folder: Path, name: str, origin: Origin, *, domain: str = "") -> ModelFacts:
    """Facts of the model in `folder`; whatever is not there or cannot be read stays unknown."""
    config, front = json_object_in(folder / "config.json"), _front_matter(folder / "README.md")
    tokenizer = json_object_in(folder / "tokenizer_config.json")
    longest = longest_row(
        str(config.get("model_type", "")),
        _whole(config, "max_position_embeddings"),
        _whole(config, "pad_token_id"),
        _whole(tokenizer, "model_max_length"),
    )
    licence = str(front.get("license") or "")
    return ModelFacts(
        name=name,
        origin=origin,
        domain=domain or _tagged_domain(front),
        parameters=parameter_count(folder),
        layers=_whole(config, *_LAYERS),
        width=_whole(config, *_WIDTH),
        heads=_whole(config, *_HEADS),
        linear_sides=linear_sides(folder, _IN_LAYER),
        attention_sides=linear_sides(folder, _IN_ATTENTION),
        context=longest if longest < UNLIMITED // 2 else None,
        licence=_SPDX.get(licence, licence),
        note=term(str(front.get("sciapp_note") or "")),
    )


def parameter_count(folder: Path) -> int | None:
    """Numbers in the weights, from the headers of their files; None where there are none or one is damaged."""
    shapes = weight_shapes(folder)
    return None if shapes is None else sum(math.prod(shape) for shape in shapes.values())


def linear_sides(folder: Path, named: re.Pattern[str]) -> int | None:
    """Inputs and outputs of all matrices of such names, added up; None as above, or where no name is like that."""
    shapes = weight_shapes(folder) or {}
    return sum(sum(shape) for name, shape in shapes.items() if len(shape) == 2 and named.search(name)) or None


def weight_shapes(folder: Path) -> dict[str, list[int]] | None:
    """The shape of every parameter. Buffers such as position numbers are whole numbers and no parameters."""
    index = json_object_in(folder / INDEX).get("weight_map")
    names = sorted(set(map(str, index.values()))) if isinstance(index, dict) else [WEIGHTS]
    if (folder / WEIGHTS).is_file():
        names = [WEIGHTS]
    elif (folder / _IN_FEW_BITS).is_file():
        names = [_IN_FEW_BITS]
    if any(Path(name).name != name for name in names):
        return None  # no file of the folder
    try:
        tensors = [item for name in names for item in _header(folder / name).items() if item[0] != "__metadata__"]
        shapes = {
            name: list(map(int, tensor["shape"]))
            for name, tensor in tensors
            if tensor["dtype"] in _FLOATS or names == [_IN_FEW_BITS]
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, struct.error):
        return None
    return shapes


def _header(file: Path) -> dict[str, Any]:
    """The JSON at the beginning of a safetensors file, behind eight bytes with its length."""
    with open_regular(file) as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        if length > _LONGEST_HEADER:
            raise ValueError(length)
        header: dict[str, Any] = json_of(stream.read(length).decode())
    return header


def _front_matter(readme: Path) -> dict[str, Any]:
    """The YAML between two lines of dashes with which a model card begins."""
    try:
        with open_regular(readme) as file:
            head = file.read(_HEAD).decode("utf-8", "ignore").replace("\r\n", "\n")
        _, dashes, rest = head.partition("---\n")
        metadata = yaml.safe_load(rest.partition("\n---")[0]) if dashes and head.startswith("---\n") else None
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return {}
    return metadata if isinstance(metadata, dict) else {}


def _tagged_domain(front: dict[str, Any]) -> str:
    tags = front.get("tags")
    return next((tag for tag in tags if tag in domain_names()), "") if isinstance(tags, list) else ""


def _whole(value: dict[str, Any], *names: str) -> int | None:
    """The first of these settings that is a whole number; some files write huge limits as 1e30."""
    values = (value.get(name) for name in names)
    return next((int(number) for number in values if isinstance(number, int | float) and number >= 0), None)


# How many tokens a network can take, from its config.json alone. No torch here: the model list shows it too.


# These number their positions from behind the padding's number on.
_POSITIONS_AFTER_PADDING = {
    "camembert", "data2vec-text", "esm", "ibert", "lilt", "longformer", "luke", "mpnet", "roberta",
    "roberta-prelayernorm", "xlm-roberta", "xlm-roberta-xl", "xmod",
}  # fmt: skip

UNLIMITED = 1 << 20


def longest_row(model_type: str, positions: int | None, pad: int | None, tokenizer_says: int | None) -> int:
    """Tokens of the longest row, special ones included; `tokenizer_says` is its model_max_length."""
    usable = positions or UNLIMITED
    if model_type in _POSITIONS_AFTER_PADDING:
        usable -= (pad or 0) + 1
    stated = tokenizer_says or 0
    return max(8, min(usable, stated if 0 < stated < 1 << 30 else usable))
