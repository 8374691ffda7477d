"""A look at the beginning of a file: what every format decides by."""

import codecs
import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

from sciapp.engine.data.formats.archives import (
    UNREADABLE,
    chosen_member,
    members,
    open_bytes,
    packing_of,
    plain_name,
    unreadable,
)
from sciapp.engine.data.formats.encoding import called, encoding_of, known_encoding
from sciapp.engine.data.formats.table_format import FormatEvidence
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.read_options import AUTO, Reading

HEAD = 262_144
_FARTHEST = 256 << 20  # bytes that are searched for the first letter beyond ASCII


@dataclass(frozen=True)
class FileHead:
    """The first bytes, unpacked. whole: there are no more. encoding: None for what is no text.

    member: of a zip archive; members: all of them. suffix: in lower case, without that of the packing.
    """

    path: Path
    head: bytes
    whole: bool
    packing: str
    member: str
    members: tuple[str, ...]
    suffix: str
    encoding: FormatEvidence | None

    @cached_property
    def beginning(self) -> str:
        """The head as text; empty where it is no text. Signs that are damaged are replaced."""
        if self.encoding is None:
            return ""
        text = codecs.getincrementaldecoder(self.encoding.value)("replace").decode(self.head, final=self.whole)
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def text(self) -> str:
        """The same to the last whole line."""
        text = self.beginning
        return text if self.whole else text[: text.rfind("\n") + 1] or text

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n") if self.text else []

    @property
    def findings(self) -> tuple[FormatEvidence, ...]:
        """Evidence of the format that is already clear."""
        evidence = [FormatEvidence(msg("compression"), self.packing, msg("by its first bytes"))] if self.packing else []
        if self.member:
            evidence.append(
                FormatEvidence(
                    msg("member"),
                    self.member,
                    msg("the archive’s only file") if len(self.members) == 1 else msg("as said"),
                )
            )
        if self.encoding is not None:
            evidence.append(FormatEvidence(msg("encoding"), self.encoding.value, self.encoding.why))
        return tuple(evidence)


def look_at(path: Path, reading: Reading) -> FileHead:
    """Raises BadInput for a file that is missing, damaged or empty, or an archive of which no member was named."""
    try:
        packing = packing_of(path)
        inside = tuple(members(path)) if packing == "zip" else ()
        member = chosen_member(path, "" if reading.sheet == AUTO else reading.sheet) if packing == "zip" else ""
        with open_bytes(path, member) as file:
            head = file.read(HEAD)
            whole = len(head) < HEAD
            encoding = _given_encoding(reading) or encoding_of(head, whole)
            if encoding is not None and not whole and head.isascii() and reading.encoding == AUTO:
                encoding = _farther(file) or encoding
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise BadInput(
            msg("“{file}” is empty.", file=path.name),
            hint=msg("Choose a file with a header line and rows."),
            context=str(path),
        )
    suffix = Path(member).suffix.lower() if member else plain_name(path).suffix.lower()
    return FileHead(path, head, whole, packing, member, inside, suffix, encoding)


def open_text(path: Path, encoding: str, member: str = "") -> io.TextIOWrapper:
    """The file's text with its own line ends; a byte order mark is no part of it. Raises UNREADABLE, BadInput."""
    marked = {"utf-8": "utf-8-sig"}.get(encoding, encoding)
    return io.TextIOWrapper(open_bytes(path, member), encoding=marked, newline="")


def undecodable(path: Path, encoding: str, member: str = "") -> BadInput:
    """The error for bytes that cannot be in the file's encoding; looks the first wrong line up."""
    line = _first_wrong_line(path, encoding, member)
    return BadInput(
        msg(
            "“{file}” is not {called} text: line {line} cannot be read.",
            file=path.name,
            called=called(encoding),
            line=line,
        ),
        hint=msg("Say its encoding with --encoding, or save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)."),
        context=msg("{path}: line {line}", path=path, line=line),
    )


def _given_encoding(reading: Reading) -> FormatEvidence | None:
    if reading.encoding == AUTO:
        return None
    return FormatEvidence(msg("encoding"), known_encoding(reading.encoding), msg("as said"))


def _farther(file: IO[bytes]) -> FormatEvidence | None:
    """The encoding by the first block that is not all ASCII; None where there is none within reach."""
    done = HEAD
    while done < _FARTHEST and (block := file.read(HEAD)):
        if not block.isascii():
            # From the last line end before the first odd letter: a block may begin in the middle of one.
            return encoding_of(block + file.read(64), False)
        done += len(block)
    return None


def _first_wrong_line(path: Path, encoding: str, member: str) -> int:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with open_bytes(path, member) as file:
        while block := file.read(65_536):
            try:
                line += decoder.decode(block).count("\n")
            except UnicodeDecodeError as error:
                good = block[: error.start] if error.object == block else error.object[: error.start]
                return line + good.decode(encoding, "replace").count("\n")
    return line
