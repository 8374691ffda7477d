"""All folds from the command line: datasets at one go, one training after the other, one sum in report and window."""

import json
from pathlib import Path
from statistics import mean

import pyarrow.parquet as pq
import pytest

from sciapp.actions import command_line as commands
from sciapp.actions.results import load_results
from sciapp.cli import main as cli
from sciapp.engine.reports.build import build_report
from sciapp.errors import BadInput
from sciapp.jobs.runs.follow_up import next_run
from sciapp.records.dataset.card import ImportRequest, Roles, SplitPlan
from sciapp.records.plan.plan import PretrainPlan, TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.project.studies.cross_validation import (
    CrossValidationStudy,
    cross_validation,
    folds_of,
    must_have_folds,
)
from sciapp.records.project.studies.pretraining_first import PretrainingFirst
from sciapp.records.project.studies.registry import check_design
from sciapp.records.project.study import StudyDesign
from tests.helpers.printed import says
from tests.helpers.tiny import sequence_table, tiny_model

FAST = ("num_train_epochs=2", "tokens_per_batch=256", "learning_rate=0.001", "threads=1", "descriptors=off")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert cli.main([*words, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_every_row_is_tested_once_and_the_folds_are_summed_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project.create(tmp_path / "p", domain="protein")
    table, model = sequence_table(tmp_path / "table.csv", rows=90), tiny_model(tmp_path / "model")
    roles = ("--input", "sequence", "--target", "y0")
    made = said(capsys, "import", str(project.folder), str(table), *roles, "--folds", "3", "--all-folds")
    cards = project.datasets()
    assert made["datasets"] == [card.id for card in cards] and len(cards) == 3
    tested = [
        line
        for card in cards
        for line, split in zip(
            *pq.read_table(project.dataset_folder(card.id).table_file, columns=["line", "split"]).to_pydict().values(),
            strict=True,
        )
        if split == "test"
    ]
    assert len(tested) == len(set(tested)) == cards[0].rows_kept
    assert [card.name for card in folds_of(cards[1], cards)] == [f"table, fold {n} of 3" for n in (1, 2, 3)]

    settings = [word for one in FAST for word in ("--set", one)]
    words = ("train", str(project.folder), "--dataset", cards[1].id, "--model", str(model), "--all-folds")
    answer = said(capsys, *words, *settings)
    runs = [project.run(str(id)) for id in answer["folds"]]  # type: ignore[attr-defined]
    assert [run.plan().dataset for run in runs] == [cards[n].id for n in (1, 0, 2)]  # type: ignore[union-attr]
    assert all(next_run(run) is None for run in runs), "every fold was trained; none is begun again"
    together = cross_validation(project, runs[2])
    assert together is not None and together.planned == len(together.tested) == 3
    found = together.summary("rmse")
    assert found is not None
    scores = [run.evaluation().model.get("rmse").value for run in runs]  # type: ignore[union-attr]
    assert found[0].value == pytest.approx(mean(scores)) and found[0].low == min(scores)
    assert answer["cross_validation"] == together.text and "Cross-validation, 3 folds: RMSE" in together.text

    assert cli.main([*words, *settings, "--set", "num_train_epochs=1"]) == 0
    again = cross_validation(project, project.runs()[-1])
    assert again is not None and capsys.readouterr().out.rstrip().endswith(again.text)
    project.dataset_folder(cards[0].id).card_file.write_text("{", encoding="utf-8")
    assert cli.main([*words, *settings]) == 1
    said_then = capsys.readouterr().err
    assert says(said_then, must_have_folds, folds=3) and says(said_then, must_have_folds, fold=1, seed=0)
    partly = cross_validation(project, runs[2])
    assert partly is not None and (len(partly.tested), partly.planned) == (2, 3)
    project.dataset_folder(cards[0].id).write_card(cards[0])

    page = build_report(project, runs[1], tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<h2>Cross-validation</h2>" in page and "Fold 3 of 3, seed 0" in page and "Standard deviation" in page
    assert load_results(runs[0]).folds == together.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--all-folds",), "--all-folds needs the number"),
        (("--folds", "3", "--all-folds", "--fold", "2"), "--fold asks for one fold"),
        (("--folds", "3", "--repeats", "2"), "--repeats belongs to --all-folds"),
        (("--folds", "3", "--all-folds", "--repeats", "0"), "0 repetitions"),
        (("--folds", "60", "--all-folds"), "too few"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    project, table = Project.create(tmp_path / "p", domain="protein"), sequence_table(tmp_path / "t.csv", rows=30)
    assert cli.main(["import", str(project.folder), str(table), *words]) == 1
    assert said in capsys.readouterr().err
    assert not project.datasets()


def test_where_there_are_no_folds_all_of_them_cannot_be_trained_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, table = Project.create(tmp_path / "p", domain="protein"), sequence_table(tmp_path / "t.csv", rows=30)
    said(capsys, "import", str(project.folder), str(table))
    assert cli.main(["train", str(project.folder), "--all-folds"]) == 1
    assert says(capsys.readouterr().err, must_have_folds, card=project.datasets()[0].id)
    said(capsys, "import", str(project.folder), str(table), "--folds", "3", "--all-folds")
    cards = project.datasets()
    learnt = project.new_run(PretrainPlan(dataset=cards[1].id))
    with pytest.raises(BadInput) as refused:
        must_have_folds(project, TrainPlan(dataset=cards[2].id, model=f"run:{learnt.id}"))
    assert refused.value.message.values == {"name": learnt.id}
    must_have_folds(project, TrainPlan(dataset=cards[2].id))
    assert len(project.runs()) == 1


def test_repetitions_belong_together_and_other_splits_do_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, table = Project.create(tmp_path / "p", domain="protein"), sequence_table(tmp_path / "t.csv", rows=40)
    words = ("import", str(project.folder), str(table))
    said(capsys, *words, "--folds", "3", "--all-folds", "--repeats", "2")
    said(capsys, *words, "--folds", "4", "--fold", "2")
    plain = said(capsys, *words)
    cards = project.datasets()
    family = folds_of(cards[0], cards)
    assert [(one.split.seed, one.split.fold) for one in family] == [(s, f) for s in (0, 1) for f in (1, 2, 3)]
    assert folds_of(project.dataset(str(plain["id"])), cards) == []


def test_the_window_asks_for_the_same_command(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", domain="protein")
    request = ImportRequest(
        file="t.csv",
        roles=Roles(input="sequence", targets=("y",)),
        split=SplitPlan(folds=5),
        all_folds=True,
        repeats=2,
    )
    said = commands.as_text(commands.import_arguments(project, request))
    assert "--folds 5" in said and "--all-folds" in said and "--repeats 2" in said and "--fold " not in said
    design = StudyDesign(plan=TrainPlan(dataset="d"), kind="cross_validation")
    assert commands.as_text(commands.run_arguments(project, design)).endswith("--all-folds")


def test_what_cannot_follow_together_is_refused(tmp_path: Path) -> None:
    project, training = Project.create(tmp_path / "p", domain="protein"), TrainPlan(dataset="d")
    folds = StudyDesign(plan=training, kind="cross_validation")
    with pytest.raises(BadInput) as refused:
        check_design(project, folds.model_copy(update={"then": StudyDesign(plan=training, kind="ablation")}))
    assert says(refused.value.message, CrossValidationStudy.check)
    with pytest.raises(BadInput) as refused:
        check_design(project, StudyDesign(plan=PretrainPlan(dataset="d"), kind="pretraining_first", then=folds))
    assert says(refused.value.message, PretrainingFirst.check)
