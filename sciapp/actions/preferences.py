"""This user's preferences, and what this installation runs on."""

import os
from collections.abc import Mapping
from typing import Any

from sciapp import settings
from sciapp.engine.runtime.environment import environment


def preferences() -> dict[str, Any]:
    """The preferences that a person sets, by name."""
    stored = settings.load()
    return {name: getattr(stored, name) for name in settings.CHOICES}


def change_preferences(*, changes: Mapping[str, object]) -> dict[str, Any]:
    """The preferences after some changes, all of which are stored, or none. Values may be as they are typed.

    Raises UnknownSetting, BadInput.
    """
    stored = settings.load()
    for name, value in changes.items():
        stored = settings.changed(stored, name, value)
    if changes:
        settings.save(stored)
    return preferences()


def describe_installation() -> dict[str, Any]:
    """Versions, machine and folders in plain values. Without the device: only torch can say, and takes seconds."""
    folders = {
        "settings": settings.config_folder(),
        "cache": settings.cache_folder(),
        "logs": settings.log_folder(),
        "projects": settings.projects_folder(),
        "resources": settings.resources_folder(),
    }
    variables = {name: text for name, text in os.environ.items() if name.startswith("HF_") and "TOKEN" not in name}
    return environment() | {"folders": {name: str(path) for name, path in folders.items()}, "hugging_face": variables}
