"""The pre-trained weights in eight or four bits while LoRA learns beside them (QLoRA), on a GPU.

Dettmers et al. 2022 (arXiv:2208.07339) for int8, 2023 (arXiv:2305.14314) for nf4, by the bitsandbytes library. The
frozen weights then take a quarter or an eighth of their memory; what is saved is the trained model in fp32.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import torch
from torch import nn
from transformers import BitsAndBytesConfig, PreTrainedModel

from sciapp.engine.models.auto_classes import network
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.tuning import BaseWeights, Tuning


def check_base_weights(tuning: Tuning, device: torch.device) -> None:
    """Raises BadInput where the plan's base weights cannot be had: without a GPU, the library, or LoRA."""
    if tuning.base_weights == "full":
        return
    if tuning.tuning_method != "lora":
        raise BadInput(
            msg(
                "Base weights in {base_weights} can only be trained beside, by LoRA.", base_weights=tuning.base_weights
            ),
            hint=msg("Set tuning_method to lora, or base_weights to full."),
        )
    if device.type != "cuda":
        raise BadInput(
            msg(
                "Base weights in {base_weights} need an NVIDIA GPU; this run would train on the processor.",
                base_weights=tuning.base_weights,
            ),
            hint=msg("Set base_weights to full."),
        )
    if find_spec("bitsandbytes") is None:
        raise BadInput(
            msg(
                "Base weights in {base_weights} need the library bitsandbytes, which is not installed.",
                base_weights=tuning.base_weights,
            ),
            hint=msg("Install SciApp with its extra “cuda” (pip install 'sciapp[cuda]'), or set base_weights to full."),
        )


def loading_options(base_weights: BaseWeights, config: Any, *, per_unit: bool) -> Mapping[str, Any]:
    """Options for `from_pretrained`. config: of the network, with its head; what is trained in full is left out."""
    if base_weights == "full":
        return {}
    with torch.device("meta"):
        empty: Any = network(per_unit=per_unit).from_config(config)
    head = [name for name, _ in empty.named_children() if name != empty.base_model_prefix]
    common: dict[str, Any] = {"llm_int8_skip_modules": [*head, f"{empty.base_model_prefix}.pooler"]}
    if base_weights == "int8":
        settings = BitsAndBytesConfig(load_in_8bit=True, **common)
    else:
        settings = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16,
            **common,
        )
    return {"quantization_config": settings, "device_map": {"": _own_gpu()}}


def _own_gpu() -> torch.device | int:
    """Of this process: those that train one model together have one each."""
    return torch.cuda.current_device()


def plain_linear(layer: Any) -> nn.Linear | None:
    """A layer of bitsandbytes as torch's own in fp32, with the weights that it computed with; None for any other."""
    if type(layer).__module__.partition(".")[0] != "bitsandbytes":
        return None
    from peft.utils.integrations import dequantize_module_weight

    plain = nn.Linear(layer.in_features, layer.out_features, bias=layer.bias is not None)
    with torch.no_grad():
        plain.weight.copy_(dequantize_module_weight(layer).float())
        if layer.bias is not None:
            plain.bias.copy_(layer.bias.float())
    return plain.to(layer.weight.device)


def make_plain(model: nn.Module) -> None:
    """Put torch's own layers in the place of those of bitsandbytes, so that the network can be saved as a plain one."""
    for name, layer in list(model.named_modules()):
        if (plain := plain_linear(layer)) is not None:
            parent, _, leaf = name.rpartition(".")
            setattr(model.get_submodule(parent), leaf, plain)
    for part in model.modules():
        if isinstance(part, PreTrainedModel) and getattr(part, "hf_quantizer", None) is not None:
            part.hf_quantizer = None
            part.is_quantized = False
        if isinstance(part, PreTrainedModel) and hasattr(part.config, "quantization_config"):
            del part.config.quantization_config
