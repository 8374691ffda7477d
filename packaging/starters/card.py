"""A starter's model card: what it is, what it learnt from, what not to trust it with.

    .venv/bin/python packaging/starters/card.py resources/models/text-starter …

writes the card of a trained starter anew, with the facts that its old one states: for when the words have changed.
"""

import re
import sys
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpora import Corpus
from starter import STARTERS, Starter

_TITLES = {
    "molecule": "a small ModernBERT over SMILES, which classifiers read by the mean of its tokens",
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
        "Masked tokens (15 %) on canonical and randomised SMILES; and, from the mean of the tokens of unmasked "
        "molecules, 180 of RDKit’s 2-D descriptors (normalised, smooth L1)."
    ),
    "protein": "Masked residues (15 %); and, from the first token, which pairs of residues the window is made of.",
    "nucleotide": "Masked bases (15 %); and, from the first token, which 3-mers the window is made of.",
    "text": "Masked word pieces (15 %); and, from the first token, which word pieces the window is made of.",
}
_CHOICES = {
    "molecule": (
        "ModernBERT and RoBERTa (256 × 4 each) were compared over five minutes of one processor core, 1.3 million "
        "tokens: masked loss 1.47 against 2.12; a ridge regression on the frozen encoder, read by the mean of "
        "ModernBERT and the first token of RoBERTa, had an RMSE of 0.76 against 0.75 on ESOL and of 1.57 against 1.63 "
        "on FreeSolv."
    ),
}  # what was measured to choose the network; the other three were not compared with another one
_SCREENED = {
    "molecule": (
        "Structures only, no measured values. Every molecule of the public benchmark sets that SciApp is tested on "
        "(ESOL, FreeSolv, BBBP, Tox21, HIV, ClinTox, SIDER and others) was left out, whatever its stereochemistry."
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


_NOTES = {
    "molecule": "small ModernBERT over SMILES; learnt masked tokens and RDKit descriptors",
    "protein": "small ESM-like encoder; learnt masked residues of 170,000 proteins",
    "nucleotide": "small ESM-like encoder over single bases; learnt masked bases, mostly of bacteria",
    "text": "small uncased BERT; read textbooks and articles",
}  # one line each for the list of models
_COMMAND = "    python packaging/starters/"


def _drawn(corpus: Corpus) -> str:
    return f"{corpus.source} ({corpus.most:,} entries drawn)" if corpus.most else corpus.source


def write_card(folder: Path, starter: Starter, facts: dict[str, str], command: str) -> None:
    """README.md with the facts of this training; `command` is what was typed, from pretrain.py on."""
    domain = starter.domain
    table = "\n".join(f"| {name} | {value} |" for name, value in facts.items())
    corpora = "\n".join(_wrapped(f"- {_drawn(c)}: {c.licence}. {c.citation}.", "  ") for c in starter.corpora)
    about = f"SciApp’s own starter: {_TITLES[domain]}, for fine-tuning on laboratory measurements where no larger model"
    limits = (
        f"{_LIMITS[domain]} Without fine-tuning its numbers mean nothing. After fine-tuning, believe the evaluation "
        "beside the simple baseline; never use it alone for decisions on safety."
    )
    (folder / "README.md").write_text(
        f"""---
license: apache-2.0
library_name: transformers
pipeline_tag: fill-mask
sciapp_note: {_NOTES[domain]}
tags:
- {domain}
---

# {starter.name}

{_wrapped(about + " can be had.")}

    from transformers import AutoModel, AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained("{starter.name}")
    model = AutoModel.from_pretrained("{starter.name}")
    states = model(**tokenizer("{_EXAMPLES[domain]}", return_tensors="pt")).last_hidden_state

## Training

{_wrapped(" ".join(part for part in (_LESSONS[domain], _CHOICES.get(domain, "")) if part))}

| | |
|---|---|
{table}

## Data

{_wrapped(f"{_SCREENED[domain]} {_share_alike(starter)}")}

{corpora}

## What it must not be trusted with

{_wrapped(limits)}

## Reproduce

{_COMMAND}{command}

The time budget decides the number of steps, so another machine gives other weights.
""",
        encoding="utf-8",
    )


def write_again(folder: Path) -> None:
    """The card in today's words, with the facts and the command of the one that is there."""
    said = (folder / "README.md").read_text(encoding="utf-8")
    facts = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", said, flags=re.MULTILINE))
    command = said.split(_COMMAND)[1].splitlines()[0]
    write_card(folder, STARTERS[folder.name.removesuffix("-starter")], facts, command)


def _share_alike(starter: Starter) -> str:
    """Which sources ask that what is made from them be shared alike."""
    named = [corpus.source for corpus in starter.corpora if "BY-SA" in corpus.licence]
    if not named:
        return "No source asks for sharing alike."
    return f"To be shared alike (CC BY-SA), if the licence of a source is held to reach this far: {'; '.join(named)}."


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write_again(Path(name).absolute())
