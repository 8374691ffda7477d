"""Projects are opened that are about something known."""

import json
from pathlib import Path

import pytest

from sciapp.actions.domains import domain_choices, domain_title, open_project
from sciapp.errors import UnknownDomain
from sciapp.records.project.project import Project
from tests.helpers.messages import refused


@pytest.mark.parametrize("lock", [False, True])
def test_a_kind_of_data_to_come_is_told_as_that_and_the_project_is_let_go(tmp_path: Path, lock: bool) -> None:
    file = Project.create(tmp_path / "p", domain="molecule").file
    file.write_text(json.dumps(json.loads(file.read_text()) | {"domain": "spectrum"}))
    with refused(UnknownDomain, domain="spectrum"):
        open_project(path=file, lock=lock)
    held = Project.open(file, lock=True)
    assert held.holder is None
    held.close()


def test_every_kind_of_data_on_offer_has_a_title_and_a_drawing() -> None:
    choices = domain_choices()
    assert [choice.name for choice in choices] == ["molecule", "protein", "nucleotide", "text", "series", "material"]
    assert all(choice.title == domain_title(choice.name) for choice in choices)
    assert all(choice.icon and b"#000000" in choice.icon.read_bytes() for choice in choices)
