"""What augmentation does to some training rows, for people to look at before they train."""

from sciapp.records.frozen import Frozen

Marks = tuple[tuple[int, int], ...]


class AugmentationChoice(Frozen):
    """One augmentation of the dataset's domain. fits: it keeps the labels of this dataset true.

    settings: those of a plan that this one alone looks at; none for what is written anew in every pass.
    """

    name: str
    title: str
    help: str
    source: str
    fits: bool
    averages: bool
    settings: tuple[str, ...] = ()


class AugmentedExample(Frozen):
    """A training row as it was imported beside itself in a pass.

    removed, added: where (from, up to) the original has what the other lacks, and the other way round; none for
    another spelling of the same thing, of which every sign may differ. pictures: SVG, empty where there is none.
    """

    line: int
    original: str
    augmented: str
    augmentation: str
    removed: Marks = ()
    added: Marks = ()
    original_picture: str = ""
    augmented_picture: str = ""


class AugmentationPreview(Frozen):
    """looked_at: the first training rows; changed: how many of them are written anew in this pass, which counts from 1.

    masked_share: of the tokens, which the model does not see; this happens after what is shown here.
    """

    dataset: str
    number: int
    looked_at: int
    changed: int
    masked_share: float
    examples: tuple[AugmentedExample, ...]
    choices: tuple[AugmentationChoice, ...]

    def __str__(self) -> str:
        said = f"Pass {self.number}: {self.changed:,} of the first {self.looked_at:,} training rows change"
        said += " (not every row is drawn, and a row may come out as it was)."
        if self.masked_share:
            said += f" Of all rows, {self.masked_share:.0%} of the tokens are masked as well (not shown)."
        return said
