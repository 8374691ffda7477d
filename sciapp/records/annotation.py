"""Annotations: the name, the notes and the tags that a person gives to a run or a dataset.

`annotation.json` lies in the folder of the run or dataset, and so is copied, moved and deleted with it. Plan, events
and card stay as they were written.
"""

import logging
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pydantic import ConfigDict, Field

from sciapp.errors import BadInput, ProjectProblem
from sciapp.i18n import msg
from sciapp.records.atomic import write_text
from sciapp.records.base import Frozen
from sciapp.records.project_paths import check_inside
from sciapp.records.regular import text_in

FILE_NAME = "annotation.json"
LONGEST_NAME = 120
LONGEST_TAG = 40
MOST_TAGS = 30
LONGEST_NOTES = 100_000
"""Letters; notes are for sentences, not for files."""


class Annotation(Frozen):
    """name: empty for the usual one. tags: in the order in which they were given, none twice."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    name: str = Field("", max_length=LONGEST_NAME)
    notes: str = Field("", max_length=LONGEST_NOTES)
    tags: tuple[str, ...] = Field((), max_length=MOST_TAGS)

    def named(self, name: str) -> "Annotation":
        """With another name, on one line. Raises BadInput for one that is too long."""
        line = " ".join(_printable(name).split())
        if len(line) > LONGEST_NAME:
            raise BadInput(
                msg("The name is too long: {length} letters.", length=len(line)),
                hint=msg("Use at most {most} letters; notes take the rest.", most=LONGEST_NAME),
            )
        return self.model_copy(update={"name": line})

    def noted(self, notes: str) -> "Annotation":
        """With other notes. Raises BadInput for a text that is too long."""
        if len(notes) > LONGEST_NOTES:
            raise BadInput(
                msg("The notes are too long: {length:,} letters.", length=len(notes)),
                hint=msg("Use at most {most:,} letters.", most=LONGEST_NOTES),
            )
        return self.model_copy(update={"notes": notes.strip()})

    def tagged(self, add: Iterable[str] = (), remove: Iterable[str] = ()) -> "Annotation":
        """With tags added and removed; upper and lower case make no difference. Raises BadInput."""
        gone = {_tag(tag).casefold() for tag in remove}
        tags = {tag.casefold(): tag for tag in self.tags}
        for tag in map(_tag, add):
            tags.setdefault(tag.casefold(), tag)
        left = tuple(tag for key, tag in tags.items() if key not in gone)
        if len(left) > MOST_TAGS:
            raise BadInput(
                msg("There are too many tags: {count}.", count=len(left)),
                hint=msg("Use at most {most}.", most=MOST_TAGS),
            )
        return self.model_copy(update={"tags": left})


EMPTY = Annotation()


def read_annotation(folder: Path) -> Annotation:
    """The annotation in the folder of a run or dataset; empty where there is none or it cannot be read."""
    file = folder / FILE_NAME
    try:
        about = file.lstat()
        return _parsed(file, about.st_mtime_ns, about.st_size, about.st_ino)
    except FileNotFoundError:
        return EMPTY
    except OSError:
        logging.getLogger(__name__).info("%s cannot be read", file, exc_info=True)
        return EMPTY


def write_annotation(project: Path, folder: Path, annotation: Annotation) -> None:
    """Replace the annotation of a run or dataset. Raises ProjectProblem, OutOfSpace, OutsideProject."""
    file = folder / FILE_NAME
    check_inside(project, file)
    try:
        write_text(file, annotation.model_dump_json(indent=2) + "\n")
    except OSError as error:
        raise ProjectProblem(
            msg("Name and notes could not be saved: {reason}.", reason=error.strerror or error),
            hint=msg("Check the folder's permissions and free space."),
            context=str(file),
        ) from error


@lru_cache(maxsize=2048)
def _parsed(file: Path, changed: int, size: int, number: int) -> Annotation:
    """Cached: a window asks for the annotations of all runs once a second."""
    if file.is_symlink():
        return EMPTY
    try:
        annotation = Annotation.model_validate_json(text_in(file))
        return EMPTY.named(annotation.name).noted(annotation.notes).tagged(annotation.tags)
    except (ValueError, BadInput):
        logging.getLogger(__name__).info("%s is damaged", file, exc_info=True)
        return EMPTY


def _tag(text: str) -> str:
    """Raises BadInput."""
    tag = " ".join(_printable(text).replace(",", " ").split())
    if not tag or len(tag) > LONGEST_TAG:
        raise BadInput(
            msg("“{tag}” cannot be a tag.", tag=text[:LONGEST_TAG]),
            hint=msg("A tag is a word or a few, at most {most} letters.", most=LONGEST_TAG),
        )
    return tag


def _printable(text: str) -> str:
    """Without control characters, and without the marks that turn the direction of the text around them."""
    return "".join(letter if letter.isprintable() or letter.isspace() else " " for letter in text)
