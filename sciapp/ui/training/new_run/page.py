"""The page of a new run: three choices at the left, or all settings; the next run with Start at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from sciapp.i18n import msg, plural
from sciapp.records.model.info import ModelFacts
from sciapp.records.plan.efforts import EFFORT_SETTINGS, effort_settings
from sciapp.records.plan.plan import TrainPlan, changed_settings
from sciapp.ui import theme
from sciapp.ui.training.layouts import TallPage
from sciapp.ui.training.new_run.choices import DataChoice, EffortChoice, ModelChoice
from sciapp.ui.training.plan_editor import TrainPlanEditor
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.cards import Card
from sciapp.ui.widgets.glyphs import IconLabel, Pill
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.layout import FormScroll
from sciapp.ui.words import tr


class SimplePage(QWidget):
    """Data, model, effort as cards over the plan of an editor; what is chosen goes into that editor."""

    importWanted = Signal()
    allSettingsWanted = Signal()

    def __init__(self, editor: TrainPlanEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.data, self.models, self.efforts = DataChoice(self), ModelChoice(self), EffortChoice(self)
        self._rest = TextLabel("", self, type="strong", name="otherSettings")
        self._rest_detail = TextLabel("", self, tone="secondary", wrap=True)
        self.all_settings = Button(msg("All settings…"), self, name="allSettings", icon="sliders-horizontal")
        self._lay_out()
        self.data.chosen.connect(editor.select_dataset)
        self.data.importWanted.connect(self.importWanted)
        self.models.chosen.connect(editor.choose_model)
        self.models.moreWanted.connect(editor.compare_models)
        self.efforts.chosen.connect(lambda name: editor.change_settings(effort_settings(name)))
        self.all_settings.clicked.connect(self.allSettingsWanted)
        editor.valueChanged.connect(lambda _: self.show_plan())
        editor.offersChanged.connect(self.show_plan)
        self.show_plan()

    def show_plan(self) -> None:
        """Show what the editor holds."""
        editor, plan = self._editor, self._editor.value()
        card = editor.dataset
        self.data.show_data(card, editor.datasets)
        domain = card.domain if card is not None else _domain_of(editor.models)
        chosen = None if plan is None else editor.model_facts or _named(editor, plan)
        self.models.show_models(editor.models, domain=domain, chosen=chosen, plan=plan)
        self.efforts.show_plan(plan)
        self._show_rest(plan)

    def _show_rest(self, plan: TrainPlan | None) -> None:
        changed = [name for name in changed_settings(plan) if name not in EFFORT_SETTINGS] if plan is not None else []
        if changed:
            self._rest.setText(tr(plural("{n} setting is your own", "{n} settings are your own", len(changed))))
        else:
            self._rest.setText(tr(msg("Everything else is set for you")))
        detail = ", ".join(changed) if changed else msg("All other settings are at their recommended value.")
        self._rest_detail.setText(tr(detail))

    def _lay_out(self) -> None:
        rest = Card("", self, name="otherSettingsCard")
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._rest)
        texts.addWidget(self._rest_detail)
        row.addWidget(IconLabel("sliders-horizontal", self))
        row.addLayout(texts, 1)
        row.addWidget(self.all_settings)
        rest.body.addLayout(row)
        form = TallPage(self)
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, theme.SPACING, theme.GAP)
        column.setSpacing(theme.SPACING)
        questions = (
            (msg("Which data?"), self.data, None),
            (msg("Which model learns it?"), self.models, self.models.more),
            (msg("How much effort?"), self.efforts, None),
        )
        for number, (question, part, action) in enumerate(questions, start=1):
            column.addLayout(_heading(number, question, form, action))
            column.addWidget(part)
            column.addSpacing(theme.GAP)
        column.addWidget(rest)
        column.addStretch(1)
        scroll = FormScroll(self)
        scroll.setObjectName("simpleScroll")
        scroll.setWidget(form)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)


def _heading(number: int, question: str, parent: QWidget, action: QWidget | None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.SPACING)
    row.addWidget(Pill(f"{number}", parent, status="info", icon=""))
    row.addWidget(TextLabel(question, parent, type="section"), 1)
    if action is not None:
        row.addWidget(action)
    return row


def _domain_of(models: Sequence[ModelFacts]) -> str:
    return models[0].domain if models else ""


def _named(editor: TrainPlanEditor, plan: TrainPlan | None) -> ModelFacts | None:
    """The chosen model where nothing is known of it but the name."""
    if plan is None:
        return None
    known = {facts.name: facts for facts in editor.models}
    return known.get(plan.model, ModelFacts(name=plan.model, origin="hub"))


class NewRunPage(QWidget):
    """Simple or all settings at the left, the card of the next run at the right."""

    def __init__(self, simple: SimplePage, settings: QWidget, card: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._simple, self._settings = simple, settings
        self._stack = QStackedWidget(self)
        self._stack.addWidget(simple)
        self._stack.addWidget(settings)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self._stack, 1)
        row.addWidget(card)

    @property
    def shows_all(self) -> bool:
        """True while all settings are shown."""
        return self._stack.currentWidget() is self._settings

    def show_all(self, wanted: bool) -> None:
        self._stack.setCurrentWidget(self._settings if wanted else self._simple)
