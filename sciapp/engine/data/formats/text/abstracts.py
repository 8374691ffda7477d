"""Sentences of abstracts with labels, as PubMed 200k RCT has them (Dernoncourt & Lee 2017, arXiv:1710.06071).

`###24491034`, below it `LABEL<tab>sentence` for every sentence, then an empty line.
"""

import re
from pathlib import Path

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.text.lines import broken, numbered_lines, text_format
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

COLUMNS = ("abstract_id", "position", "label", "sentence")

_BEGIN = re.compile(r"###\s*(\S+)\s*")
_FEWEST = 3  # lines


class Abstracts:
    """A row for each sentence, with the abstract that it belongs to and its place there, from 1."""

    name = "abstracts"
    title = msg("sentences of abstracts")

    def fits(self, look: FileHead) -> str:
        lines = [line for line in look.lines if line.strip()]
        sentences = [line for line in lines if not _BEGIN.fullmatch(line)]
        if len(lines) < _FEWEST or not _BEGIN.fullmatch(lines[0]) or not sentences:
            return ""
        labelled = all(line.count("\t") == 1 and line.partition("\t")[0].strip() for line in sentences)
        return msg("“###id” stands above lines of a label, a tab and a sentence") if labelled else ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        format = text_format(self.name, look, COLUMNS)
        return format.because(FormatEvidence(msg("columns"), ", ".join(COLUMNS), msg("a row for each sentence")))

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(COLUMNS))
        abstract, position = "", 0
        for number, line in numbered_lines(path, format):
            if begin := _BEGIN.fullmatch(line):
                abstract, position = begin[1], 0
            elif line.strip():
                label, tab, sentence = line.partition("\t")
                if not tab or not abstract:
                    raise broken(path, number, msg("is no label, a tab and a sentence below “###id”"))
                position += 1
                yield Record(number, [abstract, str(position), label.strip(), sentence.strip()], line)


FORMAT = Abstracts()
