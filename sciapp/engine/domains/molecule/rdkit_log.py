"""Messages of RDKit about a molecule, caught for the person whose row it is instead of printed on the terminal."""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from rdkit import Chem, rdBase

from sciapp.engine.domains.molecule.smiles_errors import in_words
from sciapp.i18n import msg

_TIME = re.compile(r"^\[\d\d:\d\d:\d\d\]\s*")
_WHERE = re.compile(r"check for mistakes around position \d+")
_LONGEST = 160


class _Listener(logging.Handler):
    """Keeps what is said while somebody on the same thread listens; what is said otherwise is dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        messages: list[str] | None = getattr(self.heard, "messages", None)
        if messages is not None:
            messages.append(_TIME.sub("", record.getMessage()))


_LISTENER = _Listener()


@cache
def silence() -> None:
    """Send RDKit's messages to the listener alone. For the whole process, at first use; RDKit has one log."""
    logger = logging.getLogger("rdkit")
    logger.propagate = False
    logger.handlers[:] = [_LISTENER]
    rdBase.LogToPythonLogger()


def from_smiles(smiles: str) -> Chem.Mol | None:
    """The molecule, or None; nothing is printed."""
    silence()
    return Chem.MolFromSmiles(smiles)


@contextmanager
def listening() -> Iterator[list[str]]:
    """The messages of this thread while the block runs."""
    silence()
    messages: list[str] = []
    _LISTENER.heard.messages = messages
    try:
        yield messages
    finally:
        _LISTENER.heard.messages = None


def summary(messages: list[str], smiles: str = "") -> str:
    """The problem in one line: in a chemist's words where a SMILES is given, else in RDKit's own, cut."""
    if not messages:
        return msg("RDKit cannot read it as a molecule")
    if smiles and (words := in_words(smiles, "\n".join(messages))):
        return words
    first = messages[0] if len(messages[0]) <= _LONGEST else messages[0][:_LONGEST] + "…"
    where = next((match.group() for line in messages if (match := _WHERE.search(line))), "")
    return f"{first}; {where}" if where and where not in first else first
