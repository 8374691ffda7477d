import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from tokenizers import processors
from torch import Tensor, nn
from transformers import (
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    BertConfig,
    BertModel,
)

from sciapp.engine.hub.catalog import describe
from sciapp.engine.hub.parameter_count import trained_weights
from sciapp.engine.models.load import load_classifier, load_tokenizer, local_folder
from sciapp.engine.models.model_folder import ModelFolder
from sciapp.engine.models.pair_encoding import separated
from sciapp.engine.models.parts.base import ModelContents
from sciapp.engine.models.parts.prefixes import PrefixesPart
from sciapp.engine.models.peft.adapters import adapt, merge_adapters
from sciapp.engine.models.peft.prefix_tuning import PREFIX_FILE, add_prefix, take_out
from sciapp.engine.models.peft.prompt_tuning import add_virtual_tokens
from sciapp.errors import BadInput
from sciapp.records.plan.tuning import Tuning
from tests.helpers.messages import refused_exactly
from tests.helpers.tiny import tiny_model

EXAMPLES = {
    "molecule": ["CCO", "c1ccccc1O"],
    "nucleotide": ["ACGT", "ACGTTT"],
    "protein": ["MKV", "MKVAW"],
    "text": ["we saw it", "it is a cell line of yeast"],
}
METHODS = {
    "lora": Tuning(tuning_method="lora"),
    "rslora": Tuning(tuning_method="lora", use_rslora=True, lora_target="attention"),
    "dora": Tuning(tuning_method="lora", use_dora=True),
    "ia3": Tuning(tuning_method="ia3"),
    "prefix": Tuning(tuning_method="prefix"),
    "prompt": Tuning(tuning_method="prompt"),
}


class Adapted:
    """A starter with an adapter that has learned a little."""

    def __init__(self, folder: Path, examples: list[str], tuning: Tuning, *, per_unit: bool = False) -> None:
        tokenizer, virtual = load_tokenizer(folder), []
        if tuning.tuning_method == "prompt":
            tokenizer, virtual = add_virtual_tokens(tokenizer, tuning.num_virtual_tokens)
        self.tokenizer: Any = tokenizer
        self.virtual = virtual
        self.model: Any = load_classifier(
            folder,
            labels=["a", "b"],
            problem_type="single_label_classification",
            dropout=0.0,
            seed=0,
            pad_token_id=tokenizer.pad_token_id,
            per_unit=per_unit,
        )
        adapt(self.model, tuning, virtual_tokens=virtual, seed=0)
        self.examples = examples
        self.before = {name: weight.detach().clone() for name, weight in self.model.named_parameters()}

    def inputs(self) -> dict[str, Tensor]:
        said = self.tokenizer(self.examples, padding=True, return_tensors="pt")
        return {name: said[name] for name in ("input_ids", "attention_mask")}

    def learned(self, steps: int = 3) -> float:
        """The loss after a few steps."""
        learning = [weight for weight in self.model.parameters() if weight.requires_grad]
        optimizer, inputs = torch.optim.AdamW(learning, lr=3e-3), self.inputs()
        self.model.train()
        for _ in range(steps):
            logits = self.model(**inputs).logits.flatten(0, -2)
            wanted = torch.arange(len(logits)) % 2
            loss: Tensor = nn.functional.cross_entropy(logits, wanted)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        self.model.eval()
        return float(loss.detach())

    @torch.no_grad()
    def logits(self, model: Any = None) -> Tensor:
        said: Tensor = (model or self.model)(**self.inputs()).logits
        return said


@pytest.mark.parametrize("per_unit", [False, True], ids=["rows", "units"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("domain", EXAMPLES)
def test_every_method_fits_every_starter_and_the_saved_model_is_plain(
    domain: str, method: str, per_unit: bool, tmp_path: Path
) -> None:
    adapted = Adapted(Path(f"resources/models/{domain}-starter"), EXAMPLES[domain], METHODS[method], per_unit=per_unit)
    first = adapted.learned(1)
    assert adapted.learned(15) < first
    said = adapted.logits()
    merge_adapters(adapted.model)
    torch.testing.assert_close(adapted.logits(), said, rtol=1e-4, atol=1e-5)

    folder = tmp_path / "model"
    ModelFolder(folder).save(ModelContents(tokenizer=adapted.tokenizer, network=adapted.model))
    kind: Any = AutoModelForTokenClassification if per_unit else AutoModelForSequenceClassification
    plain = kind.from_pretrained(folder).eval()
    names = load_file(folder / "model.safetensors")
    assert not [name for name in names if any(part in name for part in ("lora", "ia3", "prefix", "base_layer"))]
    assert {type(layer).__module__.partition(".")[0] for layer in plain.modules()} == {"torch", "transformers"}
    PrefixesPart().load(folder, ModelContents(network=plain))
    torch.testing.assert_close(adapted.logits(plain), said, rtol=1e-4, atol=1e-5)
    read = AutoTokenizer.from_pretrained(folder)
    assert read(EXAMPLES[domain])["input_ids"] == adapted.tokenizer(EXAMPLES[domain])["input_ids"]


@pytest.mark.parametrize("method", METHODS)
def test_only_the_adapter_and_the_head_learn(method: str) -> None:
    adapted = Adapted(Path("resources/models/protein-starter"), EXAMPLES["protein"], METHODS[method])
    adapted.learned(2)
    changed = {name for name, weight in adapted.model.named_parameters() if not weight.equal(adapted.before[name])}
    ours = ("lora_", "ia3_", ".prefix", "trainable_tokens_", "classifier.")
    assert changed and all(any(part in name for part in ours) for name in changed)
    assert any("classifier." not in name for name in changed)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("domain", EXAMPLES)
def test_the_share_that_is_told_before_start_is_the_one_that_learns(domain: str, method: str) -> None:
    folder = Path(f"resources/models/{domain}-starter")
    adapted = Adapted(folder, EXAMPLES[domain], METHODS[method])
    learning = sum(weight.numel() for weight in adapted.model.parameters() if weight.requires_grad)
    told = trained_weights(describe(folder.name), METHODS[method])
    assert told == pytest.approx(learning, rel=0.05)


def test_a_prefix_is_read_in_every_layer_and_changes_what_is_said() -> None:
    adapted = Adapted(Path("resources/models/molecule-starter"), EXAMPLES["molecule"], METHODS["prefix"])
    with_prefix = adapted.logits()
    prefixes = take_out(adapted.model.base_model)
    assert [name for name in prefixes if name.startswith("layers.3.")] and len(prefixes) == 4
    assert not torch.allclose(adapted.logits(), with_prefix)


def test_padding_changes_nothing_beside_a_prefix() -> None:
    adapted = Adapted(Path("resources/models/protein-starter"), EXAMPLES["protein"], METHODS["prefix"])
    together = adapted.logits()
    adapted.examples = EXAMPLES["protein"][:1]
    torch.testing.assert_close(adapted.logits(), together[:1], rtol=1e-4, atol=1e-5)


def test_virtual_tokens_stand_behind_the_start_token_of_rows_and_pairs() -> None:
    plain = separated(load_tokenizer(Path("resources/models/text-starter")))
    usual, usual_pair = plain("cell line")["input_ids"], plain("cell", "line")
    prompted, virtual = add_virtual_tokens(plain, 3)
    assert prompted("cell line")["input_ids"] == [usual[0], *virtual, *usual[1:]]
    pair = prompted("cell", "line")
    assert pair["input_ids"] == [usual[0], *virtual, *usual_pair["input_ids"][1:]]
    again, more = add_virtual_tokens(prompted, 2)
    assert again("cell line")["input_ids"] == [usual[0], *virtual, *more, *usual[1:]]


def test_roberta_and_bert_templates_are_spelt_out(tmp_path: Path) -> None:
    for made in (
        processors.RobertaProcessing(("</s>", 2), ("<s>", 0)),
        processors.BertProcessing(("</s>", 2), ("<s>", 0)),
    ):
        tokenizer: Any = load_tokenizer(tiny_model(tmp_path / type(made).__name__))
        tokenizer.backend_tokenizer.post_processor = made
        usual, pair = tokenizer("MKV")["input_ids"], tokenizer("MK", "V")["input_ids"]
        prompted, virtual = add_virtual_tokens(tokenizer, 2)
        assert prompted("MKV")["input_ids"] == [usual[0], *virtual, *usual[1:]]
        assert prompted("MK", "V")["input_ids"] == [pair[0], *virtual, *pair[1:]]


def test_a_tokenizer_without_a_template_is_refused_for_prompt_tuning(tmp_path: Path) -> None:
    tokenizer: Any = load_tokenizer(tiny_model(tmp_path))
    tokenizer.backend_tokenizer.post_processor = processors.ByteLevel()
    with pytest.raises(BadInput, match="template") as raised:
        add_virtual_tokens(tokenizer, 2)
    assert "lora" in raised.value.hint


def test_an_encoder_whose_attention_is_closed_is_refused_for_prefix_tuning() -> None:
    class Closed(nn.Module):
        """It reads tokens, and asks nobody how attention is done."""

        device = torch.device("cpu")

        def __init__(self) -> None:
            super().__init__()
            self.config = BertConfig()

        def set_attn_implementation(self, name: str) -> None: ...

        def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
            return input_ids

    with refused_exactly(BadInput, model_type="bert") as raised:
        add_prefix(Closed(), 3, seed=0)
    assert "lora" in raised.value.hint


def test_an_encoder_of_unknown_names_is_refused_for_ia3() -> None:
    class Odd(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.config, self.mix = BertConfig(), nn.Linear(4, 4)

        @property
        def base_model(self) -> nn.Module:
            return self

    with refused_exactly(BadInput, model_type="bert") as raised:
        adapt(Odd(), METHODS["ia3"], virtual_tokens=[], seed=0)
    assert "lora" in raised.value.hint


def test_another_training_cannot_begin_from_a_prefix_tuned_model(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "model")
    (folder / PREFIX_FILE).write_bytes(b"")
    with pytest.raises(BadInput, match="prefix tuned"):
        local_folder(str(folder))


def test_a_damaged_prefix_is_said(tmp_path: Path) -> None:
    (tmp_path / PREFIX_FILE).write_bytes(b"torn")
    with pytest.raises(BadInput, match="prefix"):
        network = BertModel(BertConfig(num_hidden_layers=1, hidden_size=8, num_attention_heads=2))
        PrefixesPart().load(tmp_path, ModelContents(network=network))


def test_a_saved_config_says_nothing_of_the_adapter(tmp_path: Path) -> None:
    adapted = Adapted(Path("resources/models/text-starter"), EXAMPLES["text"], METHODS["prefix"])
    take_out(adapted.model.base_model)
    adapted.model.save_pretrained(tmp_path)
    assert "sciapp_prefix" not in json.dumps(json.loads((tmp_path / "config.json").read_text()))
