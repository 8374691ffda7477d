"""The network's configuration and weights; of a model with extra features, its encoder's."""

from pathlib import Path

from sciapp.engine.models.architectures.feature_fusion import FusionModel
from sciapp.engine.models.parts.base import ModelContents, ModelPart, PartDescription
from sciapp.engine.models.parts.head import HEAD
from sciapp.engine.models.quantization.weight_formats import WEIGHT_FORMATS, format_in


class WeightsPart(ModelPart):
    """Written as `contents.weight_format` says; read as the files say."""

    key = "weights"
    files = ("config.json", *(format.file for format in WEIGHT_FORMATS.values()))

    def save(self, contents: ModelContents, folder: Path) -> None:
        network = contents.network
        encoder_or_all = network.encoder if isinstance(network, FusionModel) else network
        WEIGHT_FORMATS[contents.weight_format].save(encoder_or_all, folder)

    def load(self, folder: Path, contents: ModelContents) -> None:
        format = format_in(folder)
        contents.weight_format = format.name
        contents.network = format.load(folder, encoder_only=HEAD.is_in(folder))

    def describe(self, folder: Path) -> PartDescription | None:
        format = format_in(folder)
        return PartDescription(self.key, tags=format.tags, usage=format.usage, usage_note=format.usage_note)
