"""The three choices of a new run as cards: data, model, effort."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from sciapp.actions.domains import domain_rows
from sciapp.actions.models import memory_fit, recommendation, recommended_model
from sciapp.i18n import joined, msg, plural, term
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.model.info import ModelFacts, bytes_text, count_text, location_text
from sciapp.records.plan.efforts import EFFORTS, effort_of
from sciapp.records.plan.plan import TrainPlan
from sciapp.ui import theme
from sciapp.ui.training.layouts import CardGrid
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.cards import Card, ChoiceCard
from sciapp.ui.widgets.glyphs import IconLabel, Pill
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.page import EmptyState
from sciapp.ui.words import tr

_LEAST_CARD = 220  # px
_MODELS = 3  # cards; the others are in a table
_TESTED = {
    "random": msg("tested on rows drawn by chance"),
    "stratified": msg("tested on rows drawn by chance, in the same mixture"),
    "scaffold": msg("tested on new ring skeletons"),
    "cluster": msg("tested on new families"),
    "group": msg("tested on new groups"),
    "time": msg("tested on the newest rows"),
}
"""Method of a split → how a model is tested by it, in plain words."""
_EFFORT_ICONS = {"quick": "zap", "normal": "gauge", "thorough": "layers"}


class DataChoice(QWidget):
    """The dataset that is learnt from, and a menu of the others."""

    chosen = Signal(str)
    importWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = TextLabel("", self, type="strong", name="chosenDataset")
        self._about = TextLabel("", self, tone="secondary", wrap=True, name="aboutDataset")
        self._warning = Pill("", self, status="caution", name="leakingPill")
        self._change = Button(msg("Change"), self, kind="quiet", name="changeDataset")
        self._menu = QMenu(self)
        self._change.setMenu(self._menu)
        self._card = Card("", self, name="dataCard")
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        texts = QVBoxLayout()
        texts.setSpacing(theme.HALF)
        texts.addWidget(self._name)
        texts.addWidget(self._about)
        row.addWidget(IconLabel("table-2", self, ground="accent_tint", tone="accent_text", ground_size=40))
        row.addLayout(texts, 1)
        row.addWidget(self._warning)
        row.addWidget(self._change)
        self._card.body.addLayout(row)
        self._empty = EmptyState(
            "table-2",
            msg("Training needs a table with what was measured."),
            self,
            title=msg("No data yet"),
            button=msg("Import a table…"),
            name="importForTraining",
        )
        self._empty.requested.connect(self.importWanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._card)
        column.addWidget(self._empty)

    def show_data(self, card: DatasetCard | None, offered: Sequence[DatasetCard]) -> None:
        """offered: all that can be chosen."""
        self._card.setVisible(card is not None)
        self._empty.setVisible(card is None)
        self._menu.clear()
        for other in offered:
            action = QAction(tr(other.name), self._menu)
            action.setCheckable(True)
            action.setChecked(card is not None and other.id == card.id)
            action.triggered.connect(lambda _, id=other.id: self.chosen.emit(id))
            self._menu.addAction(action)
        self._menu.addSeparator()
        self._menu.addAction(tr(msg("Import a table…"))).triggered.connect(lambda _: self.importWanted.emit())
        self._name.setText(card.name if card is not None else "")
        self._about.setText(tr(about_data(card)) if card is not None else "")
        leaking = len(card.leaking_columns()) if card is not None else 0
        pill = plural("{n} column gives the answer away", "{n} columns give the answer away", leaking)
        self._warning.set_pill(pill if leaking else "", status="caution")
        self._warning.setVisible(bool(leaking))


def about_data(card: DatasetCard) -> str:
    """“1,111 molecules → log solubility · tested on new families”."""
    targets = list(card.target_names)
    named = ", ".join(targets[:2])
    if len(targets) > 2:
        named = tr(msg("{names} and {n} more", names=named, n=len(targets) - 2))
    rows = msg("{rows:,} {what} → {targets}", rows=card.rows_kept, what=domain_rows(card.domain), targets=named)
    tested = _TESTED.get(card.split.method) or msg("split: {method}", method=term(card.split.method))
    return joined([rows, tested], " · ")


class ModelChoice(QWidget):
    """The recommended model, and a few more that suit the rows, as cards; all of them in a table."""

    chosen = Signal(str)
    moreWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = CardGrid(self, least=_LEAST_CARD)
        self._group = QButtonGroup(self)
        self._cards: dict[str, ModelCard] = {}
        self._offered: tuple[object, ...] = ()
        self.more = Button(msg("All models…"), self, kind="quiet", name="moreModels", dense=True)
        self.more.clicked.connect(self.moreWanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._grid)

    def show_models(
        self, models: Sequence[ModelFacts], *, domain: str, chosen: ModelFacts | None, plan: TrainPlan | None
    ) -> None:
        """chosen: the one in the plan, which may be none of those that are offered."""
        self.setEnabled(plan is not None)
        plan = plan or TrainPlan(dataset="")
        usual = recommended_model(models, domain)
        shown = _shown(models, domain, usual, chosen)
        offered = (tuple(shown), plan.batching, plan.tuning, plan.optimization, plan.averaging)
        if offered != self._offered:
            self._offered = offered
            self._fill(shown, plan, usual)
        self.more.setVisible(len(models) > len(shown))
        for name, card in self._cards.items():
            blocked = card.blockSignals(True)
            card.setChecked(chosen is not None and name == chosen.name)
            card.blockSignals(blocked)

    def _fill(self, shown: Sequence[ModelFacts], plan: TrainPlan, usual: ModelFacts | None) -> None:
        for card in self._cards.values():
            self._group.removeButton(card)
            card.setParent(None)
            card.deleteLater()
        self._cards = {facts.name: ModelCard(facts, plan, self, recommended=facts == usual) for facts in shown}
        for name, card in self._cards.items():
            self._group.addButton(card)
            card.toggled.connect(lambda on, name=name: self._toggled(name, on))
        self._grid.set_cards(list(self._cards.values()))

    def _toggled(self, name: str, chosen: bool) -> None:
        if chosen:
            self.chosen.emit(name)


def _shown(
    models: Sequence[ModelFacts], domain: str, usual: ModelFacts | None, chosen: ModelFacts | None
) -> list[ModelFacts]:
    """The recommended one first; then those of the domain, smaller ones before larger ones."""
    suitable = [facts for facts in models if facts.domain == domain and facts != usual]
    suitable.sort(key=lambda facts: (facts.parameters is None, facts.parameters or 0))
    shown = ([usual] if usual is not None else []) + suitable
    shown = shown[:_MODELS]
    if chosen is not None and chosen.name not in {facts.name for facts in shown}:
        shown = [*shown[: _MODELS - 1], chosen]
    return shown


class ModelCard(ChoiceCard):
    """A model: its size, the cost of getting it, the reason for it, and whether it fits this computer."""

    def __init__(self, facts: ModelFacts, plan: TrainPlan, parent: QWidget, *, recommended: bool) -> None:
        size = "" if facts.parameters is None else msg("{size} weights", size=count_text(facts.parameters))
        reason = recommendation(facts) if recommended else facts.note
        super().__init__(
            facts.title or facts.name.rpartition("/")[2],
            joined([size, location_text(facts)], " · "),
            parent,
            name=f"model_{facts.name}",
        )
        self.setToolTip(f"<qt>{tr(facts.display_name)}<br><code>{facts.name}</code></qt>")
        self._reason = TextLabel(reason, self, type="caption", tone="secondary", wrap=True)
        self._reason.setVisible(bool(reason))
        self.body.addWidget(self._reason)
        if (fit := memory_fit(facts, plan)) is not None:
            needed = bytes_text(fit.needed)
            words = (
                msg("fits: about {needed} of {total}", needed=needed, total=bytes_text(fit.total))
                if fit.fits
                else msg("needs about {needed}", needed=needed)
            )
            self.body.addWidget(Pill(words, self, status="good" if fit.fits else "caution"))
        if recommended:
            self.body.addWidget(Pill(msg("recommended"), self, status="info", icon="star"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A row of cards asks for the height of one line of a wrapped text; this one says what it needs."""
        super().resizeEvent(event)
        self._reason.setMinimumHeight(max(0, self._reason.heightForWidth(self._reason.width())))


class EffortChoice(QWidget):
    """Quick, normal, thorough; none of them where the plan has values of its own."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        grid = CardGrid(self, least=_LEAST_CARD)
        self._cards = {
            effort.name: ChoiceCard(
                effort.title, effort.text, self, icon=_EFFORT_ICONS[effort.name], name=f"effort_{effort.name}"
            )
            for effort in EFFORTS
        }
        for effort in EFFORTS:
            card = self._cards[effort.name]
            reasons = (
                f"<li>{tr(setting.reason)}<br><code>{setting.name} = {setting.value}</code></li>"
                for setting in effort.settings
            )
            card.setToolTip(f"<qt>{tr(effort.text)}<ul>{''.join(reasons)}</ul></qt>")
            self._group.addButton(card)
            card.toggled.connect(lambda on, name=effort.name: self._toggled(name, on))
        grid.set_cards(list(self._cards.values()))
        self._own = TextLabel("", self, type="caption", tone="secondary", wrap=True, name="ownEffort")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(grid)
        column.addWidget(self._own)
        self.show_plan(None)

    def show_plan(self, plan: TrainPlan | None) -> None:
        """Mark the effort of the plan."""
        effort = effort_of(plan) if plan is not None else None
        self._group.setExclusive(False)
        for name, card in self._cards.items():
            blocked = card.blockSignals(True)
            card.setChecked(effort is not None and name == effort.name)
            card.setEnabled(plan is not None)
            card.blockSignals(blocked)
        self._group.setExclusive(True)
        own = plan is not None and effort is None
        passes = plan.epochs if plan is not None else 0
        text = plural("Your own: {n:,} pass over the data.", "Your own: {n:,} passes over the data.", passes)
        self._own.setText(tr(text) if own else "")
        self._own.setVisible(own)

    def show_times(self, times: dict[str, str]) -> None:
        """Name of an effort → its time in words, where that was measured."""
        for effort in EFFORTS:
            self._cards[effort.name].set_texts(effort.title, effort.text, note=times.get(effort.name, ""))

    def _toggled(self, name: str, chosen: bool) -> None:
        if chosen:
            self.chosen.emit(name)
