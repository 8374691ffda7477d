"""Export of any plot: copied, or saved as PNG, SVG, PDF or as the table of its numbers (CSV)."""

import csv
import io
from pathlib import Path

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QObject, QPoint, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QPageSize, QPainter, QPdfWriter, QShortcut
from PySide6.QtWidgets import QMenu, QToolTip

from sciapp.i18n import msg
from sciapp.records.atomic import write_bytes
from sciapp.records.project.outputs import check_out
from sciapp.ui.widgets.file_dialogs import ask_where, project_folder
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery

_SHARPER = 3  # pixels of a saved picture to one of the screen
_DPI = 300
FORMATS = ("png", "svg", "pdf", "csv")


class PlotExport(QObject):
    """The context menu of a plot, and what it does; files are written off the window's thread."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(plot)
        self._plot, self._writing = plot, LatestQuery(self)
        self._writing.failed.connect(self._failed)
        plot.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        plot.customContextMenuRequested.connect(self._ask)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), plot)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)

    def menu(self) -> QMenu:
        """Copy, the formats, and the whole view where the plot can be zoomed."""
        menu = QMenu(self._plot)
        menu.addAction(tr(msg("Copy picture"))).triggered.connect(self.copy)
        for suffix, text in (
            ("png", msg("Save as PNG…")),
            ("svg", msg("Save as SVG…")),
            ("pdf", msg("Save as PDF…")),
            ("csv", msg("Save numbers as CSV…")),
        ):
            action = menu.addAction(tr(text))
            action.setObjectName(f"savePlot_{suffix}")
            action.triggered.connect(lambda _=False, suffix=suffix: self.ask_where(suffix))
        if hasattr(self._plot, "show_all"):
            menu.addSeparator()
            menu.addAction(tr(msg("Show everything"))).triggered.connect(self._plot.show_all)
        return menu

    def copy(self) -> None:
        QGuiApplication.clipboard().setImage(self._image())

    def ask_where(self, suffix: str) -> None:
        """Ask for a file in the folder of this project's files, and save there."""
        name = f"{tr(self._plot.accessibleName())}.{suffix}"
        ask_where(self._plot, "savePlotDialog", msg("Save the figure"), Path(name), lambda out: self.save(out, suffix))

    def save(self, out: Path, suffix: str = "") -> None:
        """Nothing of a project is overwritten. suffix: of FORMATS, for a name that ends in none of them."""
        named = out.suffix.lstrip(".").lower()
        kind = named if named in FORMATS else suffix
        content = {"png": self._png, "svg": self._svg, "pdf": self._pdf, "csv": self._csv}[kind]()
        project = project_folder(self._plot) or out.parent

        def write() -> None:
            check_out(out, project)
            write_bytes(out, content)

        self._writing.ask(lambda _: write(), lambda _: self._remark(msg("Saved {file}", file=out)))

    def _ask(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._plot.mapToGlobal(at))

    def _failed(self, error: object) -> None:
        self._remark(getattr(error, "message", str(error)))

    def _remark(self, text: str) -> None:
        QToolTip.showText(self._plot.mapToGlobal(self._plot.rect().center()), tr(text), self._plot)

    def _image(self) -> QImage:
        image = QImage(self._plot.size() * _SHARPER, QImage.Format.Format_ARGB32)
        image.fill(self._plot.backgroundBrush().color())
        painter = QPainter(image)
        self._render(painter, image.size())
        painter.end()
        return image

    def _png(self) -> bytes:
        buffer = _buffer()
        self._image().save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, Qt for Python a str
        return bytes(buffer.data().data())

    def _svg(self) -> bytes:
        from PySide6.QtSvg import QSvgGenerator  # only here: it loads a library

        buffer, generator = _buffer(), QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(self._plot.size())
        generator.setViewBox(self._plot.rect())
        generator.setTitle(tr(self._plot.accessibleName()))
        generator.setDescription(self._plot.accessibleDescription())
        painter = QPainter(generator)
        self._render(painter, self._plot.size())
        painter.end()
        return bytes(buffer.data().data())

    def _pdf(self) -> bytes:
        buffer, size = _buffer(), QSizeF(self._plot.size()) * 0.75  # points of a printed page: 96 pixels are 72
        writer = QPdfWriter(buffer)
        writer.setPageSize(QPageSize(size, QPageSize.Unit.Point))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        writer.setResolution(_DPI)
        writer.setTitle(tr(self._plot.accessibleName()))
        painter = QPainter(writer)
        self._render(painter, QSize(writer.width(), writer.height()))
        painter.end()
        return bytes(buffer.data().data())

    def _render(self, painter: QPainter, size: QSize) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._plot.render(painter, QRectF(0, 0, size.width(), size.height()), self._plot.rect())

    def _csv(self) -> bytes:
        text = io.StringIO()
        rows = plot_table(self._plot)
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue().encode("utf-8-sig")


def plot_table(plot: pg.PlotWidget) -> list[list[str]]:
    """The numbers of a plot under their headings: its own `table()`, or what its curves, points and bars hold."""
    if hasattr(plot, "table"):
        return [[str(cell) for cell in row] for row in plot.table()]
    item = plot.getPlotItem()
    x, y = (item.getAxis(side).labelText or letter for side, letter in (("bottom", "x"), ("left", "y")))
    rows = [[tr(msg("group")), x, y]]
    for part in item.items:
        name = part.name() if callable(getattr(part, "name", None)) else ""
        if isinstance(part, pg.BarGraphItem):
            ends = [np.asarray(part.opts[key], dtype=float) for key in ("x0", "x1", "height")]
            data = (ends[0] + ends[1]) / 2 if len(ends[0]) else np.empty(0), ends[2]
        elif isinstance(part, pg.PlotDataItem | pg.PlotCurveItem | pg.ScatterPlotItem):
            data = part.getData()
        else:
            continue
        if data[0] is not None and data[1] is not None:
            rows += [[str(name or ""), repr(float(a)), repr(float(b))] for a, b in zip(*data, strict=True)]
    return rows


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.setData(QByteArray())
    buffer.open(QIODevice.OpenModeFlag.ReadWrite)
    return buffer
