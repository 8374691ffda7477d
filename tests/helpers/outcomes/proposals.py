"""What is proposed for the columns of a table, and that `--explain` and the import agree."""

from typing import Any

from sciapp.engine.data.ingest import exclusions
from sciapp.engine.data.schema import infer, inputs
from sciapp.engine.data.targets import classification
from tests.helpers.cases import Case, right
from tests.helpers.printed import says


def agreed(case: Case) -> dict[str, Any]:
    """The card of an import without options, whose roles, task and split are those that `--explain` tells."""
    proposal = case.explain().json["proposal"]
    card: dict[str, Any] = case.imported().json
    assert card["roles"]["input"] == proposal["input"]
    assert card["roles"]["targets"] == proposal["targets"]
    assert (card["task"], card["split"]["method"]) == (proposal["task"], proposal["split"])
    assert set(proposal["notes"]) <= set(card["remarks"])
    return card


@right("import/11_binary_descriptors.csv", "import/11b_binary_descriptors_all.csv")
def binary_descriptors(case: Case) -> None:
    card = agreed(case)
    assert (card["roles"]["targets"], card["task"], card["rows_kept"]) == (["Class"], "classification", 64)


@right("import/14_split_no_test.csv")
def split_without_test_rows(case: Case) -> None:
    card = agreed(case)
    assert (card["split"]["method"], card["roles"]["split"], card["roles"]["targets"]) == ("scaffold", None, ["y"])
    assert any(says(remark, infer, shortened="split") for remark in card["remarks"])


@right("import/17_lists_in_cells.csv")
def lists_in_cells(case: Case) -> None:
    for answer in (case.explain(), case.imported()):
        assert says(answer.said, inputs, names="“time”, “mag”, “err”")
        assert says(answer.said, inputs, names="“star”")
    assert case.imported().code == 1
    by_hand = case.imported("--input", "star", "--target", "err")
    assert by_hand.code == 1
    assert says(by_hand.said, classification, name="err")


@right("import/18_id_as_text.csv")
def ids_are_no_text(case: Case) -> None:
    explained = case.explain().json["proposal"]
    assert (explained["input"], explained["targets"]) == (None, [])
    answer = case.imported()
    assert answer.code == 1
    assert says(answer.said, inputs, name="text") and says(answer.said, inputs, names="“star”")


@right("import/23_one_dead_target.csv")
def one_dead_target(case: Case) -> None:
    card = agreed(case)
    assert (card["roles"]["targets"], card["task"]) == (["a", "b"], "multilabel")
    assert any(says(remark, infer, names="“c”") for remark in card["remarks"])
    named = case.imported("--target", "a", "--target", "b", "--target", "c").json
    assert named["roles"]["targets"] == ["a", "b"]
    assert any(says(remark, exclusions, names="“c”") for remark in named["remarks"])
    assert named["rows_kept"] == 64


@right("import/28_score_and_score_bin.csv")
def score_before_its_classes(case: Case) -> None:
    card = agreed(case)
    assert (card["roles"]["input"], card["roles"]["targets"]) == ("mutated_sequence", ["DMS_score"])
    assert (card["task"], card["rows_kept"]) == ("regression", 60)


@right("import/29_location_and_membrane.csv")
def the_last_column_does_not_win_a_tie(case: Case) -> None:
    card = agreed(case)
    assert (card["roles"]["targets"], card["task"]) == (["location"], "classification")
    assert card["targets"][0]["classes"] == ["Cytoplasm", "Nucleus", "Plastid"]


@right("import/32_first_200_rows.csv")
def words_behind_the_first_rows(case: Case) -> None:
    card = agreed(case)
    assert (card["task"], len(card["targets"][0]["classes"]), card["rows_kept"]) == ("classification", 42, 320)


@right("import/34_wide.csv")
def two_thousand_columns(case: Case) -> None:
    found = case.explain().json
    assert (len(found["columns"]), found["proposal"]["input"]) == (2001, None)
    reason = found["proposal"]["reason"]
    assert says(reason, inputs, name="molecule") and says(reason, inputs, names="“id”")


@right("import/35_regression_with_class_leak.csv")
def classes_cut_from_the_measurement(case: Case) -> None:
    card = agreed(case)
    assert (card["roles"]["targets"], card["task"]) == (["pIC50"], "regression")


@right("import/36_unlabelled.smi")
def rows_without_a_measurement(case: Case) -> None:
    proposal = case.explain().json["proposal"]
    assert (proposal["input"], proposal["targets"]) == ("smiles", [])
    assert "pre-training" in proposal["reason"]
    answer = case.imported()
    assert answer.code == 1
    assert f"sciapp pretrain {case.folder / 'project'} --file {case.path}" in answer.said


@right("import/37_all_targets_constant_column.csv")
def a_constant_column_is_no_target(case: Case) -> None:
    assert agreed(case)["roles"]["targets"] == ["logS"]


@right("import/39_split_names_train0.csv")
def numbered_split_names(case: Case) -> None:
    card = agreed(case)
    assert (card["roles"]["split"], card["split"]["method"]) == ("split", "column")
    assert card["split_counts"] == {"train": 47, "validation": 5, "test": 12}
