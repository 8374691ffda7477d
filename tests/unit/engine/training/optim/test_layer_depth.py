"""How deep weights lie: the same words for every kind of encoder."""

from pathlib import Path
from typing import Any

import pytest
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoModelForTokenClassification, RobertaConfig

from sciapp.engine.models.architectures.feature_fusion import join
from sciapp.engine.training.optim.freezing import depths_of
from tests.conftest import REPOSITORY


def small(domain: str) -> Any:
    """The starter's kind of network: ModernBERT, ESM, BERT; and RoBERTa."""
    if domain == "roberta":
        return RobertaConfig(
            vocab_size=30, hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=32
        )
    config = AutoConfig.from_pretrained(REPOSITORY / "resources" / "models" / f"{domain}-starter")
    config.hidden_size, config.intermediate_size, config.num_hidden_layers, config.num_attention_heads = 16, 32, 3, 2
    if getattr(config, "layer_types", None):
        config.layer_types = config.layer_types[:3]
    return config


@pytest.mark.parametrize("domain", ["molecule", "protein", "nucleotide", "text", "roberta"])
@pytest.mark.parametrize("head", [AutoModelForSequenceClassification, AutoModelForTokenClassification])
def test_embeddings_lie_lowest_then_the_layers_then_the_head(domain: str, head: Any) -> None:
    depths = depths_of(head.from_config(small(domain)))
    assert depths.top == 4
    of = {depth: [name for name, d in depths.of.items() if d == depth] for depth in range(5)}
    assert all("embed" in name for name in of[0])
    for depth in (1, 2, 3):
        assert any(f".{depth - 1}." in name for name in of[depth])
        assert all(f".{depth - 1}." in name or depth == 3 for name in of[depth])
    assert any("classifier" in name for name in of[4])
    assert not any("attention" in name or "embed" in name for name in of[4])


def test_a_joined_head_lies_above_its_encoder() -> None:
    classifier = AutoModelForSequenceClassification.from_config(small("protein"))
    depths = depths_of(join(classifier, 5, outputs=1, dropout=0.0, seed=0))
    heads = [name for name, depth in depths.of.items() if depth == depths.top]
    assert heads
    assert all(name.startswith("head.") for name in heads)
    assert depths.of["head.linear.weight"] == 4
    assert min(depths.of.values()) == 0


def test_layers_that_are_shared_are_one(tmp_path: Path) -> None:
    from transformers import AlbertConfig

    config = AlbertConfig(
        vocab_size=30, hidden_size=16, embedding_size=8, num_hidden_layers=6, num_attention_heads=2,
        intermediate_size=32,
    )  # fmt: skip
    depths = depths_of(AutoModelForSequenceClassification.from_config(config))
    assert depths.top == 2
