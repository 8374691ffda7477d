"""Reading and writing `NAME.sciproj`: backup, migration, refusal of what is newer, help with what is damaged."""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sciapp.errors import DamagedProject, NewerProject, NotFound, ProjectProblem
from sciapp.records.atomic import write_json

SCHEMA_VERSION = 2

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
        with suppress(OSError):  # a folder that cannot be written: the migrated record lives in memory only
            shutil.copy2(file, file.with_name(f"{file.name}.v{version}.bak"))
            write_json(file, record)
    return record


def write(file: Path, record: Record) -> None:
    """Replace the file; what it said before is kept as `NAME.sciproj.bak` if it was readable."""
    try:
        if _readable(file):
            shutil.copy2(file, backup_of(file))
        write_json(file, record)
    except OSError as error:
        raise ProjectProblem(
            f"The project could not be saved: {error.strerror}.",
            hint="Check the folder's permissions and free space.",
            context=str(file),
        ) from error


def backup_of(file: Path) -> Path:
    """Where the previous version lies."""
    return file.with_name(f"{file.name}.bak")


def restore_backup(file: Path) -> None:
    """Put the newest readable backup in the damaged file's place; the damaged one is kept as `.damaged`."""
    backup = _find_backup(file)
    if backup is None:
        raise NotFound("There is no readable backup of this project.", context=str(file))
    if file.exists():
        file.replace(file.with_name(f"{file.name}.damaged"))
    shutil.copy2(backup, file)


def _parsed(file: Path) -> Record:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ProjectProblem(f"The project file cannot be read: {error.strerror}.", context=str(file)) from error
    except UnicodeDecodeError as error:
        raise DamagedProject(file, str(error), _find_backup(file)) from error
    try:
        record = json.loads(text)
    except ValueError as error:
        raise DamagedProject(file, str(error), _find_backup(file)) from error
    reason = _fault(record)
    if reason:
        raise DamagedProject(file, reason, _find_backup(file))
    return record  # type: ignore[no-any-return]


def _fault(record: Any) -> str:
    if not isinstance(record, dict):
        return "not a JSON object"
    version = record.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        return "no schema_version"
    if version <= SCHEMA_VERSION and not isinstance(record.get("name"), str):
        return "no name"
    return ""


def _readable(file: Path) -> bool:
    try:
        _parsed(file)
    except (ProjectProblem, NotFound):
        return False
    return True


def _find_backup(file: Path) -> Path | None:
    candidates = [backup_of(file), *sorted(file.parent.glob(f"{file.name}.v*.bak"), reverse=True)]
    for candidate in candidates:
        try:
            if not _fault(json.loads(candidate.read_text(encoding="utf-8"))):
                return candidate
        except (OSError, ValueError):
            continue
    return None


def _from_version_1(record: Record) -> Record:
    """Version 1 (before the first release) called the notes `description` and the domain `modality`."""
    known_as = {"modality": "domain", "description": "notes"}
    return {known_as.get(key, key): value for key, value in record.items()} | {"schema_version": 2}


MIGRATIONS: dict[int, Callable[[Record], Record]] = {1: _from_version_1}
