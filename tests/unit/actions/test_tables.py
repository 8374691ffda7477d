"""Pages of big tables, sorting, searching, and the rows that were set aside."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sciapp.actions.dataset_views import export_rejected, open_rejected
from sciapp.actions.filters import Condition, filtered_source
from sciapp.actions.results import POINTS_DRAWN, load_results
from sciapp.actions.tables import (
    MemorySource,
    TableSource,
    columns_of,
    open_predictions,
    open_table,
    parity_of,
    sorted_source,
)
from sciapp.engine.runtime.progress import Progress
from sciapp.errors import BadInput, Cancelled
from sciapp.i18n import Message, msg, to_line
from sciapp.records.plan.plan import PredictPlan, TrainPlan
from tests.helpers.made_projects import REJECTED, made_project, made_run, write_predictions, write_rows
from tests.helpers.messages import refused


def cell(source: TableSource, row: int, column: int) -> object:
    page, offset = source.locate(row)
    return source.read(page).cell(offset, column)


def column(source: TableSource, key: str) -> list[object]:
    place = [column.key for column in source.columns].index(key)
    return [cell(source, row, place) for row in range(source.row_count)]


@pytest.mark.parametrize("row", [0, 999, 1000, 1001, 2499])
def test_a_row_is_found_on_its_page(tmp_path: Path, row: int) -> None:
    write_rows(tmp_path / "t.parquet", 2500)
    source = open_table(tmp_path / "t.parquet")
    assert source.row_count == 2500
    assert source.page_count() == 3
    assert cell(source, row, 0) == row + 2
    assert cell(source, row, 1) == f"C{row}"
    assert cell(source, row, 3) == row / 10


def test_columns_are_named_for_people(tmp_path: Path) -> None:
    write_rows(tmp_path / "t.parquet", 10)
    columns = open_table(tmp_path / "t.parquet").columns
    assert [c.title for c in columns] == ["line", "input", "split", "y", "note 0"]
    assert [c.numeric for c in columns] == [True, False, False, True, False]
    problem = columns_of(pa.schema([("problem", pa.string())]))[0]
    assert problem.title == "problem" and "prediction" in problem.role
    time = columns_of(pa.schema([("time:+2", pa.float64())]))[0]
    assert time.title.values == {"step": "+2"} and time.numeric  # type: ignore[attr-defined]


def test_a_table_without_rows_can_be_opened_sorted_and_searched(tmp_path: Path) -> None:
    write_rows(tmp_path / "t.parquet", 0)
    source = open_table(tmp_path / "t.parquet")
    assert source.row_count == 0
    assert sorted_source(source, 0, False).row_count == 0
    assert filtered_source(source, Condition(value="C")).row_count == 0


def test_a_damaged_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "table.parquet").write_bytes(b"PAR1 nonsense")
    with pytest.raises(BadInput, match="damaged"):
        open_table(tmp_path / "table.parquet")
    with pytest.raises(BadInput, match="gone"):
        open_table(tmp_path / "missing.parquet")


def test_a_file_that_vanishes_while_it_is_shown_is_told(tmp_path: Path) -> None:
    write_rows(tmp_path / "table.parquet", 2500)
    source = open_table(tmp_path / "table.parquet")
    (tmp_path / "table.parquet").unlink()
    with pytest.raises(BadInput, match="gone"):
        source.read(1)


@given(values=st.lists(st.none() | st.floats(-1e6, 1e6), max_size=40), descending=st.booleans())
def test_sorting_orders_numbers_and_puts_gaps_last(values: list[float | None], descending: bool) -> None:
    source = MemorySource(
        pa.table({"line": pa.array(range(len(values)), pa.int64()), "target:y": pa.array(values, pa.float64())})
    )
    found = column(sorted_source(source, 1, descending), "target:y")
    known = sorted((v for v in values if v is not None), reverse=descending)
    assert found == known + [None] * (len(values) - len(known))


def test_sorting_keeps_rows_whole(tmp_path: Path) -> None:
    write_rows(tmp_path / "t.parquet", 2500)
    found = sorted_source(open_table(tmp_path / "t.parquet"), 3, True)
    assert column(found, "line")[:3] == [2501, 2500, 2499]
    assert column(found, "input")[:3] == ["C2499", "C2498", "C2497"]


def test_searching_looks_into_every_text_column_and_minds_letter_case(tmp_path: Path) -> None:
    write_rows(tmp_path / "t.parquet", 2500)
    source = open_table(tmp_path / "t.parquet")
    assert column(filtered_source(source, Condition(value="C249")), "line") == [251, *range(2492, 2502)]
    assert filtered_source(source, Condition(value="c249")).row_count == 0
    assert filtered_source(source, Condition(value="note 96")).row_count == 25


def test_searching_can_be_cancelled(tmp_path: Path) -> None:
    write_rows(tmp_path / "t.parquet", 2500)
    with pytest.raises(Cancelled):
        filtered_source(
            open_table(tmp_path / "t.parquet"), Condition(value="C"), Progress(lambda *_: None, lambda: True)
        )


def test_predictions_show_the_test_rows_with_their_absolute_error(tmp_path: Path) -> None:
    write_predictions(tmp_path / "p.parquet")
    source = open_predictions(tmp_path / "p.parquet")
    assert source.row_count == 80
    assert [c.title for c in source.columns] == ["line", "input", "measured", "predicted", "off by"]
    lines, errors = column(source, "line"), column(source, "error:y")
    assert errors == [float((int(str(line)) - 2) % 7) for line in lines]


def test_predicted_classes_are_right_or_wrong(tmp_path: Path) -> None:
    write_predictions(tmp_path / "p.parquet", task="classification")
    source = open_predictions(tmp_path / "p.parquet")
    truth, said = column(source, "target:y"), column(source, "prediction:y")
    assert column(source, "right:y") == ["right" if a == b else "wrong" for a, b in zip(truth, said, strict=True)]


def test_predictions_of_a_file_come_whole(tmp_path: Path) -> None:
    write_predictions(tmp_path / "p.parquet", new=True)
    assert open_predictions(tmp_path / "p.parquet").row_count == 100


def test_gaps_are_left_out_of_the_parity_plot() -> None:
    table = pa.table({"target:y": [1.0, None, 3.0], "prediction:y": [1.5, 2.0, float("nan")]})
    found = parity_of(MemorySource(table), "y")
    assert found.measured.tolist() == [1.0]
    assert found.predicted.tolist() == [1.5]
    assert len(parity_of(MemorySource(table), "z").measured) == 0


def test_results_of_a_training_hold_scores_predictions_and_points(tmp_path: Path) -> None:
    project = made_project(tmp_path / "p")
    found = load_results(made_run(project, TrainPlan(dataset="d")))
    project.close()
    assert found.evaluation is not None and found.predictions is not None
    assert len(found.parities) == 1
    assert len(found.parities[0].measured) == found.points == 80


def test_a_sample_is_drawn_of_very_many_points(tmp_path: Path) -> None:
    project = made_project(tmp_path / "p")
    run = made_run(project, TrainPlan(dataset="d"))
    project.close()
    rows = np.arange(POINTS_DRAWN + 500.0)
    pq.write_table(pa.table({"target:y": rows, "prediction:y": rows}), run.predictions_file)
    found = load_results(run)
    assert len(found.parities[0].measured) == POINTS_DRAWN
    assert found.points == POINTS_DRAWN + 500


def test_a_prediction_run_has_no_scores(tmp_path: Path) -> None:
    project = made_project(tmp_path / "p")
    found = load_results(made_run(project, PredictPlan(run="001-train", file="/x.csv")))
    project.close()
    assert found.plan.predicts_file
    assert found.evaluation is None and found.predictions is not None


def test_rows_set_aside_are_read_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "rejected.csv").write_text(REJECTED, encoding="utf-8")
    source = open_rejected(tmp_path / "rejected.csv")
    assert [c.title for c in source.columns] == ["line", "reason", "smiles", "y"]
    assert [cell(source, 1, place) for place in range(4)] == [9, *REJECTED.splitlines()[2].split(",")[1:]]


def test_rows_set_aside_may_be_wider_than_the_header_and_hold_newlines_and_repeated_names(tmp_path: Path) -> None:
    text = 'line,reason,line,line\n3,too wide,"a\nb",,x,y\n4,fine,NA,null\n'
    (tmp_path / "rejected.csv").write_text(text, encoding="utf-8")
    source = open_rejected(tmp_path / "rejected.csv")
    assert [cell(source, 0, place) for place in range(5)] == [3, "too wide", "a\nb", "", "x, y"]
    assert [cell(source, 1, place) for place in range(5)] == [4, "fine", "NA", "null", ""]


def test_newlines_and_words_for_nothing_are_kept_as_text(tmp_path: Path) -> None:
    (tmp_path / "rejected.csv").write_text('line,reason,a\n3,r,"x\ny"\n4,r,NA\n', encoding="utf-8")
    source = open_rejected(tmp_path / "rejected.csv")
    assert [cell(source, row, 2) for row in range(2)] == ["x\ny", "NA"]


def test_reasons_of_rows_set_aside_are_messages_in_whatever_order(tmp_path: Path) -> None:
    reasons = [msg("duplicate of line {detail}", detail=n) for n in (7, 5, 6)]
    file = tmp_path / "rejected.csv"
    file.write_text("line,reason,a\n" + "".join(f"{n},{reason},x\n" for n, reason in enumerate(reasons)), "utf-8")
    file.with_suffix(".jsonl").write_text("".join(to_line(reason) + "\n" for reason in reasons), "utf-8")
    source = sorted_source(open_rejected(file), 1, descending=False)
    assert [cell(source, row, 0) for row in range(3)] == [1, 2, 0]
    seen = [cell(source, row, 1) for row in range(3)]
    assert all(isinstance(reason, Message) for reason in seen)
    assert [reason.values["detail"] for reason in seen] == [5, 6, 7]


@pytest.mark.parametrize("messages", ["", "{\n", '"a"\n"b"\n', "1\n"])
def test_without_their_messages_reasons_are_the_sentences(tmp_path: Path, messages: str) -> None:
    (tmp_path / "rejected.csv").write_text("line,reason,a\n3,duplicate,x\n", encoding="utf-8")
    (tmp_path / "rejected.jsonl").write_text(messages, encoding="utf-8")
    assert cell(open_rejected(tmp_path / "rejected.csv"), 0, 1) == "duplicate"


def test_nothing_set_aside_is_an_empty_table(tmp_path: Path) -> None:
    (tmp_path / "rejected.csv").write_text("line,reason,a\n", encoding="utf-8")
    assert open_rejected(tmp_path / "rejected.csv").row_count == 0


def test_set_aside_rows_followed_by_gigabytes_of_nothing_are_said_to_be_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "rejected.csv"
    file.write_text("line,reason,y\n3,no value,\n", encoding="utf-8")
    os.truncate(file, 1 << 33)
    with pytest.raises(BadInput) as caught:
        open_rejected(file)
    assert "longer than" in caught.value.context


def test_rows_set_aside_can_be_exported(tmp_path: Path) -> None:
    (tmp_path / "rejected.csv").write_text(REJECTED, encoding="utf-8")
    out = export_rejected(path=tmp_path / "rejected.csv", out=tmp_path / "out.csv")
    assert out.read_text(encoding="utf-8") == REJECTED
    with refused(BadInput, parent=str(tmp_path / "no")):
        export_rejected(path=tmp_path / "rejected.csv", out=tmp_path / "no" / "out.csv")
