"""How far a run is, and how long it will still take."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from sciapp.records.events import StepTaken


class TimeLeft:
    """Seconds left, from the pace of the recent steps rather than from the start, which is slower."""

    def __init__(self, window: int = 50) -> None:
        self._window = window
        self._marks: list[tuple[int, float]] = []

    def reset(self) -> None:
        self._marks.clear()

    def update(self, event: StepTaken) -> float | None:
        """Take a step in; the estimate in seconds, or None while there is too little to go by."""
        if self._marks and event.step <= self._marks[-1][0]:
            self._marks.clear()
        self._marks = [*self._marks[-self._window + 1 :], (event.step, event.seconds)]
        (first_step, first_time), (step, now) = self._marks[0], self._marks[-1]
        if step == first_step or now <= first_time:
            return None
        return (event.total_steps - step) * (now - first_time) / (step - first_step)


class RunProgress(QWidget):
    """A bar with a sentence beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("runProgress")
        self._bar.setAccessibleName("Progress of the run")
        self._bar.setRange(0, 1)
        self._bar.setTextVisible(False)
        self._said = QLabel(self)
        self._said.setObjectName("runProgressText")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._said)

    def show_share(self, done: int, total: int, text: str) -> None:
        """total 0: unknown, the bar only shows that something goes on."""
        self._bar.setRange(0, total)
        self._bar.setValue(min(done, total))
        self._said.setText(text)

    def clear_progress(self) -> None:
        self._bar.setRange(0, 1)
        self._bar.setValue(0)
        self._said.clear()


def duration(seconds: float) -> str:
    """“12 s”, “3 min 05 s” or “2 h 14 min”."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
