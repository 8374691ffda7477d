"""The results of a training on disk: the plain model folder and the table of predictions."""

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pyarrow as pa
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from sciapp.engine.data.dataset.predictions import judged_table, write_table
from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.models.architectures.feature_fusion import FusionModel, encoder_of, save_head
from sciapp.engine.models.load import output_layer
from sciapp.engine.models.peft.apply import merge
from sciapp.engine.models.peft.prefix_tuning import save_prefixes, take_out
from sciapp.engine.tasks.base import Values
from sciapp.engine.tasks.regression import MEAN_KEY, SCALE_KEY, Regression
from sciapp.engine.training.setup.fine_tuning import FineTuningSetup
from sciapp.errors import OutOfSpace
from sciapp.records.atomic import new_folder, out_of_space_said
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.run.run import Run

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), 112)  # 112: Windows' ERROR_DISK_FULL


def keep_model(run: Run, prepared: FineTuningSetup) -> None:
    """Write `model/`: a plain Hugging Face folder that speaks in the targets' own units and class names, or says in its
    config.json how to get there (see `speak_in_units`).

    Changes the model that it is given. Raises OutOfSpace.
    """
    merge(prepared.model, prepared.tuning)
    model = prepared.model.to(torch.device("cpu")).eval()
    prefixes = take_out(encoder_of(model))
    if isinstance(prepared.task, Regression):
        speak_in_units(model, prepared.task)
    network = model.encoder if isinstance(model, FusionModel) else model
    keep_plain(run, network, prepared.tokenizer, partial(_add, prepared, prefixes))


def _add(prepared: FineTuningSetup, prefixes: dict[str, torch.Tensor], draft: Path) -> None:
    """What lies beside a plain model folder."""
    if isinstance(prepared.model, FusionModel):
        assert prepared.recipe is not None, "a joined model has a recipe"
        save_head(prepared.model, prepared.recipe, draft)
    save_prefixes(prefixes, draft)
    if prepared.copies is not None:
        prepared.copies.save(draft)


def keep_plain(
    run: Run,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    add: Callable[[Path], object] = lambda draft: None,
) -> None:
    """Write network and tokenizer as they are into `model/`, and what `add` puts beside them. Raises OutOfSpace."""
    for left in (run.model_folder, *run.folder.glob(".new-model-*")):  # by a sitting that was killed from here on
        shutil.rmtree(left, ignore_errors=True)
    with full_disk_said(run.model_folder), new_folder(run.model_folder, parents=False) as draft:
        model.save_pretrained(draft)
        add(draft)
        tokenizer.save_pretrained(draft)


@contextmanager
def full_disk_said(path: Path) -> Iterator[None]:
    """Turn what the Rust writers of weights and tokenizers say of a full disk into OutOfSpace.

    They raise errors of their own, or plain Exception, with the system's number in the text only.
    """
    try:
        yield
    except OutOfSpace:
        raise
    except Exception as error:
        if not any(f"(os error {number})" in str(error) for number in _FULL):
            raise
        with out_of_space_said(path):
            raise OSError(errno.ENOSPC, str(error)) from error


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
