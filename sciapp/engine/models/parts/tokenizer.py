"""The tokenizer, with the tokens that a training added to it: virtual tokens, separators of pairs."""

from pathlib import Path

from sciapp.engine.models.load import load_tokenizer
from sciapp.engine.models.parts.base import ModelContents, ModelPart


class TokenizerPart(ModelPart):
    """Files as transformers writes them; which ones depends on the kind of tokenizer."""

    key = "tokenizer"
    files = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "vocab.json")

    def save(self, contents: ModelContents, folder: Path) -> None:
        contents.tokenizer.save_pretrained(folder)

    def load(self, folder: Path, contents: ModelContents) -> None:
        contents.tokenizer = load_tokenizer(folder)
