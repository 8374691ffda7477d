"""The process that forks run processes: `python -m tests.helpers.nursery SOCKET`; ends with its standard input."""

import atexit
import json
import os
import select
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

from sciapp.engine.runs.warm_up import load_everything
from sciapp.jobs.process.run_process import main as execute_run
from tests.helpers.nursery.asking import ask_from_now_on


def main(path: str) -> None:
    load_everything()
    ask_from_now_on()  # a run that starts the next one asks here too
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is reaped by the system
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        print("ready", flush=True)
        while sys.stdin not in (ready := select.select([server, sys.stdin], [], [])[0]):
            for _ in ready:
                line, _address = server.accept()
                _answer(line, server)


def _answer(line: socket.socket, server: socket.socket) -> None:
    with line:
        said, descriptors, _flags, _from = socket.recv_fds(line, 1 << 16, 1)
        while not said.endswith(b"\n"):
            more = line.recv(1 << 16)
            if not more:  # whoever asked has died
                return
            said += more
        pid = os.fork()
        if pid == 0:
            server.close()
            line.close()
            _become(json.loads(said), descriptors[0])
        os.close(descriptors[0])
        line.sendall(f"{pid}\n".encode())


def _become(order: dict[str, Any], output: int) -> NoReturn:
    """From here on this is a run's process, and never returns."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for descriptor, ours in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(descriptor, ours)
        os.close(nothing)
        os.close(output)
        os.environ.clear()
        os.environ.update(order["environment"])
        os.chdir(Path.home() if Path.home().is_dir() else "/")
        code = execute_run(order["folder"])
    except BaseException:
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
