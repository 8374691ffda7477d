"""Facts that every kind of plan states about itself: callers ask these instead of which kind it is."""

from typing import ClassVar

from sciapp.records.base import Frozen
from sciapp.records.model.reference import model_of_run
from sciapp.records.plan.tuning import Tuning


class PlanKind(Frozen):
    """Base of all plans. A new kind sets the facts that differ and is added to the union in `records/plan/plan.py`."""

    title: ClassVar[str]
    """What a run of it is called at the head of a report."""
    deed: ClassVar[str]
    """What such a run did, for a sentence about it: “predicted new rows”."""
    trains: ClassVar[bool] = False
    """It moves weights step by step: it has leaf settings, curves and checkpoints, can be stopped early and resumed,
    and be spread over devices."""
    fits_labels: ClassVar[bool] = False
    """It learns targets from the training rows of a dataset; such a training can go on for more epochs."""
    compresses: ClassVar[bool] = False
    """It makes the model of another run smaller."""
    is_evaluated: ClassVar[bool] = False
    """Its model is judged on test rows: it can be reported, and it predicts."""
    predicts_file: ClassVar[bool] = False
    """It writes predictions for the rows of a file."""

    @property
    def subject(self) -> str:
        """Dataset or file that is read, or the run whose model is changed."""
        return self.dataset_read or self.file_read or self.source_run

    @property
    def base_text(self) -> str:
        """The model that it begins from or applies, or the method, as lists show it."""
        return self.origin

    @property
    def dataset_read(self) -> str:
        """Id of the dataset whose rows are read; empty for none."""
        return ""

    @property
    def file_read(self) -> str:
        """Absolute path of the file whose rows are read; empty for none."""
        return ""

    @property
    def origin(self) -> str:
        """Reference of the model whose weights it begins from or applies; empty for a model from scratch."""
        return model_of_run(self.source_run) if self.source_run else ""

    @property
    def source_run(self) -> str:
        """Id of the run whose finished model is applied or compressed; empty for trainings."""
        return ""

    @property
    def device_count(self) -> int:
        """Processes that carry it out together."""
        return 1

    @property
    def epochs(self) -> int:
        """Passes over the training rows; 0 where nothing is trained."""
        return 0

    @property
    def weights_tuned(self) -> Tuning:
        """The weights that are trained; all of them where the kind leaves no choice."""
        return Tuning()
