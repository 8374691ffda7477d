"""Variants of the training rows that models write once, before training: back-translations, masked substitutions.

They lie beside the dataset (see `data.variant_store`), so that a resumed run, and another with the same settings, read
what is there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Protocol

import torch

from sciapp.engine.augmentation.back_translation import BackTranslation
from sciapp.engine.augmentation.generators import model_names
from sciapp.engine.augmentation.masked_substitution import MaskedSubstitution
from sciapp.engine.augmentation.translator import Translator
from sciapp.engine.augmentation.variant_cache import Part, VariantStore, distinct
from sciapp.engine.domains.base import Domain, Rejected
from sciapp.engine.domains.registry import parts_of_domain
from sciapp.engine.domains.row_input import RowInput, parts_of, row_input
from sciapp.engine.models.load import local_folder
from sciapp.records.plan.augmentation import Augmentations
from sciapp.records.plan.plan import TrainPlan

Check = Callable[[], None]
_SECOND = 1_000_000_007  # added to a row's number: the second inputs of rows have draws of their own
_ROWS_AT_ONCE = {"back_translation": BackTranslation.rows_at_once, "masked_model": MaskedSubstitution.rows_at_once}


class VariantGenerator(Protocol):
    """A model that writes variants. rows_at_once: rows that are drawn together."""

    rows_at_once: ClassVar[int]

    def variants(self, values: Sequence[str], first: int, check: Check) -> list[list[str]]: ...


@dataclass
class GeneratedVariants:
    """Variants of the rows `inputs`, made when they are asked for. `writer` loads the models when they are needed."""

    inputs: Sequence[RowInput]
    store: VariantStore
    domain: Domain
    rows_at_once: int
    writer: Callable[[], VariantGenerator]
    check: Check = lambda: None
    _parts: dict[int, Part] = field(default_factory=dict, repr=False)
    _loaded: list[VariantGenerator] = field(default_factory=list, repr=False)

    def __len__(self) -> int:
        """The number of parts."""
        return -(-len(self.inputs) // self.rows_at_once)

    def of(self, row: int) -> tuple[RowInput, ...]:
        """See `data.rewriting.RowVariants`."""
        number, offset = divmod(row, self.rows_at_once)
        return distinct(self.inputs[row], self.part(number)[offset])

    def load(self, number: int) -> bool:
        """True if a part is saved with the dataset already; it is read then."""
        part = self.store.part(number, len(self._values(number)))
        if part is not None:
            self._parts[number] = part
        return part is not None

    def part(self, number: int) -> Part:
        """The variants of a part's rows, written now if need be."""
        if number not in self._parts and not self.load(number):
            if not self._loaded:
                self._loaded.append(self.writer())
            values, first = self._values(number), number * self.rows_at_once
            written = self._written(self._loaded[0], values, first)
            cleaned = ([self._clean(variant) for variant in row] for row in written)
            self._parts[number] = [[value for value in row if value is not None] for row in cleaned]
        return self._parts[number]

    def leave_out(self, number: int) -> None:
        """The rows of this part are to have no variants."""
        self._parts[number] = [[] for _ in self._values(number)]

    def forget_models(self) -> None:
        self._loaded.clear()

    def _values(self, number: int) -> Sequence[RowInput]:
        return self.inputs[number * self.rows_at_once : (number + 1) * self.rows_at_once]

    def _written(self, writer: VariantGenerator, values: Sequence[RowInput], first: int) -> Part:
        """Each input of a row is written anew, by draws of its own."""
        sides = map(list, zip(*map(parts_of, values), strict=True))
        written = [writer.variants(side, first + turn * _SECOND, self.check) for turn, side in enumerate(sides)]
        return [[row_input(parts) for parts in zip(*of_row, strict=True)] for of_row in zip(*written, strict=True)]

    def _clean(self, variant: RowInput) -> RowInput | None:
        """The canonical form; None for what is no row of this kind."""
        try:
            return self.domain.clean(variant)
        except Rejected:
            return None


def variants_by(
    name: str, plan: TrainPlan, domain: Domain, fingerprint: str, inputs: Sequence[RowInput], parent: Path,
    project: Path, device: torch.device, check: Check = lambda: None,
) -> GeneratedVariants:  # fmt: skip
    """The variants that the variation `name` of the plan gives of the rows `inputs`; nothing is written yet.

    parent: where the stores of the dataset lie. Raises BadInput, NotFound for a model that is none.
    """
    variation, settings = domain.variations[name], plan.augmentation
    names = model_names(plan, domain, variation)
    folders = {setting: local_folder(model, project=project) for setting, model in names.items()}
    made_with = {
        "dataset": fingerprint,
        "augmentation": name,
        "models": {setting: _content_sha256(folder) for setting, folder in folders.items()},
        "variants": settings.augmentation_variants,
        "strength": settings.augmentation_strength,
        "seed": plan.seed,
    }

    def writer() -> VariantGenerator:
        if variation.by == "back_translation":
            return _back_translation(settings, plan.seed, names, folders, device)
        setting = "substitution_model"
        return MaskedSubstitution.open(
            folders[setting], names[setting], device, how=variation, example=parts_of(domain.example)[0],
            count=settings.augmentation_variants, strength=settings.augmentation_strength, seed=plan.seed,
        )  # fmt: skip

    store = VariantStore.keyed(parent, made_with, inputs=len(parts_of_domain(domain)))
    return GeneratedVariants(inputs, store, domain, _ROWS_AT_ONCE[variation.by], writer, check)


def _back_translation(
    wanted: Augmentations, seed: int, names: Mapping[str, str], folders: Mapping[str, Path], device: torch.device
) -> BackTranslation:
    there, back = (
        Translator.open(folders[setting], names[setting], device)
        for setting in ("translation_there", "translation_back")
    )
    return BackTranslation(there, back, wanted.augmentation_variants, wanted.augmentation_strength, seed)


_MODEL_FILES = ("*.safetensors", "*.json", "*.txt", "*.model", "*.spm")
_BLOCK = 1 << 20  # bytes


def _content_sha256(folder: Path) -> str:
    """sha256 over a model's weights, configuration and tokenizer, wherever its folder lies; a second for 500 MB."""
    digest = sha256()
    for file in sorted({file for pattern in _MODEL_FILES for file in folder.glob(pattern) if file.is_file()}):
        digest.update(file.name.encode("utf-8", "surrogatepass") + b"\0")
        with file.open("rb") as content:
            while block := content.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()
