"""A session bus of a test's own, with a desktop on it that takes notifications and holds sleep off."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from jeepney import Message, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAMES = ("org.freedesktop.Notifications", "org.freedesktop.PowerManagement")
_INTROSPECTED = """<node><interface name="org.freedesktop.Notifications">
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
<arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
<arg type="s" direction="out"/><arg type="s" direction="out"/></method></interface></node>"""
_ANSWERS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "Introspect": ("s", (_INTROSPECTED,)),
    "GetCapabilities": ("as", (["body"],)),
    "GetServerInformation": ("ssss", ("test", "SciApp", "1", "1.2")),
    "Notify": ("u", (7,)),
    "Inhibit": ("u", (42,)),
    "UnInhibit": ("", ()),
}


@dataclass
class Desktop:
    """What was asked of the desktop: names of methods with their arguments, in order."""

    address: str
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def asked(self, method: str) -> list[tuple[Any, ...]]:
        return [arguments for name, arguments in self.calls if name == method]


@contextmanager
def private_desktop() -> Iterator[Desktop]:
    """Skips the test where there is no dbus-daemon."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("no dbus-daemon here")
    bus = subprocess.Popen([program, "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True)
    assert bus.stdout is not None
    try:
        desktop = Desktop(bus.stdout.readline().strip())
        connection = open_dbus_connection(desktop.address)
        for name in NAMES:
            connection.send_and_get_reply(message_bus.RequestName(name))
        server = threading.Thread(target=_serve, args=(connection, desktop), daemon=True)
        server.start()
        yield desktop
    finally:
        bus.terminate()
        bus.wait(10)
        bus.stdout.close()
    server.join(10)
    connection.close()


def _serve(connection: DBusConnection, desktop: Desktop) -> None:
    """Answer until the bus is gone."""
    while True:
        try:
            message: Message = connection.receive()
            if message.header.message_type is not MessageType.method_call:
                continue
            method = message.header.fields[3]
            desktop.calls.append((method, tuple(message.body)))
            if method in _ANSWERS:
                connection.send(new_method_return(message, *_ANSWERS[method]))
            else:
                connection.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))
        except (ConnectionError, OSError):
            return
