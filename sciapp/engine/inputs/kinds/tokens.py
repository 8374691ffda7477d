"""Inputs that are read as token numbers. The reader is a tokenizer of transformers."""

from collections.abc import Iterable
from importlib import import_module

from transformers import PreTrainedTokenizerBase

from sciapp.engine.domains.inputs import Inputs, TokenInputs


class Tokens:
    """Canonical values, cut into letters, matches of a pattern, or word pieces."""

    def fresh_reader(self, inputs: Inputs, rows: Iterable[str]) -> PreTrainedTokenizerBase:
        """Learning word pieces is not the same twice (ties): keep what this returns, do not make it again."""
        assert isinstance(inputs, TokenInputs)
        builder = import_module(f"sciapp.engine.inputs.tokenization.build.{inputs.vocabulary.builder}")
        tokenizer: PreTrainedTokenizerBase = builder.build(inputs.vocabulary, rows, inputs.longest)
        return tokenizer


KIND = Tokens()
