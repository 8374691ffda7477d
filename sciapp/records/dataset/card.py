"""The card of a dataset: an imported, immutable snapshot of a table.

`datasets/<id>/` holds `card.json`, `request.json` (the import as it was asked for), `table.parquet` (the rows that are
used), `rejected.csv` (the rows set aside, each with line number, reason and its text as it stands in the file) and,
where values were changed, `repairs.csv` (line, column, before, after). Columns of `table.parquet`:

    line            int64    line of the source file on which the row begins (the header is line 1)
    input           string   canonical form, as the domain cleaned it
    input2          string   with a second input only: the same of it
    split           string   train, validation or test
    target:NAME     double (regression; multilabel 0 or 1; null = not measured) or string (classification: the class
                    name; tagging: the label of each unit)
    lower:NAME      double, only where bounds of a regression target are kept: the value of this training row, which
                    is null, lies above it (null = no such bound)
    upper:NAME      double, beside it: the value lies below it
    mask            string, tagging with a mask column only: for each unit 1 (counts) or 0 (ignored)
    weight          double, with a weight column only: how much the row counts in training
    column:NAME     string   every other column of the source, as it was read
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from sciapp.i18n import Message, Text, msg, term
from sciapp.records.annotation import read_annotation
from sciapp.records.atomic import write_text
from sciapp.records.dataset.findings import Finding
from sciapp.records.dataset.number_format import DecimalSign, NumberFormat
from sciapp.records.dataset.tasks import AUTOMATIC, TaskName, TaskWish
from sciapp.records.plan.plan import Frozen
from sciapp.records.project_paths import check_inside
from sciapp.records.read_options import Reading
from sciapp.records.regular import text_in

LINE, INPUT, INPUT2, SPLIT, MASK, WEIGHT = "line", "input", "input2", "split", "mask", "weight"
TARGET_PREFIX, COLUMN_PREFIX = "target:", "column:"
LOWER_PREFIX, UPPER_PREFIX = "lower:", "upper:"
PREDICTION_PREFIX, PROBABILITY_PREFIX, ACCURACY_PREFIX = "prediction:", "probability:", "accuracy:"
"""Columns of `predictions.parquet`; see `engine.data.dataset.predictions`."""
TIME_PREFIX = "time:"
"""Likewise, of a forecast: the time at which each step is expected."""
INVALID_INPUT = msg("invalid input")
SPLITS = ("train", "validation", "test")
SPLIT_WORDS = (msg("train"), msg("validation"), msg("test"))
"""Names of the splits, for `term`."""

DomainName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""The name of a folder in `engine/domains`, where the list of them is."""
SplitMethod = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""One of `SPLIT_METHODS`, or one of a domain's own splits."""
SPLIT_METHODS: tuple[SplitMethod, ...] = ("random", "stratified", "cluster", "group", "time", "column", "file")
"""Ways to split that suit all domains."""
COLUMN_METHODS: tuple[SplitMethod, ...] = ("column", "group", "time")
"""Ways to split that read a column of the source."""


class Roles(Frozen):
    """Role of each column of the source; a column that is not named here is carried along unused.

    second_input: another input of the same kind, read together with the first: a hypothesis beside its premise, a
    solvent beside its solute.
    mask: tagging only, the column that says of each unit whether its label counts (1) or not (0).
    covariates: columns of numbers under which a row was measured (temperature, dose): the same input under other
    conditions is another row, no contradiction.
    group: rows with the same cell belong together (a patient, a plate, a paper). time: when a row came about, as dates
    or numbers.
    weight: how much a row counts while a model is trained, a number of 0 or more; scores count all rows the same.
    """

    input: str
    targets: tuple[str, ...]
    split: str | None = None
    mask: str | None = None
    covariates: tuple[str, ...] = ()
    group: str | None = None
    time: str | None = None
    weight: str | None = None
    second_input: str | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The columns of a row's inputs, in order."""
        return (self.input, self.second_input) if self.second_input else (self.input,)

    @property
    def by_column(self) -> dict[str, str]:
        """Every column that is used → what for, in a word."""
        single = {
            "split": self.split,
            "group": self.group,
            "time": self.time,
            "mask": self.mask,
            "weight": self.weight,
            msg("second input"): self.second_input,
            "input": self.input,
        }
        named = {name: role for role, name in single.items() if name}
        return named | dict.fromkeys(self.covariates, "condition") | dict.fromkeys(self.targets, "target")


class SplitPlan(Frozen):
    """Division of rows into splits. Fractions are of the rows that are used; `column` takes the file's own split.

    column: what the methods column, group and time read. validation_column: found at import beside the split column;
    training rows with True in it are validation rows.
    threshold: of clusters, how alike rows must be to stay together; None: the domain's own.
    file: an exported split, by method file; on a card only its name, with its sha256.
    folds, fold: cross-validation; fold 1 to `folds` is tested, the next one validates, the others train.
    """

    method: SplitMethod = "random"
    column: str | None = None
    validation_column: str | None = None
    fractions: tuple[float, float, float] = (0.8, 0.1, 0.1)
    seed: int = 0
    threshold: float | None = Field(None, gt=0, le=1)
    file: str | None = None
    file_sha256: str | None = None
    folds: int | None = Field(None, ge=3, le=100)
    fold: int = Field(1, ge=1)


class ImportRequest(Frozen):
    """Everything an import is told; the window's dialog and `sciapp import` both make one.

    repairs: kind of finding → policy; what is not named is dealt with as usual.
    all_folds: a dataset for each fold of the split, `repeats` times with other seeds.
    notes: sentences for the card on why it is asked for so, where it was proposed.
    task_options: of the task, by name; those that are left out have their usual value.
    parent: the dataset that the new one is another version of.
    """

    file: str
    roles: Roles
    task: TaskWish = AUTOMATIC
    split: SplitPlan = SplitPlan()
    name: str = ""
    repairs: dict[str, str] = Field(default_factory=dict)
    reading: Reading = Reading()
    all_folds: bool = False
    repeats: int = Field(1, ge=1, le=100)
    notes: tuple[Text, ...] = ()
    task_options: dict[str, int] = Field(default_factory=dict)
    parent: str = ""


class TargetSummary(Frozen):
    """A target as the Data tab and the report show it.

    Regression: `bin_edges` (n + 1) and `bin_counts` (n). Otherwise `classes` and their `class_counts`: of rows, for
    tagging of units that count; multilabel has the classes 0 and 1.
    """

    name: str
    source_column: str = Field("", description="the file's column, where the target is not that column as it stands")
    measured: int = Field(description="rows with a value; tagging: units that count")
    bounds: int = Field(0, description="training rows of which a bound is known instead of a value")
    mean: float | None = None
    standard_deviation: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    bin_edges: tuple[float, ...] = ()
    bin_counts: tuple[int, ...] = ()
    classes: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()


class LengthSummary(Frozen):
    """Lengths of the inputs, in the domain's units (atoms, residues, bases, words)."""

    unit: str
    median: float
    maximum: int
    bin_edges: tuple[float, ...] = ()
    bin_counts: tuple[int, ...] = ()


class SecondFile(Frozen):
    """A file that was looked up in at import."""

    file_name: str
    path: str
    sha256: str
    bytes: int


class Source(Frozen):
    """Origin of the rows. `path` is where the file lay at import: for people, never opened again.

    reading: how the file was read, nothing left open: it reads the same rows again. None: a card from before.
    """

    file_name: str
    path: str
    sha256: str
    bytes: int
    encoding: str
    delimiter: str
    decimal: str = Field(".", description="the sign before decimals in the file's numbers")
    reading: Reading | None = None
    joined: SecondFile | None = None


class DatasetCard(Frozen):
    """All there is to say about a dataset without opening its table."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    schema_version: int = 1
    id: str
    name: str
    notes: str = Field("", description="of a person, in annotation.json, as are tags and a name that was changed")
    tags: tuple[str, ...] = ()
    parent: str = Field("", description="the dataset that this one is another version of")
    version: int = Field(1, ge=1, description="counts the versions that come from one import")
    created: AwareDatetime
    domain: DomainName
    task: TaskName
    task_reason: Text = Field("", description="why this task, in a sentence")
    task_options: dict[str, int] = Field(default_factory=dict, description="of the task, all of them, by name")
    task_constants: dict[str, float] = Field(
        default_factory=dict, description="of the training rows, by which the task reads its targets"
    )
    roles: Roles
    source: Source
    rows_read: int
    rows_kept: int
    rows_set_aside: int
    set_aside_reasons: dict[str, int] = Field(default_factory=dict)
    remarks: tuple[Text, ...] = ()
    split: SplitPlan
    split_counts: dict[str, int]
    targets: tuple[TargetSummary, ...]
    lengths: LengthSummary
    numeric_columns: tuple[str, ...] | None = Field(
        None, description="carried columns that hold numbers; None: a card from before they were looked for"
    )
    numbers: dict[str, NumberFormat] | None = Field(
        None,
        description="columns of numbers that are not written with `source.decimal` alone; None: a card from before, "
        "when a point was always one before decimals",
    )
    findings: tuple[Finding, ...] = ()
    repairs: dict[str, str] = Field(default_factory=dict, description="what was asked for: kind of finding → policy")
    values_changed: int = Field(0, description="cells that were changed by repairs; `repairs.csv` lists them")
    fingerprint: str = Field(description="sha256 over inputs, targets, bounds, weights and split, in row order")

    @property
    def title(self) -> str:
        """“ESOL”, and “ESOL, version 2” where it comes from another dataset."""
        return msg("{name}, version {version}", name=self.name, version=self.version) if self.version > 1 else self.name

    @property
    def class_names(self) -> tuple[str, ...]:
        """Classes of the first target, in label order; () where it is a number."""
        return self.targets[0].classes

    def number_format(self, column: str) -> NumberFormat:
        """Number format of the file's column."""
        usual: DecimalSign = "," if self.source.decimal == "," else "."
        if self.numbers is None:
            return NumberFormat(decimal=".," if usual == "," else ".")
        return self.numbers.get(column, NumberFormat(decimal=usual))

    @property
    def target_names(self) -> tuple[str, ...]:
        return self.roles.targets

    def set_aside_texts(self) -> list[Message]:
        """“7 × missing label”, most first; inputs that cannot be read by what is wrong with them."""
        unread = [finding for finding in self.findings if finding.kind == "unreadable"]
        counts = dict(self.set_aside_reasons)
        counts[INVALID_INPUT] = counts.get(INVALID_INPUT, 0) - sum(finding.count for finding in unread)
        reasons: list[tuple[str, int]] = [(term(reason), count) for reason, count in counts.items() if count > 0]
        reasons += [(finding.title, finding.count) for finding in unread]
        ranked = sorted(reasons, key=lambda reason: -reason[1])
        return [msg("{count:,} × {reason:l}", count=count, reason=reason) for reason, count in ranked]

    def leaking_columns(self) -> dict[str, str]:
        """Columns that give the answer away → how they do; by the check that was made at import."""
        return {finding.column: finding.title for finding in self.findings if finding.kind == "leaks"}


class DatasetFolder:
    """The file names inside `datasets/<id>/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.card_file = folder / "card.json"
        self.request_file = folder / "request.json"
        self.table_file = folder / "table.parquet"
        self.rejected_file = folder / "rejected.csv"
        self.rejection_messages_file = folder / "rejected.jsonl"
        self.repairs_file = folder / "repairs.csv"
        self.descriptors_file = folder / "descriptors.parquet"
        self.leakage_file = folder / "leakage.json"
        self.variants_folder = folder / "variants"
        self.tokens_folder = folder / "tokens"
        self.states_folder = folder / "states"

    @property
    def project_folder(self) -> Path:
        return self.folder.parent.parent

    def card(self) -> DatasetCard:
        """The card with the name, notes and tags that a person gave to the dataset. Raises OSError or ValueError.

        A window asks twice a second: what did not change is not parsed again.
        """
        about = self.card_file.stat()
        card = _parsed(self.card_file, about.st_mtime_ns, about.st_size, about.st_ino)
        annotation = read_annotation(self.folder)
        given = {"notes": annotation.notes, "tags": annotation.tags, "name": annotation.name or card.name}
        return card.model_copy(update=given)

    def request(self) -> ImportRequest | None:
        """The import that made the dataset, as it was asked for; None for one from before it was stored."""
        try:
            return ImportRequest.model_validate_json(text_in(self.request_file))
        except (OSError, ValueError):
            return None

    def write_request(self, request: ImportRequest) -> None:
        check_inside(self.project_folder, self.request_file)
        write_text(self.request_file, request.model_dump_json(indent=2) + "\n")

    def write_card(self, card: DatasetCard) -> None:
        check_inside(self.project_folder, self.card_file)
        write_text(self.card_file, card.model_dump_json(indent=2) + "\n")


@lru_cache(maxsize=512)
def _parsed(file: Path, changed: int, size: int, number: int) -> DatasetCard:
    return DatasetCard.model_validate_json(text_in(file))
