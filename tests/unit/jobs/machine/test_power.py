"""Sleep is held off while a run is on, and a person with a battery is told when it is not."""

from types import SimpleNamespace

import psutil
import pytest

from sciapp import settings
from sciapp.jobs.machine.power import prevent_sleep
from tests.helpers.messages import names
from tests.helpers.private_bus import private_desktop
from tests.helpers.runs import wait_for


@pytest.fixture
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


def battery(monkeypatch: pytest.MonkeyPatch, percent: float | None, plugged: bool = True) -> None:
    found = None if percent is None else SimpleNamespace(percent=percent, power_plugged=plugged)
    monkeypatch.setattr(psutil, "sensors_battery", lambda: found, raising=False)


def test_the_desktop_holds_sleep_off_until_the_run_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    battery(monkeypatch, 80)
    with private_desktop() as desktop:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.address)
        with prevent_sleep() as remark:
            assert remark == ""
            assert len(desktop.asked("Inhibit")) == 1
            assert not desktop.asked("UnInhibit")
        assert wait_for(lambda: desktop.asked("UnInhibit") == [(42,)], 5)


def test_a_person_may_want_the_computer_to_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    battery(monkeypatch, 80)
    settings.save(settings.Settings(keep_awake=False))
    with private_desktop() as desktop:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.address)
        with prevent_sleep() as remark:
            assert remark == ""
        assert not desktop.calls


@pytest.mark.usefixtures("no_desktop")
def test_a_server_without_desktop_and_battery_has_nothing_to_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    battery(monkeypatch, None)
    with prevent_sleep() as remark:
        assert remark == ""


@pytest.mark.usefixtures("no_desktop")
def test_a_laptop_that_cannot_be_kept_awake_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    battery(monkeypatch, 80)
    with prevent_sleep() as remark:
        assert "asleep" in remark
        assert "battery" not in remark


@pytest.mark.usefixtures("no_desktop")
def test_a_laptop_off_the_mains_says_how_much_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    battery(monkeypatch, 34.4, plugged=False)
    with prevent_sleep() as remark:
        assert names(remark, percent=34.4) and "34 %" in remark


def test_a_system_whose_battery_cannot_be_asked_is_one_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(psutil, "sensors_battery", raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    with prevent_sleep() as remark:
        assert remark == ""
