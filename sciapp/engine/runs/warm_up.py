"""Modules that a training needs only later, loaded beforehand by a process that stands by."""

import importlib

_WHEN_NEEDED = (
    "pyarrow.dataset",
    "sciapp.engine.domains.molecule.domain",
    "sciapp.engine.domains.nucleotide.domain",
    "sciapp.engine.domains.protein.domain",
    "sciapp.engine.domains.text.domain",
    # The networks of the starters and of most models on offer; others are loaded when a run names them.
    "transformers.models.bert.modeling_bert",
    "transformers.models.esm.modeling_esm",
    "transformers.models.modernbert.modeling_modernbert",
    "transformers.models.roberta.modeling_roberta",
)


def load_everything() -> None:
    """Import all of it; takes seconds, once."""
    for name in ("sciapp.engine.runs.train", *_WHEN_NEEDED):
        importlib.import_module(name)
