"""Progress of a verb that takes a while, and the wish to cancel it."""

from collections.abc import Callable
from time import monotonic

from sciapp.errors import Cancelled

_ANNOUNCE_EVERY = 1 / 30  # seconds; a window repaints no faster


class Reporter:
    """A verb's means to report its progress, and to learn that nobody waits any longer."""

    def __init__(
        self,
        announce: Callable[[str, int, int], None],
        is_cancelled: Callable[[], bool],
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._announce = announce
        self._note = note
        self._is_cancelled = is_cancelled
        self._last = 0.0
        self._stage = ""

    @property
    def cancelled(self) -> bool:
        return self._is_cancelled()

    def progress(self, stage: str, done: int, total: int) -> None:
        """Announce progress, at most 30 times a second; `total` 0: unknown. Raises Cancelled when cancelled."""
        if self.cancelled:
            raise Cancelled
        now = monotonic()
        if stage != self._stage or done >= total > 0 or now - self._last >= _ANNOUNCE_EVERY:
            self._stage, self._last = stage, now
            self._announce(stage, done, total)

    def note(self, text: str) -> None:
        """A sentence for people about what goes on."""
        self._note(text)


def silent() -> Reporter:
    """A reporter for callers that want no progress and never cancel."""
    return Reporter(lambda *_: None, lambda: False)
