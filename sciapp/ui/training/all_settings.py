"""All settings of the next run: sections and a search at the left, the settings at the right."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.forms.setting_row import SettingRow
from sciapp.ui.forms.settings_editor import SettingsPart
from sciapp.ui.training.fields.basic import BASIC
from sciapp.ui.training.layouts import TallPage
from sciapp.ui.training.plan_editor import ADVANCED, TrainPlanEditor
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.layout import FormScroll
from sciapp.ui.words import tr

_EVERYTHING, _CHANGED = "everything", "changed"
_LIST_WIDTH = 196  # px
_SECTION = Qt.ItemDataRole.UserRole


class AllSettings(QWidget):
    """Choosing a section or typing shows some of the settings; none is ever moved."""

    def __init__(self, editor: TrainPlanEditor, parts: Sequence[SettingsPart], parent: QWidget | None = None) -> None:
        """parts: what comes below the editor."""
        super().__init__(parent)
        self._editor = editor
        self._parts = (*editor.parts, *parts)
        self.search = QLineEdit(self)
        self.search.setObjectName("settingSearch")
        self.search.setAccessibleName(tr(msg("Find a setting")))
        self.search.setPlaceholderText(tr(msg("Find a setting…")))
        self.search.setClearButtonEnabled(True)
        self.sections = QListWidget(self)
        self.sections.setObjectName("settingSections")
        self.sections.setAccessibleName(tr(msg("Sections of settings")))
        self.sections.setFixedWidth(_LIST_WIDTH)
        theme.set_style(self.sections, roomy=True)
        self.search.setFixedWidth(_LIST_WIDTH)
        titles: list[tuple[str, str]] = [(_EVERYTHING, msg("Everything")), (_CHANGED, msg("Changed"))]
        titles += [(part.name, part.title) for part in editor.parts]
        titles += [(section.name, section.title) for section in (BASIC, *ADVANCED)]
        titles += [(part.name, part.title) for part in parts]
        for name, title in titles:
            QListWidgetItem(tr(title), self.sections).setData(_SECTION, name)
        self._none = TextLabel(msg("No setting is like that."), self, tone="secondary", name="noSetting")
        self._lay_out(parts)
        self.sections.setCurrentRow(0)
        self.sections.currentItemChanged.connect(lambda *_: self._show())
        self.search.textChanged.connect(lambda _: self._show())
        editor.valueChanged.connect(lambda _: self._count())
        self._show()
        self._count()

    @staticmethod
    def labels() -> list[tuple[str, str]]:
        """The name in plans and the label of every setting."""
        return [(field.name, field.label) for section in (BASIC, *ADVANCED) for field in section.fields]

    def add_below(self, widget: QWidget) -> None:
        """Put a button below the list of sections."""
        self._left.addWidget(widget)

    @property
    def section(self) -> str:
        item = self.sections.currentItem()
        return str(item.data(_SECTION)) if item is not None else _EVERYTHING

    def show_section(self, name: str) -> None:
        """Choose a section by its name."""
        for row in range(self.sections.count()):
            if self.sections.item(row).data(_SECTION) == name:
                self.sections.setCurrentRow(row)

    def _show(self) -> None:
        section, words = self.section, self.search.text().strip()
        if words:  # whatever section is chosen: who searches does not know in which it is
            section = _EVERYTHING
        wanted: Callable[[SettingRow], bool] = lambda row: row.matches(words)  # noqa: E731
        if section == _CHANGED:
            wanted = lambda row: row.changed  # noqa: E731
        named = "" if section in {_EVERYTHING, _CHANGED} else section
        count = self._editor.narrow(wanted, section=named, opened=bool(words or section != _EVERYTHING))
        for part in self._parts:
            shown = part.matches(words) if words else section in {_EVERYTHING, part.name}
            part.widget.setVisible(shown)
            count += shown
        self._none.setText(tr(msg("Nothing is changed.") if section == _CHANGED else msg("No setting is like that.")))
        self._none.setVisible(count == 0)

    def _count(self) -> None:
        item, changed = self.sections.item(1), len(self._editor.changed())
        item.setText(tr(msg("Changed ({n})", n=changed) if changed else msg("Changed")))

    def _lay_out(self, parts: Sequence[SettingsPart]) -> None:
        self._left = left = QVBoxLayout()
        left.setSpacing(theme.SPACING)
        left.addWidget(self.search)
        left.addWidget(self.sections, 1)
        form = TallPage(self)
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, theme.SPACING, theme.GAP)
        column.setSpacing(theme.SPACING)
        column.addWidget(self._none)
        for widget in (self._editor, *(part.widget for part in parts)):
            column.addWidget(widget)
        column.addStretch(1)
        scroll = FormScroll(self)
        scroll.setObjectName("trainingFormScroll")
        scroll.setWidget(form)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addLayout(left)
        row.addWidget(scroll, 1)
