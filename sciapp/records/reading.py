"""How a file is to be read: what a person said; whatever is “auto” is found out from the file's content."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

AUTO = "auto"

DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|", "blank": " ", "none": ""}
"""The words for signs between cells. blank: any run of blanks; none: a line is one cell."""

QUOTES = {"double": '"', "single": "'", "none": ""}


class Reading(BaseModel):
    """All “auto” by default; the same value reads the same file in the same way again.

    format: a name such as table, fasta, sdf. encoding: a name that Python knows. delimiter and quote: a word of
    DELIMITERS and QUOTES. sheet: of a workbook, a member of an archive, or a part of a Hugging Face data set.
    lines: “40-70”, the first and last line of a table that stands in a page of text. labels: a FASTA file with a
    string of labels for each sequence. download: whether a data set may be fetched from the Hugging Face hub.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = AUTO
    encoding: str = AUTO
    delimiter: Literal["auto", "comma", "tab", "semicolon", "pipe", "blank", "none"] = "auto"
    quote: Literal["auto", "double", "single", "none"] = "auto"
    header: Literal["auto", "yes", "no"] = "auto"
    decimal: Literal["auto", ".", ","] = "auto"
    sheet: str = AUTO
    lines: str = Field(AUTO, pattern=r"^(auto|\d+-\d*)$")
    labels: str = ""
    download: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether everything is left to the file's content."""
        return self == Reading()
