"""The molecule starter's model card: what it is, what it learnt from, what not to trust it with."""

from pathlib import Path

from corpora import CORPORA

_HEAD = """---
license: apache-2.0
library_name: transformers
pipeline_tag: fill-mask
tags:
- chemistry
- smiles
- molecules
---

# molecule-starter

A small RoBERTa over SMILES, pre-trained with masked tokens: a starting point for fine-tuning on laboratory
measurements of molecules where no larger model can be had.

    from transformers import AutoModel, AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained("molecule-starter")
    model = AutoModel.from_pretrained("molecule-starter")
    states = model(**tokenizer("CC(=O)Oc1ccccc1C(=O)O", return_tensors="pt")).last_hidden_state
"""

_DATA = """\
Canonical SMILES (RDKit); structures only, no measured values. The ZINC250k and PubChem parts were screened against
the benchmark sets of SciApp's tests; QM9 and the molecules of 24 heavy atoms were not, so the structures of some
(mostly small) benchmark molecules were seen (349 of ESOL's 1,116):"""

_TAIL = """
## What it must not be trusted with

It was trained for half an hour on two processor cores. It has seen drug-like and very small organic molecules of
common elements; for metals, polymers, peptides, mixtures and stereochemistry it knows next to nothing. Without
fine-tuning its numbers mean nothing. After fine-tuning, believe the evaluation beside a random forest on descriptors,
which is often better; never use it alone for decisions on safety.

## Reproduce

    python packaging/starters/molecule.py --corpora FOLDER --out molecule-starter --work WORK --minutes 30 --seed 0

The time budget decides the number of steps, so another machine gives other weights.
"""


def write_card(folder: Path, facts: dict[str, str]) -> None:
    """README.md with the facts of this training."""
    rows = "\n".join(f"| {name} | {value} |" for name, value in facts.items())
    corpora = "\n".join(f"- {c.source}: {c.licence}. {c.citation}." for c in CORPORA)
    table = f"\n## Training\n\n| | |\n|---|---|\n{rows}\n"
    data = f"\n## Data\n\n{_DATA}\n\n{corpora}\n"
    (folder / "README.md").write_text(_HEAD + table + data + _TAIL, encoding="utf-8")
