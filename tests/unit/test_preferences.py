"""Preferences that a person sets from the command line."""

import json
from pathlib import Path

import pytest

from sciapp import settings
from sciapp.cli import main as cli
from sciapp.errors import BadInput, UnknownSetting


def test_a_preference_is_changed_kept_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["settings", "--set", "notify_when_run_ends=off", "--set", "notify_after_seconds=300"]) == 0
    assert not settings.load().notify_when_run_ends and settings.load().notify_after_seconds == 300
    capsys.readouterr()
    assert cli.main(["settings", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notify_when_run_ends"] is False


def test_the_process_that_is_kept_ready_is_a_preference_of_the_command_line_too() -> None:
    assert cli.main(["settings", "--set", "standby=off"]) == 0
    assert not settings.load().standby


def test_what_is_no_preference_is_refused_and_nothing_changed() -> None:
    with pytest.raises(UnknownSetting, match="keep_awke"):
        settings.changed(settings.Settings(), "keep_awke", "off")
    with pytest.raises(UnknownSetting):
        settings.changed(settings.Settings(), "recent_projects", "/tmp")
    with pytest.raises(BadInput, match="cannot be “perhaps”"):
        settings.changed(settings.Settings(), "keep_awake", "perhaps")


@pytest.mark.parametrize("percent", [99, 151, "large"])
def test_the_text_size_lies_between_its_smallest_and_its_largest(percent: object) -> None:
    assert settings.changed(settings.Settings(), "text_size", "125").text_size == 125
    with pytest.raises(BadInput) as refused:
        settings.changed(settings.Settings(), "text_size", percent)
    assert refused.value.message.values["name"] == "text_size"


def test_the_language_is_one_of_those_with_a_catalogue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        settings.changed(settings.Settings(), "language", "tlh")
    assert refused.value.message.values["name"] == "language"
    assert refused.value.message.values["said"].values == {"languages": ["system", "en"]}
    catalogue = tmp_path / "translations" / "de" / "LC_MESSAGES" / "sciapp.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.touch()
    monkeypatch.setattr(settings, "resources_folder", lambda: tmp_path)
    assert settings.languages() == ("en", "de")
    settings.save(settings.changed(settings.load(), "language", "de"))
    assert settings.language() == "en"  # the variable of the environment goes first
    monkeypatch.delenv(settings.LANGUAGE)
    assert settings.language() == "de"
    catalogue.unlink()
    assert settings.load().language == settings.SYSTEM


def test_a_chosen_language_is_spoken_by_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(settings.LANGUAGE)
    assert cli.main(["settings", "--set", "language=en"]) == 0
    assert settings.user_translator().language == "en"
