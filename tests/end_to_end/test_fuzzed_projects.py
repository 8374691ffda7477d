"""Whatever a project's files hold or are: every command and the window's lists end soon, with a clear sentence."""

import os

import pytest

from tests.helpers.fuzz_pool import try_cases

pytestmark = pytest.mark.fresh_processes

BUDGET = 480.0  # seconds for a seed, so that the proof stays bounded on a slow machine


def test_some_spoilt_projects_end_in_clear_sentences() -> None:
    result = try_cases(60, 1)
    assert result.faults == []
    assert result.tried == 60


@pytest.mark.prove
@pytest.mark.timeout(2 * BUDGET)
@pytest.mark.parametrize("seed", range(2, 4))
def test_thousands_of_spoilt_projects_end_in_clear_sentences(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Twice 725 cases, or as many as the time allows; how many is said."""
    result = try_cases(725, seed, workers=len(os.sched_getaffinity(0)), budget=BUDGET)
    with capsys.disabled():
        print(f"\nseed {seed}: {result.tried} of {result.cases} spoilt projects tried in at most {BUDGET:.0f} seconds")
    assert result.faults == []
    assert result.tried >= 60
