"""Load an encoder with a fresh head, or a model that a run saved. Safetensors only; no code from a model's folder."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import nn
from transformers import AutoModel, PreTrainedModel, PreTrainedTokenizerBase

from sciapp.engine.hub.catalog import ModelRef, resolve
from sciapp.engine.hub.download import check_folder, fetch, fetching
from sciapp.engine.hub.model_info import longest_row
from sciapp.engine.inputs.registry import load_reader
from sciapp.engine.models.architectures.networks.base import config_of
from sciapp.engine.models.auto_classes import network, saved_network
from sciapp.engine.models.network_size import check_network
from sciapp.engine.models.peft.prefix_tuning import must_have_no_prefix, register_attention
from sciapp.engine.models.peft.qlora import loading_options
from sciapp.engine.runtime.out_of_memory import is_out_of_memory
from sciapp.errors import BadInput, SciAppError
from sciapp.i18n import msg
from sciapp.records.formatting import percent_text
from sciapp.records.plan.tuning import BaseWeights

DROPOUTS = (
    "hidden_dropout_prob", "classifier_dropout", "classifier_dropout_prob", "hidden_dropout", "embedding_dropout",
    "mlp_dropout", "dropout", "dropout_rate", "seq_classif_dropout", "summary_last_dropout", "pooler_dropout",
    "embd_pdrop", "resid_pdrop",
)  # fmt: skip
# With dropout on its weights attention cannot take the fused path on a processor, which is several times faster.
ATTENTION_DROPOUTS = ("attention_probs_dropout_prob", "attention_dropout", "attn_pdrop")

FROM_FOLDER: Mapping[str, Any] = {
    "dtype": torch.float32,
    "local_files_only": True,
    "use_safetensors": True,
    "trust_remote_code": False,
}
"""Options for reading weights: nothing is fetched, and neither a pickle nor a model's own program is ever run."""


def prepare_transformers() -> None:
    """Settings of transformers for the whole process, before anything of it is used: no chatter, our attention."""
    transformers.logging.set_verbosity_error()  # a head that is new by intent is no reason to warn anybody
    transformers.utils.logging.disable_progress_bar()
    register_attention()


def arriving(name: str, project: Path | None = None) -> Iterator[tuple[int, int]]:
    """Download what `name` means if it is a hub model that is not here yet: yields (bytes done, bytes in all).

    Raises BadInput, NotFound, SciAppError. Afterwards `local_folder` needs no network.
    """
    reference = resolve(name, project)
    if reference.kind == "hub":
        yield from fetching(reference.name)


def local_folder(
    name: str, tell: Callable[[int, int], None] = lambda done, total: None, *, project: Path | None = None
) -> Path:
    """The folder of the model's files on this computer, downloaded if need be; checked for what may not be loaded.

    project: the folder of the project whose runs may be named.
    """
    reference: ModelRef = resolve(name, project)
    if reference.kind == "fresh":
        raise BadInput(
            msg("A fresh network knows nothing yet, so it cannot be read from anywhere."),
            hint=msg("Name a starter, a folder, a run or a hub model; a training from scratch needs none."),
        )
    folder = reference.folder or fetch(reference.name, tell)
    check_folder(folder, name)
    must_have_no_prefix(folder)
    return folder


def load_tokenizer(folder: Path) -> Any:
    """The folder's tokenizer, with a padding token; or what a model of other inputs has instead. Raises BadInput."""
    with loading(
        msg("The model's tokenizer cannot be loaded."),
        msg("The folder needs tokenizer.json or the vocabulary file of its model type."),
        folder,
    ):
        return load_reader(folder)


def load_classifier(
    folder: Path,
    *,
    labels: Sequence[str],
    problem_type: str,
    dropout: float,
    seed: int,
    pad_token_id: int | None,
    per_unit: bool = False,
    needs_bias: bool = False,
    saved: Mapping[str, Any] | None = None,
    base_weights: BaseWeights = "full",
) -> PreTrainedModel:
    """The encoder with a fresh, seeded head of `len(labels)` outputs, in fp32. Raises BadInput.

    per_unit: the outputs are for each token instead of for the row. needs_bias: the head must have one. saved: keys
    of our own for the config. base_weights: other than full puts the encoder's linear layers on the GPU in fewer bits.
    """
    with loading(
        msg("The model cannot be loaded as an encoder with a head."),
        msg("Choose an encoder such as RoBERTa, BERT, ESM or ModernBERT, saved by transformers."),
        folder,
    ):
        config = config_of(folder)
        check_network(config, folder)
        _set_dropout(config, dropout)
        fuse(config.model_type)
        config.num_labels = len(labels)
        config.id2label = dict(enumerate(labels))
        config.label2id = {label: index for index, label in enumerate(labels)}
        config.problem_type = problem_type
        for key, value in (saved or {}).items():
            setattr(config, key, value)
        if getattr(config, "pad_token_id", None) is None:
            config.pad_token_id = pad_token_id
        torch.manual_seed(seed)
        model, loading_info = network(per_unit=per_unit).from_pretrained(
            folder,
            config=config,
            **FROM_FOLDER,
            **loading_options(base_weights, config, per_unit=per_unit),
            ignore_mismatched_sizes=True,  # a folder with a head for another task gets a fresh one
            output_loading_info=True,
        )
    check_encoder(model, loading_info, folder)
    refresh_outputs(model, loading_info, seed, len(labels), per_unit=per_unit)
    if needs_bias:
        _check_bias(model, len(labels))
    checked: PreTrainedModel = model
    return checked


def load_plain(folder: Path, *, encoder_only: bool = False) -> PreTrainedModel:
    """A network that was saved in fp32, ready to predict; encoder_only: without a head. Raises BadInput."""
    with loading_saved(folder):
        config = config_of(folder)
        check_network(config, folder)
        kind = AutoModel if encoder_only else saved_network(config)
        model: PreTrainedModel = kind.from_pretrained(folder, **FROM_FOLDER)
    return model.eval()


def loading_saved(folder: Path) -> AbstractContextManager[None]:
    """`loading` of a model that a run saved in fp32."""
    return loading(msg("The saved model cannot be loaded."), msg("Its files may be damaged; train again."), folder)


def longest_input(folder: Path, tokenizer: PreTrainedTokenizerBase) -> int:
    """The number of tokens that the model can take, special ones included."""
    with loading(msg("The model's config.json cannot be used."), msg("Copy or download the folder again."), folder):
        config = config_of(folder)
    positions = getattr(config, "max_position_embeddings", None)
    return longest_row(
        config.model_type, positions, getattr(config, "pad_token_id", None), int(tokenizer.model_max_length)
    )


def _set_dropout(config: Any, dropout: float) -> None:
    for name in DROPOUTS + ATTENTION_DROPOUTS:
        if isinstance(getattr(config, name, None), float | int):
            setattr(config, name, dropout if name in DROPOUTS else 0.0)
    if hasattr(config, "classifier_dropout"):
        config.classifier_dropout = dropout


@contextmanager
def loading(message: str, hint: str, folder: Path) -> Iterator[None]:
    """Say what the libraries raise for files that are missing, damaged or of another kind.

    All that they raise: those in Rust know nothing but Exception, and each kind of damage has an error of its own.
    """
    prepare_transformers()
    try:
        yield
    except (SciAppError, MemoryError):
        raise
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise BadInput(message, hint=hint, context=f"{folder}: {type(error).__name__}: {error}") from error


def _check_bias(model: nn.Module, outputs: int) -> None:
    """The mean of the targets is folded into the last layer's bias when the model is saved; decoders have none."""
    if output_layer(model, outputs).bias is None:
        raise BadInput(
            msg("This model's head has no bias, so it cannot speak in the targets' own units."),
            hint=msg("Choose an encoder such as RoBERTa, BERT, ESM or ModernBERT."),
        )


# Checks that a folder's weights fit the network that its config.json describes, and that new outputs are new.
#
# `loading_info` is what `from_pretrained(…, output_loading_info=True)` tells of the loading.


_MOST_MISSING = 0.05  # share of the encoder's numbers that a folder may leave to chance


def check_encoder(model: Any, loading_info: dict[str, Any], folder: Path) -> None:
    """Refuse weights that do not fit the network: the library would fill what is missing with random numbers; and
    those that are no numbers."""
    wrong = [name for name, weight in model.named_parameters() if not torch.isfinite(weight).all()]
    if wrong:
        raise BadInput(
            msg("The model's weights are not all numbers: some are NaN or infinite."),
            hint=msg("The training that made them went wrong, or the file is damaged. Choose another model."),
            context=f"{folder}: {', '.join(wrong[:8])}",
        )
    encoder = model.base_model_prefix + "."
    sizes = {name: weight.numel() for name, weight in model.named_parameters() if name.startswith(encoder)}
    absent = _absent(loading_info)
    missing = sum(size for name, size in sizes.items() if name in absent and "pooler" not in name)
    if missing > _MOST_MISSING * sum(sizes.values()):
        names = sorted(name for name in absent if name in sizes)
        raise BadInput(
            msg("The model's weights do not fit its config.json."),
            hint=msg(
                "{missing} of the encoder would start from random numbers.",
                missing=percent_text(missing / sum(sizes.values())),
            ),
            context=f"{folder}: missing {', '.join(names[:8])}",
        )


def refresh_outputs(
    model: Any, loading_info: dict[str, Any], seed: int, outputs: int, *, per_unit: bool = False
) -> None:
    """A folder with a head of the very same size would bring its last layer along, scaled for its own targets: that
    one starts anew. A dense layer before it is kept, as where the sizes differ: a starter's is trained.
    """
    last = output_layer(model, outputs)
    name = next(name for name, layer in model.named_modules() if layer is last)
    if f"{name}.weight" in _absent(loading_info):
        return
    torch.manual_seed(seed)
    fresh = network(per_unit=per_unit).from_config(model.config).get_submodule(name)
    last.load_state_dict(fresh.state_dict())


def output_layer(model: nn.Module, outputs: int) -> nn.Linear:
    """The last linear layer, whose outputs are the logits. Raises BadInput for an architecture without one."""
    layers = [layer for layer in model.modules() if isinstance(layer, nn.Linear) and layer.out_features == outputs]
    if not layers:
        raise BadInput(msg("This model's head has no final linear layer."), hint=msg("Choose another model."))
    return layers[-1]


def _absent(loading_info: dict[str, Any]) -> set[str]:
    """Parameters that the folder did not have, or had in another shape."""
    return {*loading_info["missing_keys"], *(key[0] for key in loading_info["mismatched_keys"])}


# Faster spellings of what transformers computes in several steps.


def fuse(model_type: str) -> None:
    """Let the networks of this type use them from now on, in this process.

    ESM writes its GELU (Hendrycks & Gimpel 2016) as five operations on the widest states of each layer; torch's own is
    the same function in one, the last bits aside.
    """
    if model_type == "esm":
        from transformers.models.esm import modeling_esm

        modeling_esm.gelu = nn.functional.gelu
