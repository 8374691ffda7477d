"""The headings of the training form in their order."""

from sciapp.ui.editors.fields import Section
from sciapp.ui.editors.sections.averaging import AVERAGING
from sciapp.ui.editors.sections.batches import BATCHES
from sciapp.ui.editors.sections.checkpoints import CHECKPOINTS
from sciapp.ui.editors.sections.generalising import GENERALISING
from sciapp.ui.editors.sections.loss import LOSS
from sciapp.ui.editors.sections.optimiser import OPTIMISER
from sciapp.ui.editors.sections.tuning import TUNING

ADVANCED: tuple[Section, ...] = (TUNING, OPTIMISER, LOSS, GENERALISING, AVERAGING, BATCHES, CHECKPOINTS)
"""Each is a fold of its own below the basic settings."""
