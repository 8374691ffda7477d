"""The conditions of a measurement make it another row: the same molecule at another temperature is no contradiction."""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.staging import staged_batches


def told_apart(digests: npt.NDArray[np.uint64], staged: Path, places: Sequence[int]) -> npt.NDArray[np.uint64]:
    """Digests (rows, 2) of the inputs together with the cells at `places`: the conditions of the measurement."""
    if not places:
        return digests
    mixed = digests.copy()
    for batch in staged_batches(staged):
        cells = zip(*(batch.cells(place).to_pylist() for place in places), strict=True)
        for row, under in enumerate(cells, start=batch.begin):
            text = "\t".join((cell or "").strip() for cell in under)
            mixed[row] ^= np.frombuffer(blake2b(text.encode("utf-8"), digest_size=16).digest(), dtype=np.uint64)
    return mixed
