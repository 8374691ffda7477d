"""Projects that somebody, or something, spoilt: a small whole one, and seeded ways to spoil a file of it."""

import json
import os
import random
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sciapp.records.machine.queue import Entry, Queue
from sciapp.records.plan.plan import CompressPlan, PredictPlan, TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import CheckpointSaved, Noted, RunStarted, StepTaken, Validated
from tests.helpers.made_projects import made_dataset, made_run
from tests.helpers.tiny import tiny_model

DEEP = "[" * 50_000 + "]" * 50_000
MIDDLING = '{"a":' * 400 + "1" + "}" * 400
VALUES = (
    None, True, -1, 0, 1, 10**9, 10**25, -(10**25), 1e308, float("nan"), float("inf"), 0.5, "", "x", "\0", "../../x",
    "/etc/passwd", "run:001-train", "é" * 300, "\ud800", "2020-01-01", "2020-01-01T00:00:00", "NaN", "newer kind",
    [], [[]], [None], {}, {"": {}}, ["x"] * 50,
)  # fmt: skip


def whole_project(folder: Path) -> Path:
    """A project with a dataset, three runs, a model, a checkpoint and an entry in the queue's form."""
    with_lock = Project.create(folder, domain="molecule", name="p")
    made_dataset(with_lock, rows=60)
    run = made_run(with_lock, TrainPlan(dataset="made-1"))
    made_run(with_lock, CompressPlan(run=run.id))
    made_run(with_lock, PredictPlan(run=run.id, file="/made.csv"))
    tiny_model(run.model_folder)
    index = {"metadata": {}, "weight_map": {"a": "model.safetensors"}}
    (run.model_folder / "model.safetensors.index.json").write_text(json.dumps(index))
    run.append_event(RunStarted(total_steps=10))
    for step in range(1, 11):
        run.append_event(
            StepTaken(step=step, total_steps=10, epoch=1, loss=1 / step, learning_rate=1e-4, gradient_norm=1.0,
                      tokens=step, seconds=step)
        )  # fmt: skip
    run.append_event(
        Validated(step=10, epoch=1, loss=0.1, score_name="rmse", score=0.1, greater_is_better=False, best=True)
    )
    run.append_event(CheckpointSaved(step=10, path="checkpoints/step-000010"))
    run.append_event(Noted(message="done"))
    checkpoint = run.checkpoints / "step-000010"
    checkpoint.mkdir(parents=True)
    (checkpoint / "model.safetensors").write_bytes(b"x")
    (checkpoint / "training.pt").write_bytes(b"x")
    (checkpoint / "state.json").write_text(json.dumps({"step": 10, "epoch": 1, "batch": 0, "best_step": None}))
    run.environment_file.write_text(json.dumps({"device": "cpu", "packages": {"torch": "2"}}))
    queue = Queue(entries=(Entry(folder=str(run.folder)),))
    (folder / "queue.json").write_text(queue.model_dump_json())
    return folder


@dataclass(frozen=True)
class Spoilt:
    """A file of the project, and one way to spoil it; `spoil` gets the file in a fresh copy."""

    file: str
    words: str
    spoil: Callable[[Path], None]

    def __str__(self) -> str:
        return f"{self.file}: {self.words}"


def spoilt(folder: Path, count: int, seed: int) -> list[Spoilt]:
    """`count` cases, drawn evenly over the files of the project in `folder`; of a seed the same ones each time.

    Each file has chances of its own: one that is a letter longer than yesterday changes none of the others' cases.
    """
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    each: dict[str, list[Spoilt]] = {}
    for file in files:
        if not file.endswith(".lock"):
            rng = random.Random(f"{seed} {file}")
            each[file] = list(_ways(file, folder / file, rng))
            rng.shuffle(each[file])
    cases: list[Spoilt] = []
    while len(cases) < count and any(each.values()):
        cases += [ways.pop() for ways in each.values() if ways]
    return cases[:count]


def _ways(name: str, file: Path, rng: random.Random) -> Iterator[Spoilt]:
    content = file.read_bytes()
    for words, spoil in _OTHER_THINGS.items():
        yield Spoilt(name, words, spoil)
    for words, text in _CONTENTS.items():
        yield Spoilt(name, words, _writes(text))
    for _ in range(12):
        end = rng.randrange(len(content) + 1)
        yield Spoilt(name, f"cut at {end}", _writes(content[:end]))
        place = rng.randrange(len(content) or 1)
        other = content[:place] + bytes([rng.randrange(256)]) + content[place + 1 :]
        yield Spoilt(name, f"other byte at {place}", _writes(other))
    yield Spoilt(name, "in UTF-16", _writes(content.decode("latin-1").encode("utf-16")))
    yield Spoilt(name, "with a byte order mark", _writes(b"\xef\xbb\xbf" + content))
    yield Spoilt(name, "twice", _writes(content + content))
    yield Spoilt(name, "zeroes behind", _writes(content + b"\0" * 100))
    if name.endswith((".json", ".sciproj", ".jsonl")):
        yield from _other_values(name, content.decode("utf-8"), rng)


def _other_values(name: str, text: str, rng: random.Random) -> Iterator[Spoilt]:
    """Of one line, for files of lines: every setting with other values, and without it."""
    lines = text.splitlines() if name.endswith(".jsonl") else [text]
    number = rng.randrange(len(lines))
    record = json.loads(lines[number])
    for path in _paths(record):
        for value in rng.sample(VALUES, 8):
            lines[number] = json.dumps(_with(record, path, value))
            yield Spoilt(name, f"{'.'.join(map(str, path))} = {str(value)[:20]!r}", _writes("\n".join(lines)))
        lines[number] = json.dumps(_with(record, path, _Without))
        yield Spoilt(name, f"without {'.'.join(map(str, path))}", _writes("\n".join(lines)))


class _Without:
    """Stands for no value at all."""


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if above:
        yield above
    if len(above) < 4:
        parts = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
        for key, part in parts:
            yield from _paths(part, (*above, key))


def _with(record: Any, path: tuple[Any, ...], value: Any) -> Any:
    copy = json.loads(json.dumps(record))
    place = copy
    for key in path[:-1]:
        place = place[key]
    if value is _Without:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copy


def _writes(content: bytes | str) -> Callable[[Path], None]:
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    return lambda file: file.write_bytes(data) and None


def _instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        file.unlink()
        make(file)

    return spoil


def _socket(file: Path) -> None:
    """Bound by a short name: a socket's address has a hundred letters at most."""
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(file.parent)
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(file.name)
    finally:
        os.fchdir(here)
        os.close(here)


def _linked_folder(file: Path) -> None:
    """Not the file but the folder it lies in is a link; the project's own folder may be."""
    if file.suffix == ".sciproj" or file.name == "queue.json":
        return
    elsewhere = file.parent.with_name(f"elsewhere-{file.parent.name}")
    file.parent.rename(elsewhere)
    file.parent.symlink_to(elsewhere)


_OTHER_THINGS: dict[str, Callable[[Path], None]] = {
    "gone": lambda file: file.unlink(),
    "a folder": _instead(lambda file: file.mkdir()),
    "a pipe": _instead(os.mkfifo),
    "a socket": _instead(_socket),
    "a link to nothing": _instead(lambda file: file.symlink_to("nowhere")),
    "a link to itself": _instead(lambda file: file.symlink_to(file.name)),
    "a link to a device that never ends": _instead(lambda file: file.symlink_to("/dev/zero")),
    "a link to a terminal": _instead(lambda file: file.symlink_to("/dev/tty")),
    "a link to a pipe": _instead(lambda file: (os.mkfifo(file.with_name("pipe")), file.symlink_to("pipe"))),
    "a link to a folder": _instead(lambda file: file.symlink_to("..")),
    "not to be read": lambda file: file.chmod(0),
    "huge and empty": lambda file: os.truncate(file, 1 << 33),
    "its folder linked": _linked_folder,
    "its folder gone": lambda file: shutil.rmtree(file.parent),
}
_CONTENTS: dict[str, bytes | str] = {
    "empty": b"",
    "NUL": b"\0" * 1000,
    "deep lists": DEEP,
    "deep objects": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "middling deep": MIDDLING,
    "null": "null",
    "a list": "[]",
    "a number": "1" * 10_000,
    "a word": '"word"',
    "an object": "{}",
    "a long line": "x" * 5_000_000,
    "noise": np.random.default_rng(0).bytes(5000),
    "latin-1": '{"name": "é"}'.encode("latin-1"),
    "lone surrogate": '{"name": "\\ud800", "schema_version": 2, "domain": "text"}',
    "NaN": '{"schema_version": NaN}',
    "a newer version": '{"schema_version": 99, "format": 99, "name": "x"}',
}
