"""Every small input that once went wrong is read rightly, or refused with a reason."""

import importlib
import pkgutil
from pathlib import Path

import pytest

from tests.helpers import outcomes
from tests.helpers.cases import CASES_FOLDER, EXPECTATIONS, Case, index

for _module in pkgutil.iter_modules(outcomes.__path__):
    importlib.import_module(f"{outcomes.__name__}.{_module.name}")

INDEX = index()


def test_every_case_has_its_right_outcome_written_down() -> None:
    assert not INDEX.keys() - EXPECTATIONS.keys()
    assert not [name for name in EXPECTATIONS if not (CASES_FOLDER / name).exists()]


@pytest.mark.parametrize("name", sorted(EXPECTATIONS))
def test_the_case_ends_rightly(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    domain = INDEX[name][0] if name in INDEX else "molecule"
    EXPECTATIONS[name](Case(CASES_FOLDER / name, domain, tmp_path, capsys))
