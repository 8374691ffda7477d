"""How fast SciApp trains beside transformers' Trainer: same network, rows and passes, sides taking turns.

    .venv/bin/python tests/benchmarks/training.py [--workloads esol,gb1] [--rounds 5] [--threads 1] [--data FOLDER]
        [--sides trainer,tuned,sciapp] [--set name=value] [--out FILE.jsonl]

Sides: the Trainer as most people call it (8 rows a batch in random order, padded to the longest); the Trainer tuned
(32 rows of like length, fused AdamW, bf16 where the hardware has it); SciApp's default; and, asked for as
`--sides sciapp,without_packing`, the same with one of its means switched off. Each is a process of its own.
Printed are medians over the rounds, the ratio to SciApp's within each round, tokens per second, the most memory, and
which share of the machine's own matrix products (measured beside it) the useful operations are. Workloads that need
shared data are left out without --data.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from speed.sides import SIDES, WITHOUT, take
from speed.workloads import WORKLOADS, Workload, encoder, imported

from sciapp.jobs.launch.processes import run_environment

LONGEST = 1800  # seconds that one side may take


def main() -> None:
    args = arguments()
    if args.side:
        work = next(work for work in WORKLOADS if work.name == args.workloads)
        settings = dict(setting.split("=", 1) for setting in args.set)
        taken = take(args.side, work, args.project, args.encoder, args.threads, settings)
        print(json.dumps(taken.as_json()))
        return
    print(f"{args.threads} thread(s); matrix products: {matrix_rate(args.threads) / 1e9:,.0f} GFLOP/s", flush=True)
    with tempfile.TemporaryDirectory() as name:
        for work in chosen(args):
            project, _ = imported(work, args.data or Path(), Path(name))
            report(work, list(rounds(work, args, project.folder, encoder(work, Path(name)))), args)


def rounds(work: Workload, args: argparse.Namespace, project: Path, begin: Path) -> Iterator[dict[str, dict[str, Any]]]:
    """What each side took, round by round; who comes first changes from round to round."""
    for turn in range(args.rounds):
        order = [args.sides[(turn + n) % len(args.sides)] for n in range(len(args.sides))]
        took = {side: one(side, work, args, project, begin) for side in order}
        rate = matrix_rate(args.threads)
        for side, taken in took.items():
            taken["rate"] = rate
            if args.out:
                record = {
                    "workload": work.name,
                    "threads": args.threads,
                    "round": turn,
                    "set": args.set,
                    **taken,
                }
                with args.out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(record) + "\n")
            print(f"  {work.name} {turn + 1}/{args.rounds} {side}: {taken['seconds']:.1f} s", flush=True)
        yield took


def one(side: str, work: Workload, args: argparse.Namespace, project: Path, begin: Path) -> dict[str, Any]:
    settings = [part for setting in args.set for part in ("--set", setting)]
    command = [
        sys.executable, __file__, "--side", side, "--workloads", work.name, "--project", str(project),
        "--encoder", str(begin), "--threads", str(args.threads), *settings,
    ]  # fmt: skip
    environment = {**run_environment(), "OMP_NUM_THREADS": str(args.threads), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False)
    if done.returncode:
        raise SystemExit(f"{side} failed:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def report(work: Workload, took: list[dict[str, dict[str, Any]]], args: argparse.Namespace) -> None:
    print(f"{work.name}: {len(took)} rounds")
    for side in args.sides:
        mine = [round_[side] for round_ in took]
        ratios = sorted(round_[side]["seconds"] / round_["sciapp"]["seconds"] for round_ in took)
        useful = median(taken["operations"] / taken["seconds"] / taken["rate"] for taken in mine)
        print(
            f"  {side:24} {median(t['tokens'] / t['seconds'] for t in mine):7,.0f} tokens/s   "
            f"time {median(ratios):.2f} of SciApp's ({ratios[0]:.2f} to {ratios[-1]:.2f})   "
            f"{median(t['peak_mib'] for t in mine):6,.0f} MiB   {useful:4.0%} of matrix products   "
            f"{mine[0]['score_name']} {median(t['score'] for t in mine):.3f}",
            flush=True,
        )


def matrix_rate(threads: int, size: int = 1024) -> float:
    """Floating-point operations a second of matrix products in fp32, the best of several tries."""
    import torch

    torch.set_num_threads(threads)
    a, b = torch.rand(size, size), torch.rand(size, size)
    best = 0.0
    for _ in range(8):
        began = time.perf_counter()
        a @ b
        best = max(best, 2 * size**3 / (time.perf_counter() - began))
    return best


def chosen(args: argparse.Namespace) -> list[Workload]:
    wanted = args.workloads.split(",") if args.workloads else [work.name for work in WORKLOADS]
    return [work for work in WORKLOADS if work.name in wanted and (args.data or not work.needs_data)]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workloads", default="")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data", type=Path, help="the folder with shared data")
    more = ", ".join(WITHOUT)
    parser.add_argument("--sides", type=lambda text: text.split(","), default=list(SIDES), help=f"also {more}")
    parser.add_argument("--set", action="append", default=[], help="a setting of SciApp's plan, to switch a means off")
    parser.add_argument("--out", type=Path, help="add what was measured, a line a side and round")
    for inner in ("--side", "--project", "--encoder"):
        parser.add_argument(inner, type=Path if inner != "--side" else str, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
