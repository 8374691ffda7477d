"""Nobody's rows vanish: what goes into an import comes out as rows that are used or rows set aside with a reason."""

import csv
import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pyarrow.parquet as pq
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from sciapp.engine.data.dataset.table import read_split
from sciapp.engine.data.formats.header_names import misfit
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.staging import cleaning
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.runtime import parallel as pool
from sciapp.engine.runtime import progress
from sciapp.engine.runtime.progress import Progress
from sciapp.errors import BadInput, Cancelled, ProjectProblem, UnknownColumn
from sciapp.i18n import Message, from_line
from sciapp.records.dataset.card import SPLITS, DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from tests.helpers.heard import Step, cancelled_when, noted
from tests.helpers.messages import has_part
from tests.helpers.rejections import reason


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "project", domain="text")


def run_import(project: Project, file: Path, input: str = "x", *targets: str, **more) -> DatasetCard:
    request = ImportRequest(file=str(file), roles=Roles(input=input, targets=targets or ("y",)), **more)
    card = import_table(project, request)
    assert isinstance(card, DatasetCard)
    return card


def written(folder: Path, rows: list[list[str]], header: tuple[str, ...] = ("x", "y")) -> Path:
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def rejected(project: Project, card: DatasetCard) -> dict[int, tuple[str, list[str]]]:
    with project.dataset_folder(card.id).rejected_file.open(encoding="utf-8", newline="") as file:
        return {int(line): (reason, cells) for line, reason, _, *cells in list(csv.reader(file))[1:]}


TEN = [[f"word {i}", "a" if i % 2 else "b"] for i in range(20)]


def test_the_reasons_of_rows_set_aside_are_written_as_messages_too(project: Project, tmp_path: Path) -> None:
    card = run_import(project, written(tmp_path, [*TEN, ["", "a"], ["lonely"], ["word 3", "a"]]))
    folder = project.dataset_folder(card.id)
    reasons = [from_line(line) for line in folder.rejection_messages_file.read_text("utf-8").splitlines()]
    assert reasons == [reason for reason, _ in rejected(project, card).values()]
    assert all(isinstance(reason, Message) for reason in reasons)
    assert reasons[2].values == {"detail": 5}


def test_inputs_that_cannot_be_read_are_counted_by_what_is_wrong_with_them(tmp_path: Path) -> None:
    proteins = Project.create(tmp_path / "proteins", domain="protein")
    good = [["ACDEFGHIKL"[i % 10 :] + "MNPQ" * (1 + i), str(i)] for i in range(20)]
    bad = [["AC1", "1"], ["ACD1", "2"], ["ACD#", "3"]]
    card = run_import(proteins, written(tmp_path, [*good, *bad, ["", "4"]]))
    assert card.set_aside_reasons == {"invalid input": 3, "empty input": 1}
    texts = card.set_aside_texts()
    assert [text.values["count"] for text in texts] == [2, 1, 1]
    wordings = [text.values["reason"].values.get("wording", "") for text in texts]
    assert "“1”" in wordings[0] and all(isinstance(wording, Message) for wording in wordings[::2])
    proteins.close()


def test_each_row_that_cannot_be_used_is_set_aside_with_line_and_reason(project: Project, tmp_path: Path) -> None:
    bad = [
        ["", "a"],
        ["lonely"],
        ["wide", "a", "b", "c"],
        ["no label", " "],
        ["word 3", "a"],
        ["odd", "a"],
        ["odd", "b"],
    ]
    card = run_import(project, written(tmp_path, TEN + bad))
    found = rejected(project, card)
    assert {line: text for line, (text, _) in found.items()} == {
        22: reason(RejectionReason.EMPTY),
        23: misfit(bad[1], ["x", "y"]),
        24: misfit(bad[2], ["x", "y"], ","),
        25: reason(RejectionReason.MISSING),
        26: reason(RejectionReason.DUPLICATE, line=5),
        27: reason(RejectionReason.CONFLICT, line=28),
        28: reason(RejectionReason.CONFLICT, line=27),
    }
    assert found[24][1] == ["wide", "a", "b", "c"]
    assert (card.rows_read, card.rows_kept, card.rows_set_aside) == (27, 20, 7)
    assert sum(card.set_aside_reasons.values()) == 7
    assert card.class_names == ("a", "b")


def test_a_class_that_only_rows_set_aside_have_is_no_class(project: Project, tmp_path: Path) -> None:
    card = run_import(project, written(tmp_path, [*TEN, ["odd", "c"], ["odd", "d"]]))
    assert card.class_names == ("a", "b")


def test_a_cell_that_is_no_number_is_a_gap_and_its_row_keeps_the_other_target(project: Project, tmp_path: Path) -> None:
    rows = [[f"word {i}", str(i / 7), "" if i % 3 else str(-i)] for i in range(30)]
    rows += [["censored", ">50", "1"], ["nothing", "", "nan"]]
    card = run_import(project, written(tmp_path, rows, ("x", "y", "z")), "x", "y", "z")
    assert card.task == "regression"
    assert {line: text for line, (text, _) in rejected(project, card).items()} == {33: reason(RejectionReason.MISSING)}
    assert [target.measured for target in card.targets] == [30, 11]
    assert any(has_part(remark, name="z", sum=11, known=31) for remark in card.remarks)
    (odd,) = [finding for finding in card.findings if finding.kind in {"censored", "odd_cells"}]
    assert odd.kind == "censored"
    assert (odd.count, odd.column, odd.lines, odd.examples) == (1, "y", (32,), (">50",))
    train = read_split(project.dataset_folder(card.id), card, "train")
    assert np.asarray(train.targets).shape == (len(train), 2)
    assert np.isnan(train.targets).any()


def test_the_table_holds_the_columns_that_it_promises(project: Project, tmp_path: Path) -> None:
    rows = [[f" word {i} ", str(i / 3), f"note {i}"] for i in range(20)]
    card = run_import(project, written(tmp_path, rows, ("x", "y", "")))
    table = pq.read_table(project.dataset_folder(card.id).table_file)
    assert table.column_names == ["line", "input", "split", "target:y", "column:column 3"]
    assert table.column("line").to_pylist() == list(range(2, 22))
    assert table.column("input")[0].as_py() == "word 0"
    assert table.column("column:column 3")[5].as_py() == "note 5"


def test_class_ids_are_positions_in_the_class_names(project: Project, tmp_path: Path) -> None:
    rows = [[f"word {i}", f"class {i % 3 + 9}"] for i in range(30)]
    card = run_import(project, written(tmp_path, rows))
    assert card.class_names == ("class 9", "class 10", "class 11")
    assert card.targets[0].class_counts == (10, 10, 10)
    for split in SPLITS:
        part = read_split(project.dataset_folder(card.id), card, split)
        assert [(line - 2) % 3 for line in part.line] == np.asarray(part.targets).tolist()


def test_the_split_column_is_obeyed_and_other_words_are_set_aside(project: Project, tmp_path: Path) -> None:
    names = ["Train", "train", "dev", "TEST"]
    rows = [[f"word {i}", str(i / 3), names[i % 4]] for i in range(40)] + [["q", "1", "unused"], ["r", "1", ""]]
    path = written(tmp_path, rows, ("x", "y", "part"))
    card = run_import(project, path, split=SplitPlan(method="column", column="part"))
    assert card.split_counts == {"train": 20, "validation": 10, "test": 10}
    assert card.roles.split == "part"
    assert {text for text, _ in rejected(project, card).values()} == {
        reason(RejectionReason.NO_SPLIT, cell="unused"),
        reason(RejectionReason.NO_SPLIT),
    }


@pytest.mark.parametrize("method", ["random", "stratified"])
def test_the_same_rows_in_another_order_are_split_alike(project: Project, tmp_path: Path, method: str) -> None:
    rows = [[f"word {i}", str(i / 7)] for i in range(100)]
    parts = []
    for order in (rows, rows[::-1]):
        card = run_import(project, written(tmp_path, order), split=SplitPlan(method=method, seed=5))
        folder = project.dataset_folder(card.id)
        parts.append({split: set(read_split(folder, card, split).inputs) for split in SPLITS})
    assert parts[0] == parts[1]


def test_importing_twice_gives_two_datasets_with_one_fingerprint(project: Project, tmp_path: Path) -> None:
    path = written(tmp_path, TEN)
    first, second = run_import(project, path), run_import(project, path)
    assert first.id != second.id
    assert first.fingerprint == second.fingerprint
    changed = run_import(project, written(tmp_path, [*TEN, ["one more", "a"]]))
    assert changed.fingerprint != first.fingerprint
    assert [card.id for card in project.datasets()] == [first.id, second.id, changed.id]


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        (TEN[:9], {}, "Only 9 of 9 rows"),
        ([[x, "a"] for x, _ in TEN], {}, "same class"),
        ([], {}, "no rows"),
        ([[f"w{i}", f"name {i}"] for i in range(40)], {}, "no classes"),
        ([[f"w{i}", "1.5"] for i in range(40)], {"task": "regression"}, "only one value"),
        (TEN, {"task": "regression"}, "Only 0 of 20 rows"),
        (TEN, {"split": SplitPlan(method="scaffold")}, "for molecules"),
        (TEN, {"split": SplitPlan(method="column")}, "No split column"),
        (TEN, {"split": SplitPlan(fractions=(1, 0, 0))}, "share"),
    ],
)
def test_what_cannot_be_a_dataset_is_said_and_leaves_nothing(project, tmp_path, rows, more, said) -> None:
    with pytest.raises(BadInput, match=said):
        run_import(project, written(tmp_path, rows), **more)
    assert list(project.datasets_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("roles", "error"),
    [
        (Roles(input="X", targets=("y",)), UnknownColumn),
        (Roles(input="x", targets=("z",)), UnknownColumn),
        (Roles(input="x", targets=()), BadInput),
        (Roles(input="x", targets=("x",)), BadInput),
        (Roles(input="x", targets=("y", "y")), BadInput),
    ],
)
def test_roles_must_be_columns_of_the_table(project: Project, tmp_path: Path, roles: Roles, error) -> None:
    with pytest.raises(error):
        import_table(project, ImportRequest(file=str(written(tmp_path, TEN)), roles=roles))


def test_a_table_that_breaks_off_half_way_leaves_nothing(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    rows = b"".join(b"m\xc3\xb6t %d,%d\n" % (i, i) for i in range(60_000))
    path.write_bytes(b"x,y\n" + rows + b"caf\xe9,1\n")
    with pytest.raises(BadInput, match="line 60002"):
        run_import(project, path)
    assert list(project.datasets_folder.iterdir()) == []


def test_cancelling_the_import_at_any_progress_leaves_nothing(project: Project, tmp_path: Path) -> None:
    request = ImportRequest(file=str(written(tmp_path, TEN)), roles=Roles(input="x", targets=("y",)))
    steps: list[Step] = []
    import_table(project, request, progress=noted(steps))
    before = sorted(project.datasets_folder.iterdir())
    for stop in range(1, len(steps) + 1):
        count = itertools.count(1)
        with pytest.raises(Cancelled):
            import_table(project, request, progress=cancelled_when(lambda *_, n=count, last=stop: next(n) == last))
        assert sorted(project.datasets_folder.iterdir()) == before


def test_progress_goes_forward_through_named_stages(project: Project, tmp_path: Path) -> None:
    request = ImportRequest(file=str(written(tmp_path, TEN)), roles=Roles(input="x", targets=("y",)))
    steps: list[Step] = []
    card = import_table(project, request, progress=noted(steps))
    stages = list(dict.fromkeys(stage for stage, _, _ in steps))
    assert len(stages) == 9
    assert all(0 <= done <= total for _, done, total in steps)
    assert isinstance(card, DatasetCard)


def test_the_draft_of_a_killed_import_is_swept_away_by_the_next(project: Project, tmp_path: Path) -> None:
    path = written(tmp_path, TEN)
    code = (
        "import os, sys; from pathlib import Path; from sciapp.records.project.project import Project\n"
        "from sciapp.engine.data.ingest.import_table import *\n"
        "request = ImportRequest.model_validate_json(sys.argv[2])\n"
        "die = lambda stage, *_: stage.startswith('Writing') and os.kill(os.getpid(), 9)\n"
        "import_table(Project.open(Path(sys.argv[1])), request, progress=Progress(die))\n"
    )
    request = ImportRequest(file=str(path), roles=Roles(input="x", targets=("y",)))
    arguments = [sys.executable, "-c", code, str(project.folder), request.model_dump_json()]
    assert subprocess.run(arguments, env={**os.environ, "PYTHONPATH": ":".join(sys.path)}).returncode == -9
    assert [folder.name.startswith(".new-") for folder in project.datasets_folder.iterdir()] == [True]
    assert project.datasets() == []
    card = run_import(project, path)
    assert [folder.name for folder in project.datasets_folder.iterdir()] == [card.id]


def test_an_import_leaves_the_draft_of_another_alone(project: Project, tmp_path: Path) -> None:
    request = ImportRequest(file=str(written(tmp_path, TEN)), roles=Roles(input="x", targets=("y",)))
    others: list[DatasetCard] = []

    def import_another(stage: str, *_: int) -> None:
        if stage.startswith("Reading") and not others:
            others.append(run_import(project, Path(request.file), name="second"))

    card = import_table(project, request, progress=Progress(import_another))
    assert {found.id for found in project.datasets()} == {card.id, others[0].id}


def test_a_project_that_is_open_elsewhere_takes_no_import(tmp_path: Path) -> None:
    path = written(tmp_path, TEN)
    holder = Project.create(tmp_path / "p", domain="text", lock=True)
    try:
        reader = Project.open(tmp_path / "p", lock=True)
        with pytest.raises(ProjectProblem):
            run_import(reader, path)
    finally:
        holder.close()


def test_many_molecules_are_cleaned_by_processes_to_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project.create(tmp_path / "molecules", domain="molecule")
    rows = [["C" * (i % 50 + 1) + "O" * (i // 50 + 1), str(i / 7)] for i in range(2500)] + [["C1CC", "1"]]
    path = written(tmp_path, rows)
    alone = run_import(project, path, split=SplitPlan(method="scaffold"))
    monkeypatch.setattr(cleaning, "POOL_FROM_ROWS", 100)
    monkeypatch.setattr(pool, "_cores", lambda: 2)
    together = run_import(project, path, split=SplitPlan(method="scaffold"))
    assert together.fingerprint == alone.fingerprint
    assert "unclosed ring" in rejected(project, together)[2502][0]


def command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it has ended meanwhile
        return ""


def test_cancelling_ends_the_processes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "POOL_FROM_ROWS", 100)
    monkeypatch.setattr(pool, "_cores", lambda: 2)
    monkeypatch.setattr(progress, "_INTERVAL", 0.0)
    project = Project.create(tmp_path / "molecules", domain="molecule")
    path = written(tmp_path, [["C" * (i % 90 + 1), str(i)] for i in range(9000)])
    others = set(psutil.Process().children())  # such as the one that run processes of other tests come from
    request = ImportRequest(file=str(path), roles=Roles(input="x", targets=("y",)))
    reading = cancelled_when(lambda stage, done, total: stage.startswith("Reading and") and done > 0)
    with pytest.raises(Cancelled):
        import_table(project, request, progress=reading)
    children = set(psutil.Process().children()) - others
    workers = [child for child in children if "resource_tracker" not in command(child)]
    _, alive = psutil.wait_procs(workers, timeout=60)  # on a busy machine a worker is still ending
    assert alive == []
    assert list(project.datasets_folder.iterdir()) == []


GOOD = [(f"word {i}", str(i % 2), "test" if i % 5 == 0 else "train") for i in range(30)]
words = st.sampled_from([" word 3 ", "word 4", "word 5", "", "c d", "ünï", 'q"q', "x\ny", "e", "f", "g", "h"])
labels = st.sampled_from(["0", "1", "1", "", "nan", "2"]) | st.sampled_from(["1.5", "-3e4", "n.d."])
split_words = st.sampled_from(["train", "Train", "test", "valid", "", "other"])
some_rows = st.tuples(
    st.sampled_from([0, 5, 30, 30, 30]),
    st.lists(
        st.one_of(
            st.tuples(words, labels, split_words), st.tuples(words), st.tuples(words, labels, split_words, words)
        ),
        max_size=60,
    ),
).flatmap(lambda parts: st.permutations([*GOOD[: parts[0]], *parts[1]]))


@settings(max_examples=80, deadline=None)
@given(
    rows=some_rows,
    method=st.sampled_from(["random", "stratified", "column"]),
    task=st.sampled_from(["auto", "classification", "regression"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_rows_in_are_rows_used_and_rows_set_aside(tmp_path_factory, rows, method, task, end) -> None:
    folder = tmp_path_factory.mktemp("rows")
    project = Project.create(folder / "p", domain="text")
    path = folder / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator=end).writerows([("x", "y", "part"), *rows])
    split = SplitPlan(method=method, column="part" if method == "column" else None)
    try:
        card = run_import(project, path, task=task, split=split)
    except BadInput as error:
        event("refused")
        assert error.message.endswith(".")
        assert list(project.datasets_folder.iterdir()) == []
        return
    aside = rejected(project, card)
    table = pq.read_table(project.dataset_folder(card.id).table_file)
    used = table.column("line").to_pylist()
    assert card.rows_read == len(rows)
    assert (len(used), len(aside)) == (card.rows_kept, card.rows_set_aside)
    assert len(set(used) | set(aside)) == len(rows)
    assert all(reason for reason, _ in aside.values())
    assert len(set(table.column("input").to_pylist())) == len(used)
    assert sum(card.split_counts.values()) == len(used)
    assert min(card.split_counts["train"], card.split_counts["test"]) > 0
