"""A data set of the hub is asked for only when a person says so: a loopback server counts the requests."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


@pytest.mark.parametrize("download", [False, True])
def test_without_download_no_request_leaves_the_machine(tmp_path: Path, download: bool) -> None:
    asked: list[str] = []

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        run = [sys.executable, "-m", "sciapp"]
        project = tmp_path / "p"
        here = {
            "HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
            "HF_HOME": str(tmp_path / "hf"),
            "HF_HUB_OFFLINE": "0",
        }
        subprocess.run([*run, "new", str(project), "--domain", "text"], check=True, capture_output=True, timeout=120)
        words = [*run, "import", str(project), "hf:someone/thing", *(["--download"] if download else [])]
        said = subprocess.run(words, env=os.environ | here, capture_output=True, text=True, timeout=120)
    finally:
        server.shutdown()
        server.server_close()
    assert said.returncode == 1
    assert "“someone/thing”" in said.stderr and "Traceback" not in said.stderr
    assert bool(asked) is download
