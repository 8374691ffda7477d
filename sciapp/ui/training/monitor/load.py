"""Resource usage of the watched run, in one line above its curves; there only while the run is on."""

from collections import deque

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sciapp.i18n import joined, msg
from sciapp.records.formatting import size_text
from sciapp.records.machine.load import MachineLoad
from sciapp.ui.widgets.labels import ElidedLabel
from sciapp.ui.words import tr

_BEHIND = msg("The darker curve is the run, the fainter one behind it all programs together, over the last minute.")


class LoadStrip(QWidget):
    """Fed with a load once a second and with the pace of every batch of steps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loadStrip")
        self.setAccessibleName(tr(msg("What the run takes of this machine")))
        self.processor = LoadTile("loadProcessor", msg("Processor"), self)
        self.memory = LoadTile("loadMemory", msg("Memory"), self)
        self.gpu = LoadTile("loadGpu", msg("GPU"), self)
        self.pace = LoadTile("loadPace", msg("Speed"), self)
        self._tiles = (self.processor, self.memory, self.gpu, self.pace)
        self._pace: float | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for tile in self._tiles:
            row.addWidget(tile, 1)
        self.end()

    def begin(self) -> None:
        """Another run is watched; nothing is known of it yet."""
        self._pace = None
        for tile in self._tiles:
            tile.clear()
        self.gpu.hide()
        self.hide()

    end = begin

    def show_load(self, load: MachineLoad) -> None:
        self.processor.show_value(
            msg("{run:.1f} of {cores} cores", run=load.run_cores, cores=load.cores),
            msg(
                "The run keeps {run:.1f} cores busy; the machine is at {busy:.0%}. {curves}",
                run=load.run_cores,
                busy=load.busy,
                curves=_BEHIND,
            ),
            load.run_cores / load.cores,
            load.busy,
        )
        self.memory.show_value(
            msg("{run} of {total}", run=size_text(load.run_memory), total=size_text(load.memory_total)),
            msg(
                "The run holds {run}; all programs together {used} of {total}. {curves}",
                run=size_text(load.run_memory),
                used=size_text(load.memory_used),
                total=size_text(load.memory_total),
                curves=_BEHIND,
            ),
            load.run_memory / load.memory_total,
            load.memory_used / load.memory_total,
        )
        self._show_gpus(load)
        pace = msg("{pace:,.0f} tokens/s", pace=self._pace) if self._pace is not None else "–"
        self.pace.show_value(pace, msg("Tokens that the last fifty steps read in a second."), self._pace or 0.0)
        self.show()

    def show_pace(self, tokens_per_second: float | None) -> None:
        """Drawn with the next load: once a second is as often as anybody reads it."""
        self._pace = tokens_per_second

    def _show_gpus(self, load: MachineLoad) -> None:
        """The busiest one where there are several: that is where the run is."""
        self.gpu.setVisible(bool(load.gpus))
        if not load.gpus:
            return
        one = max(load.gpus, key=lambda gpu: (gpu.busy, gpu.memory_used))
        about = joined(map(str, load.gpus), "\n")
        if not load.on_gpu:
            about = joined([about, msg("The run itself is on the processor.")], "\n")
        heat = msg("{temperature} °C", temperature=one.temperature) if one.temperature is not None else ""
        text = joined([msg("{busy:.0%}", busy=one.busy), size_text(one.memory_used), heat], " · ")
        self.gpu.show_value(text, about, one.busy, one.memory_used / max(one.memory_total, 1))


# One thing that is watched while a run is on: its name, its value now, and the last minute of it.


_SECONDS = 60
_HEIGHT = 18  # pixels


class Sparkline(QWidget):
    """Two curves from 0 to 1, newest on the right: the whole machine behind, the run before it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: deque[tuple[float, float]] = deque(maxlen=_SECONDS)
        self._top = 1.0
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def append(self, run: float, machine: float = 0.0) -> None:
        self._points.append((run, machine))
        self._top = max(1.0, *(max(pair) for pair in self._points))
        self.update()

    def clear(self) -> None:
        self._points.clear()
        self.update()

    def points(self) -> list[tuple[float, float]]:
        return list(self._points)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.AlternateBase))
        faint, accent = palette.color(QPalette.ColorRole.PlaceholderText), palette.color(QPalette.ColorRole.Highlight)
        faint.setAlpha(70)
        self._draw(painter, faint, 1)
        accent.setAlpha(150)
        self._draw(painter, accent, 0)
        painter.end()

    def _draw(self, painter: QPainter, colour: QColor, which: int) -> None:
        if not self._points:
            return
        area, step = QRectF(self.rect()), self.width() / (_SECONDS - 1)
        left = area.right() - step * (len(self._points) - 1)
        line = [
            QPointF(left + step * index, area.bottom() - area.height() * min(max(pair[which] / self._top, 0.0), 1.0))
            for index, pair in enumerate(self._points)
        ]
        under = [QPointF(area.right(), area.bottom()), QPointF(left, area.bottom())]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([*line, *under]))


class LoadTile(QWidget):
    """Takes values, draws them; knows nothing of machines."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(tr(title), self)
        self._title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.value = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.value.setObjectName(name)
        self.curve = Sparkline(self)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._title)
        line.addWidget(self.value, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self.curve)

    def show_value(self, text: str, about: str, run: float, machine: float = 0.0) -> None:
        """about: the tooltip. run, machine: what the curves get, from 0 to 1 or more."""
        self.value.setText(tr(text))
        self.setToolTip(tr(about))
        self.value.setToolTip(tr(about))
        self.curve.append(run, machine)

    def clear(self) -> None:
        self.value.setText("–")
        self.setToolTip("")
        self.curve.clear()
