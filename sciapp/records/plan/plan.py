"""Plans: frozen values that say all there is to say about a run before it starts.

Saved as YAML or JSON a plan is a recipe that people share. Names of settings are those of Hugging Face's trainer
where it has one.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, TypeGuard, TypeVar, get_args

from pydantic import Field, TypeAdapter, ValidationError

from sciapp.errors import BadInput, UnknownSetting
from sciapp.i18n import msg
from sciapp.records.base import Frozen as Frozen
from sciapp.records.model.reference import fresh_size, model_words
from sciapp.records.plan.augmentation import Augmentations, Regularization
from sciapp.records.plan.compression import CompressionName
from sciapp.records.plan.kinds import PlanKind
from sciapp.records.plan.optimization import Averaging as Averaging
from sciapp.records.plan.optimization import Optimization as Optimization
from sciapp.records.plan.tuning import Tuning as Tuning
from sciapp.records.read_options import Reading


class Batching(Frozen):
    """Division of rows into batches.

    A budget of tokens alone would put a small table of short rows (formulas, small molecules) into one or two batches,
    and the weights would move once or twice in a pass: `min_steps_per_epoch` makes batches of such rows smaller.
    """

    tokens_per_batch: int = Field(2048, ge=64, le=1_048_576, description="token budget of one batch, padding included")
    min_steps_per_epoch: int = Field(
        24,
        ge=1,
        le=10_000,
        description="where rows are few a batch takes fewer of them, down to 8, so that a pass has so many steps; "
        "1: as many rows as the token budget holds",
    )
    gradient_accumulation_steps: int = Field(1, ge=1, le=1024)
    max_length: int = Field(256, ge=8, le=8192, description="tokens; longer rows are cut at the end")
    gradient_checkpointing: bool = Field(
        False, description="compute activations again on the way back: less memory, a third slower, the same numbers"
    )

    def most_rows(self, rows: int) -> int:
        """The largest number of rows in a batch of a training on so many rows; the token budget may ask for less."""
        steps = self.min_steps_per_epoch * self.gradient_accumulation_steps
        return rows if self.min_steps_per_epoch == 1 else max(FEWEST_ROWS, rows // steps)


FEWEST_ROWS = 8
"""Rows of a batch that `min_steps_per_epoch` leaves: the gradient of fewer is mostly chance."""


class Stopping(Frozen):
    """End of training, and the checkpoints that are saved."""

    num_train_epochs: int = Field(30, ge=1, le=10_000)
    max_steps: int = Field(0, ge=0, description="0: as the epochs say")
    early_stopping_patience: int = Field(8, ge=0, description="validations without a better score; 0: never")
    eval_steps: int = Field(0, ge=0, description="steps between validations; 0: once an epoch")
    save_steps: int = Field(50, ge=1, description="steps between checkpoints; a killed run resumes from the last")
    save_total_limit: int = Field(2, ge=1, le=100, description="latest checkpoints kept beside the best")


Precision = Literal["auto", "fp32", "bf16", "fp16"]


class TrainPlan(PlanKind):
    """Fine-tune `model` on `dataset`."""

    title: ClassVar[str] = msg("Training")
    deed: ClassVar[str] = msg("trained a model")
    trains: ClassVar[bool] = True
    fits_labels: ClassVar[bool] = True
    is_evaluated: ClassVar[bool] = True
    kind: Literal["train"] = "train"
    dataset: str
    model: str = Field("molecule-starter", description="bundled starter, local folder or hub id")
    seed: int = Field(0, ge=0, lt=2**32)
    dropout: float = Field(0.1, ge=0, lt=1)
    threads: int = Field(0, ge=0, le=1024, description="processor threads; 0: all cores")
    devices: int = Field(1, ge=1, le=64, description="GPUs, or processes that share the cores, that train together")
    precision: Precision = Field("auto", description="number format of the forward pass; auto: the fastest there is")
    descriptors: Literal["auto", "on", "off"] = Field(
        "auto", description="join the domain's descriptors to the encoder's output; auto: as training rows left out say"
    )
    covariates: tuple[str, ...] = Field((), description="numeric columns of the table that the head reads as well")
    members: Literal["on", "off"] = Field(
        "on", description="simple models beside the transformer, weighted by rows that they did not learn from"
    )
    tuning: Tuning = Tuning()
    optimization: Optimization = Optimization()
    averaging: Averaging = Averaging(weight_averaging="ema")
    batching: Batching = Batching()
    stopping: Stopping = Stopping()
    augmentation: Augmentations = Augmentations()
    regularization: Regularization = Regularization()

    @property
    def base_text(self) -> str:
        return model_words(self.model)

    @property
    def dataset_read(self) -> str:
        return self.dataset

    @property
    def origin(self) -> str:
        return self.model

    @property
    def device_count(self) -> int:
        return self.devices

    @property
    def epochs(self) -> int:
        return self.stopping.num_train_epochs

    @property
    def weights_tuned(self) -> Tuning:
        return self.tuning


class Masking(Frozen):
    """Masking of rows for a model that learns without labels."""

    masked_share: float = Field(0.15, gt=0, lt=1, description="share of the tokens that are hidden")
    span_length: int = Field(1, ge=1, le=16, description="mean length of hidden spans in tokens; 1: single tokens")
    descriptor_weight: float = Field(
        1.0, ge=0, le=100, description="weight of predicting the domain's descriptors from whole rows; 0: not at all"
    )
    randomize: bool = Field(True, description="another spelling of each row in every epoch, where the domain has one")


class PretrainPlan(PlanKind):
    """Self-supervision: go on training an encoder, or train one from scratch, on rows without labels.

    Either `dataset` (its training rows) or `file` (a table or a list of rows) says where the rows come from.
    """

    title: ClassVar[str] = msg("Pre-training")
    deed: ClassVar[str] = msg("learnt from rows without labels")
    trains: ClassVar[bool] = True
    kind: Literal["pretrain"] = "pretrain"
    dataset: str = Field("", description="a dataset of the project; only its training rows are read")
    file: str = Field("", description="absolute path of a file with rows, labels or none")
    input_column: str = Field("", description="empty: proposed from the columns")
    reading: Reading = Field(Reading(), description="how the file is read")
    model: str = Field("", description="what to go on from: starter, folder, run or hub id; empty: from scratch")
    size: Literal["tiny", "small", "medium"] = Field("small", description="the network of a training from scratch")
    seed: int = Field(0, ge=0, lt=2**32)
    threads: int = Field(0, ge=0, le=1024, description="processor threads; 0: all cores")
    devices: int = Field(1, ge=1, le=64, description="GPUs, or processes that share the cores, that train together")
    precision: Precision = Field("auto", description="number format of the forward pass; auto: the fastest there is")
    masking: Masking = Masking()
    optimization: Optimization = Optimization(learning_rate=5e-4)
    averaging: Averaging = Averaging()
    batching: Batching = Batching(tokens_per_batch=4096)
    stopping: Stopping = Stopping(num_train_epochs=3, early_stopping_patience=0, save_steps=200)

    @property
    def subject(self) -> str:
        return self.file or self.dataset

    @property
    def base_text(self) -> str:
        return model_words(self.model) or msg("from scratch, {size}", size=self.size)

    @property
    def dataset_read(self) -> str:
        return self.dataset

    @property
    def file_read(self) -> str:
        return self.file

    @property
    def origin(self) -> str:
        return self.model

    @property
    def device_count(self) -> int:
        return self.devices

    @property
    def epochs(self) -> int:
        return self.stopping.num_train_epochs


class CompressPlan(PlanKind):
    """Make the model of a finished run smaller or faster, and judge it on the same test rows."""

    title: ClassVar[str] = msg("Compression")
    deed: ClassVar[str] = msg("made a model smaller")
    compresses: ClassVar[bool] = True
    is_evaluated: ClassVar[bool] = True
    kind: Literal["compress"] = "compress"
    run: str = Field(description="id of the run whose model is compressed")
    method: CompressionName = "quantize"
    threads: int = Field(0, ge=0, le=1024)

    @property
    def base_text(self) -> str:
        return self.method

    @property
    def source_run(self) -> str:
        return self.run


class PredictPlan(PlanKind):
    """Apply the model of a finished run to the rows of a file."""

    title: ClassVar[str] = msg("Prediction")
    deed: ClassVar[str] = msg("predicted new rows")
    predicts_file: ClassVar[bool] = True
    kind: Literal["predict"] = "predict"
    run: str = Field(description="id of the run whose model predicts")
    file: str = Field(description="absolute path of the table to predict")
    input_column: str = Field("", description="empty: the column that the model was trained on, or the like")
    second_input_column: str = Field("", description="the same for the second input, where the model reads two")
    reading: Reading = Field(Reading(), description="how the file is read")
    threads: int = Field(0, ge=0, le=1024)

    @property
    def base_text(self) -> str:
        return self.run

    @property
    def file_read(self) -> str:
        return self.file

    @property
    def source_run(self) -> str:
        return self.run


Plan = Annotated[TrainPlan | PretrainPlan | CompressPlan | PredictPlan, Field(discriminator="kind")]

PLAN_KINDS: Mapping[str, type[PlanKind]] = {
    kind.model_fields["kind"].default: kind for kind in get_args(get_args(Plan)[0])
}
"""Name, as plans and run folders have it → the class that states the kind's facts."""

_PLANS: TypeAdapter[Plan] = TypeAdapter(Plan)
_PARTS = ("masking", "tuning", "optimization", "averaging", "batching", "stopping", "augmentation", "regularization")
_NO_LEAVES = frozenset({"kind", "reading", *_PARTS})
# What a plan is about; the rest is how it is done.
_SUBJECTS = frozenset({"kind", "dataset", "file", "input_column", "model", "size"})
_RETIRED = {
    "train": frozenset({"compare_augmentation", "compared_with", "all_folds", "first_fold", "continued_from"}),
    "pretrain": frozenset({"then"}),
}
"""Settings of plans and recipes from before studies, passed over: what follows on a run is a study's now."""

_EARLIER: Mapping[str, dict[str, Any]] = {"batching": {"min_steps_per_epoch": 1}}
"""Parts of a plan → the settings that came later, as versions before them trained."""


Settled = TypeVar("Settled", TrainPlan, PretrainPlan)


AnyPlan = TypeVar("AnyPlan", bound=PlanKind)


def read_plan_of(kind: type[AnyPlan], value: Mapping[str, Any]) -> AnyPlan:
    """The plan of this kind that a mapping spells, whatever kind it names. Raises BadInput as `read_plan` does."""
    plan = read_plan({**value, "kind": kind.model_fields["kind"].default})
    assert isinstance(plan, kind)
    return plan


def read_plan(value: Any) -> Plan:
    """The plan that a mapping (from JSON or YAML) spells; raises BadInput naming the first wrong setting, and for a
    value that is no mapping."""
    if not isinstance(value, Mapping):
        raise BadInput(msg("A plan is a mapping from settings to values; this is none."), context=repr(value)[:200])
    retired = _RETIRED.get(str(value.get("kind")), frozenset())
    try:
        return _PLANS.validate_python({name: setting for name, setting in value.items() if name not in retired})
    except ValidationError as error:
        raise _phrased(error) from error


def read_saved_plan(value: Any) -> Plan:
    """The plan of a run's folder. A setting that the version which wrote it did not know has the value by which that
    version trained, so that a run goes on as it began. Raises BadInput as `read_plan` does.
    """
    return read_plan(with_earlier_settings(value) if isinstance(value, Mapping) else value)


def with_earlier_settings(value: Mapping[str, Any]) -> dict[str, Any]:
    """A plan that was saved, with the settings that came after the version which wrote it."""
    earlier = {part: usual | value[part] for part, usual in _EARLIER.items() if isinstance(value.get(part), dict)}
    alone = {"members": "off", "averaging": {"weight_averaging": "none"}} if value.get("kind") == "train" else {}
    return {**alone, **value, **earlier}


def is_fine_tuning(plan: Plan) -> TypeGuard[TrainPlan]:
    """`plan.fits_labels` for the type checker: only such plans have a head, a loss and a dataset with targets."""
    return isinstance(plan, TrainPlan)


def is_settable(plan: Plan) -> TypeGuard[TrainPlan | PretrainPlan]:
    """`plan.trains` for the type checker: only such plans have leaf settings."""
    return isinstance(plan, TrainPlan | PretrainPlan)


def is_pretraining(plan: Plan) -> TypeGuard[PretrainPlan]:
    """True for a plan of self-supervision, for the type checker."""
    return isinstance(plan, PretrainPlan)


def is_prediction(plan: Plan) -> TypeGuard[PredictPlan]:
    """`plan.predicts_file` for the type checker: only such plans say how their file is read."""
    return isinstance(plan, PredictPlan)


def before_training(first: PretrainPlan, training: TrainPlan) -> PretrainPlan:
    """`first` as the run before `training`: from the same model, with its seed, threads and longest row."""
    batching = first.batching.model_copy(update={"max_length": training.batching.max_length})
    shared = {"model": training.model, "seed": training.seed, "threads": training.threads, "batching": batching}
    if size := fresh_size(training.model):
        shared |= {"model": "", "size": size}
    dataset = "" if first.file else training.dataset
    return first.model_copy(update=shared | {"dataset": dataset})


def continuing(plan: TrainPlan, epochs: int) -> TrainPlan:
    """The training that goes on where one with `plan` ended, up to so many passes in all."""
    stopping = plan.stopping.model_copy(update={"num_train_epochs": epochs, "max_steps": 0})
    return plan.model_copy(update={"stopping": stopping})


def setting_names(plan: TrainPlan | PretrainPlan | None = None) -> list[str]:
    """Every name that `with_settings` takes for such a plan (None: a TrainPlan), without the parts' own names."""
    return list(leaf_settings(plan or TrainPlan(dataset="")))


def with_settings(plan: Settled, settings: Mapping[str, Any]) -> Settled:
    """A copy of `plan` with leaf settings replaced, e.g. `{"learning_rate": "1e-4"}`; strings are converted.

    Raises UnknownSetting for a name that does not exist and BadInput for a value out of range.
    """
    value = plan.model_dump()
    for name, setting in settings.items():
        group = _group_of(name, value, setting_names(plan))
        leaf = name.rpartition(".")[2]
        group[leaf] = words_of(setting) if isinstance(group[leaf], tuple) else setting
    read = read_plan(value)
    assert isinstance(read, type(plan))
    return read


def words_of(setting: Any) -> Any:
    """A setting of several words as it is typed: `T, pH`, or `["T, K", "pH"]` for names with commas.

    Raises BadInput for a list of that kind that cannot be read.
    """
    if not isinstance(setting, str):
        return setting
    text = setting.strip()
    if not text.startswith('["'):
        return tuple(word.strip() for word in text.removeprefix("[").removesuffix("]").split(",") if word.strip())
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput(
            msg("“{text}” is no list of names.", text=text), hint=msg('For example ["T, K", "pH"].')
        ) from error


def words_text(words: Sequence[str]) -> str:
    """Text that `words_of` reads as these words, names with commas, brackets and spaces at their ends too."""
    plain = all(word and word == word.strip() and not set(word) & set(",[]") for word in words)
    return ",".join(words) if plain else json.dumps(list(words), ensure_ascii=False)


def changed_settings(plan: TrainPlan | PretrainPlan) -> dict[str, Any]:
    """The leaf settings in which `plan` differs from the defaults (what it is about aside)."""
    usual = leaf_settings(TrainPlan(dataset="") if is_fine_tuning(plan) else PretrainPlan())
    return {k: v for k, v in leaf_settings(plan).items() if k not in _SUBJECTS and v != usual[k]}


def changed_text(plan: TrainPlan | PretrainPlan) -> str:
    """`changed_settings` for people: “learning_rate 0.001, seed 3”; empty where all are the usual ones."""
    return ", ".join(
        f"{name} {words_text(setting) if isinstance(setting, tuple) else setting}"
        for name, setting in changed_settings(plan).items()
    )


def differing_settings(one: TrainPlan, other: TrainPlan) -> list[str]:
    """Names of the leaf settings in which two plans differ."""
    first, second = leaf_settings(one), leaf_settings(other)
    return [name for name in first if first[name] != second[name]]


def leaf_settings(plan: TrainPlan | PretrainPlan) -> dict[str, Any]:
    """Every setting by name, those of the parts too."""
    value = plan.model_dump()
    parts = [value[part] for part in _PARTS if part in value]
    leaves = {name: setting for name, setting in value.items() if name not in _NO_LEAVES}
    for part in parts:
        leaves |= part
    return leaves


def _group_of(name: str, value: dict[str, Any], known: list[str]) -> dict[str, Any]:
    leaf = name.rpartition(".")[2]
    if leaf in value and leaf not in _NO_LEAVES:
        return value
    for part in _PARTS:
        if leaf in value.get(part, {}):
            return value[part]  # type: ignore[no-any-return]
    raise UnknownSetting(name, known)


def _phrased(error: ValidationError) -> BadInput:
    first = error.errors()[0]
    where = ".".join(
        str(step) for step in first["loc"] if step not in {"train", "pretrain", "compress", "predict"}
    ) or msg("the plan")
    value = first.get("input")
    return BadInput(
        msg("The setting “{setting}” cannot be used: {reason}.", setting=where, reason=first["msg"])
        if isinstance(value, dict)
        else msg(
            "The setting “{setting}” cannot be used: {reason} (given: {value!r}).",
            setting=where,
            reason=first["msg"],
            value=value,
        ),
        context=str(error),
    )
