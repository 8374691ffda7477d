"""The head of a model with extra features, which is no layer of the encoder's own class."""

from pathlib import Path

from safetensors.torch import load_file, save_file
from transformers import PreTrainedModel

from sciapp.engine.inputs.features.matrix import FeatureRecipe
from sciapp.engine.models.architectures.feature_fusion import FusionHead, FusionModel
from sciapp.engine.models.parts.base import ModelContents, ModelPart
from sciapp.engine.models.quantization.weight_formats import WEIGHT_FORMATS

HEAD_FILE, DESCRIPTORS_FILE = "head.safetensors", "descriptors.json"


class HeadPart(ModelPart):
    """`head.safetensors`: the tensors of a FusionHead, always in fp32."""

    key = "head"
    files = (HEAD_FILE,)

    def is_in(self, folder: Path) -> bool:
        """Either file tells: without the other the folder is damaged, and must not be taken for a plain model."""
        return any((folder / name).is_file() for name in (DESCRIPTORS_FILE, HEAD_FILE))

    def save(self, contents: ModelContents, folder: Path) -> None:
        network = contents.network
        if isinstance(network, FusionModel):
            assert contents.recipe is not None, "a fusion model has a recipe"
            save_file(
                {name: tensor.contiguous() for name, tensor in network.head.state_dict().items()}, folder / HEAD_FILE
            )

    def load(self, folder: Path, contents: ModelContents) -> None:
        if not self.is_in(folder):
            return
        encoder = contents.network
        assert contents.recipe is not None and not isinstance(encoder, FusionModel), "features and weights come first"
        with WEIGHT_FORMATS[contents.weight_format].loading(folder):
            contents.network = _fused(encoder, contents.recipe, folder)


def _fused(encoder: PreTrainedModel, recipe: FeatureRecipe, folder: Path) -> FusionModel:
    """`encoder` with the head that lies in `folder`.

    Raises OSError, ValueError, KeyError, RuntimeError, SafetensorError.
    """
    weights = load_file(folder / HEAD_FILE)
    if any(weights[name].ndim != 1 for name in ("hidden.bias", "linear.bias")):
        raise ValueError("the head's biases are no lists of numbers")
    hidden, outputs = weights["hidden.bias"].shape[0], weights["linear.bias"].shape[0]
    head = FusionHead(int(encoder.config.hidden_size), recipe.width, outputs, hidden, dropout=0.0)
    head.load_state_dict(weights)
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None
    return FusionModel(encoder, head).eval()


HEAD = HeadPart()
