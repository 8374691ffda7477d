"""Tables of any length: a million rows scroll without holding the window up."""

import time
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QPaintEvent, QRegion
from PySide6.QtWidgets import QLabel, QStyledItemDelegate, QWidget
from pytestqt.qtbot import QtBot

from sciapp.actions.tables import PAGE_ROWS, open_table, sorted_source
from sciapp.errors import SciAppError
from sciapp.ui import theme
from sciapp.ui.data.rows import RowsPane
from sciapp.ui.widgets.tables.view import TableView
from sciapp.workers.thread import end_all
from tests.helpers.made_projects import made_dataset, made_project, write_rows
from tests.helpers.messages import names

LONGEST_STALL = 0.5  # seconds; a loose bound for a busy machine, the measured one is printed


@pytest.fixture(autouse=True)
def threads_ended():
    yield
    end_all()


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("million") / "table.parquet"
    write_rows(path, 1_000_000, row_group=16_384, columns=4)
    return path


class Heartbeat:
    """Beats whenever the event loop is free; remembers the longest time that it was not."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(0)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def stop(self) -> float:
        self._timer.stop()
        return self.longest


def shown_text(table: TableView, row: int, column: int) -> str:
    return str(table.items.data(table.items.index(row, column)))


def test_numbers_that_were_carried_along_as_text_are_sorted_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"a": ["10", " -2.5", "", "9", None, "-0.1"], "b": ["10", "9", "x", "", "1", "2"]}), path)
    source = open_table(path)
    in_order = [sorted_source(source, 0, False).read(0).cell(row, 0) for row in range(4)]
    assert in_order == [" -2.5", "-0.1", "9", "10"]
    assert sorted_source(source, 0, True).read(0).cell(0, 0) == "10"
    assert [sorted_source(source, 1, False).read(0).cell(row, 1) for row in range(3)] == ["", "1", "10"]


class Painted(QObject):
    """The parts of a widget that were painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.parts = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.parts = self.parts.united(event.region())
        return False


def test_after_a_jump_one_sign_stands_for_the_page_and_then_all_of_it_is_painted(qtbot: QtBot, million: Path) -> None:
    table = TableView("rows", "Rows")
    qtbot.addWidget(table)
    table.resize(600, 400)
    table.showSource(open_table(million))
    table.show()
    qtbot.waitUntil(lambda: table.items.isAtHand(0))
    table.scrollTo(table.items.index(700_000, 0))
    assert not table.items.isAtHand(700_000)
    waiting = table.viewport().grab().toImage()  # this asks for the page
    painted = Painted(table.viewport())
    qtbot.waitUntil(lambda: table.items.isAtHand(700_000))
    qtbot.waitUntil(lambda: painted.parts.boundingRect() == table.viewport().rect())
    assert table.viewport().grab().toImage() != waiting


def ink(picture: QImage, cell: QRect) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is written in a cell."""
    ground = picture.pixel(cell.topLeft())
    across, down = range(cell.left(), cell.right()), range(cell.top(), cell.bottom())
    dots = [(x, y) for x in across for y in down if picture.pixel(x, y) != ground] or [(0, 0)]
    columns, rows = zip(*dots, strict=True)
    return min(columns), min(rows), max(columns), max(rows)


@pytest.mark.parametrize("theme_name", ["light", "dark"])
@pytest.mark.parametrize("points", [9, 16])
def test_cells_look_as_qts_own_delegate_draws_them(
    qtbot: QtBot, tmp_path: Path, theme_name: str, points: int, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: theme.apply("light"))
    theme.apply(theme_name)
    texts = ["CCO", "", "a " * 300, "two\nlines", None, "中文" * 30]
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"input": texts, "number": [1.5, -2e-9, None, 1e12, 0.0, float("nan")]}), path)
    table = TableView("rows", "Rows")
    qtbot.addWidget(table)
    table.resize(500, 260)
    font = table.font()
    font.setPointSize(points)
    table.setFont(font)
    table.items.setFixedWidth(["input"])
    table.showSource(open_table(path))
    table.show()
    qtbot.waitUntil(lambda: shown_text(table, 0, 0) == "CCO")
    table.selectRow(3)
    ours = table.viewport().grab().toImage()
    table.setItemDelegate(QStyledItemDelegate(table))
    theirs, names = table.viewport().grab().toImage(), QRect(0, 0, table.columnWidth(0), table.viewport().height())
    assert ours.copy(names) == theirs.copy(names)
    for row in range(len(texts)):  # at the right, Qt places letters at fractions of a pixel
        cell = table.visualRect(table.items.index(row, 1)).adjusted(3, 1, -4, -2)
        assert ink(ours, cell) == pytest.approx(ink(theirs, cell), abs=1)


def test_a_million_rows_scroll_without_holding_the_window_up(qtbot: QtBot, million: Path, tmp_path: Path) -> None:
    pane = RowsPane()
    qtbot.addWidget(pane)
    pane.resize(1000, 700)
    pane.show()
    heart = Heartbeat()
    with closing(made_project(tmp_path / "p")) as project:
        card = made_dataset(project)
    pane.show_rows(card, million)
    qtbot.waitUntil(lambda: pane.table.items.rowCount() == 1_000_000)
    qtbot.waitUntil(lambda: shown_text(pane.table, 0, 1) == "C0")
    bar = pane.table.verticalScrollBar()
    stops = iter(range(101))
    timer = QTimer()

    def drag() -> None:
        stop = next(stops, None)
        if stop is None:
            timer.stop()
        else:
            bar.setValue(bar.maximum() * stop // 100)

    timer.timeout.connect(drag)
    timer.start(10)
    qtbot.waitUntil(lambda: not timer.isActive(), timeout=20_000)
    assert bar.value() == bar.maximum()
    qtbot.waitUntil(lambda: shown_text(pane.table, 999_999, 1) == "C999999", timeout=10_000)
    longest = heart.stop()
    print(f"\nlongest event-loop gap while 1,000,000 rows scroll: {longest * 1000:.0f} ms")
    assert longest < LONGEST_STALL


def pages_at_hand(table: TableView) -> list[int]:
    """The first rows of the pages that can be looked at without waiting."""
    return [row for row in range(0, table.items.rowCount(), PAGE_ROWS) if table.items.isAtHand(row)]


def test_only_a_few_pages_stay_in_memory(qtbot: QtBot, million: Path) -> None:
    table = TableView("t", "Rows")
    qtbot.addWidget(table)
    table.showSource(open_table(million))
    for row in range(0, 1_000_000, 50_000):
        qtbot.waitUntil(lambda row=row: shown_text(table, row, 1) == f"C{row}")
    assert len(pages_at_hand(table)) <= 8


def test_of_the_pages_scrolled_past_only_the_newest_is_fetched(qtbot: QtBot, million: Path) -> None:
    table = TableView("t", "Rows")
    qtbot.addWidget(table)
    table.showSource(open_table(million))
    for row in range(0, 1_000_000, 16_384):
        assert shown_text(table, row, 1) == "…"
    qtbot.waitUntil(lambda: shown_text(table, 999_999, 1) == "C999999")
    assert len(pages_at_hand(table)) == 2


def test_a_click_on_a_head_sorts_and_a_third_gives_the_files_order_back(qtbot: QtBot, tmp_path: Path) -> None:
    write_rows(tmp_path / "t.parquet", 2500)
    table = TableView("t", "Rows")
    qtbot.addWidget(table)
    table.resize(800, 400)
    table.show()
    table.showSource(open_table(tmp_path / "t.parquet"))
    qtbot.waitUntil(lambda: shown_text(table, 0, 1) == "C0")
    header = table.horizontalHeader()

    def click(column: int) -> None:
        place = QPoint(header.sectionViewportPosition(column) + 10, header.height() // 2)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)

    click(3)
    qtbot.waitUntil(lambda: table.items.source() is not None and table.items.source().at_hand)
    assert shown_text(table, 0, 3) == "0"
    click(3)
    qtbot.waitUntil(lambda: shown_text(table, 0, 1) == "C2499")
    click(3)
    qtbot.waitUntil(lambda: shown_text(table, 0, 1) == "C0" and not table.items.source().at_hand)


def test_selected_rows_are_copied_with_their_heads(qtbot: QtBot, tmp_path: Path) -> None:
    write_rows(tmp_path / "t.parquet", 20)
    table = TableView("t", "Rows")
    qtbot.addWidget(table)
    table.showSource(open_table(tmp_path / "t.parquet"))
    qtbot.waitUntil(lambda: shown_text(table, 0, 1) == "C0")
    table.selectRow(1)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "line\tinput\tsplit\ty\tnote 0\n3\tC1\ttest\t0.1\tnote 1".replace(
        "test", "validation"
    )


def test_all_of_a_million_rows_selected_copy_the_first_ten_thousand(qtbot: QtBot, million: Path) -> None:
    table = TableView("t", "Rows")
    qtbot.addWidget(table)
    table.showSource(open_table(million))
    qtbot.waitUntil(lambda: shown_text(table, 0, 1) == "C0")
    table.selectAll()
    assert table.selected_text().count("\n") == 10_000


def test_a_search_shows_the_rows_that_match_and_how_many(qtbot: QtBot, tmp_path: Path) -> None:
    with closing(made_project(tmp_path / "p")) as project:
        card = made_dataset(project)
    pane = RowsPane()
    qtbot.addWidget(pane)
    pane.show_rows(card, project.dataset_folder(card.id).table_file)
    qtbot.waitUntil(lambda: pane.table.items.rowCount() == 2500)
    qtbot.keyClicks(pane.filter.text, "C249")
    qtbot.waitUntil(lambda: pane.table.items.rowCount() == 11)
    assert pane.findChild(QLabel, "rowCount").text() == "11 of 2,500 rows"
    pane.filter.text.clear()
    qtbot.waitUntil(lambda: pane.table.items.rowCount() == 2500)


def test_a_table_that_was_deleted_is_told_once(qtbot: QtBot, tmp_path: Path) -> None:
    write_rows(tmp_path / "table.parquet", 2500)
    source = open_table(tmp_path / "table.parquet")
    (tmp_path / "table.parquet").unlink()
    table = TableView("t", "Rows")
    qtbot.addWidget(table)
    told: list[SciAppError] = []
    table.failed.connect(told.append)
    table.showSource(source)
    with qtbot.waitSignal(table.failed):
        assert shown_text(table, 0, 1) == "…"
    for row in range(0, 2500, 500):
        qtbot.waitUntil(lambda row=row: shown_text(table, row, 1) == "")
    assert len(told) == 1
    assert "gone" in told[0].message


def test_beside_a_page_that_cannot_be_read_the_others_are_shown(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "table.parquet"
    write_rows(file, 20_000, row_group=1000)
    table = TableView("t", "Rows")
    qtbot.addWidget(table)
    table.resize(500, 300)
    table.showSource(open_table(file))
    table.show()
    with pq.ParquetFile(file) as opened:
        column = opened.metadata.row_group(10).column(1)
        place, size = column.data_page_offset, column.total_compressed_size
    content = bytearray(file.read_bytes())
    content[place : place + size] = b"\xff" * size
    file.write_bytes(content)
    with qtbot.waitSignal(table.failed):
        table.scrollTo(table.items.index(10_500, 0))
    table.scrollTo(table.items.index(15_500, 0))
    qtbot.waitUntil(lambda: shown_text(table, 15_500, 1) not in {"", "…"})


@pytest.mark.parametrize("change", [{"row_group": 300}, {"row_group": 5000}, {"columns": 1}])
def test_a_table_that_another_takes_the_place_of_is_told_and_never_mixed_up(
    qtbot: QtBot, tmp_path: Path, change: dict[str, int]
) -> None:
    usual = {"rows": 20_000, "row_group": 1000, "columns": 4}
    write_rows(tmp_path / "table.parquet", **usual)
    table = TableView("t", "Rows")
    qtbot.addWidget(table)
    table.resize(500, 300)
    table.showSource(open_table(tmp_path / "table.parquet"))
    table.show()
    qtbot.waitUntil(lambda: table.items.isAtHand(0))
    write_rows(tmp_path / "table.parquet", **usual | change)
    told: list[SciAppError] = []
    table.failed.connect(told.append)
    with qtbot.waitSignal(table.failed):
        table.scrollTo(table.items.index(9_500, 0))
    assert names(told[0].message, path="table.parquet") and "changed" in told[0].message


def test_nothing_to_show_says_so(qtbot: QtBot) -> None:
    table = TableView("t", "Rows", "No rows.")
    qtbot.addWidget(table)
    table.resize(300, 200)
    empty = table.grab().toImage()
    table.placeholder = ""
    assert table.grab().toImage() != empty


def reading_table(folder: Path, inputs: list[str]) -> Path:
    """Rows with a long input in the middle and a short label at the end."""
    rows = len(inputs)
    splits = ["validation", "train", "test"]
    table = {
        "line": list(range(2, rows + 2)),
        "input": inputs,
        "split": [splits[row % 3] for row in range(rows)],
        "target:label": ["good" if row % 2 else "bad" for row in range(rows)],
    }
    path = folder / "reading.parquet"
    pq.write_table(pa.table(table), path)
    return path


def test_the_input_gets_the_space_that_is_left_and_no_split_is_cut(qtbot: QtBot, tmp_path: Path) -> None:
    pane = RowsPane()
    qtbot.addWidget(pane)
    pane.resize(1000, 500)
    pane.show()
    file = reading_table(tmp_path, ["These results show nothing that was not known before " * 4] * 60)
    with closing(made_project(tmp_path / "p")) as project:
        card = made_dataset(project)
    pane.show_rows(card, file)
    table = pane.table
    qtbot.waitUntil(lambda: shown_text(table, 0, 2) == "validation")
    width = table.fontMetrics().horizontalAdvance
    qtbot.waitUntil(lambda: table.columnWidth(2) > width("validation"))
    filled = table.viewport().width()
    assert table.horizontalHeader().length() == filled
    assert table.columnWidth(1) > filled / 2 and table.columnWidth(3) < 200
    pane.resize(1300, 500)
    qtbot.waitUntil(lambda: table.viewport().width() > filled)
    assert table.horizontalHeader().length() == table.viewport().width()
    table.setColumnWidth(1, 222)  # as a person would by dragging; it stays
    pane.resize(1100, 500)
    qtbot.waitUntil(lambda: table.viewport().width() < 1200)
    assert table.columnWidth(1) == 222
