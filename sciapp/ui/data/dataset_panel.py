"""One dataset: what it is in a few lines, then its rows, what was set aside, and how it is spread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from sciapp.actions.domains import domain_splits
from sciapp.i18n import joined, msg, plural, term
from sciapp.records.dataset.card import SPLITS, DatasetCard, DatasetFolder, SplitPlan
from sciapp.records.formatting import size_text
from sciapp.records.project.project import Project
from sciapp.ui import theme
from sciapp.ui.data.changes import ChangesPane
from sciapp.ui.data.columns import ColumnsPane
from sciapp.ui.data.importing.repairs import RepairsEditor
from sciapp.ui.data.leakage import LeaksPane
from sciapp.ui.data.rows import RowsPane, SetAsidePane
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.labels import PlainTextLabel, TextLabel
from sciapp.ui.widgets.layout import CollapsibleSection
from sciapp.ui.widgets.page import PageHeader
from sciapp.ui.words import tr

_METHODS = {
    "random": msg("by chance"),
    "stratified": msg("by chance, with like mixtures"),
    "cluster": msg("by clusters of like rows"),
    "group": msg("by groups"),
    "time": msg("by time"),
    "column": msg("as the file says"),
    "file": msg("as a split file says"),
}
_SEEDLESS = frozenset({"column", "file", "time"})


class DatasetPanel(QWidget):
    """Plots are made when they are first looked at: loading the plot library takes a while."""

    failed = Signal(object)  # SciAppError
    trainWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: DatasetCard | None = None
        self._folder: DatasetFolder | None = None
        self._project: Project | None = None
        self._all: tuple[DatasetCard, ...] = ()
        self.header = PageHeader(msg("What is in this dataset?"), "", self)
        self.train_button = Button(
            msg("&Train on this"),
            self,
            kind="primary",
            icon="arrow-right",
            name="trainOnThis",
            help=msg("Go to the training of a model on this dataset."),
        )
        self.header.add_action(self.train_button)
        self.train_button.clicked.connect(self.trainWanted)
        self._title = TextLabel("", self, type="section", name="datasetTitle")
        self._facts = QGridLayout()
        self._values: dict[str, QLabel] = {}
        self.rows, self.set_aside = RowsPane(self), SetAsidePane(self)
        self.columns, self.changes = ColumnsPane(self), ChangesPane(self)
        self.findings = RepairsEditor(self, editable=False)
        self.distributions: QWidget | None = None
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("datasetTabs")
        self.tabs.setAccessibleName(tr(msg("Parts of the dataset")))
        self.tabs.setDocumentMode(True)
        self.plots = QWidget(self)
        self._plots_column = QVBoxLayout(self.plots)
        self._plots_column.setContentsMargins(0, 0, 0, 0)
        self.leaks = LeaksPane(self)
        parts = {
            msg("Rows"): self.rows,
            msg("What stands out"): self.findings,
            msg("Columns"): self.columns,
            msg("Distributions"): self.plots,
            msg("Set aside"): self.set_aside,
            msg("How it is tested"): self.leaks,
            msg("History"): self.changes,
        }
        for text, widget in parts.items():
            self.tabs.addTab(widget, tr(text))
        self.tabs.currentChanged.connect(self._show_part)
        for pane in (self.rows, self.set_aside, self.leaks, self.columns, self.changes):
            pane.failed.connect(self.failed)
        self._lay_out()

    def show_dataset(self, card: DatasetCard, project: Project, all_cards: Sequence[DatasetCard]) -> None:
        """all_cards: every dataset of the project, oldest first."""
        folder = project.dataset_folder(card.id)
        if self._card == card and self._folder is not None and self._folder.folder == folder.folder:
            return
        self._card, self._folder, self._project, self._all = card, folder, project, tuple(all_cards)
        self._title.setText(card.name)
        for name, text in _facts(card).items():
            self._values[name].setText(tr(text))
        self._values["file"].setToolTip(card.source.path)
        self._values["fingerprint"].setToolTip(card.fingerprint)
        self.header.set_question(msg("What is in “{name}”?", name=card.name))
        self.header.set_sentence(_in_a_sentence(card))
        self.tabs.setTabText(
            self.tabs.indexOf(self.set_aside), tr(msg("Set aside ({rows:,})", rows=card.rows_set_aside))
        )
        self.findings.setFindings(card.findings)
        tab = self.tabs.indexOf(self.findings)
        self.tabs.setTabVisible(tab, bool(card.findings))
        problems = sum(finding.weight == "problem" for finding in card.findings)
        counted = msg("What stands out ({problems})", problems=problems)
        self.tabs.setTabText(tab, tr(counted if problems else msg("What stands out")))
        self._forget_rows()
        self._show_part()

    def clear(self) -> None:
        """Show nothing; the plots of a dataset go with it."""
        self._card, self._folder, self._project, self._all = None, None, None, ()
        self._title.clear()
        self.header.set_question("")
        self.header.set_sentence("")
        for value in self._values.values():
            value.clear()
            value.setToolTip("")
        self.findings.setFindings(())
        if self.distributions is not None:
            self.distributions.deleteLater()
            self.distributions = None
        self._forget_rows()

    def _forget_rows(self) -> None:
        for pane in (self.rows, self.set_aside, self.leaks, self.columns, self.changes):
            pane.clear()

    def _show_part(self) -> None:
        """Only the part that is looked at is read."""
        if self._card is None or self._folder is None or self._project is None:
            return
        part = self.tabs.currentWidget()
        if part is self.rows:
            self.rows.show_rows(self._card, self._folder.table_file)
        elif part is self.set_aside:
            self.set_aside.show_rows(self._card, self._folder.rejected_file)
        elif part is self.leaks:
            self.leaks.show_dataset(self._card, self._folder)
        elif part is self.columns:
            self.columns.show_columns(self._card, self._folder)
        elif part is self.changes:
            self.changes.show_changes(self._card, self._all, self._project.dataset_folder)
        elif part is self.plots:
            self._show_distributions(self._card, self._folder)

    def _show_distributions(self, card: DatasetCard, folder: DatasetFolder) -> None:
        from sciapp.ui.data.distributions import Distributions

        if not isinstance(self.distributions, Distributions):
            self.distributions = Distributions(self.plots)
            self._plots_column.addWidget(self.distributions)
            self.distributions.failed.connect(self.failed)
        self.distributions.show_card(card, folder)

    def _lay_out(self) -> None:
        heads = {
            "rows": msg("Rows"),
            "task": msg("Task"),
            "split": msg("Split"),
            "file": msg("File"),
            "fingerprint": msg("Fingerprint"),
        }
        for row, (name, head) in enumerate(heads.items()):
            label, value = QLabel(tr(head), self), PlainTextLabel(f"dataset{name.capitalize()}", self)
            label.setEnabled(False)
            self._values[name] = value
            self._facts.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(value, row, 1)
        self._facts.setColumnStretch(1, 1)
        self._facts.setVerticalSpacing(2)
        about = QWidget(self)
        column = QVBoxLayout(about)
        column.setContentsMargins(theme.MARGIN, 0, 0, 0)
        column.addWidget(self._title)
        column.addLayout(self._facts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GAP, theme.SPACING, 0, 0)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(self.header)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(CollapsibleSection(msg("File, identity and reasons"), about, "datasetFacts", self))


def _in_a_sentence(card: DatasetCard) -> str:
    """Rows, what is predicted from what, and how it is tested."""
    names = card.target_names
    what = msg("“{name}”", name=names[0]) if len(names) == 1 else plural("{n} column", "{n:,} columns", len(names))
    rows = msg("{used:,} rows are used, {aside:,} set aside.", used=card.rows_kept, aside=card.rows_set_aside)
    model = msg("A model predicts {what} from “{input}”.", what=what, input="”, “".join(card.roles.inputs))
    tested = msg("Rows for the test are chosen {method}.", method=_divided(card.split.method))
    return joined([rows, model, tested])


def _facts(card: DatasetCard) -> dict[str, str]:
    source, imported = card.source, f"{card.created.astimezone():%Y-%m-%d %H:%M}"
    counts = [
        msg("{split} {rows:,}", split=term(name), rows=card.split_counts[name])
        for name in SPLITS
        if name in card.split_counts
    ]
    return {
        "rows": _row_count_text(card),
        "task": msg("{task}: {reason}", task=term(card.task), reason=card.task_reason)
        if card.task_reason
        else term(card.task),
        "split": msg("{counts}  ({method})", counts=joined(counts, " · "), method=_division(card.split)),
        "file": msg(
            "{file}, {size}, imported {date}", file=source.file_name, size=size_text(source.bytes), date=imported
        ),
        "fingerprint": f"{card.fingerprint[:16]}…",
    }


def _row_count_text(card: DatasetCard) -> str:
    roles = card.roles
    parts = [
        msg(
            "{used:,} used · {aside:,} set aside · {read:,} read.",
            used=card.rows_kept,
            aside=card.rows_set_aside,
            read=card.rows_read,
        )
    ]
    if card.values_changed:
        parts.append(msg("{changed:,} values were changed by repairs (repairs.csv).", changed=card.values_changed))
    if roles.second_input:
        parts.append(msg("Rows are pairs: “{input}” and “{second}”.", input=roles.input, second=roles.second_input))
    if roles.weight:
        parts.append(msg("Training rows are weighted by “{column}”.", column=roles.weight))
    return joined([*parts, *card.remarks])


def _division(split: SplitPlan) -> str:
    """The split of the rows, with what it takes to divide them so again."""
    parts = [_divided(split.method)]
    if read := split.column or split.file:
        parts.append(f"“{read}”")
    if split.folds:
        parts.append(msg("fold {fold} of {folds}", fold=split.fold, folds=split.folds))
    if split.method not in _SEEDLESS:
        parts.append(msg("seed {seed}", seed=split.seed))
    return joined(parts, ", ")


def _divided(method: str) -> str:
    """Name of the split; a domain has ways of its own."""
    _, _, short = domain_splits().get(method, ("", "", method))
    return _METHODS.get(method, short)
