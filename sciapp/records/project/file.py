"""Reading and writing `NAME.sciproj`: backup, migration, refusal of what is newer, help with what is damaged."""

from collections.abc import Callable
from contextlib import suppress
from glob import escape
from pathlib import Path
from typing import Any

from sciapp.errors import DamagedProject, NewerProject, NotFound, OutOfSpace, ProjectProblem
from sciapp.i18n import msg
from sciapp.records.atomic import explaining_out_of_space, write_bytes, write_json
from sciapp.records.project.studies.recognition import write_recognised
from sciapp.records.regular import bytes_in, json_in

SCHEMA_VERSION = 3
_DOMAIN = {1: "modality", 2: "domain", 3: "domain"}  # how each version calls it

Record = dict[str, Any]


def read(file: Path, *, migrate: bool = True) -> Record:
    """The record in today's format. An older file is migrated; with `migrate` also on disk, its backup beside it.

    Raises NewerProject, DamagedProject (which knows the backup), NotFound.
    """
    record = _parsed(file)
    version = record["schema_version"]
    if version > SCHEMA_VERSION:
        raise NewerProject(file, version, SCHEMA_VERSION)
    if version == SCHEMA_VERSION:
        return record
    while record["schema_version"] < SCHEMA_VERSION:
        record = MIGRATIONS[record["schema_version"]](record)
    if migrate:
        # A folder that cannot be written, or a full disk: the migrated record lives in memory only.
        with suppress(OSError, OutOfSpace, ProjectProblem):
            write_bytes(file.with_name(f"{file.name}.v{version}.bak"), bytes_in(file))
            write_recognised(file.parent)  # first: the record says that it has been done
            write_json(file, record)
    return record


def is_older(file: Path) -> bool:
    """True if the file on disk is still of an earlier version, because it could not be migrated. Raises as `read`."""
    return bool(_parsed(file)["schema_version"] < SCHEMA_VERSION)


def write(file: Path, record: Record) -> None:
    """Replace the file; what it said before is kept as `NAME.sciproj.bak` if it was readable."""
    try:
        with explaining_out_of_space(file, msg("Free some space there and save again; nothing was changed.")):
            if _readable(file):
                write_bytes(backup_of(file), bytes_in(file))
            write_json(file, record)
    except OSError as error:
        raise ProjectProblem(
            msg("The project could not be saved: {reason}.", reason=error.strerror),
            hint=msg("Check the folder's permissions and free space."),
            context=str(file),
        ) from error


def backup_of(file: Path) -> Path:
    """Path of the previous version."""
    return file.with_name(f"{file.name}.bak")


def restore_backup(file: Path) -> None:
    """Put the newest readable backup in the damaged file's place; the damaged one is kept as `.damaged`."""
    backup = readable_backup(file)
    if backup is None:
        raise NotFound(msg("There is no readable backup of this project."), context=str(file))
    content = bytes_in(backup)  # before anything is moved
    if file.exists():
        file.replace(file.with_name(f"{file.name}.damaged"))
    write_bytes(file, content)


def _parsed(file: Path) -> Record:
    try:
        record = json_in(file)
    except OSError as error:
        raise ProjectProblem(
            msg("The project file cannot be read: {reason}.", reason=error.strerror), context=str(file)
        ) from error
    except ValueError as error:  # no UTF-8, no JSON
        raise DamagedProject(file, str(error), readable_backup(file)) from error
    reason = _fault(record)
    if reason:
        raise DamagedProject(file, reason, readable_backup(file))
    return record  # type: ignore[no-any-return]


def _fault(record: Any) -> str:
    if not isinstance(record, dict):
        return msg("not a JSON object")
    version = record.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        return msg("no schema_version")
    if version <= SCHEMA_VERSION and not isinstance(record.get("name"), str):
        return msg("no name")
    if version <= SCHEMA_VERSION and not isinstance(record.get(_DOMAIN[version]), str):
        return msg("no domain")
    return ""


def _readable(file: Path) -> bool:
    try:
        _parsed(file)
    except (ProjectProblem, NotFound):
        return False
    return True


def readable_backup(file: Path) -> Path | None:
    """The newest backup that can be put in the file's place."""
    older = file.parent.glob(f"{escape(file.name)}.v*.bak")
    candidates = [backup_of(file), *sorted(older, reverse=True)]
    for candidate in candidates:
        try:
            if not _fault(json_in(candidate)):
                return candidate
        except (OSError, ValueError):
            continue
    return None


def _from_version_1(record: Record) -> Record:
    """Version 1 (before the first release) called the notes `description` and the domain `modality`."""
    known_as = {"modality": "domain", "description": "notes"}
    return {known_as.get(key, key): value for key, value in record.items()} | {"schema_version": 2}


def _from_version_2(record: Record) -> Record:
    """Version 2 had no studies: plans named the runs that belonged to them. The record itself is as it was."""
    return record | {"schema_version": 3}


MIGRATIONS: dict[int, Callable[[Record], Record]] = {1: _from_version_1, 2: _from_version_2}
