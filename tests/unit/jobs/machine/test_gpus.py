"""GPUs as NVML tells of them; the library is there, its driver is played."""

from types import SimpleNamespace

import pynvml
import pytest

from sciapp.jobs.machine.resource_usage import Gpus
from sciapp.records.machine.load import GpuLoad
from tests.helpers.messages import numbers_in


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """One GPU on which process 4321 computes."""
    answers = {
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlDeviceGetCount": lambda: 1,
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetName": lambda handle: "A100",
        "nvmlDeviceGetMemoryInfo": lambda handle: SimpleNamespace(used=6, total=24),
        "nvmlDeviceGetUtilizationRates": lambda handle: SimpleNamespace(gpu=97),
        "nvmlDeviceGetTemperature": lambda handle, sensor: 71,
        "nvmlDeviceGetComputeRunningProcesses": lambda handle: [SimpleNamespace(pid=4321)],
    }
    for name, answer in answers.items():
        monkeypatch.setattr(pynvml, name, answer)


def fails(monkeypatch: pytest.MonkeyPatch, name: str, error: int) -> None:
    def refuse(*_: object) -> None:
        raise pynvml.NVMLError(error)

    monkeypatch.setattr(pynvml, name, refuse)


@pytest.mark.usefixtures("driver")
def test_a_gpu_tells_use_memory_and_temperature_and_whose_it_is() -> None:
    gpus = Gpus()
    assert gpus.read() == (GpuLoad(name="A100", busy=0.97, memory_used=6, memory_total=24, temperature=71),)
    assert gpus.used_by({1, 4321}) and not gpus.used_by({1})
    gpus.close()
    assert gpus.read() == ()


@pytest.mark.usefixtures("driver")
def test_what_a_gpu_does_not_tell_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("nvmlDeviceGetUtilizationRates", "nvmlDeviceGetTemperature", "nvmlDeviceGetComputeRunningProcesses"):
        fails(monkeypatch, name, pynvml.NVML_ERROR_NOT_SUPPORTED)
    gpus = Gpus()
    (load,) = gpus.read()
    assert (load.busy, load.temperature) == (0, None)
    assert str(load).startswith("A100:") and numbers_in(str(load)) == ["100", "0", "6", "24"]
    assert not gpus.used_by({4321})


@pytest.mark.usefixtures("driver")
def test_a_gpu_that_falls_off_the_bus_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    gpus = Gpus()
    fails(monkeypatch, "nvmlDeviceGetMemoryInfo", pynvml.NVML_ERROR_GPU_IS_LOST)
    assert gpus.read() == ()
    monkeypatch.undo()
    assert gpus.read() == ()


def test_a_machine_without_the_driver_has_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    fails(monkeypatch, "nvmlInit", pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)
    gpus = Gpus()
    assert gpus.read() == () and not gpus.used_by({1})
    gpus.close()
