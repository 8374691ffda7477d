"""Memory that is left to this process: not only what the machine has, but what it is allowed.

No torch here: a look costs some microseconds to a fifth of a millisecond.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

if sys.platform != "win32":
    import resource

_GROUPS = Path("/sys/fs/cgroup")
_OWN = Path("/proc/self/cgroup")


def available_memory() -> int:
    """Bytes that can still be taken: the least of the machine's, the control groups' and the limits of `ulimit`."""
    left = [int(psutil.virtual_memory().available), *_left_in_groups(), *_left_by_limits()]
    return max(0, min(left))


def _left_in_groups() -> Iterator[int]:
    """Bytes left in each of the process's control groups that has a limit, version 1 and 2.

    Pages of files that were read count as used there, but the kernel drops them when memory is asked for.
    """
    for folder in memory_groups():
        for limit, used, files in (
            ("memory.max", "memory.current", ("inactive_file", "active_file")),
            ("memory.limit_in_bytes", "memory.usage_in_bytes", ("total_inactive_file", "total_active_file")),
        ):
            most, now = _number(folder / limit), _number(folder / used)
            if most is not None and now is not None and most < 1 << 62:
                stat = counters(folder / "memory.stat")
                yield most - now + sum(stat.get(name, 0) for name in files)


def memory_groups(own: Path = _OWN, root: Path = _GROUPS) -> list[Path]:
    """The folders of the process's memory control group and of those it lies in, innermost first."""
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    folders: list[Path] = []
    for line in lines:
        _, names, path = line.split(":", 2)
        top = root if not names else root / "memory" if "memory" in names.split(",") else None
        if top is None:
            continue
        folder = top / path.lstrip("/")
        while folder != top:
            folders.append(folder)
            folder = folder.parent
        folders.append(top)
    return [folder for folder in folders if (folder / "memory.stat").exists()]


def _left_by_limits() -> Iterator[int]:
    if sys.platform == "win32":
        return
    held = process_memory()
    for limit, used in ((resource.RLIMIT_AS, "VmSize"), (resource.RLIMIT_DATA, "VmData")):
        most = resource.getrlimit(limit)[0]
        if most != resource.RLIM_INFINITY and used in held:
            yield most - held[used]


def resident_memory() -> int:
    """Bytes of memory that this process holds."""
    return int(psutil.Process().memory_info().rss)


def process_memory() -> dict[str, int]:
    """Lines such as VmHWM of the process's status, in bytes."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.startswith("Vm")}


def counters(file: Path) -> dict[str, int]:
    """`name number` lines, as control groups write them; empty when there is no such file."""
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except OSError:
        return {}
    return {name: int(value) for name, _, value in (line.partition(" ") for line in lines) if value.isdecimal()}


def _number(file: Path) -> int | None:
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None
