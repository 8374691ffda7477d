"""Inputs that are read as token numbers. The reader is a tokenizer of transformers."""

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from transformers import AutoTokenizer, PreTrainedTokenizerBase

from sciapp.engine.domains.inputs import Inputs, TokenInputs
from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.inputs.tokenization.letters import letters_apart
from sciapp.engine.inputs.tokenization.tokens import Tokens, tokenize
from sciapp.engine.inputs.tokenization.uracil import uracil_understood
from sciapp.i18n import Message, msg


class TokenNumbers:
    """Canonical values, cut into letters, matches of a pattern, or word pieces."""

    plain = True

    def fresh_reader(self, inputs: Inputs, rows: Iterable[str]) -> PreTrainedTokenizerBase:
        """Learning word pieces is not the same twice (ties): keep what this returns, do not make it again."""
        assert isinstance(inputs, TokenInputs)
        builder = import_module(f"sciapp.engine.inputs.tokenization.build.{inputs.vocabulary.builder}")
        tokenizer: PreTrainedTokenizerBase = builder.build(inputs.vocabulary, rows, inputs.longest)
        return tokenizer

    def load_reader(self, folder: Path) -> PreTrainedTokenizerBase:
        """With a padding token, and reading single letters and U for T where its vocabulary is like that."""
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
        # Whatever its tokenizer_config.json says is believed by the library.
        tokenizer.model_max_length = int(tokenizer.model_max_length)
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
        return uracil_understood(letters_apart(tokenizer))

    def check(self, reader: Any, value: RowInput) -> None:
        """Every value can be read."""

    def shortening(self, *, pairs: bool) -> Message:
        return msg("lose the end of their longer input") if pairs else msg("are cut at the end")

    def encode(self, reader: Any, values: Sequence[RowInput], longest: int, check: Callable[[int], None]) -> Tokens:
        """Rows that are too long are cut at the end, of pairs the longer input."""
        return tokenize(reader, values, longest, check)


KIND = TokenNumbers()
