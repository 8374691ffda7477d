"""What a frozen encoder already knows: ridge on its pooled states, for quick comparisons between networks.

    .venv/bin/python tests/benchmarks/probe.py [FOLDER…] [--random] [--data FOLDER] [--threads 1]

Every row of a small set (molecules: ESOL and FreeSolv) is predicted once per seed, in five folds, by a ridge regression
whose strength is chosen on its training rows alone. Printed: RMSE, or accuracy for classes, mean ± sd over the seeds,
for each way of pooling. With --random the same network with untrained weights stands beside. Less than a minute a
folder on one core.
"""

import argparse
import csv
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch
import transformers
from sklearn.linear_model import RidgeClassifierCV, RidgeCV
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from transformers import AutoConfig, AutoModel, AutoTokenizer, PreTrainedModel

PROJECT = Path(__file__).parents[2]
STARTER = PROJECT / "resources/models/molecule-starter"
SEEDS = (0, 1, 2)
STRENGTHS = np.logspace(-1, 4, 11)
BATCH = 64


@dataclass(frozen=True)
class Table:
    """A set of one domain: its file in the project, the same in shared data where it lies there too."""

    domain: str
    name: str
    own: str
    shared: str
    text: str
    value: str
    classes: bool = False


TABLES = (
    Table(
        "molecule", "ESOL", "resources/samples/esol.csv", "molecules/esol_delaney.csv", "smiles",
        "measured log solubility in mols per litre",
    ),
    Table("molecule", "FreeSolv", "tests/data/freesolv.csv", "molecules/freesolv_sampl.csv", "smiles", "expt"),
    Table("protein", "GB1", "resources/samples/gb1.csv", "", "sequence", "target"),
    Table("nucleotide", "splice", "resources/samples/splice_junctions.csv", "", "sequence", "label", classes=True),
    Table("text", "SciCite", "resources/samples/scicite.csv", "", "text", "label", classes=True),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[STARTER], help="of encoders")
    parser.add_argument("--domain", choices=sorted({t.domain for t in TABLES}), help="else read off the folder's name")
    parser.add_argument("--random", action="store_true", help="untrained weights of the same networks beside")
    parser.add_argument("--data", type=Path, help="shared/data; without it the project's own copies are read")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    for folder in args.folders:
        named = folder.absolute().name.split("-")[0]
        domain = args.domain or (named if named in {table.domain for table in TABLES} else "molecule")
        for untrained in (False, True) if args.random else (False,):
            began = time.monotonic()
            for said in probed(folder, domain, args.data, untrained=untrained):
                print(f"{folder}{' (untrained)' if untrained else ''}  {said}", flush=True)
            print(f"  {time.monotonic() - began:.0f} s")


def probed(folder: Path, domain: str, data: Path | None, *, untrained: bool) -> Iterator[str]:
    """One sentence per table: the score of each pooling."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = encoder(folder, untrained=untrained)
    for table in (table for table in TABLES if table.domain == domain):
        file = data / table.shared if data and table.shared else PROJECT / table.own
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        cells = [row[table.value].strip() for row in rows]
        truth = np.array(cells) if table.classes else np.array([float(cell) for cell in cells])
        pools = pooled(model, tokenizer, [row[table.text].strip() for row in rows])
        score = accuracy if table.classes else rmse
        scores = {pool: [score(states, truth, seed) for seed in SEEDS] for pool, states in pools.items()}
        told = "  ".join(f"{pool} {np.mean(found):.3f} ± {np.std(found):.3f}" for pool, found in scores.items())
        if table.classes:
            usual = max(cells.count(one) for one in set(cells)) / len(cells)
            yield f"{table.name:8} accuracy {told}  (share of the largest class {usual:.3f})"
        else:
            yield f"{table.name:8} RMSE {told}  (sd of the values {truth.std():.3f})"


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
    ridge = make_pipeline(StandardScaler(), RidgeCV(alphas=STRENGTHS))
    predicted = cross_val_predict(ridge, states, truth, cv=KFold(5, shuffle=True, random_state=seed))
    return float(np.sqrt(np.mean((predicted - truth) ** 2)))


def accuracy(states: np.ndarray, truth: np.ndarray, seed: int) -> float:
    """The same for classes: ridge on one column of 1 and -1 per class, the largest wins."""
    ridge = make_pipeline(StandardScaler(), RidgeClassifierCV(alphas=STRENGTHS))
    predicted = cross_val_predict(ridge, states, truth, cv=KFold(5, shuffle=True, random_state=seed))
    return float(np.mean(predicted == truth))


if __name__ == "__main__":
    main()
