"""The benchmark's own reckoning: like proteins stay together, bars are judged the right way round."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sciapp.engine.data.dataset.table import Rows
from sciapp.records.run.evaluation import Confusion, Evaluation, Scores


@pytest.fixture(autouse=True)
def _scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "benchmarks"))
    yield
    for name in [name for name in sys.modules if name.split(".")[0] == "comparison"]:
        del sys.modules[name]


def protein(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list("ACDEFGHIKLMNPQRSTVWY"), 200))


def test_proteins_of_like_sequence_are_one_group_and_strangers_are_not() -> None:
    from comparison.grouping import groups_alike

    rng = np.random.default_rng(0)
    first, other = protein(rng), protein(rng)
    changed = list(first)
    for place in range(0, 200, 7):
        changed[place] = "A"
    relative = "".join(changed)
    distant = relative[:120] + protein(rng)[:80]
    groups = groups_alike([other, first, distant, relative])
    assert groups[1] == groups[2] == groups[3]
    assert groups[0] != groups[1]


def measurement(column: str, value: float, seed: int = 0, name: str = "") -> dict[str, object]:
    return {"row": "esol-random", "column": column, "seed": seed, "name": name or column, "value": value}


def test_a_bar_is_judged_by_the_mean_and_beside_its_rivals() -> None:
    from comparison.results import summary
    from comparison.rows import ON_ECFP, row_named

    records = [measurement("starter", 0.8), measurement("starter", 0.9, 1), measurement("random", 1.1)]
    records += [measurement("classical", 0.7, name=ON_ECFP)]
    told = summary(row_named("esol-random"), records)
    assert told["columns"]["starter"]["mean"] == pytest.approx(0.85)
    assert told["columns"]["starter"]["sd"] == pytest.approx(0.0707, abs=1e-3)
    limit, untrained, forest = told["bars"]["starter"]
    assert limit == "≤ 0.9 met"
    assert untrained.endswith("met") and "random weights" in untrained
    assert forest.endswith("missed by 0.150")


def test_for_scores_where_more_is_better_the_margin_counts_the_other_way() -> None:
    from comparison.results import summary
    from comparison.rows import ON_WORDS, row_named

    def judged(value: float) -> str:
        rows = [("starter", "starter", value), ("classical", ON_WORDS, 0.80)]
        records = [{"row": "scicite", "column": c, "seed": 0, "name": n, "value": v} for c, n, v in rows]
        return summary(row_named("scicite"), records)["bars"]["starter"][0]

    assert judged(0.785).endswith("met")
    assert judged(0.75).endswith("missed by 0.030")


def test_what_was_measured_is_there_after_an_interruption_and_a_torn_line_is_not(tmp_path: Path) -> None:
    from comparison.results import Notebook

    Notebook(tmp_path).add([measurement("starter", 0.8)])
    with (tmp_path / "measurements.jsonl").open("a") as file:
        file.write('{"row": "esol-random", "column": "random", "se')
    again = Notebook(tmp_path)
    assert again.has("esol-random", "starter", 0)
    assert not again.has("esol-random", "starter", 1)
    assert not again.has("esol-random", "random", 0)
    again.add([measurement("random", 1.1)])
    assert Notebook(tmp_path).has("esol-random", "random", 0)
    assert "| ESOL | random | RMSE | 0.800 (1) | 1.100 (1) |" in again.write_table()


def test_the_correlation_of_classes_is_read_off_the_confusion() -> None:
    from comparison.scores import score_of, score_of_run

    confusion = Confusion(classes=("0", "1"), counts=((40, 10), (5, 45)))
    scores = Scores(predictor="Fine-tuned model", rows=100, scores=())
    evaluation = Evaluation(
        task="classification", target_names=("y",), main_score="macro_f1", model=scores, confusion=confusion
    )
    by_hand = (40 * 45 - 10 * 5) / np.sqrt(50 * 50 * 45 * 55)
    assert score_of_run(evaluation, "mcc") == pytest.approx(by_hand)
    truth = np.repeat([0, 0, 1, 1], [40, 10, 5, 45])
    said = np.repeat([0, 1, 0, 1], [40, 10, 5, 45])
    rows = Rows(np.arange(100), [""] * 100, truth)
    assert score_of("classification", "mcc", rows, np.eye(2)[said]) == pytest.approx(by_hand)


def test_a_target_that_was_not_measured_does_not_count() -> None:
    from comparison.scores import score_of

    gap = float("nan")
    truth = np.array([[0, 1], [1, gap], [0, gap], [1, 0]])
    values = np.array([[0.1, 0.9], [0.8, 0.0], [0.3, 1.0], [0.7, 0.2]])
    rows = Rows(np.arange(4), [""] * 4, truth)
    assert score_of("multilabel", "roc_auc", rows, values) == 1.0
