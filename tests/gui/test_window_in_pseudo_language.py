"""The whole window in a language that is none: no text goes round the catalogue, and none is cut.

Every template is in brackets, 40 % longer and in letters with accents; so whatever stands there in plain letters is a
name or a number, or was never handed to a translator.
"""

import os
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from sciapp.errors import BadInput
from sciapp.i18n import PSEUDO, Translator, msg, term, translator
from sciapp.records.dataset.card import SPLIT, SPLITS
from sciapp.records.machine.queue_view import EntryStatus, QueueLine, QueueView
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.disk_usage import DiskPiece, removal_question
from sciapp.records.project.project import Project
from sciapp.records.run.events import (
    CheckpointSaved,
    Event,
    Noted,
    Progressed,
    RunEnded,
    RunStarted,
    StageBegan,
    StepTaken,
    Validated,
)
from sciapp.records.run.run import RunStatus
from sciapp.ui import words
from sciapp.ui.data.importing.columns_dialog import ColumnsDialog
from sciapp.ui.main_window import MainWindow
from sciapp.ui.messages import Messages
from sciapp.ui.project.close_question import ask_about_runs
from sciapp.ui.queue.drawer import QueueDrawer
from sciapp.ui.queue.question import ask_about_queue
from sciapp.ui.session import Session
from sciapp.ui.training.continue_dialog import ContinueDialog
from sciapp.ui.training.model.other_project import OtherProjectRunsDialog
from sciapp.ui.training.preflight import PreflightDialog
from sciapp.ui.widgets.layout import CollapsibleSection
from sciapp.ui.words import tr
from tests.helpers.made_projects import made_dataset, made_project, made_run
from tests.helpers.window_texts import cut, texts

DATA = Path(__file__).parent.parent / "data"
PICTURES = os.environ.get("SCIAPP_PICTURES")  # a folder: what is looked at is saved there

_ACCENTS = str.maketrans(string.ascii_letters, "àƀċđèƒĝĥìĵķĺṁñòþɋŕśţùṽŵẋýźÀɃĊĐÈƑĜĤÌĴĶĹṀÑÒÞɊŔŚŢÙṼŴẊÝŹ")
_NAMES = re.compile(
    r"""
    /.*?\.sciproj | sciapp\ .* | /\S+ | Löslichkeit | freesolv(\.csv)? | made\.csv  # files
    | \d{3}-(train|compress) | made-1 | \bother\b | smiles | note\ \d | expt | calc | iupac | \b(high|low)\b
    | [\w-]+/[\w.-]+ | \w+-starter | Apache-2\.0 | MIT | [A-Z]\w+\ et\ al\.\ [^;]*  # models
    | SciApp | SMILES | CSV | (rs|Q)?LoRA | DoRA | AdamW | quantize | bf16 | fp32 | GPU  # the same in any language
    | \w*BERT\w*(-\w+)*(\ \(\w+\))? | ESM-2  # more models
    | English  # a language calls itself
    | (comma|double|yes)\ \(  # words of settings, as they are typed
    | UTF-\d+(\ [BL]E)? | utf-8
    | (Ctrl|Alt|Shift)\+[\w./]+ | \bF\d\b | Del | \d[\d.,]*\ ?(ms|s|h|min|B)\b | \de[+-]\d+ | \b([0-9a-f]{16}…?)+
    """,
    re.VERBOSE,
)
"""What stands in plain letters and is no language: names of files, columns, models, formats, scores, keys and units."""


class Accented:
    """The pseudo-language with accents on the letters of templates; what is put into them keeps its own."""

    language, decimal, thousands = PSEUDO, ".", ","

    def __init__(self) -> None:
        self._pseudo = translator(PSEUDO, Path())

    def gettext(self, message: str) -> str:
        longer = self._pseudo.gettext(message).replace(8 * "~", "~~~~~~~ ")  # in words, as other languages are
        return re.sub(r"\{[^}]*\}|<[^>]*>|&\w+;|%L?\w|(.)", self._accented, longer, flags=re.DOTALL)

    def ngettext(self, one: str, several: str, n: int) -> str:
        return self.gettext(one if n == 1 else several)

    @staticmethod
    def _accented(part: re.Match[str]) -> str:
        return part[0].translate(_ACCENTS) if part[1] else part[0]


@pytest.fixture
def pseudo(qtbot: QtBot) -> Iterator[None]:
    language: Translator = Accented()
    words.use(language, words.ThroughTranslator(language))
    yield
    words.use(translator("en", Path()))


@pytest.fixture
def window(pseudo: None, qtbot: QtBot, session: Session, messages: Messages) -> Iterator[MainWindow]:
    made = MainWindow(session, messages)
    qtbot.addWidget(made)
    made.show()
    made.complete()
    yield made
    session.close()  # or the window asks about runs that are on


@pytest.fixture
def opened_window(qtbot: QtBot, window: MainWindow, project_folder: Path) -> MainWindow:
    with qtbot.waitSignals(
        [window.project_controller.opened, window.session.runsChanged, window.session.datasetsChanged]
    ):
        window.open_path(project_folder)
    return window


def untranslated(root: QWidget) -> list[str]:
    """Words in plain letters that are no names."""
    seen = dict.fromkeys((text.where, text.text) for text in texts(root))
    return [f"{where}: {text!r}" for where, text in seen if re.search(r"[A-Za-z]{2}", _NAMES.sub("", text))]


def look(root: QWidget, name: str) -> list[str]:
    """Complaints about what stands in `root` now."""
    for _ in range(3):
        QApplication.processEvents()
    if PICTURES:
        root.grab().save(f"{PICTURES}/{name}.png")
    return [f"{name}: {fault}" for fault in (*untranslated(root), *(f"cut: {text}" for text in cut(root)))]


def test_the_start_page_and_the_menus(window: MainWindow) -> None:
    assert look(window, "start") == []


def test_the_project_page(opened_window: MainWindow) -> None:
    opened_window.request_tab("project")
    assert look(opened_window, "project") == []


def test_the_data_page(qtbot: QtBot, opened_window: MainWindow) -> None:
    opened_window.request_tab("data")
    panel = opened_window.data_tab.panel
    found = []
    for index in range(panel.tabs.count()):
        if panel.tabs.isTabVisible(index):
            panel.tabs.setCurrentIndex(index)
            qtbot.wait(200)
            found += look(opened_window, f"data {index}")
    assert found == []


def test_the_words_in_the_rows_of_a_dataset_are_put_into_the_language(qtbot: QtBot, opened_window: MainWindow) -> None:
    opened_window.request_tab("data")
    model = opened_window.data_tab.panel.rows.table.items
    qtbot.waitUntil(lambda: model.rowCount() > 0 and all(map(model.askFor, range(model.rowCount()))), timeout=10_000)
    split = [column.key for column in model.columns()].index(SPLIT)
    shown = {str(model.index(row, split).data()) for row in range(model.rowCount())}
    assert shown == {tr(term(name)) for name in SPLITS} and not shown & set(SPLITS)


def test_a_network_from_scratch(qtbot: QtBot, opened_window: MainWindow, project_folder: Path) -> None:
    project = Project.open(project_folder, lock=False)
    made_run(project, TrainPlan(dataset="made-1", model="fresh:tiny"))
    with qtbot.waitSignal(opened_window.session.runsChanged, timeout=20_000):
        opened_window.session.refresh()
    found = []
    for tab in ("results", "compression", "project"):
        opened_window.request_tab(tab)
        qtbot.wait(300)
        found += look(opened_window, f"from scratch: {tab}")
    assert found == []


def test_the_training_page_with_everything_folded_out(qtbot: QtBot, opened_window: MainWindow) -> None:
    opened_window.request_tab("training")
    found = look(opened_window, "training")
    for section in opened_window.training_tab.findChildren(CollapsibleSection):
        section.setOpen(True)
    qtbot.wait(600)
    opened_window.resize(1280, 3000)
    found += look(opened_window, "training folded out")
    opened_window.findChild(QPushButton, "compareModels").click()
    dialog = opened_window.findChild(QDialog, "modelList")
    qtbot.wait(200)
    found += look(dialog, "models")
    dialog.close()
    assert found == []


def test_a_run_that_is_watched(qtbot: QtBot, opened_window: MainWindow) -> None:
    opened_window.session.select_run("001-train")
    opened_window.request_tab("training")
    qtbot.wait(300)
    assert look(opened_window, "watched run") == []


def test_the_compression_page(qtbot: QtBot, opened_window: MainWindow) -> None:
    opened_window.request_tab("compression")
    qtbot.wait(300)
    assert look(opened_window, "compression") == []


def test_the_results_page(qtbot: QtBot, opened_window: MainWindow) -> None:
    opened_window.request_tab("results")
    tabs, found = opened_window.results_tab.panel.tabs, []
    for run in ("003-compress", "001-train"):
        opened_window.session.select_run(run)
        qtbot.wait(300)
        for index in range(tabs.count()):
            tabs.setCurrentIndex(index)
            qtbot.wait(100)
            found += look(opened_window, f"results of {run} {index}")
    assert found == []


def test_the_import_dialog(qtbot: QtBot, opened_window: MainWindow) -> None:
    opened_window.request_tab("data")
    opened_window.data_tab.import_file(DATA / "freesolv.csv")
    dialog = opened_window.data_tab.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.request() is not None, timeout=20_000)
    dialog.findChild(QSpinBox, "splitFolds").setValue(5)
    method = dialog.findChild(QComboBox, "splitMethod")
    found = []
    for index in range(method.count()):
        method.setCurrentIndex(index)
        found += look(dialog, f"import {method.itemData(index)}")
    method.setCurrentIndex(0)
    dialog.views.setCurrentIndex(1)
    qtbot.waitUntil(lambda: not dialog.check.busy.busy, timeout=60_000)
    found += look(dialog, "import check")
    dialog.reject()
    assert found == []


@pytest.mark.parametrize("name", ["actionNew", "actionFreeSpace", "actionNotifyAfter", "actionKeys", "actionAbout"])
def test_the_dialogs_of_the_menus(qtbot: QtBot, opened_window: MainWindow, name: str) -> None:
    opened_window.findChild(QAction, name).trigger()
    dialogs = [dialog for dialog in opened_window.findChildren(QDialog) if dialog.isVisible()]
    assert dialogs
    qtbot.wait(300)
    found = [fault for dialog in dialogs for fault in look(dialog, name)]
    for dialog in dialogs:
        dialog.close()
    assert found == []


def test_the_drawer_of_the_queue(qtbot: QtBot, opened_window: MainWindow) -> None:
    opened_window.findChild(QAction, "actionQueue").trigger()
    qtbot.waitUntil(lambda: opened_window.findChild(QueueDrawer).isVisible())
    assert look(opened_window, "queue") == []


def test_other_dialogs(qtbot: QtBot, opened_window: MainWindow, messages: Messages) -> None:
    dialogs = [
        ContinueDialog("001-train", opened_window, epochs_begun=3, planned=10),
        ColumnsDialog("columns", msg("Columns"), msg("Tick them."), ["smiles", "expt"], ["expt"], opened_window),
        OtherProjectRunsDialog((), opened_window),
        PreflightDialog(opened_window),
        messages.error(BadInput(msg("There is nothing."), hint=msg("Look elsewhere.")), opened_window),
        messages.error(ValueError("x"), opened_window),
    ]
    found = []
    for dialog in dialogs:
        dialog.show()
        found += look(dialog, dialog.objectName())
        dialog.close()
    assert found == []


def test_what_a_run_says_while_it_is_watched(qtbot: QtBot, opened_window: MainWindow) -> None:
    opened_window.request_tab("training")
    panel = opened_window.training_tab.panel
    events: list[Event] = [
        RunStarted(time=0, total_steps=100),
        StageBegan(time=1, stage="train", title=msg("Training")),
        Progressed(time=2, stage="train", done=3, total=9),
        *map(_step, range(1, 6)),
        Validated(time=9, step=5, epoch=0.5, loss=1, score=0.5, score_name="rmse", greater_is_better=False, best=True),
        CheckpointSaved(time=9, step=5, path="5", best=True),
        Noted(time=10, level="warning", message=msg("Something is odd.")),
        RunEnded(time=11, ending="stopped", message=msg("It was enough.")),
    ]
    panel.begin("004-train")
    panel.replay.play(events)
    panel.show_standing(RunStatus.RUNNING, stopping=True)
    qtbot.wait(200)
    assert look(opened_window, "current training") == []


def _step(step: int) -> StepTaken:
    pace = {"seconds": step, "tokens": 1000 * step}
    return StepTaken(
        time=2 + step, step=step, total_steps=100, epoch=0.5, loss=1, learning_rate=1e-4, gradient_norm=1, **pace
    )


def test_a_classification(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    project = made_project(tmp_path / "Löslichkeit")
    made_dataset(project, task="classification")
    made_run(project, TrainPlan(dataset="made-1"), task="classification")
    project.close()
    with qtbot.waitSignals(
        [window.project_controller.opened, window.session.runsChanged, window.session.datasetsChanged]
    ):
        window.open_path(tmp_path / "Löslichkeit")
    window.request_tab("results")
    tabs, found = window.results_tab.panel.tabs, []
    for index in range(tabs.count()):
        tabs.setCurrentIndex(index)
        qtbot.wait(200)
        found += look(window, f"classification {index}")
    assert found == []


def test_questions(qtbot: QtBot, opened_window: MainWindow, messages: Messages) -> None:
    runs = opened_window.session.runs
    line = QueueLine(folder="/f", project="Löslichkeit", run="001-train", lane="cpu", turn=EntryStatus.INTERRUPTED)
    waiting = [line.model_copy(update={"turn": EntryStatus.WAITING, "folder": f"/{n}"}) for n in range(7)]
    boxes = [
        ask_about_runs(messages, runs[:1], lambda: None, lambda: None, opened_window),
        ask_about_runs(messages, runs, lambda: None, lambda: None, opened_window, waiting=2),
        ask_about_queue(messages, QueueView(lines=(line, *waiting)), lambda: None, lambda: None, opened_window),
        messages.ask(*removal_question(_PIECES, {piece.key for piece in _PIECES}), {msg("&Remove"): None}),
    ]
    found = []
    for number, box in enumerate(boxes):
        assert box is not None
        found += look(box, f"question {number}")
        box.close()
    assert found == []


_PIECES = [
    DiskPiece(kind="run", owner="001-train", bytes=1_000_000),
    DiskPiece(kind="checkpoints", owner="002-train", bytes=5_000_000),
    DiskPiece(kind="caches", owner="made-1", bytes=12),
]
