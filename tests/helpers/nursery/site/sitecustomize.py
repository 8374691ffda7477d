"""Python loads this by itself in the command lines that tests start: the runs they begin are forked too."""

import os
import sys

if "SCIAPP_TESTS_NURSERY" in os.environ and sys.orig_argv[1:3] == ["-m", "sciapp"]:
    _child = sys.orig_argv[3:4]
    if not (_child and _child[0].endswith("-child") and _child[0] != "queue-child"):
        sys.path.insert(0, os.environ["SCIAPP_TESTS_ROOT"])
        from tests.helpers.nursery.asking import ask_from_now_on

        ask_from_now_on()
