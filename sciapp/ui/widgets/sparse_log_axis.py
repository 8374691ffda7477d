"""A logarithmic axis that can be read when it is short."""

from collections.abc import Sequence

import pyqtgraph as pg


class SparseLogAxis(pg.AxisItem):
    """On a logarithmic scale writes 1, 2 and 5 of each decade: the numbers between would lie over each other."""

    def logTickStrings(self, values: Sequence[float], scale: float, spacing: float | None) -> list[str]:
        """pyqtgraph calls this. values: logarithms."""
        said: list[str] = super().logTickStrings(values, scale, spacing)
        leading = [round(10 ** (value % 1), 3) for value in values]
        return [text if digit in {1, 2, 5, 10} else "" for text, digit in zip(said, leading, strict=True)]
