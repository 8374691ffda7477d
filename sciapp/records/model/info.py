"""Facts about a pre-trained model that are known before it is loaded."""

from typing import Literal

from sciapp.i18n import Text, joined, msg
from sciapp.records.formatting import percent_text
from sciapp.records.plan.plan import Frozen
from sciapp.records.plan.tuning import Tuning

NOT_STATED = msg("not stated")

Origin = Literal["starter", "run", "folder", "hub", "fresh"]


class ModelFacts(Frozen):
    """One model that a training may start from. None or an empty string: not known, and shown so."""

    name: str  # what a plan's `model` says
    origin: Origin
    title: Text = ""  # what people read where the name is a long path
    domain: str = ""
    parameters: int | None = None
    layers: int | None = None
    width: int | None = None
    heads: int | None = None
    linear_sides: int | None = None  # inputs and outputs of all linear layers of the encoder, added up
    attention_sides: int | None = None  # of those in attention
    context: int | None = None  # tokens, special ones included
    licence: str = ""
    download_bytes: int | None = None
    here: bool = True  # on this computer, so that no network is needed
    note: Text = ""
    publication: str = ""

    @property
    def display_name(self) -> str:
        return self.title or self.name

    @property
    def known(self) -> bool:
        """True if there is more to say than the name."""
        return self.parameters is not None or self.layers is not None


def choice_text(facts: ModelFacts) -> str:
    """The model as an item of a list."""
    size = f"  ·  {facts.parameters / 1e6:,.1f} M" if facts.parameters is not None else ""
    return facts.display_name + size


def facts_text(facts: ModelFacts) -> str:
    """Parameters, context, licence, where it is: one line."""
    if not facts.known and not facts.here:
        return msg("It will be downloaded from the Hugging Face hub; SciApp knows nothing else about it.")
    if facts.parameters is None:
        size = msg("number not stated parameters")
    else:
        size = msg("{size} parameters", size=count_text(facts.parameters))
    context = msg("{context:,} tokens", context=facts.context) if facts.context is not None else NOT_STATED
    parts = [
        size,
        msg("longest row {context}", context=context),
    ]
    if facts.origin != "fresh":  # random weights are nobody's work
        parts.append(msg("licence {licence}", licence=facts.licence or NOT_STATED))
    return joined([*parts, location_text(facts)], " · ")


def location_text(facts: ModelFacts) -> str:
    """Location of the model, and the cost of getting it here."""
    if facts.origin == "starter":
        return msg("ships with SciApp")
    if facts.origin == "fresh":
        return msg("untrained: it learns from these rows alone")
    if facts.here:
        return msg("on this computer")
    return msg("download {size}", size=bytes_text(facts.download_bytes))


def memory_text(megabytes: int) -> str:
    """Memory of a training; rounded, for it is an estimate."""
    return msg("about {size} of memory to train", size=bytes_text(megabytes * 1_000_000))


def count_text(count: int) -> str:
    """3.4 million, 652 million."""
    millions = count / 1e6
    return (
        msg("{millions:,.1f} million", millions=millions)
        if millions < 100
        else msg("{millions:,.0f} million", millions=millions)
    )


def bytes_text(size: int | None) -> str:
    """31 MB, 2.6 GB."""
    if size is None:
        return msg("size not stated")
    return msg("{size:.1f} GB", size=size / 1e9) if size >= 1e9 else msg("{size:,.0f} MB", size=size / 1e6)


# The share of a model's weights that a training moves, in words.


_NAMES = {"ia3": "IA³", "prefix": msg("Prefix tuning"), "prompt": msg("Prompt tuning")}


def method_name(tuning: Tuning) -> str:
    """The field's name of the method."""
    if tuning.tuning_method == "lora":
        name = "DoRA" if tuning.use_dora else "rsLoRA" if tuning.use_rslora else "LoRA"
        return name if tuning.base_weights == "full" else f"{name} ({tuning.base_weights})"
    return _NAMES.get(tuning.tuning_method, msg("The training"))


def share_text(tuning: Tuning, trained: int, all_weights: int) -> str:
    """LoRA trains 0.25 of 3.4 million weights (7.47%), and the head.

    trained: of the method; the head's own, which depend on what it reads, are in neither number. Before the run and
    after it the same.
    """
    if tuning.tuning_method == "head":
        return msg(
            "Only the head learns; the {all_weights:,.1f} million weights of the model stay as they are",
            all_weights=all_weights / 1e6,
        )
    few = f"{trained / 1e6:,.2f}" if trained >= 1e5 else f"{trained / 1e6:.3f}"
    share = percent_text(trained / max(1, all_weights), 2)
    return msg(
        "{method} trains {few} of {all:,.1f} million weights ({share}), and the head",
        method=method_name(tuning),
        few=few,
        all=all_weights / 1e6,
        share=share,
    )


def before_start_text(tuning: Tuning, trained: int, all_weights: int, megabytes: int) -> str:
    """Text shown before Start: the share that learns, and the memory."""
    return joined([share_text(tuning, trained, all_weights), memory_text(megabytes)], ", ")
