"""Few weights that learn while the pre-trained ones stay as they are, and how they become part of the model again.

LoRA (Hu et al. 2021, arXiv:2106.09685), rsLoRA (Kalajdzievski 2023, arXiv:2312.03732), DoRA (Liu et al. 2024,
arXiv:2402.09353), IA³ (Liu et al. 2022, arXiv:2205.05638) and prompt tuning (Lester et al. 2021, arXiv:2104.08691)
through the `peft` library; prefix tuning (Li & Liang 2021, arXiv:2101.00190) in `models.prefix`. What is not part of
the encoder (the head), and a pooler, which belongs to the head, is trained in full beside them.
"""

import re
from typing import Any

import torch
from peft import IA3Config, LoraConfig, PeftConfig, TrainableTokensConfig, inject_adapter_in_model
from peft.tuners.tuners_utils import BaseTunerLayer
from torch import nn

from sciapp.engine.models.peft.prefix_tuning import add_prefix
from sciapp.engine.models.peft.prompt_tuning import make_room
from sciapp.engine.models.peft.qlora import make_plain, plain_linear
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.tuning import Tuning

# What the layers that IA³ rescales are called in BERT and ESM, DistilBERT, BART's kin, and where all three are one.
_KEY_OR_VALUE = re.compile(r"(^|\.)(key|value|k_lin|v_lin|k_proj|v_proj|Wqkv|qkv|qkv_proj|query_key_value|c_attn)$")
_FEED_FORWARD = re.compile(r"(^|\.)(output\.dense|mlp\.Wo|lin2|fc2|down_proj|w2|wo|ffn_output|dense_4h_to_h)$")
_NUMBERED = re.compile(r"(^|\.)\d+\.")
_IN_ATTENTION = re.compile(r"att(n|ention)?[._]|attn|attention", re.IGNORECASE)


def adapt(model: Any, tuning: Tuning, *, virtual_tokens: list[int], seed: int) -> None:
    """Put the method's own weights into a classifier as it was loaded, and freeze the encoder's; changes nothing else.

    virtual_tokens: numbers of those that prompt tuning learns. Raises BadInput for an encoder that the method does not
    fit, naming what does.
    """
    if not tuning.is_adapter:
        return
    if virtual_tokens:
        make_room(model, virtual_tokens, seed)
    encoder = model.base_model
    encoder.requires_grad_(False)
    if tuning.tuning_method == "prefix":
        add_prefix(encoder, tuning.num_virtual_tokens, seed)
    else:
        _inject(encoder, _config(encoder, tuning, virtual_tokens), seed)
    for name, parameter in encoder.named_parameters():
        if name.startswith("pooler."):
            parameter.requires_grad_(True)
        if parameter.requires_grad:  # beside weights in few bits the library makes adapters in half precision
            parameter.data = parameter.data.float()


def merge_adapters(model: nn.Module) -> None:
    """Make the network one without any adapter that says the same; prefixes stay, for they fit into no weight."""
    for name, layer in list(model.named_modules()):
        if isinstance(layer, BaseTunerLayer):
            parent, _, leaf = name.rpartition(".")
            setattr(model.get_submodule(parent), leaf, _merged(layer))
    make_plain(model)


def _inject(encoder: Any, config: PeftConfig, seed: int) -> None:
    torch.manual_seed(seed)  # processes that train one model together must begin from the same numbers
    inject_adapter_in_model(config, encoder)
    # Left there, it would make the network's own save_pretrained look for an adapter.
    del encoder.peft_config


def _config(encoder: Any, tuning: Tuning, virtual_tokens: list[int]) -> PeftConfig:
    if tuning.tuning_method == "prompt":
        return _virtual_tokens(encoder, virtual_tokens)
    if tuning.tuning_method == "ia3":
        scaled, feed_forward = _scaled_by_ia3(encoder)
        return IA3Config(target_modules=scaled + feed_forward, feedforward_modules=feed_forward)
    targets = _linear_layers(encoder)
    if tuning.lora_target == "attention":
        targets = [name for name in targets if _IN_ATTENTION.search(name)] or targets
    if not targets:
        raise BadInput(
            msg("This model’s encoder has no linear layers that LoRA could be put beside."),
            hint=msg(
                "Set tuning_method to full or head, or choose an encoder such as RoBERTa, BERT, ESM or ModernBERT."
            ),
        )
    return LoraConfig(
        r=tuning.lora_r,
        lora_alpha=tuning.lora_alpha,
        lora_dropout=tuning.lora_dropout,
        use_rslora=tuning.use_rslora,
        use_dora=tuning.use_dora,
        target_modules=targets,
    )


def _virtual_tokens(encoder: Any, tokens: list[int]) -> PeftConfig:
    """These rows of the embedding table learn and no other."""
    table = encoder.get_input_embeddings()
    if not isinstance(table, nn.Embedding):
        raise BadInput(
            msg(
                "Prompt tuning has no place in this model ({model_type}): its tokens have no table.",
                model_type=encoder.config.model_type,
            ),
            hint=msg("Set tuning_method to lora, full or head."),
        )
    name = next(name for name, module in encoder.named_modules() if module is table)
    return TrainableTokensConfig(token_indices=tokens, target_modules=[name])


def _scaled_by_ia3(encoder: Any) -> tuple[list[str], list[str]]:
    """Keys and values, and the second layers of the feed-forward blocks, whose inputs are rescaled (eq. 1 and sec. 3.3
    of the paper)."""
    names = _linear_layers(encoder)
    attention = [name for name in names if _KEY_OR_VALUE.search(name)]
    feed_forward = [name for name in names if _FEED_FORWARD.search(name) and not _IN_ATTENTION.search(name)]
    if not attention:
        raise BadInput(
            msg(
                "IA³ does not know which layers of this model ({model_type}) make keys and values.",
                model_type=encoder.config.model_type,
            ),
            hint=msg("Set tuning_method to lora, which works with every encoder, or to full or head."),
        )
    return attention, feed_forward


def _linear_layers(encoder: Any) -> list[str]:
    """Those of the encoder's numbered layers: what stands beside them (a pooler, ESM's contact head) is no part of the
    way to the last states. Layers of bitsandbytes derive from torch's."""
    names = [name for name, layer in encoder.named_modules() if isinstance(layer, nn.Linear)]
    return [name for name in names if _NUMBERED.search(name)]


def _merged(layer: Any) -> nn.Module:
    base = layer.get_base_layer()
    if (plain := plain_linear(base)) is not None:
        layer.base_layer = base = plain
    layer.merge()
    merged: nn.Module = base
    for parameter in merged.parameters():
        parameter.requires_grad_(True)
    return merged
