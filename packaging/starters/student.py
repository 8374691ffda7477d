"""The network that becomes a starter, with its second head and what both learn from."""

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from corpora import read
from molecule_facts import Filling, canonical_and_random
from objectives import Bag, masked
from rows import Batch, Rows, tokenized
from screening import benchmark_skeletons
from starter import Starter
from torch.nn import functional
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from sciapp.engine.models.architectures.encoders import reads_mean, summarised, token_logits
from sciapp.engine.models.architectures.networks.base import network
from sciapp.engine.models.architectures.pretraining import PooledHead, SharedPooledHead

HELD_OUT = 3000
FACTS_WEIGHT = 5.0
BAG_WEIGHT = 0.1


@dataclass
class Student:
    """The network with its second head and what it learns from."""

    starter: Starter
    model: PreTrainedModel
    summary: PooledHead | SharedPooledHead | None
    tokenizer: PreTrainedTokenizerFast
    rows: Rows
    bag: Bag | None
    facts: Filling | None
    device: str

    def losses(self, batch: Batch, rng: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """Masked-token loss and summary loss of a batch (nats; smooth L1 for descriptors)."""
        inputs, labels = masked(batch.ids, self.tokenizer, rng)
        values = self._facts(batch)
        if values is not None:  # descriptors are read from whole molecules: every second row stays unmasked
            plain = torch.arange(len(inputs), device=inputs.device) % 2 == 0
            inputs = torch.where(plain[:, None], batch.ids, inputs)
            labels = torch.where(plain[:, None], -100, labels)
        padding = batch.ids == self.tokenizer.pad_token_id
        mask = None if not bool(padding.any()) else (~padding).long()
        with torch.autocast(self.device, dtype=torch.bfloat16):
            states = self.model.base_model(input_ids=inputs, attention_mask=mask).last_hidden_state
            chosen = labels != -100
            logits = token_logits(self.model, states[chosen])
            wrong = functional.cross_entropy(logits.float(), labels[chosen], reduction="sum")
            summed = self._summary_loss(summarised(self.model, states, ~padding), batch, values)
        return wrong / chosen.sum().clamp(min=1), summed

    def fresh_summary(self, outputs: int) -> PooledHead | SharedPooledHead:
        """The second head; a classifier will find its first layer trained."""
        width = int(self.model.config.hidden_size)
        shared = reads_mean(self.model)
        head = SharedPooledHead(self.model.head, width, outputs) if shared else PooledHead(width, outputs)
        return head.to(self.device)

    def _facts(self, batch: Batch) -> torch.Tensor | None:
        if self.facts is None or self.facts.values is None:
            return None
        owner = torch.from_numpy(batch.owner).to(self.facts.values.device)
        return self.facts.values[owner].float()

    def _summary_loss(self, first: torch.Tensor, batch: Batch, values: torch.Tensor | None) -> torch.Tensor:
        if self.bag is not None and self.summary is not None:
            return BAG_WEIGHT * self.bag.loss(self.summary(first), batch.ids)
        if values is None:
            return torch.zeros((), device=first.device)
        if self.summary is None:
            self.summary = self.fresh_summary(values.shape[1])
        predicted = self.summary(first[::2]).float()
        known = ~torch.isnan(values[::2])
        wrong = functional.smooth_l1_loss(predicted[known], values[::2][known], beta=0.5, reduction="sum")
        return FACTS_WEIGHT * wrong / known.sum().clamp(min=1)


def prepare(args: argparse.Namespace, starter: Starter) -> tuple[Student, np.ndarray, np.ndarray]:
    """The student, and the rows to learn from and to judge by."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    texts = read(args.corpora, starter.corpora, args.seed, whole=args.whole)[: args.most or None]
    owner = np.arange(len(texts))
    facts = None
    if starter.domain == "molecule":
        pairs = canonical_and_random(texts, args.processes, benchmark_skeletons(args.corpora.parent / "molecules"))
        args.work.mkdir(parents=True, exist_ok=True)
        canonical = [pair[0] for pair in pairs]
        facts = _descriptors(args, canonical, device)
        owner = np.concatenate([np.arange(len(pairs)), np.arange(len(pairs))])
        texts = canonical + [pair[1] for pair in pairs]
    tokenizer = starter.tokenizer(texts)
    rows = tokenized(texts, tokenizer, device, owner)
    held_out = min(HELD_OUT, len(set(owner.tolist())) // 10)
    judged = np.flatnonzero(owner < held_out)
    learnt = np.flatnonzero(owner >= held_out)
    torch.manual_seed(args.seed)
    model = network(
        starter.architecture, tokenizer, width=starter.width, layers=starter.layers, longest=starter.longest
    ).to(device)
    bag = Bag(starter.bag, tokenizer) if starter.bag else None
    summary = PooledHead(starter.width, bag.outputs).to(device) if bag else None
    return Student(starter, model, summary, tokenizer, rows, bag, facts, device), learnt, judged


def _descriptors(args: argparse.Namespace, canonical: list[str], device: str) -> Filling:
    """Start working out descriptors in a process of its own."""
    listing, file = args.work / "molecules.smi", args.work / "descriptors.npy"
    if not file.exists():
        listing.write_text("\n".join(canonical), encoding="utf-8")
        here = Path(__file__).parent
        code = (
            f"import sys; sys.path.insert(0, {str(here)!r}); import molecule_facts as m; from pathlib import Path\n"
            f"if __name__ == '__main__': "
            f"m.fill(Path({str(listing)!r}).read_text().split(), Path({str(file)!r}), {args.processes})"
        )
        script = args.work / "fill.py"
        script.write_text(code, encoding="utf-8")
        subprocess.Popen([sys.executable, str(script)], env={**os.environ, "OMP_NUM_THREADS": "1"})
    return Filling(file, device)
