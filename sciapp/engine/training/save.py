"""The results of a training on disk: the plain model folder and the table of predictions."""

from functools import partial
from pathlib import Path

import pyarrow as pa
import torch
from transformers import PreTrainedModel

from sciapp.engine.data.dataset.predictions import judged_table, write_table
from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import RowValues
from sciapp.engine.models.architectures.feature_fusion import FusionModel, encoder_of
from sciapp.engine.models.load import output_layer
from sciapp.engine.models.model_folder import ModelFolder
from sciapp.engine.models.parts.base import ModelContents
from sciapp.engine.models.peft.apply import merge
from sciapp.engine.tasks.base import Floats
from sciapp.engine.training.setup.fine_tuning import FineTuningSetup
from sciapp.engine.training.setup.members import FittedMembers
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.run.run import Run


def keep_model(run: Run, prepared: FineTuningSetup, members: FittedMembers | None = None) -> None:
    """Write `model/`: a plain Hugging Face folder that speaks in the targets' own units and class names, or says in its
    config.json how to get there (see `Task.finish`).

    Changes the model that it is given. Raises OutOfSpace.
    """
    merge(prepared.model, prepared.tuning)
    model = prepared.model.to(torch.device("cpu")).eval()
    prepared.task.finish(encoder_of(model).config, partial(rescale_outputs, model, len(prepared.task.outputs)))
    contents = ModelContents(
        tokenizer=prepared.tokenizer,
        network=model,
        recipe=prepared.recipe,
        task=prepared.task,
        test_time=prepared.test_time,
        ensemble=members.ensemble if members else None,
        member_recipe=members.recipe if members else None,
    )
    ModelFolder(run.model_folder).save(contents)


def rescale_outputs(model: PreTrainedModel | FusionModel, outputs: int, scale: Floats, mean: Floats) -> None:
    """Make `model` give scale * logits + mean; both (outputs,)."""
    if isinstance(model, FusionModel):
        model.head.rescale(torch.tensor(scale, dtype=torch.float32), torch.tensor(mean, dtype=torch.float32))
    else:
        rescale_layer(output_layer(model, outputs), scale, mean)


def rescale_layer(layer: torch.nn.Linear, scale: Floats, mean: Floats) -> None:
    """Make `layer` (outputs, hidden) give scale * (W x + b) + mean; both (outputs,)."""
    factor, shift = (torch.tensor(part, dtype=layer.weight.dtype) for part in (scale, mean))
    with torch.no_grad():
        layer.weight.mul_(factor[:, None])
        if layer.bias is None:
            layer.bias = torch.nn.Parameter(shift)
        else:
            layer.bias.mul_(factor).add_(shift)


def keep_predictions(path: Path, card: DatasetCard, rows: dict[str, Rows], values: dict[str, RowValues]) -> None:
    """Write `predictions.parquet` for the splits in `values`."""
    parts = [judged_table(split, rows[split], part, card) for split, part in values.items()]
    write_table(pa.concat_tables(parts), path)
