"""The compressed models of a run beside it: size, speed and score, as the compressions measured them."""

from dataclasses import dataclass

from sciapp.errors import SciAppError
from sciapp.i18n import joined, msg
from sciapp.records.plan.compression import compression_facts
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Evaluation, Footprint, Score
from sciapp.records.run.run import usual_name
from sciapp.records.run.score_format import margin, rounded, score_title

_SAME = 0.05  # a share of size or speed that nobody would notice


@dataclass(frozen=True)
class SizedModel:
    """One model of the picture. run: its id; method: how it was made smaller, empty for the original."""

    run: str
    title: str
    method: str
    footprint: Footprint
    score: Score


@dataclass(frozen=True)
class CompressionChoice:
    """The original and its compressed models, with the recommended one; simple: the score of the simple baseline.

    recommended: the smallest of those whose score lies within the original's 95 % range, or is better; None: none.
    """

    original: SizedModel
    compressed: tuple[SizedModel, ...]
    recommended: SizedModel | None
    sentence: str
    simple: float | None


def compression_choice(*, project: Project, run_id: str) -> CompressionChoice | None:
    """The models made from a run's, by the newest measurement of each method; None before the first one."""
    original, models, simple = None, dict[str, SizedModel](), None
    for run in project.runs():
        try:
            plan, evaluation = run.plan(), run.evaluation()
        except (SciAppError, ValueError):
            continue
        if not plan.compresses or plan.source_run != run_id or evaluation is None:
            continue
        method = plan.base_text
        pair = _pair(run_id, run.id, method, evaluation)
        if pair is None:
            continue
        original, models[method] = pair
        baseline = evaluation.simple_baseline
        score = baseline.get(evaluation.main_score) if baseline is not None else None
        simple = score.value if score is not None else None
    if original is None:
        return None
    compressed = tuple(models.values())
    best = _recommended(original, compressed)
    return CompressionChoice(original, compressed, best, _sentence(original, best), simple)


def _pair(source: str, run: str, method: str, evaluation: Evaluation) -> tuple[SizedModel, SizedModel] | None:
    """The model before and the one after; None where something of it was not measured."""
    before = evaluation.before_compression
    scores = [side.get(evaluation.main_score) if side is not None else None for side in (before, evaluation.model)]
    old, new = scores
    if len(evaluation.footprints) != 2 or old is None or new is None or old.value is None or new.value is None:
        return None
    big, small = evaluation.footprints
    original = SizedModel(source, usual_name(source), "", big, old)
    return original, SizedModel(run, compression_facts(method).title, method, small, new)


def _recommended(original: SizedModel, compressed: tuple[SizedModel, ...]) -> SizedModel | None:
    fit = [
        model for model in compressed if model.footprint.bytes < original.footprint.bytes and _as_good(original, model)
    ]
    return min(fit, key=lambda model: model.footprint.bytes, default=None)


def _as_good(original: SizedModel, model: SizedModel) -> bool:
    old, new = original.score, model.score
    assert old.value is not None and new.value is not None, "only measured models are paired"
    if (new.value >= old.value) if old.greater_is_better else (new.value <= old.value):
        return True
    return old.low is not None and old.high is not None and old.low <= new.value <= old.high


def _sentence(original: SizedModel, best: SizedModel | None) -> str:
    """“4× smaller, 2× faster, RMSE higher by 0.01”; of speed only what is beyond the spread of its measurement."""
    if best is None:
        return msg("None of them is smaller and as good as the original: keep the original.")
    big, small = original.footprint, best.footprint
    parts = [msg("{ratio:.2g}× smaller", ratio=big.bytes / small.bytes), _speed(big, small)]
    old, new = original.score, best.score
    assert old.value is not None and new.value is not None, "only measured models are paired"
    name, spread = score_title(old.name), margin(old)
    difference = rounded(abs(new.value - old.value), spread / 10 if spread else None)
    if not float(abs(new.value - old.value)) or set(difference) <= {"0", "."}:
        parts.append(msg("the same {name}", name=name))
    elif new.value > old.value:
        parts.append(msg("{name} higher by {difference}", name=name, difference=difference))
    else:
        parts.append(msg("{name} lower by {difference}", name=name, difference=difference))
    return joined(parts, ", ")


def _speed(big: Footprint, small: Footprint) -> str:
    ratio = big.milliseconds_per_row / small.milliseconds_per_row if small.milliseconds_per_row else 1.0
    overlap = big.milliseconds_low <= small.milliseconds_high and small.milliseconds_low <= big.milliseconds_high
    if overlap or abs(ratio - 1) <= _SAME:
        return msg("as fast, within the spread")
    return msg("{ratio:.2g}× faster", ratio=ratio) if ratio > 1 else msg("{ratio:.2g}× slower", ratio=1 / ratio)
