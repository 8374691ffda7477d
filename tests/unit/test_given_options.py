"""Options that are empty, contradict each other or name one column twice are told, never passed over."""

from pathlib import Path

import pytest

from sciapp.actions.command_line import import_arguments
from sciapp.cli.main import main
from sciapp.cli.parser import parser
from sciapp.cli.pretrain import design_of
from sciapp.engine.data.dataset.prediction_reading import input_columns_of
from sciapp.engine.data.readers.table_reader import sniff
from sciapp.errors import BadInput
from sciapp.records.dataset.card import ImportRequest, Roles, SplitPlan
from sciapp.records.plan.plan import PredictPlan
from sciapp.records.project.project import Project
from sciapp.records.project.studies.cross_validation import folds_of
from tests.helpers.messages import names

EMPTY = (
    *("--input", "--second-input", "--target", "--covariate", "--mask", "--weight", "--group", "--time"),
    "--split-column",
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "t.csv"
    rows = "".join(f"word {i},other {i * 7},{i / 7:.3f}\n" for i in range(60))
    file.write_text("a,b,y\n" + rows, encoding="utf-8")
    return file


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="text")


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main([*map(str, words)]) == 1
    return " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("verb", ["import", "doctor"])
@pytest.mark.parametrize("option", EMPTY)
@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_column_is_told(
    capsys: pytest.CaptureFixture[str], project: Project, table: Path, verb: str, option: str, value: str
) -> None:
    said = refused(capsys, verb, project.folder, table, option, value)
    assert said.startswith(f"sciapp: {option} is empty.") and "a column" in said
    assert project.datasets() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "P", "T", "--split-file", ""), "--split-file is empty. Name a file, or leave it out."),
        (("import", "P", "T", "--labels", ""), "--labels is empty. Name a file, or leave it out."),
        (("import", "P", "T", "--sheet", ""), "--sheet is empty. Name a sheet, or leave it out."),
        (("import", "P", "T", "--input", "a", "--covariate", "y", "--covariate", ""), "--covariate is empty."),
        (("import", "P", ""), "FILE is empty. Name a file."),
        (("predict", "P", "1", "T", "--out", "o.csv", "--input", ""), "--input is empty. Name a column, or leave"),
        (("predict", "P", "1", "T", "--out", "o.csv", "--second-input", ""), "--second-input is empty. Name a column"),
        (("predict", "P", "1", "T", "--out", ""), "--out is empty. Name the place to write to."),
        (("diff", "P", "t-1", "t-2", "--out", ""), "--out is empty. Name the place to write to, or leave it out."),
        (("pretrain", "P", "--file", ""), "--file is empty. Name a file, or leave it out."),
        (("pretrain", "P", "--input", ""), "--input is empty. Name a column, or leave it out."),
        (("pretrain", "P", "--from", ""), "--from is empty. Name a model, or leave it out."),
        (("train", "P", "--model", ""), "--model is empty. Name a model, or leave it out."),
        (("train", "P", "--recipe", ""), "--recipe is empty. Name a file, or leave it out."),
    ],
)
def test_other_empty_options_are_told(
    capsys: pytest.CaptureFixture[str], project: Project, table: Path, words: tuple[str, ...], said: str
) -> None:
    given = {"P": project.folder, "T": table}
    assert refused(capsys, *(given.get(word, word) for word in words)).startswith(f"sciapp: {said}")


def test_an_empty_name_is_the_file_s(project: Project, table: Path) -> None:
    assert main(["import", str(project.folder), str(table), "--input", "a", "--target", "y", "--name", ""]) == 0
    assert project.dataset("t-1").name == "t"


def test_one_column_cannot_be_both_inputs_of_a_prediction(project: Project, table: Path) -> None:
    pairs = ("--input", "a", "--second-input", "b", "--target", "y")
    assert main(["import", str(project.folder), str(table), *pairs]) == 0
    card, format = project.dataset("t-1"), sniff(table)

    def chosen(**columns: str) -> tuple[str, ...]:
        return input_columns_of(table, PredictPlan(run="1", file=str(table), **columns), card, format)

    assert chosen() == ("a", "b")
    assert chosen(input_column="b", second_input_column="a") == ("b", "a")
    for columns in ({"input_column": "b", "second_input_column": "b"}, {"input_column": "B"}):
        with pytest.raises(BadInput, match="two roles") as caught:
            chosen(**columns)
        assert names(caught.value.message, column="b")


@pytest.mark.parametrize("roles", [("--target", "b"), ("--target", "y", "--second-input", "b")])
def test_a_part_of_the_input_cannot_be_learnt_from_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, table: Path, roles: tuple[str, ...]
) -> None:
    texts = Project.create(tmp_path / "texts", domain="text")
    for verb in ("import", "doctor"):
        told = refused(capsys, verb, texts.folder, table, "--input", "a,b", *roles)
        assert "“b” is a part" in told
    assert texts.datasets() == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--folds", "3", "--fold", "0"), "There is no fold 0: there are 3. Folds are counted from 1."),
        (("--fold", "0"), "There is no fold 0"),
        (("--folds", "3", "--fold", "0", "--all-folds"), "--fold asks for one fold and --all-folds for all of them."),
        (("--folds", "3", "--fractions", "0.6,0.2,0.2"), "--fractions means nothing with --folds"),
        (("--folds", "3", "--all-folds", "--fractions", "0.8,0.1,0.1"), "--fractions means nothing with --folds"),
    ],
)
def test_folds_that_contradict_other_options_are_told(
    capsys: pytest.CaptureFixture[str], project: Project, table: Path, options: tuple[str, ...], said: str
) -> None:
    assert said in refused(capsys, "import", project.folder, table, "--input", "a", "--target", "y", *options)
    assert project.datasets() == []


def test_shares_tell_no_folds_apart(project: Project, table: Path) -> None:
    """The window keeps the shares that were chosen before folds were; a card from before may have them."""
    split = SplitPlan(folds=3, fractions=(0.6, 0.2, 0.2))
    request = ImportRequest(file=str(table), roles=Roles(input="a", targets=("y",)), split=split)
    for fold in (1, 2):
        one = request.model_copy(update={"split": split.model_copy(update={"fold": fold})})
        assert main(import_arguments(project, one)) == 0
    first, second = project.datasets()
    assert first.split.fractions == SplitPlan().fractions
    old = second.model_copy(update={"split": second.split.model_copy(update={"fractions": (0.6, 0.2, 0.2)})})
    assert folds_of(first, [first, old]) == [first, old]
    plain = request.model_copy(update={"split": SplitPlan(fractions=(0.6, 0.2, 0.2))})
    assert main(import_arguments(project, plain)) == 0
    assert project.dataset("t-3").split.fractions == (0.6, 0.2, 0.2)


def test_learning_from_unlabelled_rows_takes_devices_as_a_training_does(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "rows.txt"
    file.write_text("one\ntwo\n", encoding="utf-8")
    options = parser().parse_args(["pretrain", str(project.folder), "--file", str(file), "--devices", "2"])
    assert design_of(options, project, None).plan.device_count == 2


def test_a_backend_that_is_not_known_is_told_before_a_run_is_made(
    capsys: pytest.CaptureFixture[str], project: Project, table: Path
) -> None:
    assert main(["import", str(project.folder), str(table), "--input", "a", "--target", "y"]) == 0
    for words in (("train",), ("train", "--queue"), ("pretrain",)):
        told = refused(capsys, words[0], project.folder, *words[1:], "--backend", "slurm")
        assert "“slurm”" in told and "local" in told
    assert project.runs() == []
