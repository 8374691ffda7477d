"""The interface of a backend: a place where runs are carried out, on this computer or away from it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol

from sciapp.records.run.run import Run, RunHandle, RunState

RunRequest = Literal["stop", "cancel"]

HandOver = Callable[[Run, Mapping[str, str]], int | None]
"""Asks a process of this computer that stands by to become the run's; its pid, or None where none does."""


class Backend(Protocol):
    """Starts runs and finds them again. A new one is a file here and a line in `backends.registry`.

    A run's process may live on a computer that nobody here can look into, and this program may be closed and opened
    meanwhile: all that a backend knows of a run it writes into the run's handle (`launched.json`), and asks its own
    scheduler about that. The run's folder is where events and results arrive, at the latest when `collect` returns.
    """

    name: str
    title: str

    def lane(self, wanted: str, taken: Sequence[str], *, devices: int = 1) -> str:
        """The lane of a run, on which it comes after those that are on it: a device, or a name of the run's own where
        the backend lets runs wait itself. Raises BadInput for a lane that there is not.

        wanted: as a person named it; empty: left to the backend. taken: the lanes of its runs that are on or wait.
        devices: how many the run uses.
        """

    def environment(self, lane: str) -> Mapping[str, str]:
        """Environment variables that bind a run's process to its lane."""

    def start(self, run: Run, *, environment: Mapping[str, str], hand_over: HandOver | None = None) -> RunHandle:
        """Start the run's process, detached: it outlives whoever started it. Raises RunProblem.

        environment: what the process is told beyond the usual. hand_over: only of use where the process is one of this
        computer.
        """

    def is_gone(self, run: Run, state: RunState, handle: RunHandle | None) -> bool:
        """True if it is plain that nobody carries the run out, nor is going to; no answer is no evidence.

        state: of a run that is not over. handle: None where the start was not written down, or not yet.
        """

    def ask(self, run: Run, handle: RunHandle | None, request: RunRequest) -> None:
        """Ask the run to end: stop keeps the best model so far, cancel leaves the folder as it stands."""

    def kill(self, run: Run, handle: RunHandle | None) -> None:
        """End the run by force, with all processes that it started; harmless when it is gone."""

    def collect(self, run: Run, handle: RunHandle | None) -> None:
        """Bring what a run that is over left elsewhere into its folder; called again, it changes nothing."""

    def wait(self, runs: Sequence[Run], seconds: float) -> None:
        """Return when one of these runs, all of this backend, has ended; at the latest after `seconds`."""
