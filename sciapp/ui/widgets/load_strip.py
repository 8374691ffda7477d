"""What the watched run takes of this machine, in one line above its curves; there only while the run is on."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from sciapp.records.machine_load import MachineLoad
from sciapp.records.score_words import size_text
from sciapp.ui.widgets.load_tile import LoadTile

_BEHIND = "The darker curve is the run, the fainter one behind it all programs together, over the last minute."


class LoadStrip(QWidget):
    """Fed with a load once a second and with the pace of every batch of steps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loadStrip")
        self.setAccessibleName("What the run takes of this machine")
        self.processor = LoadTile("loadProcessor", "Processor", self)
        self.memory = LoadTile("loadMemory", "Memory", self)
        self.gpu = LoadTile("loadGpu", "GPU", self)
        self.pace = LoadTile("loadPace", "Speed", self)
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
            f"{load.run_cores:.1f} of {load.cores} cores",
            f"The run keeps {load.run_cores:.1f} cores busy; the machine is at {load.busy:.0%}. {_BEHIND}",
            load.run_cores / load.cores,
            load.busy,
        )
        self.memory.show_value(
            f"{size_text(load.run_memory)} of {size_text(load.memory_total)}",
            f"The run holds {size_text(load.run_memory)}; all programs together {size_text(load.memory_used)} of "
            f"{size_text(load.memory_total)}. {_BEHIND}",
            load.run_memory / load.memory_total,
            load.memory_used / load.memory_total,
        )
        self._show_gpus(load)
        pace = f"{self._pace:,.0f} tokens/s" if self._pace is not None else "–"
        self.pace.show_value(pace, "Tokens that the last fifty steps read in a second.", self._pace or 0.0)
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
        about = "\n".join(str(gpu) for gpu in load.gpus)
        about += "" if load.on_gpu else "\nThe run itself is on the processor."
        heat = f" · {one.temperature} °C" if one.temperature is not None else ""
        text = f"{one.busy:.0%} · {size_text(one.memory_used)}{heat}"
        self.gpu.show_value(text, about, one.busy, one.memory_used / max(one.memory_total, 1))
