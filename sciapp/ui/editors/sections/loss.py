"""What is made small while training."""

from sciapp.ui.editors.fields import Choice, Field, Section

LOSS = Section(
    "lossSettings",
    "Loss",
    (
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
            "Balanced: every class weighs the same in the loss, however few training rows it has. Rare classes are "
            "found more often, at the price of false alarms; predicted probabilities are then too high for them.",
            Choice(
                (("none", "None: every row weighs the same"), ("balanced", "Balanced: every class weighs the same"))
            ),
        ),
    ),
)
