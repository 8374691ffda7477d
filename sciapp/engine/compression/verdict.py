"""Verdict on a compression, in sentences: slower and worse are said as plainly as faster and smaller."""

from sciapp.i18n import joined, msg, plural
from sciapp.records.run.evaluation import Footprint, Scores
from sciapp.records.run.score_format import in_sentence

_SAME = 0.05  # within this share nobody would notice a difference in speed


def verdict(main_score: str, before: Scores, after: Scores, small: Footprint, big: Footprint) -> str:
    """One sentence: size, speed and the main score. `big` is the model before, `small` the one after."""
    smaller, faster = big.bytes / small.bytes, big.milliseconds_per_row / small.milliseconds_per_row
    if faster > 1 + _SAME:
        pace: str = msg("{faster:.2g} times as fast", faster=faster)
    elif faster < 1 - _SAME:
        pace = msg(
            "slower ({now:.3g} ms for a row, before {before:.3g} ms)",
            now=small.milliseconds_per_row,
            before=big.milliseconds_per_row,
        )
    else:
        pace = msg("as fast as before")
    size = msg("{smaller:.2g} times smaller on disk", smaller=smaller) if smaller >= 1 else msg("no smaller on disk")
    if small.bytes == big.bytes:
        size = msg("as large on disk as before")
    score = msg(
        "{score} {now}, before {before}",
        score=in_sentence(main_score),
        now=_value(after, main_score),
        before=_value(before, main_score),
    )
    return msg("The compressed model is {size} and {pace}; {score}.", size=size, pace=pace, score=score)


def remarks(small: Footprint, big: Footprint, batch_speed: float) -> tuple[str, ...]:
    """Remarks on the measurement of the speed and on its result. batch_speed: `small` against `big` on many rows at
    once.
    """
    sentences: list[str] = [
        plural(
            "Time for a row: {rows} test rows one by one, {n} thread, both models in turns; median.",
            "Time for a row: {rows} test rows one by one, {n} threads, both models in turns; median.",
            big.threads,
            rows=big.rows_timed,
        )
    ]
    if big.milliseconds_per_row <= small.milliseconds_per_row * (1 + _SAME):
        sentences.append(
            msg(
                "On this machine the compressed model is not faster for a single row: with a model or rows this "
                "small, turning numbers into int8 and back costs as much as it saves."
            )
        )
        if small.bytes < big.bytes:
            sentences[-1] = joined([sentences[-1], msg("It still takes less disk and memory.")])
    elif big.milliseconds_low <= small.milliseconds_high:
        sentences.append(msg("The two times overlap between quartiles: measure again on a quiet machine to be sure."))
    if batch_speed > 1 + _SAME:
        sentences.append(
            msg(
                "On many rows at once, as when a file is predicted, it is {batch_speed:.2g} times as fast.",
                batch_speed=batch_speed,
            )
        )
    else:
        sentences.append(msg("On many rows at once, as when a file is predicted, it is no faster."))
    return tuple(sentences)


def _value(scores: Scores, name: str) -> str:
    score = scores.get(name)
    if score is None or score.value is None:
        return msg("unknown")
    return msg("{value:.3g}", value=score.value)
