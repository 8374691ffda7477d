"""Requests reach a helper process and answers come back as records; errors are what they were; no process is left."""

from pathlib import Path

import psutil
import pytest

from sciapp.actions.datasets import check_table, import_table
from sciapp.engine.data.readers.lookup_join import IdsUnclear
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import (
    BadInput,
    Cancelled,
    DamagedProject,
    NotFound,
    ReadOtherwise,
    SciAppError,
    UnknownColumn,
    error_from,
    error_record,
)
from sciapp.jobs.launch import helper
from sciapp.jobs.process.helper_process import carry_out
from sciapp.records.dataset.card import ImportRequest, Roles
from sciapp.records.project.project import Project
from sciapp.records.project.requests import BuildReport, WrittenFile
from tests.helpers.messages import names, refused


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="text")


@pytest.fixture
def request_(tmp_path: Path) -> ImportRequest:
    file = tmp_path / "t.csv"
    file.write_text("words,score\n" + "".join(f"some words {i},{i / 7}\n" for i in range(60)), encoding="utf-8")
    note = "“score” is learnt, “naïve” — or “中文” — is not."
    return ImportRequest(file=str(file), roles=Roles(input="words", targets=("score",)), notes=(note,))


def test_an_import_in_a_helper_process_is_the_import_of_the_command_line(
    project: Project, request_: ImportRequest
) -> None:
    stages: list[str] = []
    progress = Progress(lambda stage, *_: stages.append(stage), lambda: False)
    (card,) = import_table(project=project, request=request_, progress=progress)
    assert stages
    assert card == project.dataset(card.id)
    assert request_.notes[0] in card.remarks
    (again,) = import_table(project=project, request=request_, progress=SILENT, execute=carry_out)
    assert again.fingerprint == card.fingerprint
    report = check_table(project=project, request=request_, progress=SILENT)
    assert report == check_table(project=project, request=request_, progress=SILENT, execute=carry_out)


def test_an_error_of_a_helper_process_is_what_it_was(project: Project, request_: ImportRequest, tmp_path: Path) -> None:
    roles = Roles(input="words", targets=("scor",))
    with pytest.raises(BadInput) as caught:
        import_table(project=project, request=request_.model_copy(update={"roles": roles}), progress=SILENT)
    assert type(caught.value) is UnknownColumn
    assert names(caught.value.message, name="scor") and names(caught.value.hint, name="score")
    assert not list(project.datasets_folder.glob("*"))
    with refused(NotFound, path=str(tmp_path / "nowhere")):
        missing = BuildReport(project=tmp_path / "nowhere", run="1", out=tmp_path / "x.html")
        helper.in_helper_process(missing, WrittenFile, SILENT)


@pytest.mark.parametrize(
    "error",
    [
        UnknownColumn("scor", ["score"]),
        ReadOtherwise("Not so.", {"sheet": "Two"}, hint="Choose.", context="a.xlsx"),
        IdsUnclear("Which?", hint="Say so."),
        DamagedProject("p.sciproj", "no JSON", Path("p.bak")),
        Cancelled("The import"),
    ],
)
def test_an_error_keeps_its_class_and_words_on_the_way(error: SciAppError) -> None:
    arrived = error_from(error_record(error))
    assert type(arrived) is type(error)
    assert (arrived.message, arrived.hint, arrived.context) == (error.message, error.hint, error.context)
    assert str(arrived) == str(error) and vars(arrived).keys() == vars(error).keys()


def test_an_error_of_a_class_that_is_not_known_here_arrives_as_the_nearest_that_is() -> None:
    record = error_record(BadInput("No.", hint="Else.")) | {"classes": ["OfTomorrow", "BadInput", "SciAppError"]}
    assert type(error_from(record)) is BadInput


def test_a_cancelled_request_leaves_no_process_and_no_dataset(project: Project, request_: ImportRequest) -> None:
    before = psutil.Process().children(recursive=True)
    with pytest.raises(Cancelled):
        import_table(project=project, request=request_, progress=Progress(lambda *_: None, lambda: True))
    assert psutil.Process().children(recursive=True) == before
    assert not list(project.datasets_folder.glob("[!.]*"))


def test_a_helper_process_that_dies_is_told_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(helper, "HELPER", "no-such-child")
    request = BuildReport(project=tmp_path, run="1", out=tmp_path / "x.html")
    with pytest.raises(SciAppError, match="ended unexpectedly") as caught:
        helper.in_helper_process(request, WrittenFile, SILENT)
    assert "no-such-child" in caught.value.context
