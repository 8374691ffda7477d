"""How much memory is left is the least of what machine, control groups and limits leave."""

import resource
import subprocess
import sys
from pathlib import Path

import psutil

from sciapp.engine.runtime.available_memory import available_memory, counters, memory_groups

_TOLD = """
import resource
from sciapp.engine.runtime.available_memory import available_memory
resource.setrlimit(resource.RLIMIT_{name}, (3_000_000_000, resource.RLIM_INFINITY))
print(available_memory())
"""


def test_a_limit_of_the_process_counts() -> None:
    for name in ("AS", "DATA"):
        said = subprocess.run([sys.executable, "-c", _TOLD.format(name=name)], capture_output=True, text=True)
        assert 0 < int(said.stdout) < 3_000_000_000, said.stderr


def test_without_limits_it_is_at_most_what_the_machine_has() -> None:
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
    assert 0 < available_memory() <= psutil.virtual_memory().total


def test_groups_of_both_versions_are_found_from_the_inside_out(tmp_path: Path) -> None:
    own, root = tmp_path / "own", tmp_path / "cgroup"
    own.write_text("4:memory:/docker/abc\n1:cpu:/elsewhere\n0::/user.slice/app.scope\n")
    for folder in ("memory/docker/abc", "memory", "user.slice/app.scope", "user.slice"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "memory.stat").write_text("inactive_file 4096\n")
    found = [folder.relative_to(root).as_posix() for folder in memory_groups(own, root)]
    assert found == ["memory/docker/abc", "memory", "user.slice/app.scope", "user.slice"]


def test_counters_are_read_by_name(tmp_path: Path) -> None:
    file = tmp_path / "memory.events"
    file.write_text("oom 3\noom_kill 2\n")
    assert counters(file) == {"oom": 3, "oom_kill": 2}
    assert counters(tmp_path / "nothing") == {}
