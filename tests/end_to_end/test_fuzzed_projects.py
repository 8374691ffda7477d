"""Whatever a project's files hold or are: every command and the window's lists end soon, with a clear sentence."""

import faulthandler
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sciapp import cli, settings
from sciapp.engine.models.saved import SavedModel
from sciapp.errors import SciAppError
from sciapp.jobs import launcher, queue_look
from sciapp.jobs.clean_up import disk_pieces
from sciapp.jobs.follow import Follower, outcome
from sciapp.jobs.summary import summarise
from sciapp.records.checkpoint_place import checkpoint_places
from sciapp.records.project import Project
from sciapp.workers import runs_watch
from sciapp.workers.looks import columns_summed_up, spreads_by_split
from sciapp.workers.own_models import own_models
from sciapp.workers.query import silent
from sciapp.workers.results import load_results
from sciapp.workers.set_aside import open_rejected
from sciapp.workers.tables import open_table
from tests.helpers.fuzzed import Spoilt, spoilt, whole_project

SECONDS = 60  # for all of a case, on a busy machine; a pipe that is waited for lasts for ever


class Hangs(BaseException):
    """No `except Exception` takes it for one of its own."""


@contextmanager
def in_time() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise Hangs

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    faulthandler.dump_traceback_later(4 * SECONDS, exit=True, file=sys.__stderr__)  # where even the alarm is not heard
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)


def commands(project: Path, case: Spoilt) -> Iterator[list[str]]:
    """The verbs that read; the dear ones only where the spoilt file is theirs."""
    at = str(project)
    yield ["runs", at]
    yield ["show", at, "1"]
    yield ["show", at, "2", "--json"]
    yield ["datasets", at]
    yield ["columns", at, "--dataset", "made-1"]
    yield ["clean", at, "--dry-run", "--checkpoints", "--caches"]
    yield ["queue", "list"]
    if "datasets/" in case.file:
        yield ["leaks", at, "--dataset", "made-1"]
    if "runs/" in case.file and "/model/" not in case.file:
        yield ["report", at, "1", "--out", str(project.parent / "r.html")]
        yield ["export-predictions", at, "3", "--out", str(project.parent / "out.csv")]
        yield ["resume", at, "1", "--background"]


def shown(folder: Path) -> Iterator[Callable[[], object]]:
    """What the window asks for; its lists raise nothing at all, the rest what a person can read."""
    project = Project.open(folder)
    for card in project.datasets():
        runs_watch._with_columns(project, card)
        place = project.dataset_folder(card.id)
        yield lambda place=place: open_table(place.table_file)
        yield lambda place=place: open_rejected(place.rejected_file)
        yield lambda card=card, place=place: columns_summed_up(card, place, silent())
        yield lambda card=card, place=place: spreads_by_split(card, place)
    project.damaged_datasets()
    own_models(project)
    for run in project.runs():
        summarise(run)
        outcome(run)
        Follower(run).read_new()
        checkpoint_places(run)
        yield lambda run=run: load_results(run)
    yield lambda: disk_pieces(project)
    yield queue_look.look
    yield lambda: SavedModel.open(folder / "runs/001-train/model")


def unexpected(whole: Path, case: Spoilt, place: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What went wrong in a case, in words; nothing where all ended well or with a clear sentence."""
    shutil.rmtree(place, ignore_errors=True)
    project = place / "p"
    shutil.copytree(whole, project)
    case.spoil(project / case.file)
    queue = settings.data_folder() / "queue"
    shutil.rmtree(queue, ignore_errors=True)
    queue.mkdir(parents=True)
    if (project / "queue.json").exists():
        (project / "queue.json").rename(queue / "queue.json")
    wrong: list[str] = []
    step = "the window's lists"
    try:
        with in_time():
            for command in commands(project, case):
                step = " ".join(command[:1])
                cli.main(command)
                said = capsys.readouterr()
                if "Something unexpected" in said.out + said.err:
                    wrong.append(f"{case}: {step}: {(said.out + said.err)[:300]}")
            step = "the window"
            try:
                for look in shown(project):
                    try:
                        look()
                    except SciAppError:
                        continue
                    except Exception as error:
                        wrong.append(f"{case}: window: {type(error).__name__}: {error}"[:400])
            except SciAppError:
                pass
            except Exception as error:
                wrong.append(f"{case}: window's lists: {type(error).__name__}: {error}"[:400])
    except Hangs:
        wrong.append(f"{case}: {step}: HANGS")
    return wrong


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole_project(tmp_path_factory.mktemp("whole") / "p")


@pytest.fixture
def faults(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[int, int], list[str]]]:
    """What goes wrong in so many cases of a seed; no run process begins."""
    monkeypatch.setattr(launcher, "spawn", lambda *words, **more: 1)
    before = signal.getsignal(signal.SIGTERM)
    place = tmp_path / "case"
    yield lambda count, seed: [
        words for case in spoilt(whole, count, seed) for words in unexpected(whole, case, place, capsys)
    ]
    signal.signal(signal.SIGTERM, before)


def test_some_spoilt_projects_end_in_clear_sentences(faults: Callable[[int, int], list[str]]) -> None:
    assert faults(60, 1) == []


@pytest.mark.prove
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(2, 4))
def test_thousands_of_spoilt_projects_end_in_clear_sentences(
    faults: Callable[[int, int], list[str]], seed: int
) -> None:
    """Twice 725 cases."""
    assert faults(725, seed) == []
