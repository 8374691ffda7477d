"""transformers' Auto classes for tasks: a label for the row, or one for each token."""

from typing import Any

from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification

from sciapp.engine.tasks.registry import saved_task


def network(*, per_unit: bool) -> Any:
    """The class whose `from_pretrained` and `from_config` make the network."""
    return AutoModelForTokenClassification if per_unit else AutoModelForSequenceClassification


def saved_network(config: Any) -> Any:
    """The same for the config of a model that was saved here."""
    return network(per_unit=saved_task(config).per_unit)
