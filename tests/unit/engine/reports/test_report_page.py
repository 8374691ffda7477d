"""The report of runs whose folders were written by hand."""

import re
import stat
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import ANY
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sciapp.engine.reports.build import NO_PREDICTIONS, STOPPED, build_report
from sciapp.engine.reports.figures.curves import confusion_matrix
from sciapp.engine.reports.sections.worst_rows import worst_rows
from sciapp.errors import ProjectProblem, RunProblem
from sciapp.records.dataset.card import DatasetCard, Roles
from sciapp.records.plan.compression import compression_facts
from sciapp.records.plan.plan import CompressPlan, Optimization, PredictPlan, TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Curve, Evaluation
from sciapp.records.run.events import CheckpointSaved, Noted, RunStarted, StepTaken, Validated
from sciapp.records.run.run import Run
from tests.helpers.made_projects import evaluation, made_dataset, made_run
from tests.helpers.messages import refused_exactly

EVIL = "<script>alert(1)</script>"
WARNING, REMARK = "17 rows are longer than 256 tokens and are cut at the end.", "Nothing to worry about."
QUANTIZED = compression_facts("quantize")


class Page(HTMLParser):
    """What a browser would find: the tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def downloads(self) -> dict[str, str]:
        """CSV text by file name."""
        links = [attributes for tag, attributes in self.tags if tag == "a" and "download" in attributes]
        return {str(link["download"]): unquote(str(link["href"]).partition(",")[2]) for link in links}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="molecule", name="Solubility & <co>")


def page_of(project: Project, run: Run) -> Page:
    out = project.reports_folder / "report.html"
    assert build_report(project, run, out) == out
    return Page(out.read_text(encoding="utf-8"))


def with_history(run: Run) -> Run:
    """Ten steps, resumed at the sixth, two looks, a warning."""
    run.append_event(RunStarted(total_steps=10))
    for step in range(1, 9):
        run.append_event(_step(step, loss=99.0 if step > 6 else 1 / step))
    run.append_event(RunStarted(resumed_at_step=6))
    for step in range(7, 11):
        run.append_event(_step(step, loss=1 / step))
    for step, best in ((5, False), (10, True)):
        run.append_event(
            Validated(
                step=step, epoch=1, loss=0.5, score_name="rmse", score=0.25, greater_is_better=False, best=best
            )
        )  # fmt: skip
    run.append_event(CheckpointSaved(step=10, path="checkpoints/step-000010", best=True))
    run.append_event(Noted(level="warning", message=WARNING))
    run.append_event(Noted(message=REMARK))
    return run


def _step(step: int, loss: float) -> StepTaken:
    return StepTaken(
        step=step, total_steps=10, epoch=step / 5, loss=loss, learning_rate=1e-3, gradient_norm=1, tokens=9, seconds=42
    )


def named(project: Project, card: DatasetCard, run: Run, name: str) -> DatasetCard:
    """The dataset and the run with another name for the target y."""
    folder = project.dataset_folder(card.id)
    renamed = card.model_copy(
        update={
            "roles": Roles(input="smiles", targets=(name,)),
            "targets": (card.targets[0].model_copy(update={"name": name}),),
        }
    )
    folder.write_card(renamed)
    for file in (folder.table_file, run.predictions_file):
        table = pq.read_table(file)
        pq.write_table(table.rename_columns([column.replace(":y", f":{name}") for column in table.column_names]), file)
    said = run.evaluation()
    assert said is not None
    run.write_evaluation(said.model_copy(update={"target_names": (name,)}))
    return renamed


def test_a_regression_report_shows_the_numbers_of_the_evaluation(project: Project) -> None:
    made_dataset(project)
    run = with_history(
        made_run(project, TrainPlan(dataset="made-1", seed=7, optimization=Optimization(weight_decay=0.03)))
    )
    text = page_of(project, run).text
    assert evaluation().verdict in text
    for score in ("0.600 (0.540 to 0.660)", "2.00 (1.80 to 2.20)", "0.800 (0.720 to 0.880)", "0.700 (0.630 to 0.770)"):
        assert score in text, score
    for said in ("RMSE", "MAE", "R²", "Spearman ρ", "Before and after fine-tuning"):
        assert said in text
    for fact in ("0" * 64, "ab" * 32, "2,502 read, 2,500 used, 2 set aside", "1 invalid input; 1 duplicate"):
        assert fact in text, fact
    for setting in ("weight_decay", "0.03", "early_stopping_patience", "tokens_per_batch", "lr_scheduler_type"):
        assert setting in text
    assert WARNING in text and REMARK not in text
    assert "10 steps, 2.0 epochs, 42 s" in text
    assert "(seed 7)" in text


def test_nothing_is_fetched_and_nothing_runs(project: Project) -> None:
    made_dataset(project, task="classification")
    page = page_of(project, with_history(made_run(project, TrainPlan(dataset="made-1"), task="classification")))
    for tag, attributes in page.tags:
        assert tag not in {"script", "link", "iframe", "img", "object", "embed", "base"}
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name.rpartition(":")[2] in {"href", "src", "action", "data"}:
                assert value is not None and value.startswith(("data:text/csv", "#")), value
    assert "@import" not in page.text
    assert not re.search(r"url\((?!#)", page.text)


def test_ids_of_figures_differ_and_point_home(project: Project) -> None:
    made_dataset(project)
    page = page_of(project, with_history(made_run(project, TrainPlan(dataset="made-1"))))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    used = {attributes["xlink:href"] for tag, attributes in page.tags if tag == "use"}
    assert used and all(str(name)[1:] in ids for name in used)


@pytest.mark.parametrize("name", [EVIL, "cost in $ per kg, $10^3$", "溶解度 “logS”\nline two", "a & b \\ c"])
def test_other_peoples_names_are_text(project: Project, name: str) -> None:
    card = made_dataset(project)
    run = made_run(project, TrainPlan(dataset="made-1"))
    named(project, card, run, name)
    page = page_of(project, run)
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert " ".join(name.split()) in " ".join(page.text.split())
    assert "Solubility & <co>" in page.text


def test_the_numbers_behind_each_figure_can_be_saved(project: Project) -> None:
    made_dataset(project)
    files = page_of(project, with_history(made_run(project, TrainPlan(dataset="made-1")))).downloads()
    assert set(files) == {"training.csv", "parity y.csv", "distribution y.csv"}
    assert files["parity y.csv"].splitlines()[:2] == ["line,measured,predicted", "3,1,2"]
    assert len(files["parity y.csv"].splitlines()) == 81, "the test rows alone"
    losses = [line.split(",") for line in files["training.csv"].splitlines() if line.startswith("training")]
    assert [float(loss[2]) for loss in losses] == pytest.approx([1 / step for step in range(1, 11)], rel=1e-5)
    counts = np.array([line.split(",")[2:] for line in files["distribution y.csv"].splitlines()[1:]], dtype=int)
    assert counts.sum() == 2500


def test_classes_get_a_confusion_matrix_and_a_roc_curve(project: Project) -> None:
    made_dataset(project, task="classification")
    run = made_run(project, TrainPlan(dataset="made-1"), task="classification")
    said = evaluation(task="classification").model_copy(
        update={"roc": (Curve(label="low", x=(0.0, 0.1, 1.0), y=(0.0, 0.8, 1.0)),)}
    )
    run.write_evaluation(said)
    page = page_of(project, run)
    files = page.downloads()
    assert files["confusion.csv"].splitlines() == ["true class,high,low", "high,30,4", "low,6,60"]
    assert files["roc.csv"].splitlines()[2] == "low,0.1,0.8"
    assert "Macro F1" in page.text
    assert "(75% sure)" in page.text, "wrong rows come with how sure the model was"
    assert said.confusion is not None and confusion_matrix(said.confusion).caption in page.text


def test_of_many_classes_the_report_says_how_many_have_a_curve(project: Project) -> None:
    card = made_dataset(project, task="classification")
    many = card.targets[0].model_copy(
        update={"classes": tuple(f"class {n}" for n in range(1000)), "class_counts": (3,) * 1000}
    )
    project.dataset_folder(card.id).write_card(card.model_copy(update={"targets": (many,)}))
    run = made_run(project, TrainPlan(dataset="made-1"), task="classification")
    run.predictions_file.unlink()  # it has two classes
    curves = tuple(Curve(label=f"class {n}", x=(0.0, 1.0), y=(0.0, 1.0)) for n in range(12))
    run.write_evaluation(evaluation(task="classification").model_copy(update={"roc": curves}))
    assert ", 12 of 1,000 " in page_of(project, run).text


def test_the_worst_rows_are_the_ones_furthest_off_and_molecules_are_drawn(project: Project) -> None:
    card = made_dataset(project)
    run = made_run(project, TrainPlan(dataset="made-1"))
    table = pq.read_table(run.predictions_file)
    table = table.set_column(table.column_names.index("input"), "input", pa.array(["CCO"] * len(table)))
    worst = worst_rows(table, card)
    assert len(worst) == 10
    assert {row.line % 7 for row in worst} == {1}, "row i is line i + 2 and off by i mod 7"
    assert all(row.svg is not None and row.svg.startswith("<svg") for row in worst)
    pq.write_table(table, run.predictions_file)
    page = page_of(project, run)
    assert len([tag for tag, attributes in page.tags if tag == "td" and attributes.get("class") == "drawn"]) == 10
    assert "CCO" in page.text


def test_a_compression_says_what_it_was_made_from_and_what_it_costs(project: Project) -> None:
    made_dataset(project)
    parent = with_history(made_run(project, TrainPlan(dataset="made-1")))
    text = page_of(project, made_run(project, CompressPlan(run=parent.id))).text
    assert f"run {parent.id} (quantize)" in text
    assert "9.00 MB" in text and "3.00 MB" in text
    assert "2.00 ms (1.00 to 3.00)" in text
    assert "Before compression" in text
    assert QUANTIZED.account("fine-tuned model") in text


def test_the_report_of_a_model_compressed_twice_describes_both_steps(project: Project) -> None:
    made_dataset(project)
    parent = with_history(made_run(project, TrainPlan(dataset="made-1")))
    smaller = made_run(project, CompressPlan(run=parent.id))
    page = page_of(project, made_run(project, CompressPlan(run=smaller.id)))
    facts = page.text
    assert f"Compressed fromrun {parent.id} (quantize)" in facts
    assert f"again fromrun {smaller.id} (quantize)" in facts
    for model in ("fine-tuned", "compressed"):
        assert QUANTIZED.account(f"{model} model") in facts
    assert facts.count("compression: method") == 2


def test_a_stopped_run_has_a_report_that_says_so(project: Project) -> None:
    made_dataset(project)
    run = made_run(project, TrainPlan(dataset="made-1"))
    run.write_state(run.state().model_copy(update={"status": "stopped"}))
    assert STOPPED in page_of(project, run).text


@pytest.mark.parametrize("status", ["waiting", "running", "cancelled", "failed"])
def test_a_run_without_an_evaluation_is_refused(project: Project, status: str) -> None:
    made_dataset(project)
    run = project.new_run(TrainPlan(dataset="made-1"))
    run.write_state(run.state().model_copy(update={"status": status}))
    out = project.reports_folder / "report.html"
    with pytest.raises(RunProblem, match="no evaluation") as raised:
        build_report(project, run, out)
    assert raised.value.hint
    assert not out.exists()


def test_a_prediction_and_a_damaged_evaluation_are_refused_in_a_sentence(project: Project) -> None:
    made_dataset(project)
    run = made_run(project, TrainPlan(dataset="made-1"))
    with refused_exactly(RunProblem, run="002-predict", deed=ANY):
        build_report(project, made_run(project, PredictPlan(run=run.id, file="/x.csv")), project.folder / "r.html")
    run.evaluation_file.write_text('{"schema_version": 1, "ta', encoding="utf-8")
    with refused_exactly(RunProblem, run="001-train") as raised:
        build_report(project, run, project.folder / "r.html")
    assert str(run.evaluation_file) in raised.value.context


def test_what_is_gone_is_left_out_and_said(project: Project) -> None:
    made_dataset(project)
    run = made_run(project, TrainPlan(dataset="made-1"))
    run.predictions_file.unlink()
    project.dataset_folder("made-1").table_file.unlink()
    page = page_of(project, run)
    assert NO_PREDICTIONS in page.text
    assert page.downloads() == {}
    assert "0.600 (0.540 to 0.660)" in page.text


def test_a_place_that_cannot_be_written_is_said(project: Project, tmp_path: Path) -> None:
    made_dataset(project)
    run = made_run(project, TrainPlan(dataset="made-1"))
    (tmp_path / "file").touch()
    with refused_exactly(ProjectProblem, reason=ANY):
        build_report(project, run, tmp_path / "file" / "report.html")


def test_a_new_report_replaces_the_old_one_whole(project: Project) -> None:
    made_dataset(project)
    run = made_run(project, TrainPlan(dataset="made-1"))
    out = project.reports_folder / "report.html"
    out.parent.mkdir(exist_ok=True)
    out.write_text("old" * 10_000_000, encoding="utf-8")
    build_report(project, run, out)
    html = out.read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>") and html.rstrip().endswith("</html>")
    assert [file.name for file in out.parent.iterdir()] == ["report.html"]
    assert stat.S_IMODE(out.stat().st_mode) & 0o400


def test_a_local_models_folder_is_nobodys_business(project: Project) -> None:
    made_dataset(project)
    run = made_run(project, TrainPlan(dataset="made-1", model="/home/ada/secret/encoder"))
    text = page_of(project, run).text
    assert "/home/ada" not in text
    assert "encoder (a local folder)" in text


def test_the_same_run_gives_the_same_report(project: Project) -> None:
    made_dataset(project)
    run = with_history(made_run(project, TrainPlan(dataset="made-1")))
    first, second = (build_report(project, run, project.folder / name).read_text() for name in ("a.html", "b.html"))
    assert first == second


def test_evaluations_of_tomorrow_are_read(project: Project) -> None:
    """A field that this version does not know is passed over."""
    made_dataset(project)
    run = made_run(project, TrainPlan(dataset="made-1"))
    text = run.evaluation_file.read_text(encoding="utf-8")
    run.evaluation_file.write_text(text.replace("{", '{"calibration": 1,', 1), encoding="utf-8")
    assert isinstance(run.evaluation(), Evaluation)
    assert "0.600" in page_of(project, run).text
