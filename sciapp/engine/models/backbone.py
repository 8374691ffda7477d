"""Load an encoder with a fresh head, or a model that a run saved. Safetensors only; no code from a model's folder."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import nn
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from sciapp.engine.models.catalogue import ModelRef, resolve
from sciapp.engine.models.hub import check_folder, fetch
from sciapp.errors import BadInput

_DROPOUTS = (
    "hidden_dropout_prob",
    "attention_probs_dropout_prob",
    "classifier_dropout",
    "hidden_dropout",
    "attention_dropout",
    "embedding_dropout",
    "mlp_dropout",
    "dropout",
    "seq_classif_dropout",
)

transformers.logging.set_verbosity_error()  # a head that is new by intent is no reason to warn anybody
transformers.utils.logging.disable_progress_bar()


def local_folder(name: str) -> Path:
    """Where the model's files lie on this computer, downloaded if need be; checked for what may not be loaded."""
    reference: ModelRef = resolve(name)
    folder = reference.folder or fetch(reference.name)
    check_folder(folder, name)
    return folder


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """The folder's tokenizer, with a padding token. Raises BadInput."""
    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(
            "The model's tokenizer cannot be loaded.",
            hint="The folder needs tokenizer.json or the vocabulary file of its model type.",
            context=f"{folder}: {error}",
        ) from error
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
    return tokenizer


def load_classifier(
    folder: Path, *, labels: Sequence[str], problem_type: str, dropout: float, seed: int, pad_token_id: int | None
) -> PreTrainedModel:
    """The encoder with a fresh, seeded head of `len(labels)` outputs, in fp32. Raises BadInput."""
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        _set_dropout(config, dropout)
        config.num_labels = len(labels)
        config.id2label = dict(enumerate(labels))
        config.label2id = {label: index for index, label in enumerate(labels)}
        config.problem_type = problem_type
        if config.pad_token_id is None:
            config.pad_token_id = pad_token_id
        torch.manual_seed(seed)
        model: PreTrainedModel = AutoModelForSequenceClassification.from_pretrained(
            folder,
            config=config,
            dtype=torch.float32,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            ignore_mismatched_sizes=True,  # a folder with a head for another task gets a fresh one
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise BadInput(
            "The model cannot be loaded as an encoder with a head.",
            hint="Choose an encoder such as RoBERTa, BERT, ESM or ModernBERT, saved by transformers.",
            context=f"{folder}: {error}",
        ) from error
    return model


def load_plain(folder: Path) -> PreTrainedModel:
    """A model that `save` wrote, in fp32, ready to predict."""
    model: PreTrainedModel = AutoModelForSequenceClassification.from_pretrained(
        folder, dtype=torch.float32, local_files_only=True, use_safetensors=True
    )
    return model.eval()


def output_layer(model: nn.Module, outputs: int) -> nn.Linear:
    """The last linear layer, whose outputs are the logits. Raises BadInput for an architecture without one."""
    layers = [layer for layer in model.modules() if isinstance(layer, nn.Linear) and layer.out_features == outputs]
    if not layers:
        raise BadInput("This model's head has no final linear layer.", hint="Choose another model.")
    return layers[-1]


def longest_input(folder: Path, tokenizer: PreTrainedTokenizerBase) -> int:
    """How many tokens the model can take, special ones included."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    positions = int(config.get("max_position_embeddings") or 1 << 20)
    if config.get("model_type") in {"roberta", "xlm-roberta", "camembert", "esm"}:
        positions -= int(config.get("pad_token_id") or 0) + 1  # these count positions from behind the padding's number
    said = int(tokenizer.model_max_length)
    return max(8, min(positions, said if 0 < said < 1 << 30 else positions))


def _set_dropout(config: Any, dropout: float) -> None:
    for name in _DROPOUTS:
        if isinstance(getattr(config, name, None), float | int):
            setattr(config, name, dropout)
    if hasattr(config, "classifier_dropout"):
        config.classifier_dropout = dropout
