"""The commands and options that README.md and the manual name are ones that there are."""

import re
import shlex
from pathlib import Path

import pytest

from sciapp.cli.parser import parser

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUAL = "".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "resources/manual/en").glob("*.md")))
TOUR = re.findall(r"^    (sciapp .*)$", README, re.MULTILINE)
VERBS = sorted(set(re.findall(r"(?<!-m )(?:`|^    )sciapp\s+([a-z][a-z-]*)", README + MANUAL, re.MULTILINE)))


@pytest.mark.parametrize("command", TOUR)
def test_every_command_of_the_tour_is_understood(command: str) -> None:
    assert parser().parse_args(shlex.split(command)[1:]).verb in command


def test_the_tour_goes_from_a_table_to_a_prediction_and_a_report() -> None:
    assert [command.split()[1] for command in TOUR] == ["new", "import", "train", "predict", "report"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_that_is_named_is_there(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([verb, "--help"])
    assert ended.value.code == 0


def test_every_option_that_is_named_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    helps = []
    for verb in VERBS:
        with pytest.raises(SystemExit):
            parser().parse_args([verb, "--help"])
        helps.append(capsys.readouterr().out)
    others = {"--nproc-per-node", "--logdir", "--help"}  # of torchrun and TensorBoard
    known = set(re.findall(r"--[a-z][a-z-]*", "".join(helps))) | others
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", README + MANUAL)) - known == set()
