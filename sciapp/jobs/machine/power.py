"""Keep the computer from falling asleep while a run is on; the window may be closed."""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from sciapp import settings
from sciapp.i18n import joined, msg

_ASLEEP = msg(
    "The computer could not be kept awake and may fall asleep during the run: switch sleep off in its settings."
)


@contextmanager
def prevent_sleep() -> Iterator[str]:
    """Holds sleep off until the block ends; yields what a person should know, empty where all is well.

    By wakepy: the desktop's session manager over D-Bus, Windows' execution state, macOS' caffeinate. Where there is
    no desktop (a server) nothing is held off, and nothing is said unless the machine has a battery.
    """
    with ExitStack() as stack:
        yield _advice(awake=not settings.load().keep_awake or _entered(stack))


def _entered(stack: ExitStack) -> bool:
    try:
        from wakepy import keep

        logging.getLogger("wakepy").setLevel(logging.WARNING)  # on a server it tells at length what it tried
        return bool(stack.enter_context(keep.running(on_fail="pass")).active)
    except Exception:
        # Somebody else's session bus is no reason for a run not to begin.
        logging.warning("sleep cannot be held off", exc_info=True)
        return False


def _advice(*, awake: bool) -> str:
    battery = _battery()
    if battery is None:
        return ""
    percent, plugged = battery
    sentences: list[str] = [] if awake else [_ASLEEP]
    if not plugged:
        sentences.append(
            msg(
                "On battery at {percent:.0f} %: plug the computer in, or it may go off before the run ends.",
                percent=percent,
            )
        )
    return joined(sentences)


def _battery() -> tuple[float, bool] | None:
    """Charge in percent and whether the mains are connected; None for a machine without a battery."""
    try:
        battery = psutil.sensors_battery()
    except (AttributeError, OSError, RuntimeError, ValueError):  # a system that psutil cannot ask
        return None
    return None if battery is None else (battery.percent, battery.power_plugged is not False)


# Our processes come after the window and whatever else the scientist does.


_NICE = 10


def be_nice() -> None:
    """Let other processes have the processor first; harmless to say twice."""
    if sys.platform == "win32":  # there it is said when the process is made
        return
    with contextlib.suppress(OSError):
        os.nice(max(0, _NICE - os.nice(0)))  # a run that was started by a run is nice already
        # Linux shares time out by session first, and a detached run is a session of its own: nice alone would only
        # rank its threads among themselves.
        if os.getsid(0) == os.getpid():  # started by torchrun it shares the session of a person's terminal
            Path("/proc/self/autogroup").write_text(str(_NICE), encoding="ascii")
