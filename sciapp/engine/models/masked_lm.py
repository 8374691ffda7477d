"""Load an encoder with its masked-token head, to go on with its pre-training."""

from pathlib import Path

import torch
from transformers import AutoModelForMaskedLM, PreTrainedModel, PreTrainedTokenizerBase

from sciapp.engine.models.architectures.networks.base import config_of
from sciapp.engine.models.load import FROM_FOLDER, check_encoder, fuse, loading
from sciapp.engine.models.network_size import check_network
from sciapp.errors import BadInput
from sciapp.i18n import msg


def load_masked(folder: Path, seed: int) -> tuple[PreTrainedModel, bool]:
    """The model in fp32, and whether its masked-token head is fresh, drawn from `seed`. Raises BadInput."""
    with loading(
        msg("The model cannot be loaded as an encoder that fills in masked tokens."),
        msg("Choose an encoder such as RoBERTa, BERT, ESM or ModernBERT, saved by transformers."),
        folder,
    ):
        config = config_of(folder)
        check_network(config, folder)
        fuse(config.model_type)
        torch.manual_seed(seed)
        model, loading_info = AutoModelForMaskedLM.from_pretrained(
            folder,
            **FROM_FOLDER,
            output_loading_info=True,
        )
    check_encoder(model, loading_info, folder)
    encoder = model.base_model_prefix + "."
    network: PreTrainedModel = model
    return network, any(not key.startswith(encoder) for key in loading_info["missing_keys"])


def check_mask_token(tokenizer: PreTrainedTokenizerBase) -> None:
    """Raise BadInput for a tokenizer that cannot hide a token."""
    if tokenizer.mask_token_id is None:
        raise BadInput(
            msg("This model's tokenizer has no mask token, so it cannot learn from hidden tokens."),
            hint=msg("Choose an encoder such as RoBERTa, BERT, ESM or ModernBERT."),
        )
