"""Weights in int8 for processors: linear layers computed in int8, large embedding tables stored in it.

Linear layers: one scale per output, activations quantised per batch (dynamic quantisation as in Jacob et al. 2018,
arXiv:1712.05877, and torch.ao). Embeddings: one scale per row; a row is turned back into fp32 when it is looked up.
Saved without pickles: `config.json` and `model_int8.safetensors`, which holds `NAME.weight_int8`
(outputs, inputs) or (rows, width), `NAME.scale` (outputs,) or (rows,), and everything else in fp32. Plain transformers
does not read that file; `load_quantized` does.
"""

import warnings
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedModel

from sciapp.engine.models.auto_classes import saved_network
from sciapp.engine.models.load import loading
from sciapp.engine.models.network_size import check_network
from sciapp.i18n import msg

QUANTIZED_WEIGHTS = "model_int8.safetensors"
_INT8, _SCALE = ".weight_int8", ".scale"
_WORTH = 1 << 14  # numbers in an embedding table below which nothing would be saved


class Int8Embedding(nn.Module):
    """An embedding table of int8 rows. weight_int8 (rows, width), scale (rows,)."""

    weight_int8: Tensor
    scale: Tensor

    def __init__(self, weight_int8: Tensor, scale: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight_int8", weight_int8)
        self.register_buffer("scale", scale)

    @property
    def weight(self) -> Tensor:
        """The whole table in fp32, for networks that look at it directly."""
        return self.weight_int8.float() * self.scale[:, None]

    def forward(self, ids: Tensor) -> Tensor:
        """Rows (*ids, width) in fp32."""
        return self.weight_int8[ids].float() * self.scale[ids].unsqueeze(-1)


def quantized_tensors(model: nn.Module) -> dict[str, Tensor]:
    """The tensors of the int8 file; layers that are in int8 already keep their numbers."""
    done = {name: layer for name, layer in model.named_modules() if _is_int8_linear(layer)}
    tensors = {
        name: tensor.detach().contiguous().clone()
        for name, tensor in model.state_dict().items()
        if not any(name.startswith(f"{layer}.") for layer in done)  # torch's own keys, some of them no tensors
    }
    for name, layer in done.items():
        tensors |= {f"{name}{key}": tensor for key, tensor in _unpacked(layer).items()}
    for name, layer in model.named_modules():
        if _is_quantizable(layer):
            weight = tensors.pop(f"{name}.weight")
            largest = weight.abs().amax(dim=1)
            scale = torch.where(largest > 0, largest, 1.0) / 127
            tensors[name + _INT8] = torch.clamp(torch.round(weight / scale[:, None]), -127, 127).to(torch.int8)
            tensors[name + _SCALE] = scale
    return tensors


def save_quantized(model: PreTrainedModel, folder: Path) -> None:
    """config.json and the int8 file."""
    model.config.save_pretrained(folder)
    save_file(quantized_tensors(model), folder / QUANTIZED_WEIGHTS)


def load_quantized(folder: Path, *, encoder_only: bool = False) -> PreTrainedModel:
    """The network that `save_quantized` wrote, ready to predict on a processor; encoder_only: without a head.

    Raises BadInput for a damaged folder.
    """
    with loading_quantized(folder):
        return _loaded(folder, AutoModel if encoder_only else None)


def loading_quantized(folder: Path) -> AbstractContextManager[None]:
    """`loading` of a model that a run saved in int8."""
    return loading(
        msg("The compressed model cannot be loaded."), msg("Its files may be damaged; compress the run again."), folder
    )


def _loaded(folder: Path, kind: Any = None) -> PreTrainedModel:
    """kind: the transformers class; None: the one that the model's task needs."""
    tensors = load_file(folder / QUANTIZED_WEIGHTS)
    config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    check_network(config, folder)
    config.dtype = torch.float32
    model: PreTrainedModel = (kind or saved_network(config)).from_config(config, trust_remote_code=False)
    if not any(name.startswith("pooler.") for name in tensors) and getattr(model, "pooler", None) is not None:
        model.pooler = None  # a joined model's encoder is saved without
    _fill(model, tensors)
    return model.eval()


def _is_quantizable(layer: nn.Module) -> bool:
    """Exact types only: subclasses compute something else (scaled embeddings) or have their weights read by others."""
    return type(layer) is nn.Linear or (type(layer) is nn.Embedding and layer.weight.numel() >= _WORTH)


def _fill(model: nn.Module, tensors: dict[str, Tensor]) -> None:
    plain = {key: value for key, value in tensors.items() if not key.endswith((_INT8, _SCALE))}
    missing, unknown = model.load_state_dict(plain, strict=False)
    layers = {key.removesuffix(_INT8) for key in tensors if key.endswith(_INT8)}
    lost = [key for key in missing if key.removesuffix(".weight") not in layers]
    if lost or unknown:
        raise ValueError(f"tensors do not fit config.json: {[*lost, *unknown][:8]}")
    for name in layers:
        parent, _, leaf = name.rpartition(".")
        weight, scale = tensors[name + _INT8], tensors[name + _SCALE]
        if isinstance(model.get_submodule(name), nn.Embedding):
            layer: Any = Int8Embedding(weight, scale)
        else:
            layer = _int8_linear(weight, scale, tensors.get(f"{name}.bias"))
        setattr(model.get_submodule(parent), leaf, layer)


def _is_int8_linear(layer: Any) -> bool:
    """True for what `_int8_linear` makes; by its parts, for torch.ao's classes warn when they are imported."""
    return hasattr(layer, "_packed_params") and callable(getattr(layer, "weight", None))


def _unpacked(layer: Any) -> dict[str, Tensor]:
    """The numbers that `_int8_linear` was given, by the ends of their names."""
    weight, bias = layer.weight(), layer.bias()
    tensors = {_INT8: weight.int_repr().contiguous(), _SCALE: weight.q_per_channel_scales().float()}
    return tensors if bias is None else tensors | {".bias": bias.detach().contiguous().clone()}


def _int8_linear(weight: Tensor, scale: Tensor, bias: Tensor | None) -> Any:
    """torch's own dynamically quantised layer around our numbers."""
    with warnings.catch_warnings():
        # torch.ao's layers are deprecated in favour of torchao, which brings no faster int8 kernel for processors here.
        warnings.simplefilter("ignore")
        from torch.ao.nn.quantized.dynamic import Linear

        outputs, inputs = weight.shape
        layer = Linear(inputs, outputs, bias_=bias is not None)  # type: ignore[no-untyped-call]
        zero = torch.zeros(outputs, dtype=torch.int64)
        packed = torch._make_per_channel_quantized_tensor(weight, scale.double(), zero, 0)
        layer.set_weight_bias(packed, bias)
    return layer
