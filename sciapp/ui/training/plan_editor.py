"""The whole form of a training run: data, model, settings."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from sciapp.actions.models import memory_needed, model_warnings, optional_packages
from sciapp.actions.tasks import task_facts
from sciapp.i18n import joined, msg, term
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.model.info import ModelFacts, facts_text
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.studies.ablation import Ablation
from sciapp.records.project.studies.cross_validation import CrossValidationStudy, folds_of
from sciapp.records.project.study import StudyDesign
from sciapp.ui.forms.covariates_editor import CovariatesEditor
from sciapp.ui.forms.fields import Section
from sciapp.ui.forms.setting_row import SettingRow
from sciapp.ui.forms.settings_editor import SectionsEditor, SettingsEditor, SettingsPart
from sciapp.ui.training.augmentation.editor import AugmentationEditor
from sciapp.ui.training.augmentation.preview import AugmentView
from sciapp.ui.training.fields.averaging import AVERAGING
from sciapp.ui.training.fields.basic import BASIC
from sciapp.ui.training.fields.batches import BATCHES
from sciapp.ui.training.fields.checkpoints import CHECKPOINTS
from sciapp.ui.training.fields.generalising import GENERALISING
from sciapp.ui.training.fields.loss import LOSS
from sciapp.ui.training.fields.optimiser import OPTIMISER
from sciapp.ui.training.fields.tuning import TUNING
from sciapp.ui.training.model.picker import ModelPicker
from sciapp.ui.widgets.banner import Banner
from sciapp.ui.widgets.layout import CollapsibleSection, ElidedComboBox
from sciapp.ui.words import tr

_FOLDS, _ABLATION = CrossValidationStudy.name, Ablation.name

ADVANCED: tuple[Section, ...] = (TUNING, OPTIMISER, LOSS, GENERALISING, AVERAGING, BATCHES, CHECKPOINTS)
"""Each is a fold of its own below the basic settings."""


class TrainPlanEditor(QWidget):
    """value: a TrainPlan, or None while there is no dataset to train on."""

    valueChanged = Signal(object)  # TrainPlan | None
    offersChanged = Signal()  # other datasets or models than before can be chosen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help = msg("The imported rows that the model learns from.")
        self._dataset = ElidedComboBox("trainingDataset", msg("Dataset"), help, self)
        self._all_folds = QCheckBox(self)
        self._all_folds.setObjectName("all_folds")
        self._all_folds.setAccessibleName(tr(msg("Train on all folds")))
        self._all_folds.setToolTip(
            tr(
                msg(
                    "The same training on every fold of the cross-validation, one after the other; the report and "
                    "the Results tab say what they come to together."
                )
            )
        )
        self._cards: dict[str, DatasetCard] = {}
        self._conditions_of = ""  # the dataset whose conditions were ticked as its import said
        self._models: tuple[ModelFacts, ...] = ()
        self._model = ModelPicker(self)
        self._line = ModelLine(self)
        self._facts: ModelFacts | str = ""
        self._covariates = CovariatesEditor(self)
        self.augmentation, self.augment_view = AugmentationEditor(self), AugmentView(self)
        self.augmentation_fold = CollapsibleSection(
            msg("Augmentation"), self._augmenting(), "augmentationSettings", self
        )
        self._basic = SettingsEditor(BASIC.fields, self)
        self._advanced = SectionsEditor(ADVANCED, self)
        self._lay_out()
        for settings in (self._basic, self._advanced):
            settings.setUsual(_leaves(TrainPlan(dataset="")))
        self._show(TrainPlan(dataset=""))
        self._model.forget()
        self._dataset.currentIndexChanged.connect(self._dataset_changed)
        self._all_folds.toggled.connect(self._announce)
        self._model.factsChanged.connect(self._take_facts)
        for part in (self._model, self._covariates, self._basic, self.augmentation, self._advanced):
            part.valueChanged.connect(self._announce)
        self._advanced.valueChanged.connect(self._show_line)

    def value(self) -> TrainPlan | None:
        dataset, model = self._dataset.currentData(), self._model.value()
        if not dataset or not model:
            return None
        plan = TrainPlan(dataset=dataset, model=model, covariates=self._covariates.value())
        return self._advanced.applied_to(self.augmentation.applied_to(self._basic.applied_to(plan)))

    def design(self) -> StudyDesign | None:
        """The training, and the study that the check boxes ask for."""
        plan = self.value()
        if plan is None:
            return None
        folds = self._all_folds.isChecked() and not self._all_folds.isHidden()
        kinds = [name for name, wanted in ((_FOLDS, folds), (_ABLATION, self.augmentation.wantsComparison())) if wanted]
        then = StudyDesign(plan=plan, kind=kinds[1]) if len(kinds) > 1 else None
        return StudyDesign(plan=plan, kind=kinds[0] if kinds else "", then=then)

    def setDesign(self, design: StudyDesign) -> None:
        """Show a training and the study that it began."""
        if (plan := design.training) is not None:
            self.setValue(plan, kind=design.kind)

    def setValue(self, plan: TrainPlan, *, kind: str = "") -> None:
        """kind: of the study that it begins."""
        blocked = self.blockSignals(True)
        self._show(plan, kind)
        self.blockSignals(blocked)
        self._announce()

    def setDatasets(self, cards: Sequence[DatasetCard]) -> None:
        """Offer the datasets that can be trained on; the choice stays if it is among them, else the newest is taken."""
        chosen = self._dataset.currentData()
        self._cards = {card.id: card for card in cards}
        blocked = self._dataset.blockSignals(True)
        self._dataset.clear()
        for card in cards:
            title = msg("{name} ({rows:,} rows, {task})", name=card.name, rows=card.rows_kept, task=term(card.task))
            self._dataset.addItem(tr(title), card.id)
        index = self._dataset.findData(chosen)
        self._dataset.setCurrentIndex(index if index >= 0 else self._dataset.count() - 1)
        self._dataset.blockSignals(blocked)
        self._dataset_changed()
        self.offersChanged.emit()

    def setModels(self, models: Sequence[ModelFacts]) -> None:
        """The models on offer; anything else may be typed."""
        self._models = tuple(models)
        self._model.setModels(models)
        self.offersChanged.emit()

    @property
    def datasets(self) -> tuple[DatasetCard, ...]:
        """Those that can be chosen."""
        return tuple(self._cards.values())

    @property
    def models(self) -> tuple[ModelFacts, ...]:
        """Those that are offered by name."""
        return self._models

    @property
    def dataset(self) -> DatasetCard | None:
        """The chosen one."""
        return self._card()

    @property
    def model_facts(self) -> ModelFacts | None:
        """What is known of the chosen model; None while it is looked up, or where nothing is."""
        return None if isinstance(self._facts, str) else self._facts

    def choose_model(self, name: str) -> None:
        """name: as a plan has it."""
        self._model.setValue(name)

    def compare_models(self) -> None:
        """Show all models that are offered in a table to choose from."""
        self._model.compare()

    def change_settings(self, settings: Mapping[str, object]) -> None:
        """Set some leaf settings; the others stay."""
        if (plan := self.value()) is not None:
            blocked = self.blockSignals(True)
            for part in (self._basic, self._advanced):
                part.setValue(_leaves(with_settings(plan, settings)))
            self.blockSignals(blocked)
            self._announce()

    def reset(self) -> None:
        """Another project was opened: its form begins with what is usual, and with the starter of its domain."""
        blocked = self.blockSignals(True)
        self._show(TrainPlan(dataset=""))
        self.blockSignals(blocked)
        self._model.forget()
        self._models = ()
        self.augmentation.forgetChoices()
        self.augment_view.clear()
        self.offersChanged.emit()

    def select_dataset(self, id: str) -> None:
        index = self._dataset.findData(id)
        if index >= 0:
            self._dataset.setCurrentIndex(index)

    def _show(self, plan: TrainPlan, kind: str = "") -> None:
        values = _leaves(plan) | {"compare_augmentation": kind == _ABLATION}
        self._basic.setValue(values)
        self._advanced.setValue(values)
        self.augmentation.setValue(values)
        self._model.setValue(plan.model)
        self._covariates.setValue(plan.covariates)
        self._all_folds.setChecked(kind == _FOLDS)
        self.select_dataset(plan.dataset)

    def _dataset_changed(self) -> None:
        card = self._card()
        # Conditions are of a row as a whole; a label for every unit cannot use them.
        offered = card.numeric_columns or () if card is not None and not task_facts(card.task).per_unit else ()
        chosen = card.id if card is not None else ""
        if card is not None and chosen != self._conditions_of and card.roles.covariates:
            self._covariates.setValue(card.roles.covariates)  # what the import was told to be conditions
        self._conditions_of = chosen
        self._covariates.setColumns(offered, card.leaking_columns() if card is not None else {})
        folds = len(folds_of(card, list(self._cards.values()))) if card is not None else 0
        self._all_folds.setText(tr(msg("Train on all {folds} folds, one after the other", folds=folds)))
        self._all_folds.setVisible(folds > 1)
        self._advanced.setFacts(optional_packages() | ({"task": card.task} if card is not None else {}))
        self._show_line()
        self._announce()

    def _take_facts(self, facts: ModelFacts | str) -> None:
        self._facts = facts
        self._show_line()

    def _show_line(self) -> None:
        if isinstance(self._facts, str):
            self._line.show_problem(self._facts)
            return
        card = self._card()
        plan = with_settings(TrainPlan(dataset=""), self._advanced.value())
        domain = card.domain if card is not None else ""
        self._line.show_facts(self._facts, domain=domain, plan=plan)

    def _card(self) -> DatasetCard | None:
        return self._cards.get(self._dataset.currentData() or "")

    def _announce(self) -> None:
        self.valueChanged.emit(self.value())

    def _augmenting(self) -> QWidget:
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.augmentation)
        layout.addWidget(self.augment_view)
        return content

    def narrow(self, wanted: Callable[[SettingRow], bool], *, section: str = "", opened: bool = False) -> int:
        """Show the settings that are wanted, or those of one section; how many those are. opened: without folds."""
        count = self._basic.narrow(wanted) if section in {"", BASIC.name} else 0
        self._basic.setVisible(count > 0)
        self._advanced.open_all(opened)
        return count + self._advanced.narrow(wanted, section=section)

    def changed(self) -> list[str]:
        """Names of the settings that apply and are not at their recommended value."""
        return [*self._basic.changed(), *self._advanced.changed()]

    def _lay_out(self) -> None:
        top, conditions = QWidget(self), QWidget(self)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, box in ((msg("&Dataset"), self._dataset), (msg("&Model"), self._model)):
            label = QLabel(tr(text))
            label.setBuddy(box)
            form.addRow(label, box)
        form.insertRow(1, "", self._all_folds)
        data = QVBoxLayout(top)
        data.setContentsMargins(0, 0, 0, 0)
        data.addLayout(form)
        data.addWidget(self._line)
        inner = QVBoxLayout(conditions)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._covariates)
        self.parts = (
            SettingsPart("dataAndModel", msg("Data and model"), top, msg("dataset model folds cross-validation")),
            SettingsPart("knownConditions", msg("Known conditions"), conditions, msg("covariates columns")),
            SettingsPart(
                "otherForms",
                msg("Shown in other forms"),
                self.augmentation_fold,
                msg("augmentation randomised strength masking"),
            ),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (top, self._basic, conditions, self.augmentation_fold, self._advanced):
            layout.addWidget(part)
        layout.addStretch(1)


def _leaves(plan: TrainPlan) -> dict[str, object]:
    """The settings of a plan and of its parts by name."""
    values: dict[str, object] = plan.model_dump()
    for part in [value for value in values.values() if isinstance(value, dict)]:
        values |= part
    return values


# What is known about the chosen model, and what speaks against it.


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
        text = joined(parts, "\n" if plan.tuning.leaves_encoder else " · ")
        self._facts.setText(tr(joined([text, facts.note], "\n")))
        self._facts.setToolTip(facts.publication)
        self._warning.say(joined(model_warnings(facts, domain=domain, plan=plan)))

    def show_problem(self, message: str) -> None:
        """Show why nothing is known of the model, e.g. that its folder holds none; empty: still being looked up."""
        self._facts.setText("")
        self._facts.setToolTip("")
        self._warning.say(message)
