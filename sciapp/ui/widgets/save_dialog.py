"""The dialog that asks where a file is saved: the same for every export."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

_KINDS = {".csv": "CSV (*.csv)", ".html": "HTML (*.html)"}


def ask_where(parent: QWidget, name: str, title: str, proposed: Path, then: Callable[[Path], None]) -> None:
    """Open the dialog and return; `then` is called with the place that was chosen.

    name: the dialog's object name. proposed: begins in its folder, where it has one; a name without an ending gets its.
    """
    folder = "" if proposed == Path(proposed.name) else str(proposed.parent)
    dialog = QFileDialog(parent, title, folder, _KINDS.get(proposed.suffix, ""))
    dialog.setObjectName(name)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(proposed.suffix.removeprefix("."))
    dialog.selectFile(proposed.name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
    dialog.open()
