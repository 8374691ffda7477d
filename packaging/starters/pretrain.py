"""Pre-train a starter with masked tokens (Devlin et al. 2019) and a summary objective on its first token.

    .venv/bin/python packaging/starters/pretrain.py molecule --corpora FOLDER --work WORK --minutes 60

The first token of a molecule learns RDKit's descriptors (Ahmad et al. 2022, ChemBERTa-2), that of other rows which
n-grams they are made of. Written: --out, by default resources/models/<domain>-starter. Interrupted, the same command
goes on from the last piece in --work. Uses a GPU where there is one.
"""

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import torch
from card import write_card
from corpora import read
from molecule_facts import Filling, canonical_and_random
from networks import head_of, network, summary_layer
from objectives import Bag, Summary, masked
from rows import Batch, Rows, batches, tokenized
from safetensors.torch import load_file, save_file
from screening import benchmark_skeletons
from starter import STARTERS, Starter
from torch.nn import functional
from transformers import PreTrainedModel, PreTrainedTokenizerFast

HELD_OUT = 3000
PEAK_RATE = 1e-3
FACTS_WEIGHT = 5.0
BAG_WEIGHT = 0.1
PIECE_EVERY = 180.0  # seconds
RATE_FLOOR = 0.02


@dataclass
class Progress:
    """How far the training is; saved with every piece."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    hidden: float = math.nan  # masked-token loss, running mean
    summed: float = math.nan  # summary loss, running mean


@dataclass
class Student:
    """The network with its second head and what it learns from."""

    starter: Starter
    model: PreTrainedModel
    summary: Summary | None
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
            logits = head_of(self.model)(states[chosen])
            hidden = functional.cross_entropy(logits.float(), labels[chosen])
            summed = self._summary_loss(states[:, 0], batch, values)
        return hidden, summed

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
            self.summary = Summary(first.shape[1], values.shape[1]).to(first.device)
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
    summary = Summary(starter.width, bag.outputs).to(device) if bag else None
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


def pretrain(args: argparse.Namespace) -> None:
    starter = STARTERS[args.domain]
    starter = replace(
        starter,
        architecture=args.architecture or starter.architecture,
        width=args.width or starter.width,
        layers=args.layers or starter.layers,
    )
    torch.set_num_threads(args.threads or os.cpu_count() or 1)
    begin = time.monotonic()
    student, learnt, judged = prepare(args, starter)
    size = sum(p.numel() for p in student.model.parameters())
    tokens = int(student.rows.lengths[learnt].sum())
    print(
        f"{starter.name} {starter.architecture} {starter.width}x{starter.layers}: {len(learnt):,} rows, {tokens:,} "
        f"tokens, {len(student.tokenizer)} in the vocabulary, {size:,} parameters, on {student.device}, prepared in "
        f"{time.monotonic() - begin:.0f} s",
        flush=True,
    )
    progress = train(args, student, learnt)
    scores = judge(student, judged)
    print("held out", starter.name, starter.architecture, scores, flush=True)
    save(args, student, progress, scores, len(set(student.rows.owner.tolist())))


def train(args: argparse.Namespace, student: Student, learnt: np.ndarray) -> Progress:
    """Train until the minutes are used up; a piece is saved every few minutes and taken up again."""
    progress, piece = Progress(), args.work / "piece.pt"
    stored = torch.load(piece, weights_only=True, map_location=student.device) if piece.exists() else None
    if stored:
        student.model.load_state_dict(stored["model"])
        progress = Progress(**stored["progress"])
    optimizer = _optimizer(student)
    known = student.summary
    rng = torch.Generator(device=student.device).manual_seed(args.seed + progress.step)
    last = last_saved = time.monotonic()
    student.model.train()
    windows, budget = student.starter.windows, args.budget
    for batch in batches(student.rows, learnt, windows, budget, student.tokenizer, args.seed + progress.step):
        share = progress.seconds / (60 * args.minutes)
        if share >= 1:
            break
        if student.facts is not None and progress.step % 300 == 0 and progress.step < 12000:
            student.facts.refresh()
        step(student, optimizer, batch, rng, progress, share)
        if student.summary is not known:  # it is made when the first descriptors are there
            optimizer.add_param_group({"params": list(student.summary.parameters())})
            known = student.summary
        now = time.monotonic()
        progress.seconds += now - last
        last = now
        if progress.step % args.tell == 0:
            _tell(student, progress, share)
        if now - last_saved > PIECE_EVERY:
            _save_piece(piece, student, progress)
            last = last_saved = time.monotonic()
    return progress


def _optimizer(student: Student) -> torch.optim.Optimizer:
    learning = [*student.model.parameters(), *(student.summary.parameters() if student.summary else ())]
    return torch.optim.AdamW(learning, lr=PEAK_RATE, weight_decay=0.01, betas=(0.9, 0.98), fused=True)


def _tell(student: Student, progress: Progress, share: float) -> None:
    pace = progress.tokens / progress.seconds
    filled = ""
    if student.facts is not None and student.facts.values is not None:
        filled = f", {1 - float(torch.isnan(student.facts.values[:, 0]).float().mean()):.0%} described"
    print(
        f"{student.starter.domain} {student.starter.architecture} step {progress.step} {share:.0%} masked "
        f"{float(progress.hidden):.3f} summary {float(progress.summed):.4f} {pace:,.0f} tokens/s{filled}",
        flush=True,
    )


def _save_piece(piece: Path, student: Student, progress: Progress) -> None:
    """Weights and progress; the optimiser's moments are found anew within some hundred steps."""
    plain = replace(progress, hidden=float(progress.hidden), summed=float(progress.summed))
    parts = {"model": student.model.state_dict(), "progress": asdict(plain)}
    piece.parent.mkdir(parents=True, exist_ok=True)
    torch.save(parts, piece.with_suffix(".tmp"))
    piece.with_suffix(".tmp").replace(piece)


def step(
    student: Student,
    optimizer: torch.optim.Optimizer,
    batch: Batch,
    rng: torch.Generator,
    progress: Progress,
    share: float,
) -> None:
    """One optimiser step; the rate warms up over 500 steps and falls along a cosine of the time used."""
    hidden, summed = student.losses(batch, rng)
    optimizer.zero_grad(set_to_none=True)
    (hidden + summed).backward()
    torch.nn.utils.clip_grad_norm_([p for g in optimizer.param_groups for p in g["params"]], 1.0)
    warm = min(1.0, (progress.step + 1) / 500)
    for group in optimizer.param_groups:
        group["lr"] = PEAK_RATE * warm * (RATE_FLOOR + (1 - RATE_FLOOR) * 0.5 * (1 + math.cos(math.pi * share)))
    optimizer.step()
    progress.step += 1
    progress.tokens += int(batch.ids.numel())
    with torch.no_grad():  # kept on the device: reading them at every step would hold the GPU up
        first = progress.step == 1
        progress.hidden = hidden.detach() if first else 0.98 * progress.hidden + 0.02 * hidden.detach()
        progress.summed = summed.detach() if first else 0.98 * progress.summed + 0.02 * summed.detach()


@torch.no_grad()
def judge(student: Student, judged: np.ndarray) -> dict[str, float]:
    """Masked-token loss and summary loss on held-out rows, always with the same masks."""
    student.model.eval()
    rng = torch.Generator(device=student.device).manual_seed(1)
    totals, count = np.zeros(2), 0
    stream = batches(student.rows, judged, student.starter.windows, 8192, student.tokenizer, 1)
    for _, batch in zip(range(60), stream, strict=False):
        hidden, summed = student.losses(batch, rng)
        totals += [float(hidden), float(summed)]
        count += 1
    student.model.train()
    return {"masked": round(totals[0] / count, 4), "summary": round(totals[1] / count, 5)}


def save(
    args: argparse.Namespace, student: Student, progress: Progress, scores: dict[str, float], entries: int
) -> None:
    """The plain Hugging Face folder, in half precision, with its card."""
    out: Path = args.out or Path("resources/models") / student.starter.name
    out.mkdir(parents=True, exist_ok=True)
    model = student.model
    for name in ("hidden_dropout_prob", "attention_probs_dropout_prob"):
        setattr(model.config, name, 0.1)
    model.half().save_pretrained(out)
    if student.summary is not None:  # a classifier finds its first layer ready
        weights = load_file(out / "model.safetensors")
        layer = summary_layer(model)
        weights[f"{layer}.weight"] = student.summary.dense.weight.detach().half().cpu()
        weights[f"{layer}.bias"] = student.summary.dense.bias.detach().half().cpu()
        save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    student.tokenizer.save_pretrained(out)
    machine = torch.cuda.get_device_name() if student.device == "cuda" else f"{os.cpu_count()} cores, no GPU"
    facts = {
        "network": f"{student.starter.architecture}, {student.starter.width} × {student.starter.layers}",
        "parameters": f"{sum(p.numel() for p in model.parameters()):,}",
        "corpus": f"{entries:,} entries",
        "vocabulary": str(len(student.tokenizer)),
        "steps": f"{progress.step:,}",
        "tokens": f"{progress.tokens / 1e6:,.0f} million (with padding)",
        "hours": f"{progress.seconds / 3600:.2f}",
        "machine": f"{machine} ({platform.machine()}), bf16 autocast, torch {torch.__version__}",
        "seed": str(args.seed),
        "held-out masked-token loss": f"{scores['masked']:.3f}",
        "held-out summary loss": f"{scores['summary']:.4f}",
    }
    (args.work / "facts.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    write_card(out, student.starter, facts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("domain", choices=sorted(STARTERS))
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--budget", type=int, default=8192, help="tokens per batch")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="for descriptors")
    parser.add_argument("--most", type=int, default=0, help="entries of the corpus, for a trial")
    parser.add_argument("--whole", action="store_true", help="all entries of every corpus: for a GPU")
    parser.add_argument("--tell", type=int, default=500, help="steps between two lines")
    parser.add_argument("--architecture", default="", help="esm, roberta or bert: for a comparison")
    parser.add_argument("--width", type=int, default=0)
    parser.add_argument("--layers", type=int, default=0)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    pretrain(args)


if __name__ == "__main__":
    main()
