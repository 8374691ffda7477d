"""What a training loads only when it comes to it: loaded beforehand by a process that stands by."""

import importlib

_WHEN_NEEDED = (
    "pyarrow.dataset",
    "sciapp.engine.domains.molecule",
    "sciapp.engine.domains.nucleotide",
    "sciapp.engine.domains.protein",
    "sciapp.engine.domains.text",
    # The networks of the starters and of most models on offer; others are loaded when a run names them.
    "transformers.models.bert.modeling_bert",
    "transformers.models.esm.modeling_esm",
    "transformers.models.modernbert.modeling_modernbert",
    "transformers.models.roberta.modeling_roberta",
)


def load_everything() -> None:
    """Import all of it; takes seconds, once."""
    for name in ("sciapp.engine.train", *_WHEN_NEEDED):
        importlib.import_module(name)
