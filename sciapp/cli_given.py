"""Options that are given and empty: a variable of the shell that is not set is not a wish to do without the option."""

import argparse

from sciapp.errors import BadInput

_COLUMN, _FILE = "Name a column", "Name a file"
_WANTED = {
    "input": _COLUMN,
    "second_input": _COLUMN,
    "target": _COLUMN,
    "covariate": _COLUMN,
    "mask": _COLUMN,
    "weight": _COLUMN,
    "group": _COLUMN,
    "time": _COLUMN,
    "split_column": _COLUMN,
    "split_file": _FILE,
    "labels": _FILE,
    "file": _FILE,
    "recipe": _FILE,
    "sheet": "Name a sheet",
    "model": "Name a model",
    "from_": "Name a model",
    "out": "Name the place to write to",
}
_NEEDED = {"file": ("import", "doctor", "predict"), "out": ("split", "report", "predict", "export-predictions")}
"""Which commands cannot do without it."""


def must_not_be_empty(options: argparse.Namespace) -> None:
    """Raise BadInput for the first of them; --dataset has a sentence of its own, see `cli_dataset`."""
    for name, wanted in _WANTED.items():
        value = getattr(options, name, None)
        given = value if isinstance(value, list) else [value]
        if any(one is not None and not one.strip() for one in given):
            needed = options.verb in _NEEDED.get(name, ())
            called = "FILE" if needed and name == "file" else "--" + name.strip("_").replace("_", "-")
            raise BadInput(f"{called} is empty.", hint=f"{wanted}." if needed else f"{wanted}, or leave it out.")
