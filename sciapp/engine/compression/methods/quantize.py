"""Dynamic int8 quantisation of linear layers and large embedding tables (see `models.quantization.int8`)."""

from dataclasses import replace

from sciapp.engine.compression.base import CompressedContents
from sciapp.engine.models.saved_model import SavedModel
from sciapp.i18n import msg

_FORMAT = "int8"


class Quantize:
    """Saves the weights in int8; heads of extra features and prefixes, which are small, stay in fp32."""

    def compress(self, model: SavedModel) -> CompressedContents:
        already = model.contents.weight_format == _FORMAT
        remarks = (msg("The weights were in int8 already; quantising them again changes nothing."),) if already else ()
        return CompressedContents(replace(model.contents, weight_format=_FORMAT), remarks)


METHOD = Quantize()
