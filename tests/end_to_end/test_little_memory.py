"""A limit on memory under which a plain training fails: the run ends well all the same, because it repairs itself."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from sciapp.engine.training import state
from sciapp.engine.training.recovery import recovery
from sciapp.jobs.launch import processes
from sciapp.records.project.project import Project
from sciapp.records.run.events import Noted, StepTaken
from tests.helpers.printed import says
from tests.helpers.tiny import tiny_model, tiny_project

pytestmark = pytest.mark.fresh_processes

_TOKENS = 200_000  # a batch: all rows
_ROOM = 300_000_000  # bytes beyond what a process with the model takes; one step without repair takes more

_PROGRAM = 200_000_000  # bytes that a run process holds beyond the plain step's: reports, baselines, 10,000 rows

# The same rows in one plain step, as any training loop takes it: it says what was held before, or that it failed.
_PLAIN = """
import resource, sys
import torch
from sciapp.engine.runtime.available_memory import process_memory
from sciapp.engine.models.load import load_classifier
from sciapp.engine.models.architectures.unpadding import pack
from pathlib import Path
model = load_classifier(Path(sys.argv[1]), labels=("y",), problem_type="regression", dropout=0.1, seed=0,
                        pad_token_id=1).train()
pack(model)
torch.set_num_threads(1)
held = process_memory()["VmData"]
print(held)
resource.setrlimit(resource.RLIMIT_DATA, (held + int(sys.argv[2]), resource.RLIM_INFINITY))
ids = torch.full((int(sys.argv[3]) // 32, 32), 7)
mask = (torch.arange(32) < torch.randint(7, 33, (len(ids), 1))).long()
try:
    model(input_ids=ids, attention_mask=mask).logits.sum().backward()
except RuntimeError as error:
    print("failed" if "can't allocate memory" in str(error) else error)
"""


@pytest.mark.prove
@pytest.mark.timeout(1200)
def test_a_run_under_a_limit_that_makes_a_plain_step_fail_ends_well_by_repair(tmp_path: Path) -> None:
    project, model = long_rows(tmp_path), tiny_model(tmp_path / "model")
    plain = subprocess.run(
        [sys.executable, "-c", _PLAIN, str(model), str(_ROOM), str(_TOKENS)], capture_output=True, text=True
    )
    held, *said = plain.stdout.splitlines()
    assert said == ["failed"], plain.stderr
    settings = {
        "tokens_per_batch": _TOKENS, "num_train_epochs": 2, "descriptors": "off", "threads": 1, "learning_rate": 1e-3,
        "precision": "fp32",
    }  # fmt: skip
    options = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    command = processes.own_command("train", str(project.folder), "--model", str(model), *options, "--json")
    limit = int(held) + _ROOM + _PROGRAM
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=processes.run_environment(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    run = project.runs()[-1]
    events = run.events()
    assert [event.step for event in events if isinstance(event, StepTaken)] == [1, 2]
    assert any(isinstance(event, Noted) and says(event.message, recovery, smaller=...) for event in events)
    remarks = json.loads(ended.stdout)["evaluation"]["remarks"]
    assert any(says(remark, state, since=...) for remark in remarks), remarks


def long_rows(folder: Path) -> Project:
    project, _ = tiny_project(folder / "p", rows=10_400)
    return project
