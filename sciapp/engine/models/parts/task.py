"""The task that the model was trained for, as keys of config.json."""

from pathlib import Path

from sciapp.engine.models.parts.base import ModelContents, ModelPart
from sciapp.engine.tasks.registry import config_keys, saved_task


class TaskPart(ModelPart):
    """Set in the network's configuration when its head is made, and written with it."""

    key = "task"
    config_keys = config_keys()

    def load(self, folder: Path, contents: ModelContents) -> None:
        contents.task = saved_task(contents.network.config)
