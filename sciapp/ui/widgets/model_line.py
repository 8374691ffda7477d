"""What is known about the chosen model, and what speaks against it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sciapp.records.model_facts import ModelFacts, facts_text
from sciapp.records.plan import TrainPlan
from sciapp.ui.widgets.banner import Banner
from sciapp.workers.models import memory_needed, model_warnings


class ModelLine(QWidget):
    """A few words under the choice of a model; a warning in a strip of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = QLabel(self)
        self._facts.setObjectName("modelFacts")
        self._facts.setWordWrap(True)
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._warning = Banner(self)
        self._warning.setObjectName("modelWarning")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._facts)
        layout.addWidget(self._warning)

    def show_facts(self, facts: ModelFacts, *, domain: str, plan: TrainPlan) -> None:
        """domain: what the chosen dataset holds; empty without one."""
        parts = [facts_text(facts), memory_needed(facts, plan)]
        text = ("\n" if plan.tuning.leaves_encoder else " · ").join(part for part in parts if part)
        self._facts.setText(f"{text}\n{facts.note}" if facts.note else text)
        self._facts.setToolTip(facts.publication)
        self._warning.say(" ".join(model_warnings(facts, domain=domain, plan=plan)))

    def show_problem(self, message: str) -> None:
        """Why there is nothing to say, e.g. that the folder holds no model; empty: still being looked up."""
        self._facts.setText("")
        self._facts.setToolTip("")
        self._warning.say(message)
