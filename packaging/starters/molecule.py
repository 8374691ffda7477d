"""Pre-train the molecule starter with masked tokens (Devlin et al. 2019; Liu et al. 2019, RoBERTa) on SMILES.

    .venv/bin/python packaging/starters/molecule.py --corpora FOLDER --out resources/models/molecule-starter \
        --minutes 30 --work /tmp/molecule-starter

Interrupted, the same command goes on from the last piece in --work.
"""

import argparse
import math
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import torch
from card import write_card
from corpora import read
from smiles_tokenizer import LONGEST, build
from transformers import PreTrainedTokenizerFast, RobertaConfig, RobertaForMaskedLM

BUCKETS = (16, 24, 32, 40, 48, 64, 96, 128)  # few shapes: each new one costs memory that never comes back
HELD_OUT = 4000
MASKED_SHARE = 0.15
PEAK_RATE = 1e-3


@dataclass
class Progress:
    """How far the training is; saved with every piece."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    loss: float = math.nan


def configuration(tokenizer: PreTrainedTokenizerFast) -> RobertaConfig:
    """3.3 million parameters: what two cores can teach something in half an hour."""
    return RobertaConfig(
        vocab_size=len(tokenizer),
        hidden_size=256,
        num_hidden_layers=4,
        num_attention_heads=4,
        intermediate_size=1024,
        max_position_embeddings=LONGEST + 2,
        type_vocab_size=1,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )


def batches(rows: list[list[int]], budget: int, pad: int, rng: np.random.Generator) -> Iterator[torch.Tensor]:
    """Endless (rows, length) batches of like length; length is one of BUCKETS, longer rows are left out."""
    groups: dict[int, list[int]] = {bucket: [] for bucket in BUCKETS}
    for index, row in enumerate(rows):
        bucket = next((b for b in BUCKETS if len(row) <= b), None)
        if bucket is not None:
            groups[bucket].append(index)
    while True:
        plan = []
        for bucket, members in groups.items():
            shuffled = rng.permutation(members).astype(int)
            size = budget // bucket
            plan += [(bucket, shuffled[i : i + size]) for i in range(0, len(shuffled) - size + 1, size)]
        for where in rng.permutation(len(plan)):
            bucket, members = plan[where]
            yield torch.tensor([rows[i] + [pad] * (bucket - len(rows[i])) for i in members])


def masked(
    ids: torch.Tensor, tokenizer: PreTrainedTokenizerFast, rng: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs and labels (rows, length): 15 % chosen; of these 80 % masked, 10 % replaced, 10 % left as they are."""
    special = torch.tensor(tokenizer.all_special_ids)
    chosen = (torch.rand(ids.shape, generator=rng) < MASKED_SHARE) & ~torch.isin(ids, special)
    labels = torch.where(chosen, ids, -100)
    fate = torch.rand(ids.shape, generator=rng)
    inputs = torch.where(chosen & (fate < 0.8), tokenizer.mask_token_id, ids)
    random = torch.randint(len(tokenizer.all_special_ids), len(tokenizer), ids.shape, generator=rng)
    return torch.where(chosen & (fate >= 0.9), random, inputs), labels


def judge(model: RobertaForMaskedLM, rows: list[list[int]], tokenizer: PreTrainedTokenizerFast) -> dict[str, float]:
    """Masked-token loss and accuracy on held-out molecules, always with the same masks."""
    model.eval()
    rng = torch.Generator().manual_seed(1)
    lost, right, count = 0.0, 0, 0
    with torch.no_grad():
        for _, ids in zip(
            range(60), batches(rows, 4096, tokenizer.pad_token_id, np.random.default_rng(1)), strict=False
        ):
            inputs, labels = masked(ids, tokenizer, rng)
            logits = model(input_ids=inputs, attention_mask=(ids != tokenizer.pad_token_id).long()).logits
            chosen = labels != -100
            lost += float(torch.nn.functional.cross_entropy(logits[chosen], labels[chosen], reduction="sum"))
            right += int((logits[chosen].argmax(-1) == labels[chosen]).sum())
            count += int(chosen.sum())
    model.train()
    return {"loss": lost / count, "accuracy": right / count}


def pretrain(args: argparse.Namespace) -> None:
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads or os.cpu_count() or 1)
    smiles = read(args.corpora, args.seed)
    tokenizer = build(smiles)
    rows: list[list[int]] = tokenizer(smiles)["input_ids"]
    held_out, rows = rows[:HELD_OUT], rows[HELD_OUT:]
    model = RobertaForMaskedLM(configuration(tokenizer))
    parameters = sum(p.numel() for p in model.parameters())
    print(f"{len(rows):,} molecules, {len(tokenizer)} tokens in the vocabulary, {parameters:,} parameters", flush=True)
    progress = train(args, model, tokenizer, rows, held_out)
    scores = judge(model, held_out, tokenizer)
    print("held out", scores, flush=True)
    save(args, model, tokenizer, progress, scores, len(rows))


def train(
    args: argparse.Namespace,
    model: RobertaForMaskedLM,
    tokenizer: PreTrainedTokenizerFast,
    rows: list[list[int]],
    held_out: list[list[int]],
) -> Progress:
    """Train until the minutes are used up; a piece is saved every few minutes and taken up again."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    progress, piece = Progress(), args.work / "piece.pt"
    if piece.exists():
        stored = torch.load(piece, weights_only=True)
        model.load_state_dict(stored["model"])
        optimizer.load_state_dict(stored["optimizer"])
        progress = Progress(**stored["progress"])
    rng = torch.Generator().manual_seed(args.seed + progress.step)
    last = last_saved = time.monotonic()
    model.train()
    for ids in batches(rows, args.budget, tokenizer.pad_token_id, np.random.default_rng(args.seed + progress.step)):
        share = progress.seconds / (60 * args.minutes)
        if share >= 1:
            break
        step(model, optimizer, tokenizer, ids, rng, progress, share)
        now = time.monotonic()
        progress.seconds += now - last
        last = now
        if progress.step % 200 == 0:
            pace = progress.tokens / progress.seconds
            print(f"step {progress.step} {share:.0%} loss {progress.loss:.3f} {pace:,.0f} tokens/s", flush=True)
        if now - last_saved > 180:
            parts = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "progress": asdict(progress)}
            torch.save(parts, piece.with_suffix(".tmp"))
            piece.with_suffix(".tmp").replace(piece)
            scores = judge(model, held_out, tokenizer)
            print("held out", scores, flush=True)
            save(args, model, tokenizer, progress, scores, len(rows))
            last = last_saved = time.monotonic()
    return progress


def step(
    model: RobertaForMaskedLM,
    optimizer: torch.optim.Optimizer,
    tokenizer: PreTrainedTokenizerFast,
    ids: torch.Tensor,
    rng: torch.Generator,
    progress: Progress,
    share: float,
) -> None:
    """One optimiser step; the rate warms up over 300 steps and falls along a cosine of the time used."""
    inputs, labels = masked(ids, tokenizer, rng)
    real = ids != tokenizer.pad_token_id
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = model(input_ids=inputs, attention_mask=real.long(), labels=labels).loss
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    warm = min(1.0, (progress.step + 1) / 300)
    for group in optimizer.param_groups:
        group["lr"] = PEAK_RATE * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share)))
    optimizer.step()
    progress.step += 1
    progress.tokens += int(real.sum())
    progress.loss = loss.item() if math.isnan(progress.loss) else 0.98 * progress.loss + 0.02 * loss.item()


def save(
    args: argparse.Namespace,
    model: RobertaForMaskedLM,
    tokenizer: PreTrainedTokenizerFast,
    progress: Progress,
    scores: dict[str, float],
    molecules: int,
) -> None:
    """The plain Hugging Face folder with its card."""
    args.out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(args.out)
    tokenizer.save_pretrained(args.out)
    facts = {
        "molecules": f"{molecules:,}",
        "parameters": f"{sum(p.numel() for p in model.parameters()):,}",
        "vocabulary": str(len(tokenizer)),
        "steps": f"{progress.step:,}",
        "tokens": f"{progress.tokens / 1e6:.1f} million",
        "hours": f"{progress.seconds / 3600:.2f}",
        "machine": f"{os.cpu_count()} cores ({platform.machine()}), no GPU, bf16 autocast, torch {torch.__version__}",
        "seed": str(args.seed),
        "held-out masked loss": f"{scores['loss']:.3f}",
        "held-out masked accuracy": f"{scores['accuracy']:.3f}",
    }
    write_card(args.out, facts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--budget", type=int, default=4096, help="tokens per batch")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    pretrain(args)


if __name__ == "__main__":
    main()
