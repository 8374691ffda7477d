"""Target, split and repairs of a dataset are changed in a new version, made from the same file, that remembers it."""

from pathlib import Path

import pytest

from sciapp.actions.dataset_versions import VersionWishes, derive_dataset, target_choices, version_request
from sciapp.engine.runtime.progress import SILENT
from sciapp.errors import BadInput, NotFound
from sciapp.jobs import trash
from sciapp.jobs.process.helper_process import carry_out
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.items import Item
from sciapp.records.project.project import Project
from tests.helpers.messages import refused
from tests.helpers.tiny import tiny_project


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, DatasetCard]:
    """A dataset of “table.csv” with y0 and y1 as targets."""
    return tiny_project(tmp_path_factory.mktemp("versions") / "project", rows=60, targets=2)


def derived(project: Project, dataset: str, **wishes: object) -> DatasetCard:
    return derive_dataset(
        project=project, dataset=dataset, wishes=VersionWishes(**wishes), progress=SILENT, execute=carry_out  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_version_has_what_was_changed_and_all_else_as_before(imported: tuple[Project, DatasetCard]) -> None:
    project, card = imported
    second = derived(project, card.id, targets=("y1",))
    assert (second.roles.targets, second.parent, second.version) == (("y1",), card.id, 2)
    assert (second.name, second.roles.input, second.split) == (card.name, card.roles.input, card.split)
    assert (second.rows_read, second.source.sha256) == (card.rows_read, card.source.sha256)
    third = derived(project, card.id, split="stratified", seed=3)
    assert (third.split.method, third.split.seed, third.split.fractions) == ("stratified", 3, card.split.fractions)
    assert (third.roles, third.version) == (card.roles, 3)
    fourth = derived(project, second.id, repairs={"outliers": "leave_out"}, name="Without outliers")
    assert (fourth.parent, fourth.version, fourth.repairs) == (second.id, 4, {"outliers": "leave_out"})
    assert fourth.title != fourth.name and project.dataset(card.id) == card


def test_every_other_column_can_become_a_target(imported: tuple[Project, DatasetCard]) -> None:
    project, card = imported
    second = derived(project, card.id, targets=("y1",))
    assert target_choices(project=project, dataset=card.id) == ("y0", "y1")
    assert target_choices(project=project, dataset=second.id) == ("y1", "y0")


def test_an_unchanged_version_has_the_same_rows_in_the_same_splits(imported: tuple[Project, DatasetCard]) -> None:
    project, card = imported
    assert derived(project, card.id).fingerprint == card.fingerprint


def test_without_the_stored_request_it_is_read_from_the_card(imported: tuple[Project, DatasetCard]) -> None:
    project, card = imported
    file = project.dataset_folder(card.id).request_file
    stored = file.read_bytes()
    file.unlink()
    try:
        assert derived(project, card.id).fingerprint == card.fingerprint
    finally:
        file.write_bytes(stored)


def test_versions_in_the_trash_count(imported: tuple[Project, DatasetCard]) -> None:
    project, card = imported
    deleted = derived(project, card.id)
    deletion = trash.delete(project, [Item(kind="dataset", id=deleted.id)], dependents=False)
    assert derived(project, card.id).version == deleted.version + 1
    trash.restore(project, deletion.id)
    versions = [dataset.version for dataset in project.datasets()]
    assert len(set(versions)) == len(versions)


def test_a_file_that_is_gone_or_has_changed_is_refused(imported: tuple[Project, DatasetCard], tmp_path: Path) -> None:
    project, card = imported
    source = Path(card.source.path)
    moved = source.rename(tmp_path / "moved.csv")
    with refused(NotFound, file=str(source)):
        derived(project, card.id)
    assert derived(project, card.id, file=moved).fingerprint == card.fingerprint
    moved.write_text(moved.read_text() + "WWWW,1,2\n")
    with refused(BadInput, file=card.source.file_name):
        derived(project, card.id, file=moved)


def test_a_column_that_becomes_a_target_is_no_condition_any_more(imported: tuple[Project, DatasetCard]) -> None:
    project, card = imported
    roles = card.roles.model_copy(update={"targets": ("y0",), "covariates": ("y1",), "weight": "y1"})
    folder = project.dataset_folder(card.id)
    request = folder.request()
    assert request is not None
    folder.write_request(request.model_copy(update={"roles": roles}))
    try:
        changed = version_request(project=project, dataset=card.id, wishes=VersionWishes(targets=("y1",)))
    finally:
        folder.write_request(request)
    assert (changed.roles.targets, changed.roles.covariates, changed.roles.weight) == (("y1",), (), None)
