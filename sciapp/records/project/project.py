"""A project: a folder with one `NAME.sciproj`. Every path in it is relative: move it, zip it, open it elsewhere."""

import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, ConfigDict, Field, ValidationError

from sciapp.errors import DamagedProject, NotFound, ProjectProblem, nearest
from sciapp.i18n import msg
from sciapp.records.atomic import explaining_out_of_space, new_folder, nothing_left_behind
from sciapp.records.dataset.card import DatasetCard, DatasetFolder, DomainName
from sciapp.records.dataset.damage import DamagedDataset, damage_of, leads_elsewhere
from sciapp.records.lock import Holder, ProjectLock
from sciapp.records.plan.plan import Frozen, Plan
from sciapp.records.project import file as project_file
from sciapp.records.project.deletions import deleted_ids, deletions_in, trash_folder
from sciapp.records.project.studies.recognition import recognised_studies
from sciapp.records.project.study import Study, studies_folder, studies_in, unreadable_studies
from sciapp.records.project_paths import check_inside, check_tree
from sciapp.records.run.run import Run, RunState
from sciapp.records.stale_drafts import sweep

SUFFIX = ".sciproj"
_NOT_MADE = msg("Free some space there, or choose another place; nothing was made.")
_OF_A_RUN = ("plan.json", "state.json", "events.jsonl")
_NO_RUN_MADE = msg("Free some space there and start again; no run was made.")


class ProjectRecord(Frozen):
    """Content of `NAME.sciproj`. Datasets and runs are not listed in it: their folders are the truth."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    schema_version: int = project_file.SCHEMA_VERSION
    id: str = Field(default_factory=lambda: uuid.uuid4().hex)
    name: str
    domain: DomainName
    notes: str = ""
    created: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))


class Project:
    """An open project; owns every path name inside it. `holder` says who else has it when it is read-only."""

    def __init__(self, file: Path, record: ProjectRecord, lock: ProjectLock | None, holder: Holder | None) -> None:
        self.file = file
        self.record = record
        self.holder = holder
        self._lock = lock
        self._recognised: list[Study] | None = None

    @property
    def folder(self) -> Path:
        return self.file.parent

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def read_only(self) -> bool:
        """True when another window holds the project or its folder cannot be written."""
        return self.holder is not None or not os.access(self.folder, os.W_OK)

    # --- opening and saving -------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls, folder: Path, *, domain: DomainName, name: str = "", notes: str = "", lock: bool = False
    ) -> "Project":
        """A new project in `folder`, which is made; it must be absent or empty. Raises ProjectProblem."""
        folder = folder.expanduser().absolute()
        name = name or folder.name
        file = folder / f"{safe_name(name)}{SUFFIX}"
        try:
            if folder.exists() and any(folder.iterdir()):
                raise ProjectProblem(
                    msg("The folder “{folder}” is not empty.", folder=folder.name),
                    hint=msg("Choose a new or an empty folder."),
                    context=str(folder),
                )
            with nothing_left_behind() as made, explaining_out_of_space(folder, _NOT_MADE):
                for part in (folder, folder / "datasets", folder / "runs", folder / "reports"):
                    made.make_folder(part)
                made.files.append(file)
                record = ProjectRecord(name=name, domain=domain, notes=notes)
                project_file.write(file, record.model_dump(mode="json"))
        except OSError as error:
            raise ProjectProblem(
                msg("The project folder cannot be made: {reason}.", reason=error.strerror),
                hint=msg("Choose another place."),
                context=str(folder),
            ) from error
        return cls.open(file, lock=lock)

    @classmethod
    def open(cls, path: Path, *, lock: bool = False) -> "Project":
        """Open a `.sciproj` file or the folder that holds one; migrates an older version, with a backup beside it.

        With `lock` the caller becomes the one writer, or gets the project read-only with `holder` saying who is.
        Raises NotFound, NewerProject, DamagedProject.
        """
        file = find_project_file(path.expanduser().absolute())
        project_lock = ProjectLock(file.with_name(f".{file.name}.lock")) if lock else None
        holder = None
        if project_lock is not None and not project_lock.acquire():
            holder, project_lock = project_lock.holder() or _nobody_known(file), None
        try:
            record = _record(file, project_file.read(file, migrate=holder is None))
            older = project_file.is_older(file)
        except BaseException:
            if project_lock is not None:
                project_lock.release()
            raise
        if project_lock is not None:
            sweep(file.parent)
        project = cls(file, record, project_lock, holder)
        if older:  # it could not be migrated
            project._recognised = recognised_studies(file.parent)
        return project

    @classmethod
    def peek(cls, path: Path) -> "Project":
        """The project to look at, without a lock; nothing on disk is changed. Raises as `open`."""
        file = find_project_file(path.expanduser().absolute())
        return cls(file, _record(file, project_file.read(file, migrate=False)), None, None)

    def save(self, record: ProjectRecord) -> None:
        """Replace the project's record; the previous one stays beside it as a backup."""
        self.must_be_writable()
        project_file.write(self.file, record.model_dump(mode="json"))
        self.record = record

    def close(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def save_as(self, folder: Path, *, name: str = "", copied: Callable[[int], None] | None = None) -> Path:
        """Copy the whole project to a new folder under a new id; returns the copy's file. Raises ProjectProblem.

        copied hears how many files have been copied, before each; what it raises ends the copying, and nothing is left.
        """
        folder = folder.expanduser().absolute()
        if folder.is_relative_to(self.folder):
            raise ProjectProblem(
                msg("A project cannot be copied into itself."), hint=msg("Choose another folder."), context=str(folder)
            )
        check_tree(self.folder, self.folder)  # a link would bring what it leads to into the copy
        name = name or folder.name
        file_name = f"{safe_name(name)}{SUFFIX}"
        try:
            with new_folder(folder) as draft:
                each = partial(_copy_one, count(), copied or (lambda _: None))
                left_behind = partial(_left_behind, self.folder)
                shutil.copytree(self.folder, draft, dirs_exist_ok=True, ignore=left_behind, copy_function=each)
                copy = self.record.model_copy(update={"name": name, "id": uuid.uuid4().hex})
                project_file.write(draft / file_name, copy.model_dump(mode="json"))
        except (OSError, shutil.Error) as error:
            raise ProjectProblem(
                msg("The project could not be copied."),
                hint=msg("Choose a new or an empty folder with enough space."),
                context=str(error),
            ) from error
        return folder / file_name

    def must_be_writable(self) -> None:
        """Raise ProjectProblem, naming the holder, when this window may only read."""
        if self.holder is not None:
            raise ProjectProblem(
                msg("The project is open elsewhere: {holder}.", holder=self.holder),
                hint=msg("Close it there, then open it again."),
            )
        if self.read_only:
            raise ProjectProblem(
                msg("The project's folder cannot be written."), hint=msg("Use Save As to work on a copy.")
            )
        own = (self.datasets_folder, self.runs_folder, self.reports_folder)
        for part in (*own, studies_folder(self.folder), trash_folder(self.folder)):
            check_inside(self.folder, part)

    # --- datasets -----------------------------------------------------------------------------------------------

    @property
    def datasets_folder(self) -> Path:
        return self.folder / "datasets"

    def dataset_folder(self, id: str) -> DatasetFolder:
        return DatasetFolder(self.datasets_folder / id)

    def datasets(self) -> list[DatasetCard]:
        """The cards of all readable datasets, oldest first."""
        return datasets_in(self.folder)

    def deleted_datasets(self) -> list[DatasetCard]:
        """The cards of readable datasets in the trash, which may be restored."""
        folders = (
            deletion.folder(self.folder) / item.path
            for deletion in deletions_in(self.folder)
            for item in deletion.items
            if item.kind == "dataset"
        )
        return [card for folder in folders if (card := _card(folder)) is not None]

    def damaged_datasets(self) -> list[DamagedDataset]:
        """Damage of those that `datasets` leaves out, by id."""
        return [damage for folder in _subfolders(self.datasets_folder) if (damage := damage_of(folder)) is not None]

    def dataset(self, id: str) -> DatasetCard:
        """The card of one dataset. Raises NotFound with the nearest id, BadInput for a damaged one, LeadsOutside."""
        folder = self.datasets_folder / id
        card = _card(folder) if _is_plain(id) else None
        if card is None and _is_plain(id) and folder.is_dir() and (damage := damage_of(folder)) is not None:
            raise damage.error()
        if card is None:
            known = [card.id for card in self.datasets()]
            raise NotFound(msg("The project has no dataset “{id}”.", id=id), hint=nearest(id, known))
        check_tree(self.folder, folder)
        return card

    def new_dataset_id(self, file_name: str) -> str:
        """A free, readable id such as `esol-1`."""
        stem = safe_name(Path(file_name).name.split(".")[0]).lower()
        stem = re.sub(r"[\s,;]+", "-", stem)[:40] or "table"
        ids = {folder.name for folder in _subfolders(self.datasets_folder)} | deleted_ids(self.folder, "dataset")
        return next(f"{stem}-{n}" for n in range(1, len(ids) + 2) if f"{stem}-{n}" not in ids)

    # --- runs ---------------------------------------------------------------------------------------------------

    @property
    def runs_folder(self) -> Path:
        return self.folder / "runs"

    def runs(self) -> list[Run]:
        """All runs, oldest first; one that has lost its plan says so when it is read."""
        return [
            Run(folder) for folder in _subfolders(self.runs_folder) if any((folder / f).exists() for f in _OF_A_RUN)
        ]

    def run(self, id: str) -> Run:
        """One run by id, or by the number that begins it. Raises NotFound with the nearest id, LeadsOutside, NoFile."""
        known = self.runs()
        for run in known:
            if run.id == id or run.id.split("-")[0].lstrip("0") == id.lstrip("0") != "":
                run.check_inside()
                return run
        raise NotFound(msg("The project has no run “{id}”.", id=id), hint=nearest(id, [run.id for run in known]))

    def new_run(self, plan: Plan) -> Run:
        """A waiting run in a folder of its own, e.g. `runs/003-train`; plan and state are on disk when this returns.

        Raises OutOfSpace where there would be no room to say how the run ended, ProjectProblem where it cannot be kept.
        """
        self.must_be_writable()
        sweep(self.folder)
        try:
            with explaining_out_of_space(self.runs_folder, hint=_NO_RUN_MADE):
                self.runs_folder.mkdir(exist_ok=True)
        except OSError as error:
            raise ProjectProblem(
                msg("The project's folder of runs cannot be made: {folder}.", folder=self.runs_folder),
                context=str(error),
            ) from error
        while True:
            run = Run(self.runs_folder / f"{self._next_run_number():03d}-{plan.kind}")
            try:
                with explaining_out_of_space(run.folder, hint=_NO_RUN_MADE), new_folder(run.folder) as draft:
                    (draft / "plan.json").write_text(plan.model_dump_json(indent=2) + "\n", encoding="utf-8")
                    state = RunState(created=datetime.now(UTC))
                    (draft / "state.json").write_text(state.model_dump_json(indent=2) + "\n", encoding="utf-8")
                    Run(draft).keep_room_for_last_words()
            except FileExistsError:  # another process took the number between our look and our rename
                continue
            return run

    def _next_run_number(self) -> int:
        names = [entry.name for entry in self.runs_folder.iterdir()]  # files and dead links too
        # A run that was removed by hand is still named by its study: its number is not given again.
        names += [id for study in self.studies() for id in study.runs]
        names += deleted_ids(self.folder, "run")  # it may be restored
        heads = [name.split("-")[0] for name in names]
        numbers = [int(head) for head in heads if head.isdecimal()]
        return max(numbers, default=0) + 1

    # --- studies ------------------------------------------------------------------------------------------------

    def studies(self) -> list[Study]:
        """All studies, in the order of their first runs."""
        return studies_in(self.folder) if self._recognised is None else self._recognised

    def unreadable_studies(self) -> list[Path]:
        """Files of studies that are damaged, or of a later version; none is ever written over."""
        return unreadable_studies(self.folder)

    def study_ids(self) -> set[str]:
        """The ids that are no longer free."""
        return {study.id for study in self.studies()} | {file.stem for file in self.unreadable_studies()}

    def studies_of(self, run: str) -> list[Study]:
        """The studies that a run belongs to."""
        return [study for study in self.studies() if run in study.runs]

    # --- the rest -----------------------------------------------------------------------------------------------

    @property
    def reports_folder(self) -> Path:
        return self.folder / "reports"

    def disk_use(self) -> int:
        """Bytes in the whole folder; walks it, so not for the window's thread."""
        return sum(size for size in _sizes(self.folder))


def datasets_in(project: Path) -> list[DatasetCard]:
    """The cards of all readable datasets in the folder of a project, oldest first."""
    cards = [card for folder in _subfolders(project / "datasets") if (card := _card(folder)) is not None]
    return sorted(cards, key=lambda card: (card.created, card.id))


def find_project_file(path: Path) -> Path:
    """The `.sciproj` that `path` is or holds. Raises NotFound."""
    if path.is_dir():
        files = sorted(path.glob(f"*{SUFFIX}"))
        if len(files) == 1:
            return files[0]
        if len(files) > 1:
            names = ", ".join(file.name for file in files)
            raise NotFound(
                msg("The folder holds more than one project file: {names}.", names=names),
                hint=msg("Open one of them by its name."),
            )
        raise NotFound(
            msg("There is no project in the folder “{file}”.", file=path.name),
            hint=msg("A project folder holds a file that ends in {suffix}.", suffix=SUFFIX),
            context=str(path),
        )
    if not path.exists():
        raise NotFound(
            msg("“{path}” does not exist.", path=path),
            hint=msg("It may have been moved or renamed."),
            context=str(path),
        )
    if path.suffix != SUFFIX:
        raise NotFound(
            msg("“{file}” is not a SciApp project.", file=path.name),
            hint=msg("Project files end in {suffix}.", suffix=SUFFIX),
            context=str(path),
        )
    return path


def free_folder(wanted: Path) -> Path:
    """`wanted`, or the like with a number behind it when it is taken."""
    folder, number = wanted, 1
    while folder.exists() and any(folder.iterdir()):
        number += 1
        folder = wanted.with_name(f"{wanted.name}-{number}")
    return folder


def safe_name(name: str) -> str:
    """`name` without the characters that some file system forbids; letters of every script stay."""
    cleaned = "".join("-" if c in '<>:"/\\|?*' or ord(c) < 32 else c for c in name).strip(" .")
    return cleaned[:80] or "project"


def _left_behind(project: Path, folder: str, names: list[str]) -> set[str]:
    """Names in `folder` that a copy of the project does not need; what was deleted is not brought along."""
    left = {n for n in names if n.endswith((SUFFIX, ".lock", ".tmp")) or f"{SUFFIX}." in n or n.startswith(".new-")}
    return left | {trash_folder(project).name} if Path(folder) == project else left


def _copy_one(numbers: Iterator[int], copied: Callable[[int], None], source: str, target: str) -> None:
    copied(next(numbers))
    shutil.copy2(source, target)


def _record(file: Path, value: dict[str, Any]) -> ProjectRecord:
    """Raises DamagedProject."""
    try:
        return ProjectRecord.model_validate(value)
    except ValidationError as error:
        raise DamagedProject(file, str(error), project_file.readable_backup(file)) from error


def _nobody_known(file: Path) -> Holder | None:
    """Holder where the lock cannot be had but nobody signed it: a folder without write permission has no holder."""
    return (
        Holder(msg("another window"), msg("this computer"), 0, msg("just now"))
        if os.access(file.parent, os.W_OK)
        else None
    )


def _is_plain(id: str) -> bool:
    return bool(id) and id == Path(id).name and id not in {".", ".."}


def _subfolders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))


def _card(folder: Path) -> DatasetCard | None:
    """None for a card that cannot be read, or is of another dataset: by its id the wrong rows would be found."""
    try:
        card = DatasetFolder(folder).card()
    except (OSError, ValueError):
        return None
    return card if card.id == folder.name and not leads_elsewhere(folder) else None


def _sizes(folder: Path) -> Iterator[int]:
    for root, _, files in os.walk(folder):
        for name in files:
            try:
                yield (Path(root) / name).lstat().st_size
            except OSError:  # a temporary file that was renamed meanwhile
                continue
