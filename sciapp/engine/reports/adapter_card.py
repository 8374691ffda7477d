"""The section on an adapter in a model card: how few weights learnt, and what became of them."""

from pathlib import Path

from sciapp.engine.models.prefix import PREFIX_FILE
from sciapp.records.plan import CompressPlan, TrainPlan
from sciapp.records.report import Evaluation
from sciapp.records.trained_share import method_name

_MERGED = "What it learnt is merged into the weights: nothing but transformers is needed to read them.\n"
_PROMPT = (
    "What it learnt are {tokens} virtual tokens, new rows of the embedding table; tokenizer.json puts them behind the "
    "start token of every row: use this tokenizer with this model.\n"
)
_PREFIX = """
## The prefix

Keys and values that were learnt stand before those of the row in every layer: `prefix.safetensors`, one tensor
(2, heads, virtual tokens, width of a head) for each attention module. They fit into no weight, and plain transformers
does not read that file: it would give **other, wrong numbers**, so `config.json` asks for an attention that it does not
have, and the lines above end with an error that names the file. SciApp reads it: `sciapp predict PROJECT RUN FILE
--out OUT.csv`, or from Python:

    from pathlib import Path
    from sciapp.engine.models.saved import SavedModel
    values = SavedModel.open(Path(".")).values([…])
"""


def adapter_lines(folder: Path, plan: TrainPlan | CompressPlan, evaluation: Evaluation) -> list[str]:
    """For a model folder; nothing for a model that was trained as a whole."""
    prefix = [_PREFIX] if (folder / PREFIX_FILE).is_file() else []
    if isinstance(plan, CompressPlan) or not plan.tuning.is_adapter:
        return prefix
    name = method_name(plan.tuning)
    share = [remark for remark in evaluation.remarks if remark.startswith(f"{name} trains")]
    merged = {"prefix": "", "prompt": _PROMPT.format(tokens=plan.tuning.num_virtual_tokens)}
    said = " ".join(filter(None, [*share, merged.get(plan.tuning.tuning_method, _MERGED)]))
    return [f"## How it was tuned\n\n{said}", *prefix]
