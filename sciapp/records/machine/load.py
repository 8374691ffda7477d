"""Resource usage of a run at one moment: processor, memory, GPUs."""

from sciapp.i18n import joined, msg
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
        memory = msg("{used} of {total}", used=size_text(self.memory_used), total=size_text(self.memory_total))
        if self.temperature is None:
            return msg("{name}: {busy:.0%} busy, {memory}", name=self.name, busy=self.busy, memory=memory)
        return msg(
            "{name}: {busy:.0%} busy, {memory}, {temperature} °C",
            name=self.name,
            busy=self.busy,
            memory=memory,
            temperature=self.temperature,
        )


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
            msg(
                "Processor: the run keeps {run_cores:.1f} of {cores} cores busy; machine {busy:.0%}",
                run_cores=self.run_cores,
                cores=self.cores,
                busy=self.busy,
            ),
            msg(
                "Memory: {run} the run; {used} of {total} in use",
                run=size_text(self.run_memory),
                used=size_text(self.memory_used),
                total=size_text(self.memory_total),
            ),
        ]
        return joined([*lines, *(str(gpu) for gpu in self.gpus)], "\n")
