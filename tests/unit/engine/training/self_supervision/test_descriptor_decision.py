"""Whether a pre-training learns descriptors is decided once for all processes and sittings of a run."""

from pathlib import Path

import pytest

from sciapp.engine.training.self_supervision.tokens import learns_descriptors


class Flag:
    """A stop flag that says the same each time."""

    def __init__(self, stopped: bool) -> None:
        self.stopped = stopped

    def stop_requested(self) -> bool:
        return self.stopped

    def cancel_requested(self) -> bool:
        return False


@pytest.mark.parametrize("stopped", [True, False])
def test_the_first_process_decides_for_all_others(tmp_path: Path, stopped: bool) -> None:
    decision = tmp_path / "descriptors.json"
    assert learns_descriptors(decision, Flag(stopped)) is not stopped
    assert learns_descriptors(decision, Flag(not stopped)) is not stopped


def test_a_damaged_decision_is_made_anew(tmp_path: Path) -> None:
    decision = tmp_path / "descriptors.json"
    decision.write_text("[1")
    assert learns_descriptors(decision, Flag(False)) is True
