"""Adapters in a training: the tokenizer, the network, the remarks on it, and the saved files.

The library of adapters is loaded when a plan asks for one: it takes a fifth of a second that other trainings need not
wait for.
"""

from pathlib import Path
from typing import Any

from torch import nn
from transformers import PreTrainedTokenizerBase

from sciapp.engine.hub.catalog import describe
from sciapp.engine.hub.memory_estimate import training_memory
from sciapp.engine.hub.parameter_count import all_weights, method_weights
from sciapp.engine.models.architectures.feature_fusion import encoder_of
from sciapp.engine.models.peft.prompt_tuning import add_virtual_tokens
from sciapp.i18n import msg
from sciapp.records.model.info import memory_text, share_text
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.plan.tuning import Tuning


def with_virtual_tokens(
    tokenizer: PreTrainedTokenizerBase, tuning: Tuning
) -> tuple[PreTrainedTokenizerBase, list[int]]:
    """A tokenizer that begins every row with the plan's virtual tokens, and their numbers; most plans have none."""
    if tuning.tuning_method != "prompt":
        return tokenizer, []
    return add_virtual_tokens(tokenizer, tuning.num_virtual_tokens)


def adapt(classifier: Any, plan: TrainPlan, virtual_tokens: list[int]) -> None:
    """Give the classifier the plan's adapter, where it has one. Raises BadInput for a network that it does not fit."""
    if plan.tuning.is_adapter:
        from sciapp.engine.models.peft import adapters

        adapters.adapt(classifier, plan.tuning, virtual_tokens=virtual_tokens, seed=plan.seed)


def merge(model: nn.Module, tuning: Tuning) -> None:
    """Make the adapter part of the network again, where one can be."""
    if tuning.is_adapter:
        from sciapp.engine.models.peft import adapters

        adapters.merge_adapters(model)


def trained_share(model: nn.Module, plan: TrainPlan, project: Path) -> str:
    """The share of the weights that learn, and the memory estimate, in a sentence; empty where all learn.

    project: the folder of the run's project.
    """
    tuning = plan.tuning
    if not tuning.leaves_encoder:
        return ""
    facts = describe(plan.model, project)
    learning, weights = method_weights(facts, tuning), all_weights(facts, tuning)
    if learning is None or weights is None:  # a model that says nothing of its shape: counted now
        encoder = list(encoder_of(model).parameters())
        learning = sum(weight.numel() for weight in encoder if weight.requires_grad)
        weights = sum(weight.numel() for weight in encoder)
    share = share_text(tuning, learning, weights)
    memory = training_memory(facts, plan.batching, tuning, plan.optimization, plan.averaging)
    if memory is None:
        return msg("{share}.", share=share)
    return msg("{share}, {memory}.", share=share, memory=memory_text(memory))
