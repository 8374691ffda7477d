"""`sciapp augment` shows what training will see, and `train --compare-augmentation` makes a pair and compares it."""

import html
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sciapp.cli import main as cli
from sciapp.engine.augmentation import rewriter
from sciapp.engine.augmentation.preview import differences
from sciapp.engine.reports.build import build_report
from sciapp.engine.reports.sections import augmentation_ablation
from sciapp.errors import nearest
from sciapp.jobs.launch import launcher
from sciapp.jobs.runs.follow import standing
from sciapp.jobs.runs.follow_up import begin, next_run, run_after
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.project.studies.ablation import Ablation
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.preflight import AugmentationPreview
from sciapp.records.run.run import RunStatus
from tests.end_to_end.test_augmented_training import prepared
from tests.helpers.printed import says
from tests.helpers.runs import wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

Made = tuple[Project, DatasetCard, Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("augment")
    project, card = tiny_project(folder / "p", rows=90)
    yield project, card, tiny_model(folder / "model")


def answered(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(list(words)) == 0
    return capsys.readouterr().out


def test_the_rows_shown_are_those_that_training_will_see(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    project, card, model = made
    wanted = [
        "--set",
        "augmentations=blosum_substitutions,end_crops",
        "--set",
        "augmented_share=0.6",
        "--set",
        "seed=4",
    ]
    said = answered(capsys, "augment", str(project.folder), *wanted, "--rows", "20", "--pass", "3", "--json")
    seen = AugmentationPreview.model_validate_json(said)
    assert len(seen.examples) == 20 and 0.4 < seen.changed / seen.looked_at < 0.8
    plan = tiny_plan(card, model, augmentations="blosum_substitutions,end_crops", augmented_share=0.6, seed=4)
    rows = prepared(project, plan).train.augmented
    assert rows is not None and rows.rewriter is not None
    row_at = {int(line): row for row, line in enumerate(rows.rows.line)}
    for one in seen.examples:
        row = row_at[one.line]
        anew = rows.rewriter.rewritten(rows.rows.inputs[row], row, epoch=2)
        assert anew is not None
        assert (one.original, one.augmented) == (rows.rows.inputs[row], anew.value)


def test_people_see_what_differs_in_brackets(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    project, _, _ = made
    said = answered(capsys, "augment", str(project.folder), "--set", "augmentations=end_crops", "--rows", "2")
    blocks = said.split("\n\n")[1:]
    assert len(blocks) == 2
    for block in blocks:
        _, original, anew = block.strip().splitlines()
        inside = original[original.index("[") + 1 : original.index("]")]
        assert original.strip().replace("[", "").replace("]", "") in {inside + anew.strip(), anew.strip() + inside}


def test_without_a_choice_the_command_says_what_there_is(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(capsys, "augment", str(made[0].folder))
    assert "blosum_substitutions" in said and "Henikoff" in said and "--set augmentations=" in said


def test_an_unknown_augmentation_fails_with_one_clear_sentence(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["augment", str(made[0].folder), "--set", "augmentations=end_crop"]) == 1
    said = capsys.readouterr().err
    assert says(said, rewriter, domain="protein", name="end_crop") and says(said, nearest, name="end_crops")


def test_molecules_are_drawn_for_the_window(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = Project.create(tmp_path / "m", domain="molecule")
    table = tmp_path / "t.csv"
    table.write_text("smiles,y\n" + "".join(f"{'C' * n}C(=O)Oc1ccccc1,{n}\n" for n in range(1, 30)), encoding="utf-8")
    cli.main(["import", str(project.folder), str(table), "--input", "smiles", "--target", "y", "--split", "random"])
    capsys.readouterr()
    words = ["augment", str(project.folder), "--set", "augmentations=randomized_smiles", "--json"]
    seen = AugmentationPreview.model_validate_json(answered(capsys, *words))
    assert all("<svg" in one.original_picture and "<svg" in one.augmented_picture for one in seen.examples)
    assert all(not one.removed and not one.added for one in seen.examples)


@pytest.mark.parametrize(
    ("old", "new", "separator", "removed", "added"),
    [
        ("MKTAY", "MRTAY", "", ((1, 2),), ((1, 2),)),
        ("MKTAY", "TAY", "", ((0, 2),), ()),
        ("a  quick fox", "a  fox", " ", ((3, 8),), ()),
        ("one two three", "one too three four", " ", ((4, 7),), ((4, 7), (14, 18))),
    ],
)
def test_differences_are_told_unit_by_unit(
    old: str, new: str, separator: str, removed: tuple[object, ...], added: tuple[object, ...]
) -> None:
    assert differences(old, new, separator) == (removed, added)


def test_a_pair_of_runs_is_made_one_after_the_other_and_compared(
    made: Made, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    project, _, model = made
    words = ["train", str(project.folder), "--model", str(model), "--compare-augmentation", "--json"]
    for setting in (
        "augmentations=blosum_substitutions",
        "num_train_epochs=2",
        "threads=1",
        "descriptors=off",
        "members=off",
    ):
        words += ["--set", setting]
    said = json.loads(answered(capsys, *words))
    first, second = project.run(said["run"]), project.run(said["without"])
    assert second.state().started is not None and first.state().ended is not None
    assert second.state().started >= first.state().ended  # type: ignore[operator]
    plan, plain = first.plan(), second.plan()
    assert isinstance(plan, TrainPlan) and isinstance(plain, TrainPlan)
    assert [study.runs for study in project.studies_of(second.id)] == [(first.id, second.id)]
    assert plan.augmentation.is_on and not plain.augmentation.is_on
    assert plain.model_copy(update={"augmentation": plan.augmentation}).optimization == plan.optimization
    sentence = said["comparison"]
    (test_rows,) = {run.evaluation().model.rows for run in (first, second)}  # type: ignore[union-attr]
    assert says(sentence, augmentation_ablation, rows=test_rows)
    evaluation = second.evaluation()
    assert evaluation is not None and sentence in evaluation.remarks
    for run in (first, second):
        page = build_report(project, run, tmp_path / f"{run.id}.html").read_text(encoding="utf-8")
        assert f"With augmentation (run {first.id})" in page and f"Without (run {second.id})" in page
        assert all(part in html.unescape(page) for part in sentence.split(". "))
    page = build_report(project, second, tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Substitutions" not in page.split("<h2>Methods</h2>")[1].split("<h2>")[0]
    (second.predictions_file).unlink()
    page = build_report(project, first, tmp_path / "r.html").read_text(encoding="utf-8")
    assert says(page, augmentation_ablation.sentence, id=first.id, other_id=second.id)


def test_a_training_stopped_by_hand_is_not_compared(made: Made) -> None:
    project, card, model = made
    plan = tiny_plan(card, model, augmentations="end_crops", num_train_epochs=5000)
    run = begin(project, StudyDesign(plan=plan, kind="ablation"))
    assert next_run(run, stopped=True) is None
    launcher.start(run)
    launcher.ask_to_stop(run)
    assert wait_until_over(run) is RunStatus.STOPPED
    assert run_after(project, run) is None
    assert standing(run).has_model


def test_a_comparison_without_augmentation_is_refused(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    project, _, model = made
    runs = len(project.runs())
    words = ["train", str(project.folder), "--model", str(model), "--compare-augmentation"]
    assert cli.main(words) == 1
    assert says(capsys.readouterr().err, Ablation.check)
    assert len(project.runs()) == runs
