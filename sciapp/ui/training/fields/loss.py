"""Settings of the loss."""

from sciapp.actions.tasks import all_tasks, task_names
from sciapp.records.dataset.tasks import LossName
from sciapp.ui.forms.fields import AppliesWhen, ChoiceField, DecimalField, Field, Section

_HAS_CLASSES = AppliesWhen("task", tuple(task.name for task in all_tasks() if task.has_classes))
_NO_QUANTITY = AppliesWhen("task", tuple(task.name for task in all_tasks() if not task.is_quantity))
_LOSSES: tuple[tuple[LossName, str], ...] = (
    ("cross_entropy", "Cross-entropy"),
    ("binary_cross_entropy", "Binary cross-entropy (each class against the rest)"),
    ("focal", "Focal loss"),
    ("mean_squared_error", "Mean squared error"),
    ("huber", "Huber loss"),
)

LOSS = Section(
    "lossSettings",
    "Loss",
    (
        Field(
            "loss",
            "Loss",
            "What is made small while training. Automatic: squared error for numbers, cross-entropy for classes. Focal "
            "loss: rows that are right already count less, so that rare and hard ones are learnt. Huber: outliers "
            "count less than by their squared error.",
            ChoiceField(
                (("auto", "Automatic"), *_LOSSES),
                when=tuple((name, AppliesWhen("task", task_names(loss=name))) for name, _ in _LOSSES),
            ),
        ),
        Field(
            "focal_gamma",
            "Focus",
            "Focal loss: how little a row counts that is right already. 0: as much as any other; 2 is usual.",
            DecimalField(0, 10, 0.5, 2),
        ),
        Field(
            "huber_delta",
            "Outliers from",
            "Huber loss: the error, in standard deviations of the measured values, above which it counts linearly.",
            DecimalField(0.01, 100, 0.1, 2),
        ),
        Field(
            "label_smoothing_factor",
            "Label smoothing",
            "Share of each label that is spread over all classes, so that the model does not become too sure of "
            "itself; 0.1 is usual. Helps where some labels are wrong.",
            DecimalField(0, 0.9, 0.05, 2, zero_means="off"),
            when=(_HAS_CLASSES, AppliesWhen("loss", ("auto", "cross_entropy"))),
        ),
        Field(
            "class_weights",
            "Class weights",
            "Balanced: every class weighs the same in the loss, however few training rows it has. Rare classes are "
            "found more often, at the price of false alarms; predicted probabilities are then too high for them.",
            ChoiceField(
                (("none", "None: every row weighs the same"), ("balanced", "Balanced: every class weighs the same"))
            ),
            when=(_NO_QUANTITY,),
        ),
    ),
)
