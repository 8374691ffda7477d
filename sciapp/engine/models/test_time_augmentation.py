"""Test-time averaging: a row is predicted in several spellings, and the answers are averaged (Kimber et al.
2021, Artif. Intell. Life Sci. 1:100014 for SMILES; Cao & Zhang 2019, Bioinformatics 35:1837 for both strands of DNA).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.row_input import RowInput, stored_text
from sciapp.errors import BadInput
from sciapp.i18n import all_of, any_of, msg
from sciapp.records.plan.plan import TrainPlan


@dataclass(frozen=True)
class TestTimeAugmentation:
    """Other spellings of a row that are read as well. They follow from the row, not from where it stands in a file."""

    __test__ = False  # pytest takes classes of such a name for tests

    domain: str
    augmentations: tuple[str, ...]
    strength: float
    count: int
    seed: int

    def of(self, value: RowInput) -> list[RowInput]:
        """At most `count` spellings other than `value`, all different."""
        known = domain_named(self.domain).augmentations
        names = [self.augmentations[number % len(self.augmentations)] for number in range(self.count)]
        spelt = (known[name](value, self._seed(value, n), self.strength) for n, name in enumerate(names))
        return [one for one in dict.fromkeys(spelt) if one != value]

    def of_all(
        self, values: Sequence[RowInput], check: Callable[[int], None]
    ) -> tuple[list[RowInput], npt.NDArray[np.int64]]:
        """The copies of all values, and the position of the value that each is of. May raise as `check(done)` does."""
        copies = []
        for done, value in enumerate(values):
            check(done)
            copies.append(self.of(value))
        owners = np.repeat(np.arange(len(values)), [len(part) for part in copies])
        return [one for part in copies for one in part], owners

    def __str__(self) -> str:
        return msg(
            "Predictions are means over each row as it stands and up to {count} copies of it, written anew "
            "by {augmentations}; validation and test scores are of these means.",
            count=self.count,
            augmentations=all_of(self.augmentations),
        )

    def _seed(self, value: RowInput, number: int) -> int:
        text = f"{self.seed}\0{number}\0{stored_text(value)}".encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(text, digest_size=4).digest(), "big")


def spellings_for(plan: TrainPlan, domain: Domain) -> TestTimeAugmentation | None:
    """The test-time augmentation of the plan; None: rows are read once. Raises BadInput where no augmentation of the
    plan suits it.
    """
    settings = plan.augmentation
    if not settings.test_time:
        return None
    suiting = [name for name, one in domain.augmentations.items() if one.averages]
    names = tuple(name for name in settings.augmentations if name in suiting)
    if not names or not settings.augmentation_strength:
        raise BadInput(
            msg(
                "Predictions can only be averaged over other spellings of a row, and the plan names no "
                "augmentation that makes them."
            ),
            hint=msg(
                "Add {suiting} to the augmentations, with a strength above 0, or set test_time to 0.",
                suiting=any_of(suiting),
            )
            if suiting
            else msg("For a {domain} there is none: set test_time to 0.", domain=domain.name),
        )
    return TestTimeAugmentation(domain.name, names, settings.augmentation_strength, settings.test_time, plan.seed)
