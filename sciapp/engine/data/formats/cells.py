"""Values that files hold as numbers, lists or dates, as the text of a cell."""

import datetime
import json
import math
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np


def cell_of(value: Any) -> str:
    """Nothing for a gap; whole numbers without a point; lists of words and numbers with blanks between them.

    What has words with blanks in a list, and everything nested, is written as JSON.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int | np.integer):
        return str(value)
    if isinstance(value, float | np.floating):
        return _of_number(float(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Decimal | datetime.timedelta | UUID):
        return str(value)
    if isinstance(value, list | tuple | np.ndarray):
        return _of_list(list(value))
    return json.dumps(value, ensure_ascii=False, default=str)


def _of_number(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _of_list(values: list[Any]) -> str:
    if any(isinstance(value, list | tuple | dict | np.ndarray) for value in values):
        return json.dumps(values, ensure_ascii=False, default=str)
    cells = [cell_of(value) for value in values]
    if any(not cell or len(cell.split()) != 1 for cell in cells):
        return json.dumps(values, ensure_ascii=False, default=str)
    return " ".join(cells)
