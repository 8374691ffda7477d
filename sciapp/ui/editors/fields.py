"""The settings of a training run as a form shows them: label, plain words, control."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Whole:
    """A whole number; `zero_means` is shown in place of 0."""

    low: int
    high: int
    step: int = 1
    zero_means: str = ""


@dataclass(frozen=True)
class Decimal:
    """A number; `scientific` for rates that span decades."""

    low: float
    high: float
    step: float
    decimals: int = 3
    scientific: bool = False
    zero_means: str = ""


@dataclass(frozen=True)
class Choice:
    """One of a few words: value → what people read."""

    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Field:
    """One leaf setting of a plan."""

    name: str
    label: str
    help: str
    control: Whole | Decimal | Choice
    level: Literal["basic", "advanced"] = "advanced"


FIELDS: tuple[Field, ...] = (
    Field(
        "num_train_epochs",
        "Passes over the data",
        "How often the model sees every training row (epochs). More passes learn more, until the validation score "
        "stops getting better; early stopping ends the run then.",
        Whole(1, 10_000),
        "basic",
    ),
    Field(
        "learning_rate",
        "Learning rate",
        "How far the weights move at each step. Too high: the loss jumps or explodes. Too low: nothing is learnt. "
        "Between 1e-5 (large models) and 1e-3 (small ones) is usual.",
        Decimal(1e-8, 1.0, 1.0, scientific=True),
        "basic",
    ),
    Field(
        "early_stopping_patience",
        "Patience",
        "Training ends when the validation score has not improved for this many validations. The best model is kept "
        "in any case.",
        Whole(0, 10_000, zero_means="never stop early"),
        "basic",
    ),
    Field(
        "descriptors",
        "Descriptors",
        "Joins what is known about each row without any model to the encoder's output before the head: RDKit's "
        "descriptors of a molecule, the composition of a protein, the k-mers of DNA. Automatic decides on validation "
        "rows whether they help, and says so.",
        Choice((("auto", "Automatic"), ("on", "Join them"), ("off", "Leave them out"))),
        "basic",
    ),
    Field(
        "seed",
        "Seed",
        "Fixes every random choice: the same seed, data and settings on the same machine give the same model.",
        Whole(0, 2**31 - 1),
        "basic",
    ),
    Field(
        "optimizer",
        "Optimiser",
        "AdamW suits transformers. SGD needs a much higher learning rate.",
        Choice((("adamw", "AdamW"), ("sgd", "SGD with momentum"))),
    ),
    Field(
        "lr_scheduler_type",
        "Schedule",
        "How the learning rate falls after the warm-up: in a straight line or along a cosine.",
        Choice((("linear", "Linear"), ("cosine", "Cosine"))),
    ),
    Field(
        "warmup_ratio",
        "Warm-up",
        "Share of all steps over which the learning rate rises from zero; keeps the first steps from spoiling the "
        "pre-trained weights.",
        Decimal(0, 0.99, 0.01, 2),
    ),
    Field(
        "weight_decay",
        "Weight decay",
        "Pulls weights towards zero; a little of it guards against learning the training rows by heart.",
        Decimal(0, 1, 0.01, 4),
    ),
    Field(
        "dropout",
        "Dropout",
        "Share of activations that are switched off at random while training; guards against learning by heart.",
        Decimal(0, 0.99, 0.05, 2),
    ),
    Field(
        "regularizer",
        "Harder training",
        "Makes learning by heart harder; at most one at a time. Adversarial: rows are also learnt from with their "
        "embeddings pushed where the loss grows fastest (FGM one step, PGD several; two to five times slower). R-Drop: "
        "two readings under other dropout must agree (twice as slow). Mixup: rows are mixed in pairs, labels too.",
        Choice(
            (
                ("off", "None"),
                ("fgm", "Adversarial, one step (FGM)"),
                ("pgd", "Adversarial, several steps (PGD)"),
                ("r_drop", "R-Drop"),
                ("mixup", "Mixup"),
            )
        ),
    ),
    Field(
        "adversarial_epsilon",
        "Disturbance",
        "Adversarial training: how far embeddings are pushed, as a share of their own length.",
        Decimal(0.001, 1, 0.01, 3),
    ),
    Field(
        "adversarial_steps",
        "Disturbance steps",
        "PGD: how many steps look for the worst disturbance.",
        Whole(1, 20),
    ),
    Field(
        "r_drop_weight",
        "R-Drop weight",
        "How much the disagreement of the two readings counts beside the loss.",
        Decimal(0.01, 100, 0.5, 2),
    ),
    Field(
        "mixup_alpha",
        "Mixup alpha",
        "Shares are drawn from Beta(alpha, alpha): small values mix little, 1 mixes in all shares alike.",
        Decimal(0.01, 10, 0.1, 2),
    ),
    Field(
        "max_grad_norm",
        "Gradient clipping",
        "Longer gradients are cut to this length, so that one odd batch cannot throw the model off.",
        Decimal(0, 1000, 0.5, 2, zero_means="off"),
    ),
    Field(
        "loss",
        "Loss",
        "What is made small while training. Automatic: squared error for numbers, cross-entropy for classes.",
        Choice(
            (
                ("auto", "Automatic"),
                ("cross_entropy", "Cross-entropy (classes)"),
                ("binary_cross_entropy", "Binary cross-entropy (classes, one against the rest)"),
                ("mean_squared_error", "Mean squared error (numbers)"),
            )
        ),
    ),
    Field(
        "class_weights",
        "Class weights",
        "Balanced: every class weighs the same in the loss, however few training rows it has. Rare classes are found "
        "more often, at the price of false alarms; predicted probabilities are then too high for them.",
        Choice((("none", "None: every row weighs the same"), ("balanced", "Balanced: every class weighs the same"))),
    ),
    Field(
        "tokens_per_batch",
        "Tokens per batch",
        "How much is worked on at once. Larger batches need more memory and take fewer, steadier steps.",
        Whole(64, 1_048_576, 256),
    ),
    Field(
        "gradient_accumulation_steps",
        "Accumulate batches",
        "Batches that are added up before the weights move: the effect of a larger batch without its memory.",
        Whole(1, 1024),
    ),
    Field(
        "gradient_checkpointing",
        "Save memory",
        "Computes what lies between the layers a second time instead of keeping it (gradient checkpointing): much less "
        "memory for the same numbers, but a third slower. A run that lacks memory switches it on by itself.",
        Choice(((False, "Off"), (True, "Gradient checkpointing"))),
    ),
    Field(
        "max_length",
        "Longest row",
        "Rows with more tokens than this are cut at the end.",
        Whole(8, 8192, 8),
    ),
    Field(
        "max_steps",
        "Step limit",
        "Ends training after this many steps, whatever the passes say.",
        Whole(0, 100_000_000, 100, zero_means="none"),
    ),
    Field(
        "eval_steps",
        "Validate every",
        "Steps between two looks at the validation rows.",
        Whole(0, 1_000_000, 10, zero_means="once a pass"),
    ),
    Field(
        "save_steps",
        "Checkpoint every",
        "Steps between two checkpoints. A run that is killed goes on from the last one.",
        Whole(1, 1_000_000, 10),
    ),
    Field(
        "save_total_limit",
        "Checkpoints kept",
        "The latest ones, beside the best. Each takes about three times the model's size on disk.",
        Whole(1, 100),
    ),
    Field(
        "threads",
        "Processor threads",
        "How many cores the run may use.",
        Whole(0, 1024, zero_means="all cores"),
    ),
)


def fields(level: Literal["basic", "advanced"]) -> tuple[Field, ...]:
    """The settings of one fold of the form."""
    return tuple(field for field in FIELDS if field.level == level)
