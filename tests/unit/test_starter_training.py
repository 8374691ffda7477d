"""The scripts that make the starters: a training taken up from a piece goes on as if it had never been interrupted."""

import sys
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sciapp.engine.models.architectures.networks.base import network
from sciapp.engine.models.architectures.pretraining import PooledHead

SCRIPTS = Path(__file__).parents[2] / "packaging" / "starters"
NAMES = {file.stem for file in SCRIPTS.glob("*.py")}
WINDOWS, BUDGET = (16, 32), 256


@pytest.fixture(autouse=True)
def _scripts(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The scripts import each other by their short names."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    for name in NAMES:
        sys.modules.pop(name, None)


def new_student(seed: int) -> Any:
    """A tiny network over made-up DNA; the rows are always the same."""
    from objectives import Bag
    from rows import tokenized
    from starter import STARTERS
    from student import Student

    starter = STARTERS["nucleotide"]
    tokenizer = starter.tokenizer([])
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("ACGT"), rng.integers(8, 60))) for _ in range(120)]
    rows = tokenized(texts, tokenizer, "cpu", np.arange(len(texts)))
    torch.manual_seed(seed)
    model = network("esm", tokenizer, width=32, layers=1, longest=64)
    bag = Bag(1, tokenizer)
    return Student(starter, model, PooledHead(32, bag.outputs), tokenizer, rows, bag, None, "cpu")


def stream(student: Any, begin: int) -> Any:
    from rows import batches

    members = np.arange(len(student.rows.owner))
    return batches(student.rows, members, WINDOWS, BUDGET, student.tokenizer, 5, begin=begin)


def test_batches_from_the_middle_are_those_of_the_whole() -> None:
    student = new_student(0)
    whole = list(islice(stream(student, 0), 60))
    assert len({batch.owner.tobytes() for batch in whole}) > 30  # more than one pass
    for begin in (1, 29, 47):
        rest = list(islice(stream(student, begin), 60 - begin))
        for expected, got in zip(whole[begin:], rest, strict=True):
            assert torch.equal(expected.ids, got.ids)
            assert np.array_equal(expected.owner, got.owner)


def test_a_training_taken_up_ends_with_the_weights_of_one_that_went_through(tmp_path: Path) -> None:
    from pieces import Learning
    from pretrain import step

    through = Learning.begun(new_student(0), seed=0)
    for batch in islice(stream(through.student, 0), 8):
        step(through, batch, 0.1)

    first = Learning.begun(new_student(0), seed=0)
    for batch in islice(stream(first.student, 0), 5):
        step(first, batch, 0.1)
    first.save(tmp_path / "piece.pt")
    second = Learning.begun(new_student(1), seed=7)
    second.take_up(tmp_path / "piece.pt")
    for batch in islice(stream(second.student, second.progress.step), 3):
        step(second, batch, 0.1)

    assert second.progress.step == through.progress.step == 8
    assert second.progress.tokens == through.progress.tokens
    for part in ("model", "summary"):
        expected, got = (getattr(one.student, part).state_dict() for one in (through, second))
        assert all(torch.equal(expected[name], got[name]) for name in expected)


def test_a_head_that_came_later_is_taken_up_with_its_moments(tmp_path: Path) -> None:
    from pieces import Learning
    from pretrain import step

    first = Learning.begun(new_student(0), seed=0)
    second_student = new_student(1)
    second_student.summary = None
    for batch in islice(stream(first.student, 0), 2):
        step(first, batch, 0.1)
    first.save(tmp_path / "piece.pt")
    second = Learning.begun(second_student, seed=0)
    second.take_up(tmp_path / "piece.pt")
    assert isinstance(second_student.summary, PooledHead)
    moments = [second.optimizer.state[p]["exp_avg"] for p in second_student.summary.parameters()]
    expected = [first.optimizer.state[p]["exp_avg"] for p in first.student.summary.parameters()]
    assert all(torch.equal(a, b) for a, b in zip(moments, expected, strict=True))


def test_a_card_written_again_keeps_its_facts_and_its_command(tmp_path: Path) -> None:
    from card import write_again, write_card
    from starter import STARTERS

    folder = tmp_path / "text-starter"
    folder.mkdir()
    write_card(folder, STARTERS["text"], {"steps": "7", "seed": "0"}, "pretrain.py text --minutes 2 --budget 99")
    written = (folder / "README.md").read_text(encoding="utf-8")
    assert "| steps | 7 |" in written
    write_again(folder)
    assert (folder / "README.md").read_text(encoding="utf-8") == written
