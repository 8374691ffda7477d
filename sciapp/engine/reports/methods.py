"""A methods paragraph that can be pasted into a paper."""

from sciapp.records.dataset import DatasetCard
from sciapp.records.plan import CompressPlan, TrainPlan
from sciapp.records.report import Evaluation

_SPLITS = {
    "random": "at random",
    "stratified": "at random, stratified by the target",
    "scaffold": "by Bemis–Murcko scaffold, so that no ring scaffold of a test molecule occurs in training",
    "column": "as given in the file",
}


def paragraph(plan: TrainPlan | CompressPlan, training: TrainPlan, card: DatasetCard, evaluation: Evaluation) -> str:
    """What was done, in the order in which it was done."""
    optimization, stopping = training.optimization, training.stopping
    parts = ", ".join(f"{count:,} {name}" for name, count in card.split_counts.items())
    said = [
        f"The transformer encoder {_base(training.model)} was fine-tuned for {card.task} of "
        f"{', '.join(card.target_names)} on {card.rows_kept:,} of {card.rows_read:,} rows of {card.source.file_name}; "
        f"the others were set aside before training.",
        f"Rows were divided {_SPLITS[card.split.method]} ({parts} rows; seed {card.split.seed}).",
        f"Training used {optimization.optimizer.upper().replace('ADAMW', 'AdamW')} with a learning rate of "
        f"{optimization.learning_rate:g}, {optimization.lr_scheduler_type} decay after a warm-up over "
        f"{optimization.warmup_ratio:.0%} of the steps, weight decay {optimization.weight_decay:g}, dropout "
        f"{training.dropout:g}, batches of at most {training.batching.tokens_per_batch:,} tokens and at most "
        f"{stopping.num_train_epochs} epochs (seed {training.seed}).",
        f"The model with the best validation {evaluation.main_score} was kept"
        + (
            f"; training ended early after {stopping.early_stopping_patience} validations without a better score where "
            "that came first."
            if stopping.early_stopping_patience
            else "."
        ),
        f"The test rows were used once, after training. Intervals are 95 % percentile bootstrap intervals "
        f"({evaluation.bootstrap_samples} samples).",
    ]
    if card.task == "regression":
        said.insert(2, "Targets were standardised with the mean and standard deviation of the training rows.")
    if evaluation.simple_baseline is not None:
        said.append(f"The simple baseline is: {evaluation.simple_baseline.predictor.lower()}, fitted on the same rows.")
    if isinstance(plan, CompressPlan):
        said.append("The linear layers were then quantised to int8 (one scale per output, dynamic activations).")
    return " ".join(said)


def _base(model: str) -> str:
    """A local path says nothing to a reader, and is private."""
    return model if not model.startswith(("/", "~", ".")) and "\\" not in model else "(a local model)"
