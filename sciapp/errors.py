"""Errors that phrase themselves: what happened, where, and what to do next."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sciapp.i18n import Message, from_record, joined, msg, to_record

LONGEST_NAME = 80
_LONG_QUOTE = re.compile(f"“([^“”]{{{LONGEST_NAME + 1},}})”")
_USUAL_SETTINGS = {
    "epochs": "num_train_epochs",
    "steps": "max_steps",
    "lr": "learning_rate",
    "batch_size": "tokens_per_batch",
    "patience": "early_stopping_patience",
    "scheduler": "lr_scheduler_type",
}  # what people call them elsewhere
_LISTED = 20  # names
_COMPARED = 1000  # letters; comparing longer names takes seconds


MEMORY_NOT_ENOUGH = msg("The memory was not enough")
USE_LESS_MEMORY = msg(
    "If another program had taken it, close that one and resume. Otherwise start a new run that needs less: fewer "
    "tokens per batch, gradient checkpointing, a smaller max_length, LoRA or a smaller model."
)
"""What to do when memory ran out: the settings of a run that has begun never change."""


class SciAppError(Exception):
    """Something a person can act on; the window and the command line show `message` and `hint`, never a traceback.

    `message` and `hint` keep their template and values where they are messages. `context` names the file, row or
    value; it goes into “Copy details” and the log.
    """

    def __init__(self, message: str, *, hint: str = "", context: str = "") -> None:
        self.message = short_quotes(message)
        self.hint = short_quotes(hint)
        super().__init__(self.message)
        self.context = context

    def __str__(self) -> str:
        return joined([self.message, self.hint])


class BadInput(SciAppError):
    """A file, a value or a combination of them cannot be used as given."""


class ReadOtherwise(BadInput):
    """A file that cannot be read as it stands, but can when something is said of it; `reading` has what: settings of a
    `records.reading.Reading`."""

    def __init__(self, message: str, reading: Mapping[str, str], *, hint: str = "", context: str = "") -> None:
        super().__init__(message, hint=hint, context=context)
        self.reading = dict(reading)


class UnknownColumn(BadInput):
    """A column that was asked for is not in the table."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            msg("There is no column named “{name}”.", name=name), hint=_several(name, known) or nearest(name, known)
        )


class UnknownSetting(BadInput):
    """A plan has no setting of this name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(msg("There is no setting named “{name}”.", name=name), hint=_nearest_setting(name, known))


class NotFound(SciAppError):
    """A project, dataset, run or model that was named does not exist."""


class ProjectProblem(SciAppError):
    """A project file cannot be opened or written."""


class NewerProject(ProjectProblem):
    """The project was written by a later SciApp than this one."""

    def __init__(self, path: object, version: int, known: int) -> None:
        super().__init__(
            msg(
                "This project was made with a newer SciApp (format {found}; this one reads up to {known}).",
                found=version,
                known=known,
            ),
            hint=msg("Open it with the newer version; nothing was changed."),
            context=str(path),
        )


class UnknownDomain(ProjectProblem):
    """The project is about a kind of data that this version does not know."""

    def __init__(self, path: object, domain: str) -> None:
        super().__init__(
            msg("This project is about a kind of data that this SciApp does not know (“{domain}”).", domain=domain),
            hint=msg("It was made with a newer SciApp; open it with that one. Nothing was changed."),
            context=str(path),
        )


class DamagedProject(ProjectProblem):
    """The project file cannot be read; `backup` is a readable earlier version, if there is one."""

    def __init__(self, path: object, reason: str, backup: object | None) -> None:
        hint = (
            msg("An earlier version can be restored from {backup}.", backup=backup)
            if backup
            else msg("No earlier version was found beside it; datasets and runs in the folder are untouched.")
        )
        super().__init__(msg("The project file is damaged and cannot be read."), hint=hint, context=f"{path}: {reason}")
        self.backup = backup


class RunProblem(SciAppError):
    """A run cannot do what was asked of it in the state that it is in."""


class OutOfSpace(SciAppError):
    """The disk is full; what had been finished before is still there."""


class Cancelled(SciAppError):
    """The person asked to stop; not a failure."""

    def __init__(self, what: str = msg("The action")) -> None:
        super().__init__(msg("{what} was cancelled.", what=what))


def system_refusal(error: BaseException) -> tuple[str, str] | None:
    """The refusal of the system, and the file that it is about; None for what is no error of the system's."""
    if not isinstance(error, OSError) or not error.strerror:
        return None
    file = error.filename2 or error.filename  # of a renaming the place it was to get to
    reason = error.strerror
    if not isinstance(file, str | bytes | os.PathLike):
        return msg("A file could not be read or written: {reason}.", reason=reason), str(file or "")
    name = Path(os.fsdecode(file)).name
    return msg("“{name}” could not be read or written: {reason}.", name=name, reason=reason), str(file or "")


def unexpected(error: BaseException, *, context: str = "") -> SciAppError:
    """An error that nobody foresaw, as one that people can read: nobody who does not code is helped by a traceback."""
    text = str(error) or type(error).__name__
    message, file = system_refusal(error) or (msg("Something unexpected happened: {error}", error=text), "")
    return SciAppError(message, hint=joined([file, msg("What was finished before is kept.")]), context=context)


# Errors travel between processes as JSON and arrive as what they were.


def error_record(error: SciAppError) -> dict[str, Any]:
    """Data of which `error_from` makes the same error. classes: its own and those that it is one of, its own first."""
    classes = [kind.__name__ for kind in type(error).__mro__ if issubclass(kind, SciAppError)]
    own = {"message", "hint", "context"}
    more = {name: value if isinstance(value, dict) else str(value) for name, value in vars(error).items()}
    return {
        "classes": classes,
        "message": to_record(error.message),
        "hint": to_record(error.hint),
        "context": error.context,
        "more": {name: value for name, value in more.items() if name not in own},
    }


def error_from(record: Mapping[str, Any]) -> SciAppError:
    """The error of the record; of a class that this process does not know, the nearest one that it knows."""
    known = {kind.__name__: kind for kind in _kinds(SciAppError)}
    kind = next((known[name] for name in record["classes"] if name in known), SciAppError)
    error = kind.__new__(kind)
    message, hint = from_record(record["message"]), from_record(record["hint"])
    SciAppError.__init__(error, message, hint=hint, context=record["context"])
    vars(error).update(record["more"])
    return error


def _kinds(kind: type[SciAppError]) -> Iterator[type[SciAppError]]:
    yield kind
    for special in kind.__subclasses__():
        yield from _kinds(special)


def shortened(text: str, most: int = LONGEST_NAME) -> str:
    """A name that people can read: its middle is left out where it is very long."""
    if len(text) <= most:
        return text
    behind = most // 3
    return f"{text[: most - behind - 1]}…{text[-behind:]}"


def short_quotes(text: str) -> str:
    """A sentence in which no quoted name is very long; paths stay whole, to be found again."""
    if isinstance(text, Message):
        if not _LONG_QUOTE.search(text):
            return text
        values = {name: _short_value(value) for name, value in text.values.items()}
        short = Message(text.template, values, many=text.many, count=text.number)
        return short if short == short_quotes(str(text)) else short_quotes(str(text))
    return _LONG_QUOTE.sub(lambda match: match[0] if Path(match[1]).is_absolute() else f"“{shortened(match[1])}”", text)


def _short_value(value: Any) -> Any:
    if isinstance(value, str) and not Path(value).is_absolute():
        return short_quotes(value) if isinstance(value, Message) else shortened(value)
    return value


def listed(names: Iterable[str]) -> str:
    """The names, shortened; an end that is left out is said: “a, b… and 12 more”."""
    words = list(map(shortened, names))
    first = ", ".join(words[:_LISTED])
    if len(words) <= _LISTED:
        return first
    return msg("{names}… and {left:,} more", names=first, left=len(words) - _LISTED)


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the closest known words, or lists what there is."""
    words = list(known)
    close = get_close_matches(name, words, n=1, cutoff=0.5) if len(name) < _COMPARED else []
    if close:
        return msg("Did you mean “{name}”?", name=close[0])
    return msg("There are: {names}", names=listed(words)) if words else ""


def _several(name: str, known: Iterable[str]) -> str:
    """A hint where a name is several columns in a row; else empty."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) < 2 or not set(parts) <= set(known):
        return ""
    return msg("These are {n} columns: give each an option of its own.", n=len(parts))


def _nearest_setting(name: str, known: Sequence[str]) -> str:
    """Like `nearest`, but a name that is usual elsewhere, or the last word of just one setting, means that setting."""
    leaf = name.rpartition(".")[2]
    ending = [word for word in known if leaf and word.endswith(f"_{leaf}")]
    usual = _USUAL_SETTINGS.get(leaf)
    meant = usual if usual in known else ending[0] if len(ending) == 1 else None
    return msg("Did you mean “{name}”?", name=meant) if meant else nearest(name, known)
