"""Reading options of a file, as a person gave them; whatever is “auto” is detected from the file's content."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sciapp.i18n import msg

AUTO = "auto"
NOT_JOINED = "none"

DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|", "blank": " ", "none": ""}
"""The words for signs between cells. blank: any run of blanks; none: a line is one cell."""

QUOTES = {"double": '"', "single": "'", "backslash": '\\"', "none": ""}
"""The words for what stands around cells. backslash: double marks, and those that belong to a text have a backslash in
front, as MySQL, Spark and R write them.
"""


ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("utf-8-sig", msg("UTF-8 (with byte order mark)")),
    ("utf-16", "UTF-16"),
    ("utf-16-le", "UTF-16 LE"),
    ("utf-16-be", "UTF-16 BE"),
    ("cp1252", msg("Windows-1252 (Western)")),
    ("latin-1", msg("Latin-1 (Western)")),
    ("mac_roman", msg("Mac Roman (Western, old Macintosh)")),
    ("cp850", msg("DOS 850 (Western)")),
    ("cp1250", msg("Windows-1250 (Central Europe)")),
    ("cp1251", msg("Windows-1251 (Cyrillic)")),
    ("koi8_r", msg("KOI8-R (Cyrillic)")),
    ("cp866", msg("DOS 866 (Cyrillic)")),
    ("mac_cyrillic", msg("Mac Cyrillic (old Macintosh)")),
    ("iso8859_5", msg("ISO 8859-5 (Cyrillic)")),
    ("gb18030", msg("GB18030, GBK (Chinese)")),
    ("big5", msg("Big5 (Chinese)")),
    ("cp932", msg("Shift-JIS (Japanese)")),
    ("euc_jp", msg("EUC-JP (Japanese)")),
    ("euc_kr", msg("EUC-KR (Korean)")),
)
"""The encodings that people choose from, with what they are called; any other that Python knows can be named."""

SUFFIXES = tuple(
    ".csv .tsv .tab .psv .txt .dat .data .prn .smi .smiles .sdf .sd .mol .fasta .fa .faa .fna .ffn .fas .fastq .fq "
    ".gb .gbk .gbff .ts .conll .conllu .bio .iob .json .jsonl .ndjson .parquet .feather .arrow .fits .fit .fts .xlsx "
    ".xlsm .xlsb .xls .ods".split()
)
PACKED = (".gz", ".bz2", ".xz", ".zip")
"""Endings of the files that dialogs show; what a file is decides its content."""


def file_filter(title: str) -> str:
    """For a file dialog: “Tables (*.csv …);;All files (*)”."""
    return msg(
        "{title} ({patterns});;All files (*)",
        title=title,
        patterns=" ".join(f"*{suffix}" for suffix in (*SUFFIXES, *PACKED)),
    )


class SeriesColumns(BaseModel):
    """Columns of a long table, in which one object has many rows, a row for each point of its series.

    id: the columns that together name the object. time: when, or where along another axis, its points were measured.
    values: what was measured; several are measured at the same times, and each is a band of the series. band: says
    which band a point is of. error: standard deviations. alike: columns that say the same of all points of an object
    and stay beside its series. What is left empty is found out from the columns; `alike` where it is None.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: tuple[str, ...] = ()
    time: str = ""
    values: tuple[str, ...] = ()
    error: str = ""
    band: str = ""
    alike: tuple[str, ...] | None = None

    @property
    def wanted(self) -> bool:
        """True if rows are gathered to series."""
        return bool(self.id or self.time or self.values or self.error or self.band)


class SeriesAxis(BaseModel):
    """The axis of series, as far as a person says it or headings tell it.

    start, end, step: of the points in the order of their columns or of a list, up or down. unit: of the axis, such as
    nm or cm-1. title: of what lies along it. values: name, and unit, of what was measured.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: float | None = Field(None, allow_inf_nan=False)
    end: float | None = Field(None, allow_inf_nan=False)
    step: float | None = Field(None, allow_inf_nan=False)
    unit: str = Field("", max_length=40)
    title: str = Field("", max_length=80)
    values: str = Field("", max_length=80)

    @property
    def stated(self) -> bool:
        """True if anything is said."""
        return self != SeriesAxis()


class Reading(BaseModel):
    """All “auto” by default; the same value reads the same file in the same way again.

    format: a name such as table, fasta, sdf. encoding: a name that Python knows. delimiter and quote: a word of
    DELIMITERS and QUOTES; a delimiter may be any other sign. comment: what lines begin with that are no rows. sheet: of
    a workbook, a member of an archive, or a part of a Hugging Face data set.
    lines: “40-70”, the first and last line of a table that stands in a page of text. labels: a FASTA file with a
    string of labels for each sequence; beside series a table with a row for each object. download: whether a data set
    may be fetched from the Hugging Face hub. series: the columns by which rows are gathered to series; None: they are
    not, whatever they look like. axis: of the series.
    join: a second file, such as the sequences of the ids in this one. on: the columns with ids, “protein_a” or
    “protein_a=id” where the second file calls them otherwise; found out where it is empty. together: columns whose
    cells are joined to one. joined_as: the domain whose value they make; auto: texts, or what the columns' names say;
    none: no columns are joined unasked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = AUTO
    encoding: str = AUTO
    delimiter: str = Field(AUTO, pattern=r"^(auto|comma|tab|semicolon|pipe|blank|none|[^\w\s\"'])$")
    quote: Literal["auto", "double", "single", "backslash", "none"] = "auto"
    header: Literal["auto", "yes", "no"] = "auto"
    decimal: Literal["auto", ".", ","] = "auto"
    comment: Literal["auto", "none", "#", "%", "//"] = "auto"
    sheet: str = AUTO
    lines: str = Field(AUTO, pattern=r"^(auto|\d+-\d*)$")
    labels: str = ""
    download: bool = False
    series: SeriesColumns | None = SeriesColumns()
    axis: SeriesAxis = SeriesAxis()
    join: str = ""
    on: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    joined_as: str = AUTO
