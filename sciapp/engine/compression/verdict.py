"""Verdict on a compression, in sentences: slower and worse are said as plainly as faster and smaller."""

from sciapp.records.run.evaluation import Footprint, Scores
from sciapp.records.run.score_format import in_sentence

_SAME = 0.05  # within this share nobody would notice a difference in speed


def verdict(main_score: str, before: Scores, after: Scores, small: Footprint, big: Footprint) -> str:
    """One sentence: size, speed and the main score. `big` is the model before, `small` the one after."""
    smaller, faster = big.bytes / small.bytes, big.milliseconds_per_row / small.milliseconds_per_row
    if faster > 1 + _SAME:
        pace = f"{faster:.2g} times as fast"
    elif faster < 1 - _SAME:
        pace = f"slower ({small.milliseconds_per_row:.3g} ms for a row, before {big.milliseconds_per_row:.3g} ms)"
    else:
        pace = "as fast as before"
    size = f"{smaller:.2g} times smaller on disk" if smaller >= 1 else "no smaller on disk"
    if small.bytes == big.bytes:
        size = "as large on disk as before"
    score = f"{in_sentence(main_score)} {_value(after, main_score)}, before {_value(before, main_score)}"
    return f"The compressed model is {size} and {pace}; {score}."


def remarks(small: Footprint, big: Footprint, batch_speed: float) -> tuple[str, ...]:
    """Remarks on the measurement of the speed and on its result. batch_speed: `small` against `big` on many rows at
    once.
    """
    threads = "1 thread" if big.threads == 1 else f"{big.threads} threads"
    sentences = [f"Time for a row: {big.rows_timed} test rows one by one, {threads}, both models in turns; median."]
    if big.milliseconds_per_row <= small.milliseconds_per_row * (1 + _SAME):
        sentences.append(
            "On this machine the compressed model is not faster for a single row: with a model or rows this small, "
            "turning numbers into int8 and back costs as much as it saves."
            + " It still takes less disk and memory."
            * (small.bytes < big.bytes)
        )
    elif big.milliseconds_low <= small.milliseconds_high:
        sentences.append("The two times overlap between quartiles: measure again on a quiet machine to be sure.")
    if batch_speed > 1 + _SAME:
        sentences.append(f"On many rows at once, as when a file is predicted, it is {batch_speed:.2g} times as fast.")
    else:
        sentences.append("On many rows at once, as when a file is predicted, it is no faster.")
    return tuple(sentences)


def _value(scores: Scores, name: str) -> str:
    score = scores.get(name)
    return "unknown" if score is None or score.value is None else f"{score.value:.3g}"
