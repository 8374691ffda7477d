"""huggingface_hub's progress bars as plain numbers."""

from collections.abc import Callable
from typing import Any

from tqdm.std import tqdm


def telling(tell: Callable[[int, int], None]) -> type[Any]:
    """A class that huggingface_hub takes for a progress bar; it prints nothing and tells (bytes done, bytes in all).

    `tell` is called from the download's threads; what it raises ends the download of that file.
    """
    said = [0]

    class Telling(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self._counts_bytes = kwargs.get("unit") == "B"  # other bars count files
            kwargs.pop("name", None)
            super().__init__(*args, **(kwargs | {"disable": True}))

        def update(self, n: float | None = 1) -> bool | None:
            self.n += n or 0
            if self._counts_bytes:
                # Bytes received and bytes written have a bar each; the one that is ahead is told.
                said[0] = max(said[0], int(self.n))
                tell(said[0], max(said[0], int(self.total or 0)))
            return None

    return Telling
