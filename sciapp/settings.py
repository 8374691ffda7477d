"""Preferences and folders of this user. An unreadable value falls back to its default and never blocks the start."""

import locale
import os
import sys
from pathlib import Path
from typing import Any

import appdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from sciapp.errors import BadInput, UnknownSetting
from sciapp.i18n import ENGLISH, Translator, catalogued, msg, translator
from sciapp.records.atomic import write_json
from sciapp.records.regular import json_object_in

LANGUAGE = "SCIAPP_LANGUAGE"
"""The variable of the environment that says which language; without it, the system does."""
RECENT_LIMIT = 12
SYSTEM = "system"
"""The language, or the theme, that the system has."""
CHOICES = ("language", "theme", "text_size", "standby", "keep_awake", "notify_when_run_ends", "notify_after_seconds")
"""Preferences that a person sets; the others the window remembers by itself."""


class Settings(BaseModel):
    """Settings that the window remembers between starts."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    language: str = SYSTEM
    """Of the window and the command line, such as “de”; a change takes effect at the next start."""
    theme: str = SYSTEM
    text_size: int = Field(default=100, ge=100, le=150)
    """Of all type in the window, in percent."""
    recent_projects: tuple[str, ...] = ()
    window_geometry: str = ""
    last_folder: str = ""
    standby: bool = True
    """Keep an idle process with the engine loaded, so that a training begins at once."""
    keep_awake: bool = True
    """No sleep while a run is on."""
    notify_when_run_ends: bool = True
    """By the desktop; the window may be closed."""
    notify_after_seconds: float = 60.0
    """Of shorter runs nobody needs to be told."""

    @field_validator("language")
    @classmethod
    def _has_catalogue(cls, language: str) -> str:
        if language not in (SYSTEM, *languages()):
            raise ValueError(msg("one of {languages}", languages=[SYSTEM, *languages()]))
        return language


def config_folder() -> Path:
    """The folder of settings; `SCIAPP_HOME` moves everything (tests, portable sticks)."""
    home = os.environ.get("SCIAPP_HOME")
    return Path(home) / "config" if home else Path(appdirs.user_config_dir("sciapp", appauthor=False))


def cache_folder() -> Path:
    home = os.environ.get("SCIAPP_HOME")
    return Path(home) / "cache" if home else Path(appdirs.user_cache_dir("sciapp", appauthor=False))


def data_folder() -> Path:
    """The folder of the machine's queue: what must outlast a cache that is cleared."""
    home = os.environ.get("SCIAPP_HOME")
    return Path(home) / "data" if home else Path(appdirs.user_data_dir("sciapp", appauthor=False))


def log_folder() -> Path:
    home = os.environ.get("SCIAPP_HOME")
    return Path(home) / "log" if home else Path(appdirs.user_log_dir("sciapp", appauthor=False))


def projects_folder() -> Path:
    """The folder in which new projects are proposed."""
    home = os.environ.get("SCIAPP_HOME")
    return Path(home) / "projects" if home else Path.home() / "SciApp"


def resources_folder() -> Path:
    """Starter models, samples, icons: in the repository, in an installed wheel, or in a frozen bundle."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"


def languages() -> tuple[str, ...]:
    """The languages that SciApp speaks: English, and those with a compiled catalogue, such as “de” or “zh_CN”."""
    return (ENGLISH.language, *catalogued(translations_folder()))


def language() -> str:
    """The language of this user: of the variable of the environment, else the one chosen, else of the system."""
    if named := os.environ.get(LANGUAGE):
        return named
    chosen = load().language
    return locale.getlocale()[0] or ENGLISH.language if chosen == SYSTEM else chosen


def translations_folder() -> Path:
    return resources_folder() / "translations"


def user_translator() -> Translator:
    """The translator into the language of this user; English where there is no catalogue of it."""
    return translator(language(), translations_folder())


def load() -> Settings:
    """The stored preferences; every value that is unreadable is replaced by its default."""
    stored = json_object_in(config_folder() / "settings.json")
    valid: dict[str, Any] = {}
    for name, value in stored.items():
        try:
            valid[name] = getattr(Settings.model_validate({name: value}), name)
        except (ValidationError, AttributeError):
            continue
    return Settings(**valid)


def save(settings: Settings) -> None:
    """Store the preferences; a folder that cannot be written is no reason to bother anybody."""
    try:
        config_folder().mkdir(parents=True, exist_ok=True)
        write_json(config_folder() / "settings.json", settings.model_dump())
    except OSError:
        return


def changed(settings: Settings, name: str, value: object) -> Settings:
    """`settings` with one preference as it is typed. Raises UnknownSetting, BadInput."""
    if name not in CHOICES:
        raise UnknownSetting(name, list(CHOICES))
    try:
        return Settings.model_validate(settings.model_dump() | {name: value})
    except ValidationError as error:
        first = error.errors()[0]
        own = first.get("ctx", {}).get("error")  # of a validator here, whose words pydantic would begin otherwise
        reason = own.args[0] if isinstance(own, ValueError) else first["msg"]
        raise BadInput(
            msg("The preference “{name}” cannot be “{value}”: {said}.", name=name, value=value, said=reason),
            context=str(error),
        ) from error


def with_recent(settings: Settings, project: Path) -> Settings:
    """`project` on top of the recent list."""
    others = tuple(path for path in settings.recent_projects if path != str(project))
    return settings.model_copy(update={"recent_projects": (str(project), *others)[:RECENT_LIMIT]})
