"""Pre-train a starter with masked tokens (Devlin et al. 2019) and a second objective on what classifiers read.

    .venv/bin/python packaging/starters/pretrain.py molecule --corpora FOLDER --work WORK --minutes 60

The mean of a molecule's tokens learns RDKit's descriptors (Ahmad et al. 2022, ChemBERTa-2), the first token of other
rows which n-grams they are made of. Written: --out, by default resources/models/<domain>-starter. Interrupted, the same
command goes on from the last piece in --work. Uses a GPU where there is one.
"""

import argparse
import json
import math
import os
import platform
import sys
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import torch
from card import write_card
from pieces import PEAK_RATE, Learning, Progress
from rows import Batch, batches
from safetensors.torch import load_file, save_file
from starter import STARTERS
from student import Student, prepare

from sciapp.engine.models.architectures.encoders import summary_layer

PIECE_EVERY = 180.0  # seconds
RATE_FLOOR = 0.02


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
    save(args, student, progress, scores)


def train(args: argparse.Namespace, student: Student, learnt: np.ndarray) -> Progress:
    """Train until the minutes are used up; a piece is saved every few minutes and taken up again."""
    piece = args.work / "piece.pt"
    learning = Learning.begun(student, args.seed)
    if piece.exists():
        learning.take_up(piece)
        if student.facts is not None:
            student.facts.refresh()
    progress = learning.progress
    last = last_saved = time.monotonic()
    student.model.train()
    windows, tokenizer = student.starter.windows, student.tokenizer
    for batch in batches(student.rows, learnt, windows, args.budget, tokenizer, args.seed, begin=progress.step):
        share = progress.seconds / (60 * args.minutes)
        if share >= 1:
            break
        if student.facts is not None and progress.step % 300 == 0 and progress.step < 12000:
            student.facts.refresh()
        step(learning, batch, share)
        now = time.monotonic()
        progress.seconds += now - last
        last = now
        if progress.step % args.tell == 0:
            _tell(student, progress, share)
        if now - last_saved > PIECE_EVERY:
            learning.save(piece)
            last = last_saved = time.monotonic()
    return progress


def step(learning: Learning, batch: Batch, share: float) -> None:
    """One optimiser step; the rate warms up over 500 steps and falls along a cosine of the time used."""
    optimizer, progress = learning.optimizer, learning.progress
    hidden, summed = learning.student.losses(batch, learning.rng)
    optimizer.zero_grad(set_to_none=True)
    (hidden + summed).backward()
    torch.nn.utils.clip_grad_norm_([p for g in optimizer.param_groups for p in g["params"]], 1.0)
    warm = min(1.0, (progress.step + 1) / 500)
    for group in optimizer.param_groups:
        group["lr"] = PEAK_RATE * warm * (RATE_FLOOR + (1 - RATE_FLOOR) * 0.5 * (1 + math.cos(math.pi * share)))
    optimizer.step()
    learning.welcome_summary()
    progress.step += 1
    progress.tokens += int(batch.ids.numel())
    with torch.no_grad():  # kept on the device: reading them at every step would hold the GPU up
        first = progress.step == 1
        progress.hidden = hidden.detach() if first else 0.98 * progress.hidden + 0.02 * hidden.detach()
        progress.summed = summed.detach() if first else 0.98 * progress.summed + 0.02 * summed.detach()


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


def save(args: argparse.Namespace, student: Student, progress: Progress, scores: dict[str, float]) -> None:
    """The plain Hugging Face folder, in half precision, with its card."""
    out: Path = args.out or Path("resources/models") / student.starter.name
    out.mkdir(parents=True, exist_ok=True)
    model = student.model
    for name in ("hidden_dropout_prob", "attention_probs_dropout_prob"):
        if hasattr(model.config, name):
            setattr(model.config, name, 0.1)
    model.half().save_pretrained(out)
    model.config.dtype = torch.float32  # half precision is for the disk: loaded plainly, it computes in full
    model.config.save_pretrained(out)
    layer = summary_layer(model)
    if student.summary is not None and layer is not None:  # a classifier finds its first layer ready
        weights = load_file(out / "model.safetensors")
        weights[f"{layer}.weight"] = student.summary.dense.weight.detach().half().cpu()
        weights[f"{layer}.bias"] = student.summary.dense.bias.detach().half().cpu()
        save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    student.tokenizer.save_pretrained(out)
    machine = torch.cuda.get_device_name() if student.device == "cuda" else f"{os.cpu_count()} cores, no GPU"
    facts = {
        "network": f"{student.starter.architecture}, {student.starter.width} × {student.starter.layers}",
        "parameters": f"{sum(p.numel() for p in model.parameters()):,}",
        "corpus": f"{len(np.unique(student.rows.owner)):,} entries",
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
    write_card(out, student.starter, facts, _command(args))


def _command(args: argparse.Namespace) -> str:
    """What was typed, but for folders: as the card repeats it."""
    options = [f"--minutes {args.minutes:g}", f"--budget {args.budget}", f"--seed {args.seed}"]
    options += [
        f"--{name} {value}" for name in ("most", "architecture", "width", "layers") if (value := vars(args)[name])
    ]
    if args.whole:
        options.append("--whole")
    return " ".join(["pretrain.py", args.domain, "--corpora FOLDER --work WORK", *options])


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
    parser.add_argument("--architecture", default="", help="esm, roberta, bert or modernbert: for a comparison")
    parser.add_argument("--width", type=int, default=0)
    parser.add_argument("--layers", type=int, default=0)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    pretrain(args)


if __name__ == "__main__":
    main()
