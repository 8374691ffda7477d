"""Back-translation and masked substitution in a real run: written once, kept, resumed, for training rows only."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from sciapp.cli import main as cli
from sciapp.engine.augmentation import generate
from sciapp.engine.augmentation.generators import must_be_here
from sciapp.engine.augmentation.rewriter import known_augmentations
from sciapp.engine.data.dataset.table import read_inputs
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.reports.build import build_report
from sciapp.engine.reports.names import model_name
from sciapp.engine.reports.text import augmentation as augmentation_text
from sciapp.jobs.launch import launcher
from sciapp.jobs.runs.follow import standing
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.augmentation import BACK_TRANSLATION, check_models
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import Event, Noted, Progressed, StageBegan
from sciapp.records.run.preflight import AugmentationPreview
from sciapp.records.run.run import Run, RunStatus
from tests.end_to_end.test_augmented_training import prepared
from tests.helpers.printed import says
from tests.helpers.runs import started_and_killed_when, wait_for_event, wait_until_over
from tests.helpers.tiny import tiny_plan
from tests.helpers.tiny_translation import text_project, tiny_pair, tiny_reader

Made = tuple[Project, DatasetCard, dict[str, object]]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    there, back = tiny_pair(folder)
    return {"there": there, "back": back, "reader": tiny_reader(folder / "reader")}


@pytest.fixture(scope="module")
def settings(models: dict[str, Path]) -> dict[str, object]:
    return {
        "augmentations": "back_translation,masked_substitution", "augmentation_strength": 1.0, "augmented_share": 0.7,
        "augmentation_variants": 2, "translation_there": str(models["there"]), "translation_back": str(models["back"]),
        "substitution_model": str(models["reader"]), "num_train_epochs": 2, "dropout": 0.2,
    }  # fmt: skip


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, models: dict[str, Path], settings: dict[str, object]
) -> tuple[Project, DatasetCard, Run]:
    """A run that nobody disturbed, in a project of its own."""
    project, card = text_project(tmp_path_factory.mktemp("undisturbed") / "p")
    run = project.new_run(tiny_plan(card, models["reader"], **settings))
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    return project, card, run


def weights(run: Run) -> str:
    return hashlib.sha256((run.model_folder / "model.safetensors").read_bytes()).hexdigest()


def parts(project: Project, card: DatasetCard) -> dict[str, tuple[bytes, int]]:
    """Content and time of every part that is kept."""
    folder = project.dataset_folder(card.id).variants_folder
    found = sorted(folder.glob("*/part-*.json"))
    return {f"{file.parent.name}/{file.name}": (file.read_bytes(), file.stat().st_mtime_ns) for file in found}


def notes(run: Run) -> list[str]:
    return [event.message for event in run.events() if isinstance(event, Noted)]


def after_rows(rows: int) -> object:
    return lambda event: isinstance(event, Progressed) and event.stage == "augmenting" and event.done >= rows


def test_a_run_killed_while_rows_are_translated_goes_on_behind_them_and_ends_with_the_same_weights(
    undisturbed: tuple[Project, DatasetCard, Run], tmp_path: Path
) -> None:
    _, _, other = undisturbed
    project, card = text_project(tmp_path / "p")
    run = project.new_run(other.plan())
    started_and_killed_when(run, after_rows(16))  # type: ignore[arg-type]
    before = parts(project, card)
    assert 2 <= len(before) < 7
    first, second = list(before)[:2]
    torn = project.dataset_folder(card.id).variants_folder / second
    torn.write_bytes(before[second][0][:40])
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    after = parts(project, card)
    assert {name: content for name, (content, _) in after.items()} == {
        name: content for name, (content, _) in parts(*undisturbed[:2]).items()
    }
    assert after[first] == before[first]  # not written again
    assert weights(run) == weights(other) and run.evaluation() == other.evaluation()


def test_a_second_run_translates_nothing(undisturbed: tuple[Project, DatasetCard, Run]) -> None:
    project, card, first = undisturbed
    before = parts(project, card)
    run = project.new_run(first.plan())
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    assert parts(project, card) == before
    assert sum(says(note, generate, kept=36) for note in notes(run)) == 2
    assert weights(run) == weights(first)


def test_progress_is_told_row_by_row_and_what_came_of_it(undisturbed: tuple[Project, DatasetCard, Run]) -> None:
    _, _, run = undisturbed
    done = [event for event in run.events() if isinstance(event, Progressed) and event.stage == "augmenting"]
    assert [(event.done, event.total) for event in done] == [(n, 36) for n in (8, 16, 24, 32, 36, 32, 36)]
    titles = [e.title for e in run.events() if isinstance(e, StageBegan) and e.stage == "augmenting"]
    name = known_augmentations(domain_named("text"))[BACK_TRANSLATION].title
    assert any(says(title, generate, title=name) for title in titles)
    translated = next(note for note in notes(run) if says(note, generate, title=name, variants=...))
    changed, unchanged = translated.values.values()
    assert changed.values["rows"] + unchanged.values["rows"] == 36 and unchanged.values["rows"] > 0


def test_training_rows_are_shown_as_their_variants_and_no_others_change(
    undisturbed: tuple[Project, DatasetCard, Run], models: dict[str, Path]
) -> None:
    project, card, run = undisturbed
    plan = run.plan()
    assert isinstance(plan, TrainPlan)
    with_it, without = prepared(project, plan), prepared(project, tiny_plan(card, models["reader"], dropout=0.2))
    assert with_it.validation_tokens.rows.numbers.tolist() == without.validation_tokens.rows.numbers.tolist()
    assert np.array_equal(np.asarray(with_it.validation_values()[0]), np.asarray(without.validation_values()[0]))
    train = with_it.train.augmented
    assert train is not None and train.rewriter is not None
    inputs = read_inputs(project.dataset_folder(card.id), "train")
    assert train.rows.inputs == inputs
    kept = [row for content, _ in parts(project, card).values() for row in json.loads(content)]
    variants = {one for row in kept for one in row}
    seen = [train.rewriter.rewritten(value, row, epoch) for epoch in range(4) for row, value in enumerate(inputs)]
    found = [one for one in seen if one is not None]
    assert {one.augmentation for one in found} == {"back_translation", "masked_substitution"}
    assert {one.value for one in found} <= variants - set(inputs)
    assert not variants & set(read_inputs(project.dataset_folder(card.id), "validation", "test"))


def command(plan: TrainPlan, *more: str) -> list[str]:
    told = plan.augmentation.model_dump(exclude_defaults=True)
    told["augmentations"] = ",".join(plan.augmentation.augmentations)
    return [*more, *(word for name, value in told.items() for word in ("--set", f"{name}={value}"))]


def test_the_preview_shows_what_training_will_see_and_keeps_nothing(
    undisturbed: tuple[Project, DatasetCard, Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trained, _, run = undisturbed
    plan = run.plan()
    assert isinstance(plan, TrainPlan)
    fresh, again = text_project(tmp_path / "p")
    said = []
    for project in (trained, fresh):
        assert cli.main(command(plan, "augment", str(project.folder), "--rows", "6", "--pass", "2", "--json")) == 0
        said.append(AugmentationPreview.model_validate_json(capsys.readouterr().out))
    assert parts(fresh, again) == {}
    assert said[0].examples == said[1].examples and len(said[0].examples) == 6 == said[0].changed
    assert said[0].looked_at < 36
    train = prepared(trained, plan).train.augmented
    assert train is not None and train.rewriter is not None
    row_at = {int(line): row for row, line in enumerate(train.rows.line)}
    for one in said[0].examples:
        seen = train.rewriter.rewritten(one.original, row_at[one.line], epoch=1)
        assert seen is not None and (seen.value, seen.augmentation) == (one.augmented, one.augmentation)
    assert "Back-translation" in [choice.title for choice in said[0].choices if choice.settings]


def test_a_run_whose_model_changed_is_not_resumed(
    undisturbed: tuple[Project, DatasetCard, Run], models: dict[str, Path], tmp_path: Path
) -> None:
    plan = undisturbed[2].plan()
    assert isinstance(plan, TrainPlan)
    there = shutil.copytree(models["there"], tmp_path / "there")
    changed = plan.augmentation.model_copy(update={"translation_there": str(there)})
    project, _ = text_project(tmp_path / "p")
    run = project.new_run(plan.model_copy(update={"augmentation": changed}))
    started_and_killed_when(run, after_rows(8))  # type: ignore[arg-type]
    shutil.copy(models["back"] / "model.safetensors", there / "model.safetensors")
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FAILED
    assert says(run.state().message, generate)


@pytest.mark.parametrize("verb", ["cancel", "stop"])
def test_cancel_and_stop_are_heard_while_rows_are_translated(
    undisturbed: tuple[Project, DatasetCard, Run], tmp_path: Path, verb: str
) -> None:
    plan = undisturbed[2].plan()
    assert isinstance(plan, TrainPlan)
    slower = plan.augmentation.model_copy(update={"augmentation_variants": 20})
    project, card = text_project(tmp_path / "p")
    run = project.new_run(plan.model_copy(update={"augmentation": slower}))
    launcher.start(run)

    def begun(event: Event) -> bool:
        return isinstance(event, Progressed) and event.stage == "augmenting"

    wait_for_event(run, begun)
    {"cancel": launcher.ask_to_cancel, "stop": launcher.ask_to_stop}[verb](run)
    if verb == "cancel":
        assert wait_until_over(run) is RunStatus.CANCELLED
        assert 1 <= len(parts(project, card)) < 5
    else:
        assert wait_until_over(run) is RunStatus.STOPPED
        assert standing(run).has_model
        assert any(says(note, generate, left=..., rows=36) for note in notes(run))


def test_models_that_are_not_named_or_not_here_are_told_before_anything_is_made(
    undisturbed: tuple[Project, DatasetCard, Run], capsys: pytest.CaptureFixture[str]
) -> None:
    project, _, _ = undisturbed
    runs = len(project.runs())
    where = [str(project.folder), "--set", "augmentations=back_translation"]
    assert cli.main(["train", *where]) == 1
    said = capsys.readouterr().err
    assert says(said, check_models) and says(said, check_models, lacking=...)
    assert len(project.runs()) == runs
    hub = ["--set", "translation_there=Helsinki-NLP/opus-mt-en-de", "--set", "translation_back=no-such/model"]
    assert cli.main(["augment", *where, *hub]) == 1
    said = capsys.readouterr().err
    assert says(said, must_be_here, name="Helsinki-NLP/opus-mt-en-de") and "--download" in said


def test_the_report_says_which_models_wrote_variants(
    undisturbed: tuple[Project, DatasetCard, Run], tmp_path: Path
) -> None:
    project, _, run = undisturbed
    page = build_report(project, run, tmp_path / "r.html").read_text(encoding="utf-8")
    methods = page.split("<h2>Methods</h2>")[1].split("<h2>")[0]
    assert says(methods, augmentation_text, there=model_name("/m/en-de"), count=...) and "(2 " in methods
    assert "Kobayashi" in methods
