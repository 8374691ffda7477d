"""A Hugging Face hub on this machine's loopback: as much of its web interface as huggingface_hub asks for."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMMIT_DATE = "2024-01-01T00:00:00.000Z"


@dataclass
class Hub:
    """`revisions[name][revision]` is the folder that the hub shows under it; `asked` lists the requests so far."""

    revisions: dict[str, dict[str, Path]] = field(default_factory=dict)
    conversions: dict[str, list[int]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hold: threading.Event | None = None  # while set and not fired, weights stop after their first kilobyte
    address: str = ""

    def add(self, name: str, folder: Path, revision: str = "main") -> None:
        self.revisions.setdefault(name, {})[revision] = folder

    def find(self, name: str, revision: str) -> Path | None:
        """The folder of a branch, a pull request or a commit."""
        known = self.revisions.get(name, {})
        return next((f for r, f in known.items() if revision in {r, commit(name, r)}), None)


def commit(name: str, revision: str) -> str:
    return hashlib.sha1(f"{name}@{revision}".encode()).hexdigest()


@contextmanager
def hub_server() -> Iterator[Hub]:
    """A hub that runs until the block ends; `address` is what HF_ENDPOINT must say."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        if hub.hold is not None:
            hub.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""

    def _answer(self, *, body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append(f"{self.command} {path}")
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/(revision|tree|discussions)/?(.*))?", path):
            self._interface(found[1], found[2] or "revision", found[3] or "main", body=body)
        elif found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/(refs/pr/\d+|[^/]+)/(.+)", path):
            self._file(found[1], found[2], found[3], body=body)
        else:
            self._refuse("RepoNotFound")

    def _interface(self, name: str, what: str, revision: str, *, body: bool) -> None:
        folder = self.hub.find(name, revision)
        if folder is None:
            self._refuse("RepoNotFound")
        elif what == "discussions":
            talks = [_discussion(name, number) for number in self.hub.conversions.get(name, [])]
            self._send({"count": len(talks), "start": 0, "discussions": talks}, body=body)
        elif what == "tree":
            self._send([_entry(file, folder) for file in _files(folder)], body=body)
        else:
            siblings = [{"rfilename": file.relative_to(folder).as_posix()} for file in _files(folder)]
            known = next(r for r, f in self.hub.revisions[name].items() if f == folder)
            self._send({"id": name, "sha": commit(name, known), "siblings": siblings}, body=body)

    def _file(self, name: str, revision: str, path: str, *, body: bool) -> None:
        folder = self.hub.find(name, revision)
        if folder is None:
            return self._refuse("RepoNotFound")
        file = folder / path
        if not file.is_file():
            return self._refuse("EntryNotFound")
        content = file.read_bytes()
        known = next(r for r, f in self.hub.revisions[name].items() if f == folder)
        self.send_response(200)
        self.send_header("ETag", f'"{hashlib.sha1(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", commit(name, known))
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body:
            self._write(content, slowly=path.endswith(".safetensors"))
        return None

    def _write(self, content: bytes, *, slowly: bool) -> None:
        try:
            if slowly and self.hub.hold is not None:
                self.wfile.write(content[:1024])
                self.wfile.flush()
                self.hub.hold.wait(60)
                content = content[1024:]
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, value: object, *, body: bool) -> None:
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body:
            self.wfile.write(content)

    def _refuse(self, code: str) -> None:
        self.send_response(404)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", code)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _entry(file: Path, folder: Path) -> dict[str, object]:
    content = file.read_bytes()
    return {
        "type": "file",
        "oid": hashlib.sha1(content).hexdigest(),
        "size": len(content),
        "path": file.relative_to(folder).as_posix(),
    }


def _discussion(name: str, number: int) -> dict[str, object]:
    return {
        "num": number,
        "title": "Adding `safetensors` variant of this model",
        "author": {"name": "SFconvertbot"},
        "createdAt": COMMIT_DATE,
        "status": "open",
        "isPullRequest": True,
        "repo": {"name": name, "type": "model"},
    }
