"""The headings of the training form in their order."""

from sciapp.ui.forms.fields import Section
from sciapp.ui.training.fields.averaging import AVERAGING
from sciapp.ui.training.fields.batches import BATCHES
from sciapp.ui.training.fields.checkpoints import CHECKPOINTS
from sciapp.ui.training.fields.generalising import GENERALISING
from sciapp.ui.training.fields.loss import LOSS
from sciapp.ui.training.fields.optimiser import OPTIMISER
from sciapp.ui.training.fields.tuning import TUNING

ADVANCED: tuple[Section, ...] = (TUNING, OPTIMISER, LOSS, GENERALISING, AVERAGING, BATCHES, CHECKPOINTS)
"""Each is a fold of its own below the basic settings."""
