"""Hub models through the real huggingface_hub, against a hub on the loopback; each client is a process of its own."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.helpers.hub_server import Hub, hub_server
from tests.helpers.tiny import tiny_model

pytestmark = pytest.mark.fresh_processes

# What a run does with a model's name; prints what came of it as JSON. Loading takes torch, finding does not.
CLIENT = """
import json, sys, warnings
warnings.simplefilter("error")
from sciapp.engine.hub import download as hub
from sciapp.errors import SciAppError
name, load = sys.argv[1], sys.argv[2] == "load"
try:
    told = list(hub.fetching(name))
    folder = hub.fetch(name)
    hub.check_folder(folder, name)
    answer = {"folder": str(folder), "told": told}
    if load:
        from sciapp.engine.models.load import load_classifier, load_tokenizer, local_folder
        assert local_folder(name) == folder
        answer["tokens"] = len(load_tokenizer(folder)("ACD")["input_ids"])
        model = load_classifier(
            folder, labels=["y"], problem_type="regression", dropout=0.1, seed=1, pad_token_id=1
        )
        answer["model"] = type(model).__name__
except SciAppError as error:
    answer = {"error": type(error).__name__, "values": dict(error.message.values), "message": error.message}
    answer |= {"hint": error.hint, "context": error.context}
print(json.dumps(answer))
"""


def ask(name: str, home: Path, *, load: bool = False, **environment: str) -> dict[str, object]:
    """Find (and load) hub model `name` in a fresh process. It must not write anything but its answer."""
    variables = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
    variables |= {"HF_HOME": str(home), "HF_HUB_ETAG_TIMEOUT": "5", **environment}
    command = [sys.executable, "-c", CLIENT, name, "load" if load else "find"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("model"))


def pickled(model: Path, folder: Path) -> Path:
    """A copy of the model whose weights are a file that must never be opened."""
    folder.mkdir()
    for file in model.iterdir():
        if file.suffix != ".safetensors":
            (folder / file.name).write_bytes(file.read_bytes())
    (folder / "pytorch_model.bin").write_bytes(b"never opened")
    return folder


def test_a_hub_model_is_downloaded_once_and_then_works_without_any_network(model: Path, tmp_path: Path) -> None:
    whole = shutil.copytree(model, tmp_path / "whole")
    (whole / "onnx").mkdir()
    (whole / "onnx" / "model.safetensors").write_bytes(b"for another program")
    with hub_server() as hub:
        hub.add("lab/tiny", whole)
        first = ask("lab/tiny", tmp_path / "home", load=True, HF_ENDPOINT=hub.address)
        assert first["model"] == "RobertaForSequenceClassification", first
        assert first["tokens"] == 5
        assert not any("onnx" in request for request in hub.asked)
        asked = len(hub.asked)
        again = ask("lab/tiny", tmp_path / "home", HF_ENDPOINT=hub.address)
        assert again["folder"] == first["folder"]
        assert len(hub.asked) == asked, "a model in the cache must not be asked for again"
    address = hub.address  # nobody listens there any more
    assert ask("lab/tiny", tmp_path / "home", HF_ENDPOINT=address)["folder"] == first["folder"]
    assert ask("lab/tiny", tmp_path / "home", load=True, HF_HUB_OFFLINE="1") == first | {"told": []}


def test_pickled_weights_are_neither_downloaded_nor_opened(model: Path, tmp_path: Path) -> None:
    with hub_server() as hub:
        hub.add("lab/pickled", pickled(model, tmp_path / "pickled"))
        answer = ask("lab/pickled", tmp_path / "home", HF_ENDPOINT=hub.address)
        assert (answer["error"], answer["values"]) == ("BadInput", {"name": "lab/pickled"})
        assert "model.safetensors" in str(answer["hint"])
        assert not any("/resolve/" in request for request in hub.asked)


def test_the_robots_safetensors_are_taken_where_the_owner_has_only_pickles(model: Path, tmp_path: Path) -> None:
    with hub_server() as hub:
        hub.add("lab/converted", pickled(model, tmp_path / "pickled"))
        both = pickled(model, tmp_path / "both")
        (both / "model.safetensors").write_bytes((model / "model.safetensors").read_bytes())
        hub.add("lab/converted", both, "refs/pr/6")
        hub.conversions["lab/converted"] = [6]
        answer = ask("lab/converted", tmp_path / "home", HF_ENDPOINT=hub.address)
        assert answer.get("folder"), answer
        assert not any(request.endswith(".bin") for request in hub.asked)
    offline = ask("lab/converted", tmp_path / "home", HF_HUB_OFFLINE="1")
    assert offline["folder"] == answer["folder"]


def test_a_model_with_program_code_is_refused(model: Path, tmp_path: Path) -> None:
    folder = pickled(model, tmp_path / "code")
    (folder / "model.safetensors").write_bytes((model / "model.safetensors").read_bytes())
    config = json.loads((folder / "config.json").read_text())
    config["auto_map"] = {"AutoModel": "modeling.Evil"}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "modeling.py").write_text("raise SystemExit('ran')")
    with hub_server() as hub:
        hub.add("lab/code", folder)
        answer = ask("lab/code", tmp_path / "home", HF_ENDPOINT=hub.address)
        assert (answer["error"], answer["values"]) == ("BadInput", {"name": "lab/code"})
        assert "auto_map" in str(answer["context"])
        assert not any(request.endswith(".py") for request in hub.asked)


def test_errors_of_the_hub_and_the_network_say_what_to_do(model: Path, tmp_path: Path) -> None:
    with hub_server() as hub:
        unknown = ask("lab/nothing", tmp_path / "home", HF_ENDPOINT=hub.address)
        assert (unknown["error"], unknown["values"]) == ("NotFound", {"name": "lab/nothing"})
    gone = ask("lab/tiny", tmp_path / "home", HF_ENDPOINT=hub.address)
    assert (gone["error"], gone["values"]) == ("SciAppError", {"name": "lab/tiny"})
    assert gone["hint"]
    offline = ask("lab/tiny", tmp_path / "home", HF_HUB_OFFLINE="1")
    assert "HF_HUB_OFFLINE" in str(offline["context"])


GIVING_UP = """
import sys, threading
from sciapp.engine.hub.download import fetching
arriving = fetching(sys.argv[1])
for done, total in arriving:
    if 0 < done < total:
        print(done, total, flush=True)
        arriving.close()
sys.stdin.read()
"""


def test_a_broken_off_download_is_not_taken_for_a_model_and_is_completed_later(model: Path, tmp_path: Path) -> None:
    with hub_server() as hub:
        hub.add("lab/tiny", model)
        hub.hold = threading.Event()
        _give_up(hub, tmp_path / "home")
        hub.hold = None
        offline = ask("lab/tiny", tmp_path / "home", HF_HUB_OFFLINE="1")
        assert (offline["error"], offline["values"]) == ("SciAppError", {"name": "lab/tiny"})
        assert ask("lab/tiny", tmp_path / "home", HF_ENDPOINT=hub.address).get("folder")


def _give_up(hub: Hub, home: Path) -> None:
    """A client that sees bytes arrive, gives up, and is killed."""
    variables = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
    variables |= {"HF_HOME": str(home), "HF_ENDPOINT": hub.address}
    with subprocess.Popen(
        [sys.executable, "-c", GIVING_UP, "lab/tiny"],
        env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as client:  # fmt: skip
        assert client.stdout is not None
        done, total = client.stdout.readline().split()
        assert 0 < int(done) < int(total)
        client.kill()
