"""The results of a training on disk: the plain model folder and the table of predictions."""

from pathlib import Path

import pyarrow as pa
import torch
from transformers import PreTrainedModel

from sciapp.engine.data.dataset.predictions import judged_table, write_table
from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.models.architectures.feature_fusion import FusionModel, encoder_of
from sciapp.engine.models.load import output_layer
from sciapp.engine.models.model_folder import ModelFolder
from sciapp.engine.models.parts.base import ModelContents
from sciapp.engine.models.peft.apply import merge
from sciapp.engine.tasks.base import Values
from sciapp.engine.tasks.regression import Regression
from sciapp.engine.tasks.saved_keys import MEAN_KEY, SCALE_KEY
from sciapp.engine.training.setup.fine_tuning import FineTuningSetup
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.run.run import Run


def keep_model(run: Run, prepared: FineTuningSetup) -> None:
    """Write `model/`: a plain Hugging Face folder that speaks in the targets' own units and class names, or says in its
    config.json how to get there (see `speak_in_units`).

    Changes the model that it is given. Raises OutOfSpace.
    """
    merge(prepared.model, prepared.tuning)
    model = prepared.model.to(torch.device("cpu")).eval()
    if isinstance(prepared.task, Regression):
        speak_in_units(model, prepared.task)
    contents = ModelContents(
        tokenizer=prepared.tokenizer,
        network=model,
        recipe=prepared.recipe,
        task=prepared.task,
        test_time=prepared.test_time,
    )
    ModelFolder(run.model_folder).save(contents)


def speak_in_units(model: PreTrainedModel | FusionModel, task: Regression) -> None:
    """Fold the targets' scale and mean into the last layer; where fp32 would lose digits, note both in the config."""
    config = encoder_of(model).config
    for key in (MEAN_KEY, SCALE_KEY):  # of the folder that the training began from
        if hasattr(config, key):
            delattr(config, key)
    if not task.standardization.folds:
        setattr(config, MEAN_KEY, task.standardization.mean.tolist())
        setattr(config, SCALE_KEY, task.standardization.scale.tolist())
    elif isinstance(model, FusionModel):
        scale, mean = (
            torch.tensor(part, dtype=torch.float32) for part in (task.standardization.scale, task.standardization.mean)
        )
        model.head.rescale(scale, mean)
    else:
        fold_standardization(output_layer(model, len(task.outputs)), task)


def fold_standardization(layer: torch.nn.Linear, task: Regression) -> None:
    """Make `layer` (targets, hidden) give target units: scale * (W x + b) + mean."""
    scale = torch.tensor(task.standardization.scale, dtype=layer.weight.dtype)
    mean = torch.tensor(task.standardization.mean, dtype=layer.weight.dtype)
    with torch.no_grad():
        layer.weight.mul_(scale[:, None])
        if layer.bias is None:
            layer.bias = torch.nn.Parameter(mean)
        else:
            layer.bias.mul_(scale).add_(mean)


def keep_predictions(path: Path, card: DatasetCard, rows: dict[str, Rows], values: dict[str, Values]) -> None:
    """Write `predictions.parquet` for the splits in `values`."""
    parts = [judged_table(split, rows[split], part, card) for split, part in values.items()]
    write_table(pa.concat_tables(parts), path)
