"""How smoothly a Qt event loop runs: the time between ticks of a short timer."""

from time import perf_counter

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 5


class GapMeter(QObject):
    """Ticks every 5 ms in the loop that is measured; a gap is the time between two ticks."""

    def __init__(self) -> None:
        super().__init__()
        self._gaps: list[float] = []
        self._last: float | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._gaps, self._last = [], None
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def longest_ms(self) -> float:
        return max(self._gaps, default=0.0)

    def summary(self) -> dict[str, float]:
        """Milliseconds."""
        gaps = np.array(self._gaps or [0.0])
        middle, high = np.percentile(gaps, [50, 99])
        return {"p50": float(middle), "p99": float(high), "longest": float(gaps.max())}

    def __str__(self) -> str:
        ms = self.summary()
        return f"event-loop gap: median {ms['p50']:.1f} ms, p99 {ms['p99']:.1f} ms, longest {ms['longest']:.1f} ms"

    def _tick(self) -> None:
        now = perf_counter()
        if self._last is not None:
            self._gaps.append((now - self._last) * 1000)
        self._last = now
