"""The dialogs that ask for a file or a folder: the same for every import, export and form.

They begin in the folder of the open project's last file. Left to itself, Qt begins in the folder that any dialog of the
program used last, which may belong to another project.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from sciapp.i18n import msg
from sciapp.ui.words import tr

_KINDS = {".csv": msg("CSV (*.csv)"), ".html": msg("HTML (*.html)")}
_FOLDER = "filesFolder"  # a property of the main window, in whose care all dialogs are
_PROJECT = "projectFolder"  # another

Chosen = Callable[[Path], object]


def set_files_folder(window: QWidget, folder: Path) -> None:
    """Let the dialogs of `window`, and of all that belongs to it, begin in `folder`."""
    window.setProperty(_FOLDER, str(folder))


def set_project_folder(window: QWidget, folder: Path) -> None:
    """Let `window`, and all that belongs to it, know the folder of the project that is open."""
    window.setProperty(_PROJECT, str(folder))


def project_folder(widget: QWidget) -> Path | None:
    """The folder of the open project; None where no window knows it."""
    owner = _owner(widget, _PROJECT)
    return Path(owner.property(_PROJECT)) if owner is not None else None


def files_folder(widget: QWidget) -> Path:
    """The folder in which a dialog of `widget` begins."""
    owner = _owner(widget)
    return Path(owner.property(_FOLDER)) if owner is not None else Path.home()


def ask_where(parent: QWidget, name: str, title: str, proposed: Path, chosen: Chosen) -> None:
    """Ask where a file is saved, and return; `chosen` is called with the answer.

    name: the dialog's object name. proposed: a file name, or a whole path where one folder is the right one.
    """
    path = proposed if proposed.is_absolute() else files_folder(parent) / proposed
    dialog = _dialog(parent, name, title, path.parent, chosen)
    if proposed.suffix in _KINDS:
        dialog.setNameFilter(tr(_KINDS[proposed.suffix]))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(proposed.suffix.removeprefix("."))
    dialog.selectFile(proposed.name)
    dialog.open()


def ask_for_file(
    parent: QWidget, name: str, title: str, kinds: str, chosen: Chosen, *, folder: Path | None = None
) -> None:
    """Ask for a file that exists. kinds: a name filter of Qt. folder: where to begin, if not as usual."""
    dialog = _dialog(parent, name, title, folder or files_folder(parent), chosen)
    dialog.setNameFilter(tr(kinds))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()


def ask_for_folder(parent: QWidget, name: str, title: str, chosen: Chosen, *, folder: Path | None = None) -> None:
    """Ask for a folder that exists. folder: where to begin, if not as usual."""
    dialog = _dialog(parent, name, title, folder or files_folder(parent), chosen)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.open()


def _dialog(parent: QWidget, name: str, title: str, folder: Path, chosen: Chosen) -> QFileDialog:
    dialog = QFileDialog(parent, tr(title), str(folder))
    dialog.setObjectName(name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def take(text: str) -> None:
        if (owner := _owner(parent)) is not None:
            set_files_folder(owner, Path(text).parent)
        chosen(Path(text))

    dialog.fileSelected.connect(take)
    return dialog


def _owner(widget: QWidget | None, name: str = _FOLDER) -> QWidget | None:
    """The nearest ancestor that has the property: as a rule, where dialogs begin."""
    while widget is not None and not widget.property(name):
        widget = widget.parentWidget()
    return widget
