"""A starter's model card: what it is, what it learnt from, what not to trust it with."""

from pathlib import Path

from starter import Starter

_TITLES = {
    "molecule": "a small RoBERTa over SMILES",
    "protein": "a small ESM-like encoder (rotary positions) over amino acids",
    "nucleotide": "a small ESM-like encoder (rotary positions) over single bases",
    "text": "a small uncased BERT over scientific English",
}
_EXAMPLES = {
    "molecule": "CC(=O)Oc1ccccc1C(=O)O",
    "protein": "MKTAYIAKQRQISFVKSHFSRQ",
    "nucleotide": "ATGACCGGTTTACGTA",
    "text": "The solubility rose with temperature.",
}
_LESSONS = {
    "molecule": (
        "Masked tokens (15 %) on canonical and randomised SMILES; and, from the first token of unmasked molecules, "
        "RDKit’s 2-D descriptors (normalised, smooth L1)."
    ),
    "protein": "Masked residues (15 %); and, from the first token, which pairs of residues the window is made of.",
    "nucleotide": "Masked bases (15 %); and, from the first token, which 3-mers the window is made of.",
    "text": "Masked word pieces (15 %); and, from the first token, which word pieces the window is made of.",
}
_SCREENED = {
    "molecule": (
        "Structures only, no measured values. The ChEMBL, ZINC250k and PubChem parts were screened against the "
        "benchmark sets of SciApp’s tests; QM9 and the molecules of 24 heavy atoms were not, so the structures of "
        "some (mostly small) benchmark molecules were seen."
    ),
    "protein": (
        "Screened against the FLIP secondary-structure test part (identical and near-identical sequences removed)."
    ),
    "nucleotide": "300 bp on both sides of every 40-mer shared with a benchmark set were cut out.",
    "text": "Documents that share 60 characters with a benchmark set were removed.",
}
_LIMITS = {
    "molecule": (
        "It has seen drug-like and very small organic molecules of common elements; for metals, polymers, peptides, "
        "mixtures and stereochemistry it knows next to nothing."
    ),
    "protein": (
        "It is a hundredth of what the field calls a protein language model, and saw few families of each kind: do "
        "not read mutation effects, structure or homology off it without fine-tuning and a test."
    ),
    "nucleotide": (
        "It saw two dozen genomes, mostly bacterial, in windows of 512 bases at most: it knows nothing of distant "
        "regulation, and next to nothing of any organism outside them."
    ),
    "text": (
        "It has read nine textbooks and some hundred articles: TF-IDF with logistic regression is often as good. "
        "It must not be asked for facts."
    ),
}


def write_card(folder: Path, starter: Starter, facts: dict[str, str]) -> None:
    """README.md with the facts of this training."""
    domain = starter.domain
    table = "\n".join(f"| {name} | {value} |" for name, value in facts.items())
    corpora = "\n".join(f"- {c.source}: {c.licence}. {c.citation}." for c in starter.corpora)
    (folder / "README.md").write_text(
        f"""---
license: apache-2.0
library_name: transformers
pipeline_tag: fill-mask
tags:
- {domain}
---

# {starter.name}

SciApp’s own starter: {_TITLES[domain]}, for fine-tuning on laboratory measurements where no larger model can be had.

    from transformers import AutoModel, AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained("{starter.name}")
    model = AutoModel.from_pretrained("{starter.name}")
    states = model(**tokenizer("{_EXAMPLES[domain]}", return_tensors="pt")).last_hidden_state

## Training

{_LESSONS[domain]}

| | |
|---|---|
{table}

## Data

{_SCREENED[domain]}

{corpora}

## What it must not be trusted with

{_LIMITS[domain]} Without fine-tuning its numbers mean nothing. After fine-tuning, believe the evaluation beside the
simple baseline; never use it alone for decisions on safety.

## Reproduce

    python packaging/starters/pretrain.py {domain} --corpora FOLDER --work WORK --seed 0

The time budget decides the number of steps, so another machine gives other weights.
""",
        encoding="utf-8",
    )
