"""The most that a process held stays true while pieces of its work are measured."""

import sys

import numpy as np
import pytest

from sciapp.engine.runtime.peak_memory import forget_peak, peak_memory, peak_since


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux sets its mark back")
def test_what_was_held_before_a_piece_was_measured_counts_for_the_process_and_not_for_the_piece() -> None:
    held = np.ones(40_000_000)  # 320 MB
    highest = peak_memory()
    del held
    assert forget_peak() and forget_peak()
    assert peak_since() < highest - 200e6
    assert peak_memory() > highest - 5e6  # the kernel counts pages in lots: its mark is some hundred kB off
