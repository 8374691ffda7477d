"""What was measured, a line each, and the table that it makes."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from fair.data_sets import DATA_SETS, DataSet

OURS = ("start", "alone", "whole")
_BEYOND = 1.96  # standard errors: what chance does in one of twenty


@dataclass(frozen=True)
class Entry:
    """A model of one data set, split and seed.

    gain: how much better than the best classical model it is, with its standard error over test rows; None of a
    classical model. learnt, learnt_error: the same of the transformer alone against its start. most_rows: see `Means`.
    recipe: settings of the plan besides the window's.
    """

    data: str
    split: str
    seed: int
    column: str
    name: str
    score: str
    value: float
    seconds: float
    most_rows: int
    train_rows: int
    test_rows: int
    recipe: str = ""
    steps: int = 0
    jump: float | None = None
    gain: float | None = None
    error: float | None = None
    learnt: float | None = None
    learnt_error: float | None = None
    note: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        return (self.data, self.split, self.seed, self.column, self.most_rows, self.recipe)

    @property
    def case(self) -> tuple[str, str]:
        return self.data, self.split


class Journal:
    """A file of JSON lines: each measurement is there before the next begins, so an interrupted benchmark goes on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        whole = text[: text.rfind("\n") + 1]
        if whole != text:  # the last line was cut off
            file.write_text(whole, encoding="utf-8")
        self.entries = [Entry(**json.loads(line)) for line in whole.splitlines()]

    def has(self, key: tuple[object, ...]) -> bool:
        return any(entry.key == key for entry in self.entries)

    def add(self, entries: Sequence[Entry]) -> None:
        self.entries += entries
        with self._file.open("a", encoding="utf-8") as file:
            file.write("".join(json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in entries))


def table(entries: Iterable[Entry], half: str) -> str:
    """Markdown: a line for each data set and split of a half, then ranks, wins and losses."""
    mine = [entry for entry in entries if _data(entry).half == half]
    cases = list(dict.fromkeys(entry.case for entry in mine))
    lines = [
        f"## {half}: {len({name for name, _ in cases})} data sets",
        "",
        "| data | split | rows | score | start | alone | whole | best classical | whole against it | "
        "alone against start | jump | minutes |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_line([entry for entry in mine if entry.case == case]) for case in sorted(cases)]
    return "\n".join([*lines, "", *_sums(mine)]) + "\n"


def _data(entry: Entry) -> DataSet:
    return next(data for data in DATA_SETS if data.name == entry.data)


def _line(entries: list[Entry]) -> str:
    first = entries[0]
    means = _means(entries)
    classical = {name: value for name, value in means.items() if name not in OURS}
    best = _best(classical, _data(first))
    whole = [entry for entry in entries if entry.name == "whole"]
    jumps = [entry.jump for entry in whole if entry.jump is not None]
    cells = [
        first.data, first.split, f"{first.train_rows:,}", first.score,
        *(f"{means[name]:.3f}" if name in means else "–" for name in OURS),
        f"{classical[best]:.3f} ({best})" if best else "–",
        _verdict([(entry.gain, entry.error) for entry in whole]),
        _verdict([(entry.learnt, entry.learnt_error) for entry in entries if entry.name == "alone"]),
        f"{max(jumps):.0%}" if jumps else "–",
        f"{np.mean([entry.seconds for entry in whole]) / 60:.1f}" if whole else "–",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _means(entries: Iterable[Entry]) -> dict[str, float]:
    """The mean over the seeds of every model."""
    values: dict[str, list[float]] = {}
    for entry in entries:
        values.setdefault(entry.name, []).append(entry.value)
    return {name: float(np.mean(found)) for name, found in values.items()}


def _best(means: dict[str, float], data: DataSet) -> str:
    if not means:
        return ""
    return (max if data.greater_is_better else min)(means, key=lambda name: means[name])


Gain = tuple[float | None, float | None]


def _pooled(gains: Sequence[Gain]) -> tuple[float, float] | None:
    """Mean gain over the seeds and its standard error, not divided by their number: seeds share rows."""
    known = [(gain, error) for gain, error in gains if gain is not None and error is not None]
    if not known:
        return None
    return float(np.mean([gain for gain, _ in known])), float(np.sqrt(np.mean([error**2 for _, error in known])))


def _verdict(gains: Sequence[Gain]) -> str:
    pooled = _pooled(gains)
    if pooled is None:
        return "–"
    gain, error = pooled
    word = "tie" if abs(gain) <= _BEYOND * error else "win" if gain > 0 else "LOSS"
    return f"{gain:+.3f} ± {error:.3f} {word}"


def _sums(entries: list[Entry]) -> list[str]:
    """Mean rank of our three columns among all, and how often the whole wins or loses beyond chance."""
    ranks: dict[str, list[int]] = {name: [] for name in (*OURS, "best classical")}
    against_classical: list[str] = []
    against_start: list[str] = []
    for case in dict.fromkeys(entry.case for entry in entries):
        mine = [entry for entry in entries if entry.case == case]
        data, means = _data(mine[0]), _means(mine)
        classical = {name: value for name, value in means.items() if name not in OURS}
        ours = {name: means[name] for name in OURS if name in means}
        both = ours | ({"best classical": classical[_best(classical, data)]} if classical else {})
        order = sorted(both, key=lambda name: both[name], reverse=data.greater_is_better)
        for place, name in enumerate(order, 1):
            ranks[name].append(place)
        against_classical.append(_word((entry.gain, entry.error) for entry in mine if entry.name == "whole"))
        against_start.append(_word((entry.learnt, entry.learnt_error) for entry in mine if entry.name == "alone"))
    return [
        f"Mean rank: {_ranked(ranks)}, the last of which is chosen by these very test rows. Among methods that are "
        f"not: {_ranked(_ranks_of_methods(entries))}. The whole against the best classical model: "
        f"{_counted(against_classical)}. The transformer alone against its start: {_counted(against_start)}."
    ]


def _ranked(ranks: dict[str, list[int]]) -> str:
    return ", ".join(f"{name} {np.mean(places):.2f}" for name, places in ranks.items() if places)


def _ranks_of_methods(entries: list[Entry]) -> dict[str, list[int]]:
    """Ranks of our columns and of each classical learner on the features that all data sets of a domain have."""
    ranks: dict[str, list[int]] = {}
    for case in dict.fromkeys(entry.case for entry in entries):
        mine = [entry for entry in entries if entry.case == case]
        means = _means(entry for entry in mine if not entry.name.endswith(_SOME_FEATURES))
        if not set(OURS) <= set(means):
            continue
        order = sorted(means, key=lambda name: means[name], reverse=_data(mine[0]).greater_is_better)
        for place, name in enumerate(order, 1):
            learner = name.partition(" on ")[0]
            ranks.setdefault("linear" if learner in {"ridge", "logistic"} else learner, []).append(place)
    return ranks


_SOME_FEATURES = (" on ECFP4", " on one-hot", " on values")


def _word(gains: Iterable[Gain]) -> str:
    return _verdict(list(gains)).rsplit(" ", 1)[-1]


def _counted(verdicts: Sequence[str]) -> str:
    return ", ".join(f"{word} {verdicts.count(word)}" for word in ("win", "tie", "LOSS"))
