"""A fresh small network and its reader (a tokenizer, most often), for a training from scratch."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel

from sciapp.engine.domains.registry import domain_named
from sciapp.engine.inputs.registry import KIND_KEY, TOKENS, input_kind
from sciapp.engine.models.architectures.networks.base import network
from sciapp.engine.models.load import prepare_transformers
from sciapp.records.atomic import new_folder
from sciapp.records.dataset.card import DomainName
from sciapp.records.model.reference import NETWORK_SIZES, NetworkSize


def fresh_reader(domain: DomainName, rows: Iterable[str]) -> Any:
    """The reader that turns the domain's values into network inputs; where it is not fixed, learnt from `rows`."""
    prepare_transformers()
    inputs = domain_named(domain).inputs
    return input_kind(inputs.kind).fresh_reader(inputs, rows)


def fresh_network(domain: DomainName, reader: Any, size: NetworkSize, seed: int) -> PreTrainedModel:
    """An untrained network with the head for its self-supervised training, its weights drawn from `seed`."""
    inputs, (width, layers) = domain_named(domain).inputs, NETWORK_SIZES[size]
    torch.manual_seed(seed)
    fresh = network(inputs.network, reader, width=width, layers=layers, longest=inputs.longest)
    if inputs.kind != TOKENS:
        setattr(fresh.config, KIND_KEY, inputs.kind)  # saved with it: whoever loads the model asks for its reader
    return fresh


def fresh_folder(folder: Path, domain: DomainName, rows: Iterable[str], size: NetworkSize, seed: int) -> Path:
    """`folder` with an untrained network and its reader, as one would be downloaded; made once, so that a run that is
    resumed begins from the very same. Raises OutOfSpace."""
    if not folder.is_dir():
        with new_folder(folder, parents=False) as draft:
            reader = fresh_reader(domain, rows)
            reader.save_pretrained(draft)
            fresh_network(domain, reader, size, seed).save_pretrained(draft)
    return folder
