"""Test-time augmentation: other spellings of a row that are read as well, and averaged over."""

from dataclasses import asdict
from pathlib import Path

from sciapp.engine.domains.registry import domain_named
from sciapp.engine.models.parts.base import ModelContents, ModelPart, PartDescription
from sciapp.engine.models.test_time_augmentation import TestTimeAugmentation
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.atomic import write_json
from sciapp.records.regular import json_in

TEST_TIME_FILE = "test_time.json"
_FORMAT = 1
_NOTE = msg(
    "`sciapp predict` reads each row in several spellings and averages, as `test_time.json` says; the scores "
    "above are of these means. The lines here read it once."
)


class TestTimePart(ModelPart):
    """`test_time.json`: so that whoever predicts with the model does the same."""

    key = "test_time"
    files = (TEST_TIME_FILE,)

    def save(self, contents: ModelContents, folder: Path) -> None:
        if contents.test_time is not None:
            write_json(folder / TEST_TIME_FILE, {"format": _FORMAT, **asdict(contents.test_time)})

    def load(self, folder: Path, contents: ModelContents) -> None:
        """Raises BadInput for a damaged file: without it predictions would be others."""
        contents.test_time = _read(folder) if self.is_in(folder) else None

    def describe(self, folder: Path) -> PartDescription | None:
        augmentation = _read(folder) if self.is_in(folder) else None
        return PartDescription(self.key, note=_NOTE, remark=str(augmentation)) if augmentation else None


def _read(folder: Path) -> TestTimeAugmentation:
    try:
        value = json_in(folder / TEST_TIME_FILE)
        if value["format"] > _FORMAT:
            raise ValueError("it was written by a newer SciApp")
        names = tuple(str(name) for name in value["augmentations"])
        known = domain_named(str(value["domain"])).augmentations
        if not names or not set(names) <= set(known):
            raise ValueError(f"augmentations that this version does not know: {names}")
        return TestTimeAugmentation(
            str(value["domain"]), names, float(value["strength"]), int(value["count"]), int(value["seed"])
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise BadInput(
            msg("The model’s test_time.json cannot be used."),
            hint=msg("Train again with this version, or use the version that trained it."),
            context=f"{folder}: {error}",
        ) from error
