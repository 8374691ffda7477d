"""The ways in which a network's weights lie on disk."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from transformers import PreTrainedModel

from sciapp.engine.models.load import load_plain, loading_saved
from sciapp.engine.models.quantization.int8 import (
    QUANTIZED_WEIGHTS,
    load_quantized,
    loading_quantized,
    save_quantized,
)
from sciapp.i18n import msg

_INT8_USAGE = msg(
    "The weights are in int8 in a layout of SciApp's own (`model_int8.safetensors`: a tensor and one scale per output "
    "for each linear layer, the rest in fp32). Use it through `sciapp predict PROJECT RUN FILE --out OUT.csv`, or from "
    "Python:"
)
_INT8_LINES = """
    from pathlib import Path
    from sciapp.engine.models.saved_model import SavedModel{more}
    values = SavedModel.open(Path(".")).values({example})
"""


class _Load(Protocol):
    def __call__(self, folder: Path, *, encoder_only: bool = False) -> PreTrainedModel: ...


@dataclass(frozen=True)
class WeightFormat:
    """A format in which weights are written and read.

    file: what only this format writes. loading: turns what goes wrong inside into BadInput. usage: the card's lines
    where transformers alone cannot read them; usage_note: a sentence in front of those. save: takes a network in this
    format already, too.
    """

    name: str
    file: str
    save: Callable[[PreTrainedModel, Path], object]
    load: _Load
    loading: Callable[[Path], AbstractContextManager[None]]
    tags: tuple[str, ...] = ()
    usage: str = ""
    usage_note: str = ""


def _save_plain(network: PreTrainedModel, folder: Path) -> None:
    network.save_pretrained(folder)


WEIGHT_FORMATS: Mapping[str, WeightFormat] = {
    format.name: format
    for format in (
        WeightFormat("fp32", "model.safetensors", _save_plain, load_plain, loading_saved),
        WeightFormat(
            "int8",
            QUANTIZED_WEIGHTS,
            save_quantized,
            load_quantized,
            loading_quantized,
            ("int8",),
            _INT8_LINES,
            _INT8_USAGE,
        ),
    )
}


def format_in(folder: Path) -> WeightFormat:
    """The format of a model folder; fp32 where no file of another is there (large weights are split into several)."""
    others = (format for format in WEIGHT_FORMATS.values() if format.name != "fp32")
    return next((format for format in others if (folder / format.file).is_file()), WEIGHT_FORMATS["fp32"])
