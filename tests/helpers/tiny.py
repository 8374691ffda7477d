"""A real model and a real project, small enough for a test: a two-layer RoBERTa over letters, made-up sequences."""

import csv
import random
from pathlib import Path

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.project import Project

LETTERS = "ACDEFGHIKLMNPQRSTVWY"


def tiny_model(folder: Path) -> Path:
    """A folder that AutoModel loads: 16 wide, two layers, one token a letter, random weights from a fixed seed."""
    import torch
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast, RobertaConfig, RobertaModel

    words = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *LETTERS]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), behavior="isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>",
        pad_token="<pad>", unk_token="<unk>", mask_token="<mask>", model_max_length=64,
    )  # fmt: skip
    torch.manual_seed(0)
    config = RobertaConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=66, type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    RobertaModel(config).save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


def sequence_table(file: Path, *, rows: int = 120, classes: bool = False, targets: int = 1) -> Path:
    """Sequences whose target is their share of W (or whether there is one), so that there is something to learn."""
    rng = random.Random(0)
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["sequence", *(f"y{n}" for n in range(targets))])
        for row in range(rows):
            sequence = "".join(rng.choices(LETTERS + "WWWW", k=rng.randint(5, 30)))
            share = sequence.count("W") / len(sequence)
            value = ("many" if share > 0.2 else "few") if classes else f"{10 + 5 * share:.4f}"
            more = [f"{share * n:.4f}" if (row + n) % 3 else "" for n in range(1, targets)]
            writer.writerow([sequence, value, *more])
    return file


def tiny_project(
    folder: Path, *, rows: int = 120, classes: bool = False, targets: int = 1
) -> tuple[Project, DatasetCard]:
    """A protein project with one dataset of made-up sequences."""
    project = Project.create(folder, domain="protein")
    table = sequence_table(folder.parent / "table.csv", rows=rows, classes=classes, targets=targets)
    request = ImportRequest(
        file=str(table),
        roles=Roles(input="sequence", targets=tuple(f"y{n}" for n in range(targets))),
        task="classification" if classes else "regression",
        split=SplitPlan(method="random", fractions=(0.6, 0.2, 0.2)),
    )
    card = import_table(project, request)
    return project, card


def tiny_plan(card: DatasetCard, model: Path, **settings: object) -> TrainPlan:
    """A few epochs of small batches; one thread; fp32 whatever the processor has, for the numbers are compared."""
    usual = {
        "num_train_epochs": 4,
        "tokens_per_batch": 256,
        "min_steps_per_epoch": 1,
        "save_steps": 3,
        "learning_rate": 1e-3,
        "threads": 1,
        "early_stopping_patience": 0,
        "descriptors": "off",
        "members": "off",
        "weight_averaging": "none",
        "precision": "fp32",
    }
    return with_settings(TrainPlan(dataset=card.id, model=str(model)), usual | settings)
