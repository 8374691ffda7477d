"""What a frozen encoder already knows: ridge on its pooled states, for quick comparisons between networks.

    .venv/bin/python tests/benchmarks/probe.py [FOLDER…] [--random] [--data FOLDER] [--threads 1]

Every molecule of ESOL and FreeSolv is predicted once per seed, in five folds, by a ridge regression whose strength is
chosen on its training rows alone. Printed: RMSE, mean ± sd over the seeds, for each way of pooling. With --random the
same network with untrained weights stands beside. Half a minute a folder on one core.
"""

import argparse
import csv
import os
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch
import transformers
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from transformers import AutoConfig, AutoModel, AutoTokenizer, PreTrainedModel

PROJECT = Path(__file__).parents[2]
STARTER = PROJECT / "resources/models/molecule-starter"
SEEDS = (0, 1, 2)
STRENGTHS = np.logspace(-1, 4, 11)
BATCH = 64

# The set's name, its file in the project, the same in shared/data/molecules, the columns of structure and value.
TABLES = (
    (
        "ESOL",
        "resources/samples/esol.csv",
        "esol_delaney.csv",
        "smiles",
        "measured log solubility in mols per litre",
    ),
    ("FreeSolv", "tests/data/freesolv.csv", "freesolv_sampl.csv", "smiles", "expt"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[STARTER], help="of encoders of molecules")
    parser.add_argument("--random", action="store_true", help="untrained weights of the same networks beside")
    parser.add_argument("--data", type=Path, help="shared/data; without it the project's own copies are read")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    for folder in args.folders:
        for untrained in (False, True) if args.random else (False,):
            began = time.monotonic()
            for said in probed(folder, args.data, untrained=untrained):
                print(f"{folder}{' (untrained)' if untrained else ''}  {said}", flush=True)
            print(f"  {time.monotonic() - began:.0f} s")


def probed(folder: Path, data: Path | None, *, untrained: bool) -> Iterator[str]:
    """One sentence per table: RMSE of each pooling."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = encoder(folder, untrained=untrained)
    for name, own, shared, smiles, value in TABLES:
        file = data / "molecules" / shared if data else PROJECT / own
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        truth = np.array([float(row[value]) for row in rows])
        pools = pooled(model, tokenizer, [row[smiles].strip() for row in rows])
        scores = {pool: [rmse(states, truth, seed) for seed in SEEDS] for pool, states in pools.items()}
        told = "  ".join(f"{pool} {np.mean(found):.3f} ± {np.std(found):.3f}" for pool, found in scores.items())
        yield f"{name:8} RMSE {told}  (sd of the values {truth.std():.3f})"


def encoder(folder: Path, *, untrained: bool) -> PreTrainedModel:
    """The encoder in full precision, with its own weights or with new ones from seed 0."""
    if not untrained:
        return AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    torch.manual_seed(0)
    return AutoModel.from_config(AutoConfig.from_pretrained(folder)).float().eval()


@torch.no_grad()
def pooled(model: PreTrainedModel, tokenizer: object, texts: list[str]) -> dict[str, np.ndarray]:
    """States (rows, width) of the last layer: mean and sum over the row's tokens, and the first token's."""
    order = np.argsort([len(text) for text in texts], kind="stable")
    found: dict[str, list[np.ndarray]] = {"mean": [], "sum": [], "first": []}
    for begin in range(0, len(order), BATCH):
        chosen = [texts[i] for i in order[begin : begin + BATCH]]
        batch = tokenizer(chosen, padding=True, truncation=True, return_tensors="pt")  # type: ignore[operator]
        states = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
        seen = batch["attention_mask"][:, :, None]
        total = (states * seen).sum(1)
        for pool, value in (("mean", total / seen.sum(1)), ("sum", total), ("first", states[:, 0])):
            found[pool].append(value.numpy())
    back = np.argsort(order, kind="stable")
    return {pool: np.concatenate(parts)[back] for pool, parts in found.items()}


def rmse(states: np.ndarray, truth: np.ndarray, seed: int) -> float:
    """Over all rows, each predicted by the four folds that it is not in."""
    predicted = np.empty_like(truth)
    for train, test in KFold(5, shuffle=True, random_state=seed).split(states):
        ridge = make_pipeline(StandardScaler(), RidgeCV(alphas=STRENGTHS)).fit(states[train], truth[train])
        predicted[test] = ridge.predict(states[test])
    return float(np.sqrt(np.mean((predicted - truth) ** 2)))


if __name__ == "__main__":
    main()
