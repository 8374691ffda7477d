"""On the processor nobody says “no”: the kernel ends a process that takes more memory than there is. So before each
batch the watch compares what it will take with what is left, and raises the error that a GPU would have raised.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from sciapp.engine.hub.memory_estimate import saved_activations
from sciapp.engine.runtime.available_memory import available_memory, resident_memory
from sciapp.engine.runtime.peak_memory import forget_peak, peak_since
from sciapp.i18n import msg

_LEFT_FREE = 0.1  # share of what is available that a batch must leave
_LAST_RESORT = 2.0  # times what is available: so far may a guess be wrong when nothing smaller can be tried
_OVERHEAD = 150_000_000  # bytes that libraries take at their first batch, whatever its size
_REMEMBERED = 8  # measured batches
_TELLING = 0.5  # share of the largest batch so far from which a batch's measure tells something of the largest


class TooLittleMemory(MemoryError):
    """The next batch would not fit; nothing was computed of it yet."""


class MemoryWatch:
    """Guesses from the network's shape (`models.memory`) at first, then from what batches of this training took."""

    def __init__(self, model: nn.Module, device: torch.device, available: Callable[[], int] = available_memory) -> None:
        self._model, self._available = model, available
        self._watches = device.type == "cpu"
        self._overhead = _OVERHEAD
        self.desperate = False  # nothing smaller can be tried: let it be tried unless it is hopeless
        self.begin_anew(recompute=False)

    def begin_anew(self, *, recompute: bool) -> None:
        """Forget what was measured: from now on batches are computed in another way."""
        self._recompute = recompute
        self._factors: deque[float] = deque(maxlen=_REMEMBERED)
        self._largest = 0.0

    @contextmanager
    def over(self, rows: int, length: int) -> Iterator[None]:
        """Around the forward and backward pass of a piece (rows, length). Raises TooLittleMemory before it begins."""
        guess = self._guess(rows, length) if self._watches else 0.0
        if not guess:
            yield
            return
        gradients = self._missing_gradients()
        self._must_fit(
            gradients + self._overhead + guess * max(self._factors, default=1.0),
            msg("{rows} rows of {length} tokens", rows=rows, length=length),
        )
        before = resident_memory()
        measurable = forget_peak()
        yield
        peak = peak_since()
        overhead, self._overhead = self._overhead, 0  # from now on it is among what the process holds
        self._largest = max(self._largest, guess)
        if measurable and guess >= _TELLING * self._largest:
            self._factors.append(max(0.0, peak - before - gradients - overhead) / guess)

    def _must_fit(self, needed: float, what: str) -> None:
        left = self._available()
        if needed > left * (_LAST_RESORT if self.desperate else 1 - _LEFT_FREE):
            raise TooLittleMemory(
                msg(
                    "{what} take about {needed:,.0f} MB; {left:,.0f} MB are left",
                    what=what,
                    needed=needed / 1000000.0,
                    left=left / 1000000.0,
                )
            )

    def _guess(self, rows: int, length: int) -> float:
        """Bytes of the activations; 0 where the network does not tell its shape."""
        network = _numbers(getattr(self._model, "config", None) or _config_within(self._model))
        return saved_activations(*network, rows, length, recompute=self._recompute) if network else 0.0

    def _missing_gradients(self) -> int:
        """Bytes of the gradients that the next backward pass will make."""
        return sum(p.numel() * p.element_size() for p in self._model.parameters() if p.requires_grad and p.grad is None)


def _config_within(model: nn.Module) -> Any:
    return next((part.config for part in model.modules() if hasattr(part, "config")), None)


def _numbers(config: Any) -> tuple[int, int, int] | None:
    """Layers, width and heads."""
    names = ("num_hidden_layers", "hidden_size", "num_attention_heads")
    values = [getattr(config, name, None) for name in names]
    return (int(values[0]), int(values[1]), int(values[2])) if all(values) else None  # type: ignore[arg-type]
