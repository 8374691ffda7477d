"""Detection of a process that the kernel ended because memory ran out: it has no last words of its own.

The kernel counts in each control group how many of its processes it ended so. When that count has grown since a run's
process signed, and the process is gone without a word, it was most likely that one.
"""

from pathlib import Path
from typing import Any

from sciapp.engine.runtime.available_memory import counters, memory_groups
from sciapp.i18n import msg
from sciapp.records.run.run import RunState

KILLED_FOR_MEMORY = msg("Most likely the system ended it because the memory ran out.")

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def memory_watched() -> dict[str, Any]:
    """The control group of this process, for a run's state; empty values where there is none."""
    group = next(iter(memory_groups()), None)
    kills = _kills(group) if group is not None else None
    if group is None or kills is None:
        return {"memory_group": "", "memory_kills": 0, "boot": ""}
    return {"memory_group": str(group), "memory_kills": kills, "boot": _boot()}


def was_killed_for_memory(state: RunState) -> bool:
    """state: of a run whose process is gone. False also where nobody knows."""
    if not state.memory_group or state.boot != _boot():
        return False
    kills = _kills(Path(state.memory_group))
    return kills is not None and kills > state.memory_kills


def _kills(group: Path) -> int | None:
    """memory.events of control groups version 2, memory.oom_control of version 1."""
    for name in ("memory.events", "memory.oom_control"):
        counts = counters(group / name)
        if "oom_kill" in counts:
            return counts["oom_kill"]
    return None


def _boot() -> str:
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""
