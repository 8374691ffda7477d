"""A list to choose from whose longest entry does not decide how wide the form is: names of columns may be very long."""

from PySide6.QtWidgets import QComboBox, QWidget

_FEWEST_LETTERS = 14


class NarrowBox(QComboBox):
    """Shows as much of the chosen entry as there is room for."""

    def __init__(self, name: str, accessible: str, help: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setToolTip(help)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_FEWEST_LETTERS)
