"""Our processes come after the window and whatever else the scientist does."""

import contextlib
import os
import sys
from pathlib import Path

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
