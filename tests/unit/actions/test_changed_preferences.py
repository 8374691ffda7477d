"""Preferences are changed all together or not at all, by the window and the command line alike."""

from pathlib import Path

import pytest

from sciapp import settings
from sciapp.actions.preferences import change_preferences, describe_installation, preferences
from sciapp.errors import BadInput, UnknownSetting


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIAPP_HOME", str(tmp_path))


def test_values_may_be_typed_or_be_what_they_are() -> None:
    assert change_preferences(changes={"standby": "false"})["standby"] is False
    assert change_preferences(changes={"keep_awake": False, "notify_after_seconds": 5})["notify_after_seconds"] == 5
    assert preferences()["keep_awake"] is False and settings.load().standby is False


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"theme": "dark", "notify_after_seconds": "soon"}, BadInput), ({"theme": "dark", "tehme": "x"}, UnknownSetting)],
)
def test_where_one_change_is_wrong_none_is_made(changes: dict[str, str], error: type[Exception]) -> None:
    before = preferences()
    with pytest.raises(error):
        change_preferences(changes=changes)
    assert preferences() == before


def test_an_installation_says_its_versions_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    about = describe_installation()
    assert Path(about["folders"]["logs"]).is_relative_to(tmp_path)
    assert about["packages"]["torch"] and about["hugging_face"].get("HF_HUB_OFFLINE") == "1"
    assert "HF_TOKEN" not in about["hugging_face"]
