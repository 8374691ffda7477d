"""How much of the test pairs was seen in training: both of their inputs, one of them, or none.

Park & Marcotte (2012, Nat. Methods 9:1134): scores of the three kinds are hardly to be compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sciapp.engine.domains.pairs import halves


@dataclass(frozen=True)
class Partners:
    """Test pairs by how many of their inputs occur in some training pair, on either side."""

    both: int
    one: int
    neither: int

    @property
    def rows(self) -> int:
        return self.both + self.one + self.neither

    def __str__(self) -> str:
        return (
            f"of {self.rows:,} test pairs, both inputs occur in training in {self.both:,}, one of them in "
            f"{self.one:,} and none in {self.neither:,}"
        )


def partners_seen(test: Sequence[str], train: Sequence[str]) -> Partners:
    """test, train: pairs, as they are in memory."""
    known = {part for pair in train for part in halves(pair)}
    seen = [sum(part in known for part in halves(pair)) for pair in test]
    return Partners(seen.count(2), seen.count(1), seen.count(0))
