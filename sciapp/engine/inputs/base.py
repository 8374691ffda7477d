"""Kinds of inputs: how the values of a domain become numbers that a network reads."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from sciapp.engine.domains.inputs import Inputs
from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.inputs.tokenization.tokens import Tokens
from sciapp.i18n import Message


class Reader(Protocol):
    """A converter of values into numbers for one model, saved with it: a tokenizer, or the scale and the patch length
    of a spectrum. Its like among tokenizers has these names in transformers.
    """

    model_max_length: int
    """The most that the model reads of a row, in tokens or patches."""
    is_fast: bool
    """False for all but tokenizers: numbers that are made in no time are not kept on disk."""
    pad_token_id: int | None
    unk_token_id: int | None
    mask_token_id: int | None

    def save_pretrained(self, folder: Any) -> Any: ...

    def decode(self, numbers: Any) -> str:
        """A row's numbers as text, to show people what was read."""


class InputKind(Protocol):
    """One kind of inputs; a new one is one file in `kinds` with one `KIND`.

    plain: whether plain transformers reads a model's folder, its network and its reader.
    """

    plain: bool

    def fresh_reader(self, inputs: Inputs, rows: Iterable[str]) -> Any:
        """A reader for a training from scratch; what is not fixed by the description is learnt from the rows."""

    def load_reader(self, folder: Path) -> Any:
        """The reader in a model's folder; whatever is wrong with its files is raised as it comes."""

    def check(self, reader: Any, value: RowInput) -> None:
        """Raise Rejected for a row that this reader cannot read, such as a spectrum on another axis."""

    def shortening(self, *, pairs: bool) -> Message:
        """Fate of rows that are longer than the network reads, behind “1,200 rows”. pairs: of two inputs."""

    def encode(self, reader: Any, values: Sequence[RowInput], longest: int, check: Callable[[int], None]) -> Tokens:
        """Canonical values, or pairs, as the network reads them, each at most `longest`; `check(done)` may raise
        Cancelled."""
