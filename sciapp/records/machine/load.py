"""Resource usage of a run at one moment: processor, memory, GPUs."""

from sciapp.records.base import Frozen
from sciapp.records.formatting import size_text


class GpuLoad(Frozen):
    """One GPU, by all programs. busy: share of the last moment in which it computed; temperature in °C; bytes."""

    name: str
    busy: float
    memory_used: int
    memory_total: int
    temperature: int | None = None

    def __str__(self) -> str:
        heat = f", {self.temperature} °C" if self.temperature is not None else ""
        memory = f"{size_text(self.memory_used)} of {size_text(self.memory_total)}"
        return f"{self.name}: {self.busy:.0%} busy, {memory}{heat}"


class MachineLoad(Frozen):
    """run_cores: processor cores that the run's processes kept busy; busy: share of all cores, by all programs. bytes.

    on_gpu: whether the run's processes hold memory of one of `gpus`.
    """

    run_cores: float
    cores: int
    busy: float
    run_memory: int
    memory_used: int
    memory_total: int
    gpus: tuple[GpuLoad, ...] = ()
    on_gpu: bool = False

    def __str__(self) -> str:
        lines = [
            f"Processor: the run keeps {self.run_cores:.1f} of {self.cores} cores busy; machine {self.busy:.0%}",
            f"Memory: {size_text(self.run_memory)} the run; "
            f"{size_text(self.memory_used)} of {size_text(self.memory_total)} in use",
        ]
        return "\n".join([*lines, *(str(gpu) for gpu in self.gpus)])
