"""Roles and task are proposed as a person who knows the field would fill them in."""

from pathlib import Path

import pytest

from sciapp.engine.data.readers.table_reader import Preview, TableFormat, preview
from sciapp.engine.data.schema.infer import guess_domain, propose, task_of
from sciapp.engine.data.schema.task import suitable_task
from sciapp.engine.data.values.cells import class_reader, natural, number
from sciapp.engine.data.values.number_formats import content_of
from sciapp.errors import BadInput
from tests.helpers.messages import values_of

ROOT = Path(__file__).parents[5]
SAMPLES, DATA = ROOT / "resources" / "samples", ROOT / "tests" / "data"


@pytest.mark.parametrize(
    ("file", "domain", "input", "target", "split", "task"),
    [
        (SAMPLES / "esol.csv", "molecule", "smiles", "measured log solubility in mols per litre", None, "regression"),
        (SAMPLES / "gb1.csv", "protein", "sequence", "target", "split", "regression"),
        (SAMPLES / "splice_junctions.csv", "nucleotide", "sequence", "label", None, "classification"),
        (SAMPLES / "scicite.csv", "text", "text", "label", None, "classification"),
        (DATA / "bbbp.csv", "molecule", "smiles", "p_np", None, "classification"),
        (DATA / "freesolv.csv", "molecule", "smiles", "expt", None, "regression"),
        (DATA / "photoswitches.csv", "molecule", "SMILES", "E isomer pi-pi* wavelength in nm", None, "regression"),
        (DATA / "ecoli_promoters.csv", "nucleotide", "sequence", "label", None, "classification"),
    ],
)
def test_real_tables_get_the_right_roles(file, domain, input, target, split, task) -> None:
    seen = preview(file)
    found = propose(seen, domain)
    assert (found.input, found.targets, found.split_column, found.task) == (input, (target,), split, task)
    assert found.reason.endswith(".")
    assert target in found.reason
    assert guess_domain(seen) == domain


def table(columns: dict[str, list[str]]) -> Preview:
    return Preview(list(columns), [list(row) for row in zip(*columns.values(), strict=True)], TableFormat())


def test_ids_and_row_numbers_are_no_targets() -> None:
    seen = table({"no": [str(i) for i in range(9)], "smiles": ["CCO"] * 9, "compound id": [f"x{i}" for i in range(9)]})
    found = propose(seen, "molecule")
    assert found.input == "smiles"
    assert found.targets == ()


def test_a_table_without_members_of_the_domain_says_so() -> None:
    found = propose(table({"a": ["1", "2"], "b": ["x y", "z w"]}), "molecule")
    assert found.input == ""
    assert "molecule" in found.reason


def test_an_empty_table_is_no_trouble() -> None:
    assert propose(Preview(["smiles", "y"], [], TableFormat()), "molecule").targets == ()
    assert guess_domain(Preview(["a"], [], TableFormat())) is None


@pytest.mark.parametrize("names", [["train", "test", "valid"], ["Train", "TEST", "Dev"], ["train0", "val", "Test set"]])
def test_a_column_of_split_names_is_found(names: list[str]) -> None:
    seen = table({"text": ["a b", "c d", "e f"], "label": ["x", "y", "x"], "fold": names})
    assert propose(seen, "text").split_column == "fold"


def test_the_task_of_columns_that_a_person_chose() -> None:
    seen = preview(DATA / "clintox.csv")
    assert task_of(seen, ["CT_TOX"], "smiles", "molecule")[0] == "classification"
    assert task_of(seen, ["CT_TOX", "FDA_APPROVED"], "smiles", "molecule")[0] == "multilabel"
    words = table({"text": ["a b", "c d"], "mood": ["glad", "sad"], "kind": ["x", "y"]})
    assert "Several" in task_of(words, ["mood", "kind"], "text", "text")[1]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1.5", 1.5), (" -2 ", -2), ("1e-3", 0.001), ("", None), ("NaN", None), ("n/a", None), ("−3", -3)],
)
def test_cells_are_read_as_numbers_or_gaps(cell: str, value: float | None) -> None:
    assert number(cell) == value


@pytest.mark.parametrize("cell", [">50", "1_000", "inf", "1,5", "abc", "1 2"])
def test_other_cells_are_no_numbers(cell: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        number(cell)


def test_a_decimal_comma_is_read_where_it_is_the_habit() -> None:
    assert number("1,5", ",") == 1.5


@pytest.mark.parametrize(
    ("cells", "task"),
    [
        (["0", "1", "1"], "classification"),
        (["0.0", "1.0"], "classification"),
        (["a", "b"], "classification"),
        (["1.5", "2", "3"], "regression"),
        ([str(i) for i in range(40)], "regression"),
        (["1.5", "2.5", "3.5", "4.5", ">5"], "regression"),
    ],
)
def test_the_task_follows_from_the_values(cells: list[str], task: str) -> None:
    assert suitable_task(["y"], [content_of(cells)])[0] == task


def test_several_targets_are_numbers_or_yes_and_no_or_refused() -> None:
    numbers, classes, words = content_of(["1.5", "2.5"]), content_of(["0", "1", ""]), content_of(["red", "blue"])
    assert suitable_task(["a", "b"], [numbers, classes])[0] == "regression"
    assert suitable_task(["a", "b"], [classes, content_of(["active", "Inactive"])])[0] == "multilabel"
    with pytest.raises(BadInput, match="Several"):
        suitable_task(["a", "b"], [classes, words])


def test_a_class_with_decimals_is_the_same_and_one_with_zeros_before_it_another_spelling() -> None:
    cells = ["1", "1.0", "01", "0", "nan", ""]
    read = class_reader(content_of(cells))
    assert [read(cell) for cell in cells] == ["1", "1", "01", "0", None, None]


def test_among_words_nan_is_a_gap_unless_it_is_said_to_be_a_class() -> None:
    cells = ["roti", "nan", "1.0", ""]
    read = class_reader(content_of(cells))
    assert [read(cell) for cell in cells] == ["roti", None, "1.0", None]
    read = class_reader(content_of(cells), gap_words=False)
    assert [read(cell) for cell in cells] == ["roti", "nan", "1.0", None]


def test_classes_are_sorted_as_people_sort_them() -> None:
    names = ["class 10", "class 2", "b", "10", "9", "-1", "A"]
    assert sorted(names, key=natural) == ["-1", "9", "10", "A", "b", "class 2", "class 10"]


def test_of_a_sample_it_is_said_that_there_may_be_more_classes() -> None:
    classes = content_of(["cold", "warm"] * 9)
    for whole, many in ((True, 2), (False, {"count": 2})):
        reason = suitable_task(["y"], [classes], whole=whole)[1]
        assert values_of(reason) == {"name": "y", "many": many, "listed": "cold, warm"}
