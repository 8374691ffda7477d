"""What a training leaves behind: the plain model folder and the table of predictions."""

import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import torch

from sciapp.engine.data.prediction_table import judged_table, write_table
from sciapp.engine.data.tables import Rows
from sciapp.engine.models.backbone import output_layer
from sciapp.engine.tasks.regression import Regression
from sciapp.engine.training.prepare import Prepared
from sciapp.records.atomic import new_folder
from sciapp.records.dataset import DatasetCard
from sciapp.records.run import Run


def keep_model(run: Run, prepared: Prepared) -> None:
    """Write `model/`: a plain Hugging Face folder that speaks in the targets' own units and class names."""
    model = prepared.model.to(torch.device("cpu")).eval()
    if isinstance(prepared.task, Regression):
        fold_standardization(output_layer(model, len(prepared.task.outputs)), prepared.task)
    shutil.rmtree(run.model_folder, ignore_errors=True)  # left by a sitting that was killed after this point
    with new_folder(run.model_folder) as draft:
        model.save_pretrained(draft)
        prepared.tokenizer.save_pretrained(draft)


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


def keep_predictions(
    path: Path, card: DatasetCard, rows: dict[str, Rows], values: dict[str, npt.NDArray[np.float64]]
) -> None:
    """Write `predictions.parquet` for the splits in `values`."""
    parts = [
        judged_table(split, rows[split], part, card.target_names, card.class_names) for split, part in values.items()
    ]
    write_table(pa.concat_tables(parts), path)
