"""Settings of the loss."""

from sciapp.actions.tasks import all_tasks, task_names
from sciapp.i18n import msg
from sciapp.records.dataset.tasks import LossName
from sciapp.ui.forms.fields import AppliesWhen, ChoiceField, DecimalField, Field, Section

_HAS_CLASSES = AppliesWhen("task", tuple(task.name for task in all_tasks() if task.has_classes))
_NO_QUANTITY = AppliesWhen("task", tuple(task.name for task in all_tasks() if not task.is_quantity))
_LOSSES: tuple[tuple[LossName, str], ...] = (
    ("cross_entropy", msg("Cross-entropy")),
    ("binary_cross_entropy", msg("Binary cross-entropy (each class against the rest)")),
    ("focal", msg("Focal loss")),
    ("mean_squared_error", msg("Mean squared error")),
    ("huber", msg("Huber loss")),
)

LOSS = Section(
    "lossSettings",
    msg("What it minimises"),
    (
        Field(
            "loss",
            msg("What it minimises"),
            msg(
                "What is made small while training. Automatic: squared error for numbers, cross-entropy for "
                "classes. Focal loss: rows that are right already count less, so that rare and hard ones are "
                "learnt. Huber: outliers count less than by their squared error."
            ),
            ChoiceField(
                (("auto", msg("Automatic")), *_LOSSES),
                when=tuple((name, AppliesWhen("task", task_names(loss=name))) for name, _ in _LOSSES),
            ),
            term=msg("loss"),
        ),
        Field(
            "focal_gamma",
            msg("Focus"),
            msg("Focal loss: how little a row counts that is right already. 0: as much as any other; 2 is usual."),
            DecimalField(0, 10, 0.5, 2),
        ),
        Field(
            "huber_delta",
            msg("Outliers from"),
            msg(
                "Huber loss: the error, in standard deviations of the measured values, above which it counts linearly."
            ),
            DecimalField(0.01, 100, 0.1, 2),
        ),
        Field(
            "label_smoothing_factor",
            msg("Label smoothing"),
            msg(
                "Share of each label that is spread over all classes, so that the model does not become too sure of "
                "itself; 0.1 is usual. Helps where some labels are wrong."
            ),
            DecimalField(0, 0.9, 0.05, 2, zero_means=msg("off")),
            when=(_HAS_CLASSES, AppliesWhen("loss", ("auto", "cross_entropy"))),
        ),
        Field(
            "class_weights",
            msg("Class weights"),
            msg(
                "Balanced: every class weighs the same in the loss, however few training rows it has. Rare classes are "
                "found more often, at the price of false alarms; predicted probabilities are then too high for them."
            ),
            ChoiceField(
                (
                    ("none", msg("None: every row weighs the same")),
                    ("balanced", msg("Balanced: every class weighs the same")),
                )
            ),
            when=(_NO_QUANTITY,),
        ),
    ),
)
