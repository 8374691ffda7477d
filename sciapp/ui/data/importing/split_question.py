"""The third question of an import: what must be kept apart, answered by a card, or by any other way to split."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from sciapp.i18n import joined, msg
from sciapp.records.dataset.card import COLUMN_METHODS, SplitPlan
from sciapp.ui import theme
from sciapp.ui.data.importing.question import Question
from sciapp.ui.data.importing.split import SplitEditor, split_words
from sciapp.ui.widgets.cards import ChoiceCard
from sciapp.ui.widgets.layout import CollapsibleSection
from sciapp.ui.words import tr

_BY_COLUMN = msg("By a column")
_BY_COLUMN_HELP = msg("A patient, a plate, a paper: what belongs together stays together.")
_FLATTERS = msg("Flatters the model here: near twins come into both parts.")
_RECOMMENDED = msg("recommended")
_OTHER = "other"


class SplitQuestion(QWidget):
    """value: a SplitPlan. The proposed way, chance and a column are cards; all others are in the fold below."""

    valueChanged = Signal(object)  # SplitPlan

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = SplitEditor(self)
        self.question = Question(3, msg("What must be kept apart?"), self)
        self._group = QButtonGroup(self)
        self._cards = {name: ChoiceCard("", "", self, name=f"split-{name}") for name in _CARDS}
        self._proposed = SplitPlan()
        self._many_alike = self._by_column = False
        self._ways = CollapsibleSection(msg("More ways, shares and rounds"), self.editor, "importMoreSplits", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACING)
        column.addWidget(self.question)
        for card in self._cards.values():
            self._group.addButton(card)
            column.addWidget(card)
        column.addWidget(self._ways)
        self.editor.valueChanged.connect(self._changed)
        for name, card in self._cards.items():
            card.clicked.connect(lambda _, name=name: self._choose(name))
        self._show()

    def value(self) -> SplitPlan:
        return self.editor.value()

    def setValue(self, value: SplitPlan) -> None:
        self.editor.setValue(value)
        self._show()

    def repeats(self) -> int:
        """See `SplitEditor.repeats`."""
        return self.editor.repeats()

    def offer(
        self,
        proposed: SplitPlan,
        *,
        columns: Sequence[str],
        methods: Sequence[str],
        suggested: Mapping[str, str | None],
        alikeness: str = "",
        many_alike: bool = False,
    ) -> None:
        """Choose what is proposed. alikeness: the measured likeness of rows, in a sentence; many_alike: whether rows
        drawn by chance would be an easy test.
        """
        self._proposed, self._many_alike = proposed, many_alike
        with QSignalBlocker(self.editor):
            self.editor.setColumns(columns)
            self.editor.setMethods(methods)
            self.editor.setSuggestions(suggested)
            self.editor.setValue(proposed)
        self.question.set_why(alikeness)
        self._by_column = "group" in methods and proposed.method not in COLUMN_METHODS
        self._show()

    def _choose(self, name: str) -> None:
        """A card was clicked."""
        if name == "proposed":
            plan = self.value().model_copy(update={"method": self._proposed.method, "column": self._proposed.column})
            self.editor.setValue(plan)
        elif name != _OTHER:
            self.editor.choose(name)
        if self.value().method in COLUMN_METHODS:
            self._ways.setOpen(True)  # which column is chosen there
        self._show()

    def _changed(self, plan: SplitPlan) -> None:
        self._show()
        self.valueChanged.emit(plan)

    def _show(self) -> None:
        plan = self.value()
        proposed = self._proposed
        title, help = split_words(proposed.method)
        column = msg("“{column}”", column=proposed.column) if proposed.column else ""
        self._cards["proposed"].set_texts(joined([title, column]), help, badge=_RECOMMENDED)
        random = split_words("random")
        self._cards["random"].set_texts(random[0], _FLATTERS if self._many_alike else random[1])
        self._cards["group"].set_texts(_BY_COLUMN, _BY_COLUMN_HELP)
        self._cards[_OTHER].set_texts(*split_words(plan.method))
        same = (plan.method, plan.column) == (proposed.method, proposed.column)
        chosen = "proposed" if same else plan.method if plan.method in self._cards else _OTHER
        self._cards["random"].setVisible(proposed.method != "random")
        self._cards["group"].setVisible(self._by_column)
        if chosen == "group" and not self._by_column:
            chosen = _OTHER
        self._cards[_OTHER].setVisible(chosen == _OTHER)
        self._cards[chosen].setChecked(True)
        self.setAccessibleDescription(tr(split_words(plan.method)[1]))


_CARDS = ("proposed", "random", "group", _OTHER)
