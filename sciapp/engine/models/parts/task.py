"""The task that the model was trained for, as keys of config.json."""

from pathlib import Path

from sciapp.engine.models.parts.base import ModelContents, ModelPart
from sciapp.engine.tasks.registry import saved_task
from sciapp.engine.tasks.saved_keys import MEAN_KEY, SCALE_KEY, SEPARATOR_KEY, TASK_KEY


class TaskPart(ModelPart):
    """Set in the network's configuration when its head is made, and written with it."""

    key = "task"
    config_keys = (TASK_KEY, SEPARATOR_KEY, MEAN_KEY, SCALE_KEY)

    def load(self, folder: Path, contents: ModelContents) -> None:
        contents.task = saved_task(contents.network.config)
