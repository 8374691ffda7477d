"""A dataset whose card cannot be read: it is shown for what it is, and the others stay usable."""

from pathlib import Path

from sciapp.errors import BadInput, shortened
from sciapp.i18n import Text, msg
from sciapp.records.base import Frozen
from sciapp.records.dataset.card import DatasetFolder
from sciapp.records.project_paths import OutsideProject, check_inside


class DamagedDataset(Frozen):
    """id: the name of its folder. reason: what is wrong, in a few words; context: what the reader said."""

    id: str
    reason: Text
    context: str = ""

    @property
    def message(self) -> str:
        return msg("The dataset “{id}” is damaged: {reason}.", id=self.id, reason=self.reason)

    @property
    def hint(self) -> str:
        return msg(
            "Put datasets/{id}/card.json back from a copy of the project; or import the file again, and then "
            "delete the folder datasets/{id}. Nothing else in it was changed.",
            id=self.id,
        )

    def error(self) -> BadInput:
        """Error for whoever asks for this dataset."""
        return BadInput(self.message, hint=self.hint, context=self.context)


def leads_elsewhere(folder: Path) -> bool:
    """True if a dataset's folder, what is above it in the project, or its card is a link."""
    try:
        check_inside(DatasetFolder(folder).project_folder, DatasetFolder(folder).card_file)
    except OutsideProject:
        return True
    return False


def damage_of(folder: Path) -> DamagedDataset | None:
    """Damage of the card in the folder of a dataset; None where it can be read."""
    card = DatasetFolder(folder).card_file
    if leads_elsewhere(folder):
        reason = msg("its folder, or its card.json, is a link to somewhere else, which SciApp does not follow")
        return DamagedDataset(id=folder.name, reason=reason, context=str(folder))
    try:
        named = DatasetFolder(folder).card().id
    except FileNotFoundError:
        return DamagedDataset(id=folder.name, reason=msg("its card.json is missing"), context=str(card))
    except OSError as error:
        reason = msg("its card.json cannot be read ({reason})", reason=error.strerror)
        return DamagedDataset(id=folder.name, reason=reason, context=f"{card}: {error}")
    except ValueError as error:  # no UTF-8, no JSON, or no card
        empty = card.stat().st_size == 0
        reason = msg("its card.json is empty") if empty else msg("its card.json is not what SciApp wrote")
        return DamagedDataset(id=folder.name, reason=reason, context=f"{card}: {error}")
    if named != folder.name:
        other = shortened(" ".join(named.split()))
        reason = msg(
            "its card.json is that of a dataset “{other}”, as after a folder was copied or renamed", other=other
        )
        return DamagedDataset(id=folder.name, reason=reason, context=f"{card}: “{named}”")
    return None
