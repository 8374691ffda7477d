"""Two inputs a row: a key of config.json, which makes the encoder tell the two apart."""

from pathlib import Path

from sciapp.engine.models.pair_encoding import PAIR_KEY, tell_apart
from sciapp.engine.models.parts.base import ModelContents, ModelPart


class PairsPart(ModelPart):
    """Set in the network's configuration when its head is made, and written with it."""

    key = "pairs"
    config_keys = (PAIR_KEY,)

    def load(self, folder: Path, contents: ModelContents) -> None:
        if getattr(contents.network.config, PAIR_KEY, False):
            tell_apart(contents.network, contents.tokenizer)
