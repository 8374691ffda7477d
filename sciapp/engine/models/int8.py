"""Linear layers in int8 for processors: int8 weights with one scale per output, activations quantised per batch.

Dynamic quantisation as in Jacob et al. 2018 and torch.ao; saved without pickles: `config.json`, the tokenizer and
`model_int8.safetensors`, which holds `NAME.weight_int8` (outputs, inputs), `NAME.scale` (outputs,), the biases and
everything that is not a linear layer in fp32. Plain transformers does not read that file; `load_quantized` does.
"""

import warnings
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForSequenceClassification, PreTrainedModel

QUANTIZED_WEIGHTS = "model_int8.safetensors"
_INT8, _SCALE = ".weight_int8", ".scale"


def quantized_tensors(model: nn.Module) -> dict[str, Tensor]:
    """The tensors of the int8 file, from a float model."""
    tensors = {name: tensor.detach().contiguous().clone() for name, tensor in model.state_dict().items()}
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear):
            weight = tensors.pop(f"{name}.weight")
            scale = weight.abs().amax(dim=1).clamp(min=1e-12) / 127
            tensors[name + _INT8] = torch.clamp(torch.round(weight / scale[:, None]), -127, 127).to(torch.int8)
            tensors[name + _SCALE] = scale
    return tensors


def save_quantized(model: PreTrainedModel, folder: Path) -> None:
    """config.json and the int8 file."""
    model.config.save_pretrained(folder)
    save_file(quantized_tensors(model), folder / QUANTIZED_WEIGHTS)


def load_quantized(folder: Path) -> PreTrainedModel:
    """The model that `save_quantized` wrote, ready to predict on a processor."""
    tensors = load_file(folder / QUANTIZED_WEIGHTS)
    config = AutoConfig.from_pretrained(folder, local_files_only=True)
    config.dtype = torch.float32
    model: PreTrainedModel = AutoModelForSequenceClassification.from_config(config)
    layers = {key.removesuffix(_INT8) for key in tensors if key.endswith(_INT8)}
    plain = {key: value for key, value in tensors.items() if not key.endswith((_INT8, _SCALE))}
    model.load_state_dict(plain, strict=False)
    for name in layers:
        parent, _, leaf = name.rpartition(".")
        layer = _int8_linear(tensors[name + _INT8], tensors[name + _SCALE], tensors.get(f"{name}.bias"))
        setattr(model.get_submodule(parent), leaf, layer)
    return model.eval()


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
