"""The prefixes of a prefix-tuned model, which fit into no weight of the network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from sciapp.engine.models.architectures.feature_fusion import encoder_of
from sciapp.engine.models.parts.base import ModelContents, ModelPart, PartDescription
from sciapp.engine.models.peft.prefix_tuning import ATTENTION_WITH_PREFIX, PREFIX_FILE, put_in, take_out
from sciapp.errors import BadInput
from sciapp.i18n import lines, msg
from sciapp.records.atomic import write_json
from sciapp.records.regular import json_in

_NOTE = lines(
    [
        msg("## {title}", title=msg("The prefix")),
        "",
        msg(
            "Keys and values that were learnt stand before those of the row in every layer: `prefix.safetensors`, one "
            "tensor (2, heads, virtual tokens, width of a head) for each attention module. They fit into no weight, "
            "and plain transformers does not read that file: it would give **other, wrong numbers**, so "
            "`config.json` asks for an attention that it does not have, and the lines above end with an error that "
            "names the file. SciApp reads it: `sciapp predict PROJECT RUN FILE --out OUT.csv`, or from Python:"
        ),
        """
    from pathlib import Path
    from sciapp.engine.models.saved_model import SavedModel
    values = SavedModel.open(Path(".")).values([…])
""",
    ]
)


class PrefixesPart(ModelPart):
    """`prefix.safetensors`, one tensor for each attention module; in fp32 also where the weights are not."""

    key = "prefixes"
    files = (PREFIX_FILE,)

    @contextmanager
    def detached(self, contents: ModelContents) -> Iterator[None]:
        encoder = encoder_of(contents.network)
        contents.prefixes = take_out(encoder)
        try:
            yield
        finally:
            put_in(encoder, contents.prefixes)
            contents.prefixes = {}

    def save(self, contents: ModelContents, folder: Path) -> None:
        """config.json, which is there already, asks for an attention that reads the prefix from now on: whoever loads
        the folder without SciApp gets an error with the name of the file, not other numbers."""
        if not contents.prefixes:
            return
        save_file(contents.prefixes, folder / PREFIX_FILE)
        config = folder / "config.json"
        write_json(config, json_in(config) | {"attn_implementation": ATTENTION_WITH_PREFIX})

    def load(self, folder: Path, contents: ModelContents) -> None:
        if not self.is_in(folder):
            return
        try:
            put_in(encoder_of(contents.network), load_file(folder / PREFIX_FILE))
        except (OSError, ValueError, RuntimeError, AttributeError, IndexError, SafetensorError) as error:
            raise BadInput(
                msg("The model’s prefix.safetensors cannot be used."),
                hint=msg("Its files may be damaged; train again."),
                context=f"{folder}: {type(error).__name__}: {error}",
            ) from error

    def describe(self, folder: Path) -> PartDescription | None:
        return PartDescription(self.key, note=_NOTE) if self.is_in(folder) else None
