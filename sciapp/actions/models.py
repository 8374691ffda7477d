"""Facts about models for the window: of one for the chosen dataset and batches, and of all of them in a table."""

from collections.abc import Sequence
from importlib.util import find_spec

import psutil
import pyarrow as pa

from sciapp.actions.tables import Column, MemorySource
from sciapp.engine.hub.memory_estimate import training_memory
from sciapp.engine.hub.parameter_count import all_weights, method_weights
from sciapp.records.model.info import NOT_STATED, ModelFacts, before_start_text, bytes_text, memory_text, place_text
from sciapp.records.plan.plan import Batching, TrainPlan

_KINDS = {"molecule": "molecules", "protein": "proteins", "nucleotide": "DNA or RNA", "text": "text"}


def memory_needed(facts: ModelFacts, plan: TrainPlan) -> str:
    """About how much memory a training takes, and how few of the weights learn; empty when it cannot be told."""
    needed, tuning = _memory(facts, plan), plan.tuning
    learning, weights = method_weights(facts, tuning), all_weights(facts, tuning)
    if needed is None or learning is None or weights is None:
        return ""
    return before_start_text(tuning, learning, weights, needed) if tuning.leaves_encoder else memory_text(needed)


def model_warnings(facts: ModelFacts, *, domain: str, plan: TrainPlan) -> list[str]:
    """What speaks against training this model on a dataset of `domain` on this computer."""
    said = []
    if facts.domain and domain and facts.domain != domain:
        said.append(f"This model learnt from {_KINDS[facts.domain]}, but the dataset holds {_KINDS[domain]}.")
    needed, there = _memory(facts, plan), psutil.virtual_memory().total // 1_000_000
    if needed is not None and needed > there:
        said.append(
            f"Training may need more memory than this computer has ({bytes_text(there * 1_000_000)}). "
            "Choose a smaller model, or fewer tokens per batch."
        )
    return said


def _memory(facts: ModelFacts, plan: TrainPlan) -> int | None:
    return training_memory(facts, plan.batching, plan.tuning, plan.optimization, plan.averaging)


def model_table(models: Sequence[ModelFacts]) -> MemorySource:
    """One row a model; the first column is its name as people read it. Unknown numbers are null and sort last."""
    usual = Batching()
    memory = [training_memory(facts, usual) for facts in models]
    columns: list[tuple[str, pa.Array]] = [
        ("Model", pa.array([facts.shown_name for facts in models], pa.string())),
        ("Learnt from", pa.array([_KINDS.get(facts.domain, NOT_STATED) for facts in models], pa.string())),
        ("Parameters (M)", pa.array([_divided(facts.parameters, 1e6) for facts in models], pa.float64())),
        ("Longest row", pa.array([facts.context for facts in models], pa.int64())),
        ("Memory (GB)", pa.array([_divided(needed, 1e3) for needed in memory], pa.float64())),
        ("Where", pa.array([place_text(facts) for facts in models], pa.string())),
        ("Licence", pa.array([facts.licence or NOT_STATED for facts in models], pa.string())),
        ("Remark", pa.array([facts.note for facts in models], pa.string())),
        ("Publication", pa.array([facts.publication for facts in models], pa.string())),
    ]
    told = tuple(Column(str(place), title, "", kind.type != pa.string()) for place, (title, kind) in enumerate(columns))
    return MemorySource(pa.table({str(place): cells for place, (_, cells) in enumerate(columns)}), told)


def _divided(count: int | None, unit: float) -> float | None:
    return None if count is None else round(count / unit, 1)


# Which optional packages there are, found out without importing them: the window never loads torch.


def optional_packages() -> dict[str, object]:
    """Facts for the training form (see `ui.editors.fields.When`): name of a package → whether it is installed."""
    return {"bitsandbytes": find_spec("bitsandbytes") is not None}
