"""How many tokens a network can take, from its config.json alone. No torch here: the model list shows it too."""

# These number their positions from behind the padding's number on.
_POSITIONS_AFTER_PADDING = {
    "camembert", "data2vec-text", "esm", "ibert", "lilt", "longformer", "luke", "mpnet", "roberta",
    "roberta-prelayernorm", "xlm-roberta", "xlm-roberta-xl", "xmod",
}  # fmt: skip

UNLIMITED = 1 << 20


def longest_row(model_type: str, positions: int | None, pad: int | None, tokenizer_says: int | None) -> int:
    """Tokens of the longest row, special ones included; `tokenizer_says` is its model_max_length."""
    usable = positions or UNLIMITED
    if model_type in _POSITIONS_AFTER_PADDING:
        usable -= (pad or 0) + 1
    said = tokenizer_says or 0
    return max(8, min(usable, said if 0 < said < 1 << 30 else usable))
