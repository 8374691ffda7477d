"""Read what a run takes of this machine; cheap enough for once a second."""

import contextlib
import logging
import os
import time
from typing import Any

import psutil

from sciapp.jobs.machine.liveness import process_of
from sciapp.records.machine.load import GpuLoad, MachineLoad
from sciapp.records.run.run import RunState


class ResourceMeter:
    """Remembers what it read before: processor use is counted between two readings, the first of which says 0."""

    def __init__(self) -> None:
        self._gpus = Gpus()
        self._seconds: dict[int, float] = {}
        self._read_at = 0.0
        psutil.cpu_percent(interval=None)  # its first answer is meaningless

    def read(self, state: RunState) -> MachineLoad | None:
        """The load now; None when the run's process is not on this machine or gone."""
        root = process_of(state)
        if root is None:
            return None
        family = [root]
        with contextlib.suppress(psutil.Error):
            family += root.children(recursive=True)
        seconds, memory = _used_by(family)
        now, before = time.monotonic(), self._seconds
        grown = sum(value - before[pid] for pid, value in seconds.items() if pid in before)
        cores = grown / (now - self._read_at) if before else 0.0
        self._seconds, self._read_at = seconds, now
        machine = psutil.virtual_memory()
        gpus = self._gpus.read()
        return MachineLoad(
            run_cores=max(cores, 0.0),
            cores=os.cpu_count() or 1,
            busy=psutil.cpu_percent(interval=None) / 100,
            run_memory=memory,
            memory_used=machine.total - machine.available,
            memory_total=machine.total,
            gpus=gpus,
            on_gpu=bool(gpus) and self._gpus.used_by(set(seconds)),
        )

    def close(self) -> None:
        self._gpus.close()


class Gpus:
    """NVIDIA's, by NVML; none where its library or driver is not there, or answers wrongly."""

    def __init__(self) -> None:
        import pynvml

        self._nvml: Any = pynvml
        self._handles: list[Any] = []
        self._open = False
        try:
            pynvml.nvmlInit()
            self._open = True
            self._handles = [pynvml.nvmlDeviceGetHandleByIndex(i) for i in range(pynvml.nvmlDeviceGetCount())]
        except pynvml.NVMLError as error:
            logging.getLogger(__name__).info("no GPU to watch: %s", error)

    def read(self) -> tuple[GpuLoad, ...]:
        try:
            return tuple(self._load(handle) for handle in self._handles)
        except self._nvml.NVMLError:  # it fell off the bus, or its driver was replaced
            self._handles = []
            return ()

    def used_by(self, pids: set[int]) -> bool:
        """True if one of the processes holds memory of a GPU."""
        try:
            running = [p.pid for h in self._handles for p in self._nvml.nvmlDeviceGetComputeRunningProcesses(h)]
        except self._nvml.NVMLError:
            return False
        return not pids.isdisjoint(running)

    def close(self) -> None:
        if self._open:
            self._open, self._handles = False, []
            with contextlib.suppress(self._nvml.NVMLError):
                self._nvml.nvmlShutdown()

    def _load(self, handle: Any) -> GpuLoad:
        nvml, memory = self._nvml, self._nvml.nvmlDeviceGetMemoryInfo(handle)
        name = nvml.nvmlDeviceGetName(handle)
        busy, temperature = 0, None
        with contextlib.suppress(nvml.NVMLError):  # parts of a GPU do not tell how busy they are
            busy = nvml.nvmlDeviceGetUtilizationRates(handle).gpu
        with contextlib.suppress(nvml.NVMLError):
            temperature = int(nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU))
        return GpuLoad(
            name=name.decode() if isinstance(name, bytes) else str(name),
            busy=busy / 100,
            memory_used=int(memory.used),
            memory_total=int(memory.total),
            temperature=temperature,
        )


def _used_by(family: list[psutil.Process]) -> tuple[dict[int, float], int]:
    """Processor seconds so far by pid, and the bytes of memory that they hold together."""
    seconds: dict[int, float] = {}
    memory = 0
    for member in family:
        with contextlib.suppress(psutil.Error):  # gone meanwhile
            times = member.cpu_times()
            seconds[member.pid] = times.user + times.system
            memory += member.memory_info().rss
    return seconds, memory
