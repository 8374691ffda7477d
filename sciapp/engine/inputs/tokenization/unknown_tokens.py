"""A check for unknown tokens: the tokenizer of a model for another domain may see mostly “unknown”."""

import numpy as np

from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.i18n import msg
from sciapp.records.formatting import percent_text

_MANY = 0.02  # of all tokens; a rare symbol now and then is usual


def unknown_told(rows: TokenRows, unknown: int | None) -> tuple[str, ...]:
    """A remark when many tokens are the unknown one, whose number is `unknown`; None: it has none."""
    if unknown is None or not len(rows.numbers):
        return ()
    count = int(np.count_nonzero(rows.numbers == unknown))
    if count < _MANY * len(rows.numbers):
        return ()
    return (
        msg(
            "{count} of the tokens, in {count_with:,} of {rows:,} rows, are unknown to this model’s tokenizer, "
            "which was made for other rows: it cannot tell them apart. A model of the rows’ own domain will most "
            "likely learn more.",
            count=percent_text(count / len(rows.numbers)),
            count_with=rows.count_with(unknown),
            rows=len(rows),
        ),
    )
