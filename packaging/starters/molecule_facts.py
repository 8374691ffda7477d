"""Descriptors of many molecules for the second objective, worked out by a pool while the training is already on."""

import math
from multiprocessing import get_context
from pathlib import Path

import numpy as np

# Descriptors that cost more than they teach (a third of a millisecond and more each), and such as explode.
_LEFT_OUT = ("qed", "BCUT2D", "EStateIndex", "SPS", "Ipc", "AvgIpc", "PartialCharge")
_CHUNK = 2000
_RAREST = 0.002  # a descriptor that differs from its usual value in fewer molecules teaches nothing


def canonical_and_random(smiles: list[str], processes: int, left_out: set[str]) -> list[tuple[str, str]]:
    """Each molecule as canonical and as one random SMILES.

    left_out: skeletons (`screening`) of molecules that must not be learnt from; what RDKit cannot read goes too.
    """
    parts = [smiles[i : i + _CHUNK] for i in range(0, len(smiles), _CHUNK)]
    tasks = [(number, part, left_out) for number, part in enumerate(parts)]
    with get_context("spawn").Pool(processes) as pool:
        return [pair for part in pool.map(_two_spellings, tasks) for pair in part]


def _two_spellings(task: tuple[int, list[str], set[str]]) -> list[tuple[str, str]]:
    from rdkit import Chem, rdBase

    rdBase.DisableLog("rdApp.*")
    seed, smiles, left_out = task
    found = []
    for n, one in enumerate(smiles):
        molecule = Chem.MolFromSmiles(one)
        if molecule is None or molecule.GetNumAtoms() < 2:
            continue
        if Chem.MolToSmiles(molecule, isomericSmiles=False) in left_out:
            continue
        rdBase.SeedRandomNumberGenerator(seed * _CHUNK + n)
        found.append((Chem.MolToSmiles(molecule), Chem.MolToSmiles(molecule, doRandom=True, canonical=False)))
    return found


def names() -> list[str]:
    from rdkit.Chem import Descriptors

    return [name for name, _ in Descriptors._descList if not any(part in name for part in _LEFT_OUT)]


def fill(smiles: list[str], file: Path, processes: int) -> None:
    """Write descriptors (molecules, descriptors) as float16 into `file`, chunk after chunk; NaN = not yet, undefined.

    Normalised by what the first chunks show.
    """
    parts = [(i, smiles[i : i + _CHUNK]) for i in range(0, len(smiles), _CHUNK)]
    with get_context("spawn").Pool(processes) as pool:
        first = np.concatenate([values for _, values in pool.map(_described, parts[:16])])
        centre, scale, kept = _scaling(first)
        table = np.lib.format.open_memmap(file, "w+", np.float16, (len(smiles), int(kept.sum())))
        table[:] = np.nan
        np.savez(file.with_suffix(".scale.npz"), centre=centre[kept], scale=scale[kept], names=np.array(names())[kept])
        for begin, values in pool.imap_unordered(_described, parts):
            table[begin : begin + len(values)] = np.clip((values[:, kept] - centre[kept]) / scale[kept], -6, 6)


def _described(part: tuple[int, list[str]]) -> tuple[int, np.ndarray]:
    from rdkit import Chem, rdBase
    from rdkit.Chem import Descriptors

    rdBase.DisableLog("rdApp.*")
    wanted = set(names())
    functions = [function for name, function in Descriptors._descList if name in wanted]
    begin, smiles = part
    values = np.full((len(smiles), len(functions)), np.nan)
    for i, one in enumerate(smiles):
        molecule = Chem.MolFromSmiles(one)
        for j, function in enumerate(functions):
            try:
                number = float(function(molecule))
            except Exception:
                continue
            values[i, j] = number if math.isfinite(number) else math.nan
    return begin, values


def _scaling(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centre, scale and which descriptors vary; outer half per cent clipped before (winsorised z-scores)."""
    low, high = np.nanquantile(values, [0.005, 0.995], axis=0)
    held = np.clip(values, low, high)
    scale = np.nanstd(held, axis=0)
    usual = np.nanmedian(values, axis=0)
    varies = np.nanmean(values != usual, axis=0) > _RAREST
    return np.nanmean(held, axis=0), np.where(scale > 0, scale, 1.0), varies & (scale > 1e-9)


class Filling:
    """The table as far as it is filled, on the training device; `refresh` now and then."""

    def __init__(self, file: Path, device: str) -> None:
        self.file, self.device = file, device
        self.values = None

    def refresh(self) -> None:
        import torch

        if self.file.with_suffix(".scale.npz").exists():
            self.values = torch.from_numpy(np.load(self.file, mmap_mode="r").copy()).to(self.device)
