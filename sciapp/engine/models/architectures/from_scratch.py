"""A fresh small network and its reader (a tokenizer, most often), for a training from scratch."""

from collections.abc import Iterable
from typing import Any, Literal

import torch
from transformers import PreTrainedModel

from sciapp.engine.domains.registry import domain_named
from sciapp.engine.inputs.registry import KIND_KEY, TOKENS, input_kind
from sciapp.engine.models.architectures.networks.base import network
from sciapp.engine.models.load import prepare_transformers
from sciapp.records.dataset.card import DomainName

Size = Literal["tiny", "small", "medium"]

# (width, layers): about 0.6, 1.8 and 7.4 million parameters besides the vocabulary.
_SIZES: dict[Size, tuple[int, int]] = {"tiny": (128, 3), "small": (192, 4), "medium": (320, 6)}


def fresh_reader(domain: DomainName, rows: Iterable[str]) -> Any:
    """The reader that turns the domain's values into network inputs; where it is not fixed, learnt from `rows`."""
    prepare_transformers()
    inputs = domain_named(domain).inputs
    return input_kind(inputs.kind).fresh_reader(inputs, rows)


def fresh_network(domain: DomainName, reader: Any, size: Size, seed: int) -> PreTrainedModel:
    """An untrained network with the head for its self-supervised training, its weights drawn from `seed`."""
    inputs, (width, layers) = domain_named(domain).inputs, _SIZES[size]
    torch.manual_seed(seed)
    fresh = network(inputs.network, reader, width=width, layers=layers, longest=inputs.longest)
    if inputs.kind != TOKENS:
        setattr(fresh.config, KIND_KEY, inputs.kind)  # saved with it: whoever loads the model asks for its reader
    return fresh
