"""In which encoding a text is written: by its byte order mark, by its bytes, or by what its letters make.

A text that is valid UTF-8 is UTF-8. Others are told apart by charset-normalizer among the encodings that spreadsheets
of laboratories write; single accented letters among ASCII, on which it guesses, are looked for first.
"""

import codecs
import re

from sciapp.engine.data.formats.table_format import FormatEvidence
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.read_options import ENCODINGS

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSED = ["cp1252", "gb18030", "cp932", "cp1251"]
_CYRILLIC = ("cp1251", "koi8_r", "cp866", "mac_cyrillic", "iso8859_5")
_FREQUENT_IN_RUSSIAN = frozenset("оеаинтсрвлк")  # seven letters in ten, a third where the encoding is another
_LEAST_RUSSIAN = 0.6
_FEWEST_LETTERS = 8
_HIGH = re.compile(rb"[\x80-\xff]+")
_HIGH_WORD = re.compile(rb"[^\s,;\t|]*[\x80-\xff][^\s,;\t|]*")
_WESTERN = frozenset(range(0xA0, 0x100)) | frozenset(
    b"\x80\x85\x8a\x8c\x8e\x91\x92\x93\x94\x95\x96\x97\x99\x9a\x9c\x9e\x9f"
)
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_USUAL_SIGNS = frozenset("°µ±²³–—’‘“”…€£×®©™")
_MOST_LOOKED_AT = 65_536
_USUALLY = 0.8  # of the bytes of line ends: few other letters have them


def encoding_of(head: bytes, whole: bool) -> FormatEvidence | None:
    """The encoding of a text that begins with `head`, and why; None where it is no text.

    whole: `head` is all there is. A head that is ASCII alone says utf-8.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return FormatEvidence(msg("encoding"), name, msg("the file begins with its byte order mark"))
    if b"\0" in head:
        return _wide(head)
    if b"\x1b$" in head and head.isascii() and _decodes(head, "iso2022_jp", whole):
        return FormatEvidence(msg("encoding"), "iso2022_jp", msg("it changes the alphabet by escape sequences"))
    if _decodes(head, "utf-8", whole):
        return FormatEvidence(
            msg("encoding"), "utf-8", msg("all bytes are ASCII") if head.isascii() else msg("all bytes are valid UTF-8")
        )
    if _mostly_utf8(head):
        return FormatEvidence(msg("encoding"), "utf-8", msg("nearly all letters are valid UTF-8"))
    return _guessed(head, whole)


def known_encoding(name: str) -> str:
    """The name as it is written here. Raises BadInput for one that nobody knows."""
    try:
        codec = codecs.lookup(name.strip()).name
        "".encode(codec)  # some codecs are of other things than text: hex, zlib, rot13
    except (LookupError, UnicodeError, TypeError):
        listed = ", ".join(word for word, _ in ENCODINGS)
        raise BadInput(
            msg("There is no encoding “{name}”.", name=name),
            hint=msg("There are, among others: {shown}.", shown=listed),
        ) from None
    same = {"gbk": "gb18030", "gb2312": "gb18030", "shift_jis": "cp932", "iso8859-1": "latin-1"}
    return same.get(codec, codec)


def called(name: str) -> str:
    """The encoding's name for people."""
    return dict(ENCODINGS).get(name, name)


def _wide(head: bytes) -> FormatEvidence | None:
    """UTF-16 without a mark: every other byte is zero, in East Asian texts that of signs and digits alone."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if (
            zeros > 0.05 * half
            and others < 0.02 * half
            and _reads(head[: len(head) // 2 * 2], name, lines=zeros <= 0.4 * half)
        ):
            return FormatEvidence(msg("encoding"), name, msg("its zero bytes all stand at every other place"))
    return None


def _reads(head: bytes, name: str, *, lines: bool) -> bool:
    """True if it decodes to letters and white space; lines: with all the line ends that its bytes may be."""
    try:
        text = codecs.getincrementaldecoder(name)().decode(head)
    except UnicodeError:
        return False
    plain = all(sign.isprintable() or sign.isspace() for sign in text)
    ends = max("\r\n", key=text.count)
    return plain and (not lines or text.count(ends) > _USUALLY * head.count(ends.encode()))


def _guessed(head: bytes, whole: bool) -> FormatEvidence | None:
    runs = _HIGH.findall(head[:_MOST_LOOKED_AT])
    runs = runs or _HIGH.findall(head)[:1000]
    single = sum(len(run) == 1 and run[0] in _WESTERN for run in runs)
    if single >= 0.6 * len(runs):
        if not _is_text(head):
            return None
        name = "cp1252" if _decodes(head, "cp1252", whole) else "latin-1"
        if other := _of_another_machine(head, name):
            return other
        return FormatEvidence(msg("encoding"), name, msg("single accented letters stand among others"))
    words = b" ".join(_HIGH_WORD.findall(head))[:_MOST_LOOKED_AT]
    if (cyrillic := _cyrillic(words)) and _decodes(head, cyrillic, whole) and _is_text(head):
        return FormatEvidence(msg("encoding"), cyrillic, msg("its letters make words in this encoding"))
    asian = any(_decodes(head, name, whole) for name in ("gb18030", "cp932"))
    if not asian and _is_text(head) and (other := _of_another_machine(head, "cp1252")):
        return other
    from charset_normalizer import from_bytes

    for match in from_bytes(words, cp_isolation=_GUESSED):
        if _decodes(head, match.encoding, whole) and _is_text(head):
            encoding = "euc_jp" if match.encoding == "gb18030" and _is_japanese(words) else match.encoding
            return FormatEvidence(msg("encoding"), encoding, msg("its letters make words in this encoding"))
    return None


def _cyrillic(words: bytes) -> str | None:
    """The encoding of Russian words, which have the same bytes in five encodings; None where they are no such."""
    scores = {name: _russian_score(words, name) for name in _CYRILLIC}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= _LEAST_RUSSIAN else None


def _russian_score(words: bytes, name: str) -> float:
    """Share of the letters beyond ASCII that are frequent in Russian; capitals behind small letters count against."""
    text = words.decode(name, "replace")
    beyond = [index for index, sign in enumerate(text) if not sign.isascii()]
    if len(beyond) < _FEWEST_LETTERS:
        return 0.0
    frequent = sum(text[index].lower() in _FREQUENT_IN_RUSSIAN for index in beyond)
    odd = sum(text[index].isupper() and text[index - 1 : index].islower() for index in beyond)
    return (frequent - odd) / len(beyond)


def _of_another_machine(head: bytes, usual: str) -> FormatEvidence | None:
    """Western letters as an old Macintosh or DOS wrote them, where they make words and the usual ones do not."""
    part = head[:_MOST_LOOKED_AT]
    scores = {name: _western_score(part, name) for name in (usual, "mac_roman", "cp850")}
    best = max(scores, key=lambda name: scores[name])
    clearly = scores[best] - scores[usual] >= max(2, 0.5 * len(_HIGH.findall(part)))
    if best == usual or not clearly:
        return None
    return FormatEvidence(
        msg("encoding"),
        best,
        msg("its accented letters stand inside words so, and not in {called}", called=called(usual)),
    )


def _western_score(part: bytes, name: str) -> int:
    """For every letter beyond ASCII how well it stands among its neighbours."""
    text = part.decode(name, "replace")
    score = 0
    for index, sign in enumerate(text):
        if sign.isascii():
            continue
        before, after = text[index - 1 : index], text[index + 1 : index + 2]
        if sign.isalpha():
            good = before.isalpha() or after.isalpha()
            score += -2 if sign.isupper() and before.islower() else int(good)
        elif before.isalpha() and after.isalpha() and sign not in "’·–":
            score -= 2
        else:
            score += 1 if sign in _USUAL_SIGNS else -1
    return score


def _is_japanese(words: bytes) -> bool:
    """True if bytes that may be Chinese are EUC-JP: the syllables that no Chinese text has stand alike in both."""
    try:
        letters = [sign for sign in words.decode("euc_jp") if not sign.isascii()]
    except UnicodeError:
        return False
    return sum("\u3041" <= sign <= "\u30fe" for sign in letters) > 0.1 * len(letters)


def _is_text(head: bytes) -> bool:
    """True if hardly any control characters are there."""
    odd = sum(head.count(bytes([code])) for code in range(32) if code not in b"\t\n\r\x0b\x0c\x1a\x1b")
    return odd <= 0.001 * len(head)


def _mostly_utf8(head: bytes) -> bool:
    """UTF-8 with some damage: reading it as anything else would spoil all other letters."""
    good = sum(_decodes(run, "utf-8", True) for run in _MULTIBYTE.findall(head))
    bad = head.decode("utf-8", "replace").count("\N{REPLACEMENT CHARACTER}")
    return good > 4 * bad


def _decodes(content: bytes, name: str, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(content, final=whole)
    except UnicodeError:
        return False
    return True
