"""What a person may ask of a run while it is on."""

from typing import Protocol

from sciapp.errors import Cancelled


class StopFlag(Protocol):
    """Asked between steps; answers at once."""

    def stop_requested(self) -> bool:
        """End training, keep the best model, evaluate it."""

    def cancel_requested(self) -> bool:
        """End everything, leave the folder as it stands."""


class NeverStop:
    """For callers that nobody interrupts."""

    def stop_requested(self) -> bool:
        return False

    def cancel_requested(self) -> bool:
        return False


def raise_if_cancelled(flag: StopFlag) -> None:
    """Raise Cancelled when it was asked for."""
    if flag.cancel_requested():
        raise Cancelled("The run")
