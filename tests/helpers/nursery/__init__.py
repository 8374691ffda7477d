"""Run processes for tests, forked from one that has loaded everything: each comes up in a moment instead of seconds.

A forked process is the run's alone, as one that was started for it: with a session, a log, an environment and a
process number of its own, and it can be killed. What it does not show is that a fresh one loads; the tests that are
about this carry the mark `fresh_processes`. Command lines that tests start find the nursery too (`sitecustomize` beside
this file).
"""

import sys

NURSERY = "SCIAPP_TESTS_NURSERY"
"""The environment variable that names the nursery's socket; without it processes are started afresh."""


def forks_here() -> bool:
    """Whether this system can fork a process that has torch loaded; Linux only."""
    return sys.platform == "linux"
