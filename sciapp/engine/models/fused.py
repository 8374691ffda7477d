"""Faster spellings of what transformers computes in several steps."""

from torch import nn


def fuse(model_type: str) -> None:
    """Let the networks of this type use them from now on, in this process.

    ESM writes its GELU (Hendrycks & Gimpel 2016) as five operations on the widest states of each layer; torch's own is
    the same function in one, the last bits aside.
    """
    if model_type == "esm":
        from transformers.models.esm import modeling_esm

        modeling_esm.gelu = nn.functional.gelu
