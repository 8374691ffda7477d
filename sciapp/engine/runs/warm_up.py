"""Modules that a training needs only later, loaded beforehand by a process that stands by."""

import importlib

from sciapp.engine.domains.about import domain_names
from sciapp.engine.domains.registry import domain_named

_WHEN_NEEDED = (
    "pyarrow.dataset",
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
    for name in domain_names():
        domain_named(name)
