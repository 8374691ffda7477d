"""What every test gets: a home of its own, no network, no display, and a guard against what tests leave behind."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("SCIAPP_LANGUAGE", "en")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# Two cores: more threads than one only make the tests' small models slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sciapp.jobs.launch import processes
from tests.helpers.nursery import NURSERY, asking, forks_here

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | None]:
    """The socket of the process that forks run processes; None where this system cannot."""
    if not forks_here():
        yield None
        return
    folder = tmp_path_factory.mktemp("nursery")
    path = folder / "socket"
    command = [sys.executable, "-m", "tests.helpers.nursery", str(path)]
    # What libraries read when they load is settled here: not a developer's own models, for one.
    environment = processes.run_environment() | {"HF_HOME": str(folder / "huggingface")}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n", "the nursery did not come up"
        yield path


@pytest.fixture(scope="module", autouse=True)
def run_processes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run processes of this module's tests come from the nursery, unless fresh ones are what it is about."""
    folder = request.path.parent.name
    if folder not in {"end_to_end", "gui"} or request.node.get_closest_marker("fresh_processes"):
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        if (socket := request.getfixturevalue("nursery")) is not None:
            asking.ask_from_now_on()
            patch.setenv(NURSERY, str(socket))
            patch.setenv("SCIAPP_TESTS_ROOT", str(REPOSITORY))
            site = str(Path(__file__).parent / "helpers/nursery/site")
            patch.setenv("PYTHONPATH", os.pathsep.join([site, *filter(None, [os.environ.get("PYTHONPATH")])]))
        yield


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, caches and the model cache of a test are its own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("SCIAPP_HOME", str(home))
    monkeypatch.setenv("HF_HOME", str(home / "huggingface"))


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """A test that leaves a child process behind fails itself."""
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    processes.reap()
    new = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
    _, alive = psutil.wait_procs([c for c in new if "resource_tracker" not in _command(c)], timeout=10)
    processes.reap()
    names = [_command(child) for child in alive if _is_alive(child)]
    for child in alive:
        child.kill()
    assert not names, f"processes left behind: {names}"


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
