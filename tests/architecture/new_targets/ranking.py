"""A place from 1 (the best) to as many as there are: a throw-away task, to see that two files make one."""

from typing import ClassVar

from sciapp.engine.data.targets.base import TaskOption
from sciapp.engine.data.targets.regression import NumberKind, RegressionWords
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskFacts


class PlaceKind(NumberKind):
    """Places are numbers."""

    facts = TaskFacts(
        "ranking", "Places", "The target is read as a place.", ("mean_squared_error",), order=90, is_quantity=True
    )
    phrase = "a ranking"
    options: ClassVar = (TaskOption("places", "Places", "how many places count", 3, 1, 100),)


class PlaceWords(RegressionWords):
    """Words for places."""

    def name(self, card: DatasetCard) -> str:
        return f"ranking by the first {card.task_options['places']} places"


KIND = PlaceKind(PlaceWords())
