"""The evaluation record: scores with intervals, baselines, the verdict. Written as `evaluation.json`."""

from pydantic import ConfigDict, Field

from sciapp.i18n import Text
from sciapp.records.plan.plan import Frozen


class Score(Frozen):
    """One metric with its 95 % interval. `target` is empty for a score over all targets."""

    name: str = Field(description="rmse, mae, r2, spearman, accuracy, macro_f1, precision, recall, roc_auc, …")
    value: float | None = Field(description="None: not defined on these rows (e.g. ROC-AUC with one class)")
    low: float | None = None
    high: float | None = None
    greater_is_better: bool = True
    target: str = ""
    interval: str = Field("bootstrap", description="bootstrap; wilson: all redrawn rows gave the same score")


class Scores(Frozen):
    """The scores of one predictor on one set of rows."""

    predictor: Text = Field(description="“Fine-tuned model”, “Mean of the training rows”, …")
    rows: int
    scores: tuple[Score, ...]

    def get(self, name: str, target: str = "") -> Score | None:
        """The score of that name (over all targets unless one is named)."""
        return next((s for s in self.scores if s.name == name and s.target == target), None)


class Confusion(Frozen):
    """counts[i][j]: test rows of class i that were predicted as class j; or units of them, as `counted` says."""

    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    counted: Text = Field("rows", description="rows, residues, bases or words")


class Curve(Frozen):
    """Points of a ROC curve, of one class against the rest or of one target: x false, y true positive rate."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]


class Footprint(Frozen):
    """Costs of a model: bytes on disk, milliseconds for one row (median and quartiles over repeats)."""

    label: Text
    bytes: int
    milliseconds_per_row: float
    milliseconds_low: float
    milliseconds_high: float
    threads: int
    rows_timed: int


class ExtraFeatures(Frozen):
    """Inputs of the head of a model in addition to the encoder's output."""

    descriptors: int = Field(0, description="how many of the domain's descriptors")
    covariates: tuple[str, ...] = ()
    rule: Text = Field("", description="the rule whose predictions the head began with")


class MemberShare(Frozen):
    """A part of a model that is a weighted mean. share: 0 to 1, of the answer."""

    title: Text
    share: float


class PairedDifference(Frozen):
    """Main score of one predictor minus that of another on the same rows, with the 95 % interval of redrawn rows."""

    difference: float
    low: float
    high: float

    @property
    def may_be_luck(self) -> bool:
        """True if the interval holds zero."""
        return self.low <= 0 <= self.high


class Evaluation(Frozen):
    """Everything measured at the end of a run, on rows that training never saw."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", ser_json_inf_nan="null", validate_by_name=True, serialize_by_alias=True
    )
    schema_version: int = 1
    task: str
    split: str = "test"
    target_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()
    main_score: str = Field(description="the score that selects the best model: rmse or macro_f1 …")
    model: Scores
    trivial_baseline: Scores | None = None
    simple_baseline: Scores | None = None
    further_baselines: tuple[Scores, ...] = ()
    validation_before: Scores | None = Field(None, description="as the model began to learn")
    validation_after: Scores | None = None
    confusion: Confusion | None = None
    roc: tuple[Curve, ...] = ()
    verdict: Text = ""
    beats_simple_baseline: bool | None = None
    difference: PairedDifference | None = Field(
        None,
        description="main score of the model minus that of the simple baseline; None: not comparable, or from "
        "before it was written down",
    )
    extra_features: ExtraFeatures | None = Field(
        None, alias="beside", description="None: the head reads the encoder's output alone"
    )
    members: tuple[MemberShare, ...] = Field(
        (), description="of a model that is a weighted mean: the transformer, then the simple models that count"
    )
    before_compression: Scores | None = None
    footprints: tuple[Footprint, ...] = Field((), description="compression: before, after")
    bootstrap_samples: int = 0
    remarks: tuple[Text, ...] = ()

    @property
    def baselines(self) -> tuple[Scores, ...]:
        """All that there are, those that are hardest to beat first."""
        whole = (self.simple_baseline, *self.further_baselines, self.trivial_baseline)
        return tuple(side for side in whole if side is not None)

    @property
    def has_wilson(self) -> bool:
        """True if the interval of some score could not come from redrawn rows."""
        sides = (self.model, *self.baselines, self.before_compression)
        return any(score.interval == "wilson" for side in sides if side is not None for score in side.scores)
