"""Rows of one thing: masks that complete each other, pairs both ways round, predictions cleaned as the import did."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.data.values.token_labels import mask_in
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, DomainName, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from tests.helpers.messages import values_of
from tests.helpers.rejections import set_aside


def imported(
    folder: Path, domain: DomainName, header: str, rows: list[str], roles: Roles, **more: Any
) -> tuple[DatasetCard, list[dict[str, Any]]]:
    file = folder / "t.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    project = Project.create(folder / f"p{len(list(folder.iterdir()))}", domain=domain)
    card = import_table(project, ImportRequest(file=str(file), roles=roles, **more))
    assert isinstance(card, DatasetCard)
    return card, pq.read_table(project.dataset_folder(card.id).table_file).to_pylist()


@pytest.mark.parametrize(
    ("cell", "mask"),
    [
        ("1101", "1101"),
        ("1 1 0 1", "1101"),
        ("1.0 1.0 0.0 1.0", "1101"),
        ("True True False True", "1101"),
        ("[1, 1, 0, 1]", "1101"),
        ("1;1;0;1", "1101"),
        ("TTFT", "1101"),
        ("['yes', 'yes', 'no', 'yes']", "1101"),
        ("1.0 1.0 0.5 1.0", None),
        ("110", None),
        ("", None),
        ("1 1 nan 1", None),
    ],
)
def test_a_mask_is_read_however_yes_and_no_are_written(cell: str, mask: str | None) -> None:
    assert mask_in(cell, 4) == mask


BASES = ["MKTAYIAKQR", "GAVLIPFMWC", "STYNQDEKRH", "WLIVFAGMCP", "KRHDESTNQY", "MAGICWANDS", "PEPTIDELIN"]
BASES += [base[::-1] for base in BASES]


def test_masks_that_complete_each_other_are_no_contradiction(tmp_path: Path) -> None:
    rows = [f"{base},HHHHHEEEEE,{mask}" for base in BASES for mask in ("1111100000", "0000011111")]
    roles = Roles(input="x", targets=("y",), mask="m")
    card, table = imported(tmp_path, "protein", "x,y,m", rows, roles, task="tagging", split=SplitPlan(method="random"))
    assert card.rows_kept == len(BASES)
    assert {row["mask"] for row in table} == {"1111111111"}
    assert "conflicts" not in {finding.kind for finding in card.findings}
    assert {row["target:y"] for row in table} == {"HHHHHEEEEE"}


def test_labels_that_differ_where_both_count_are_a_contradiction(tmp_path: Path) -> None:
    rows = [f"{base},HHHHHEEEEE,1111111110" for base in BASES]
    rows += [f"{BASES[0]},EHHHHEEEEE,1111100000", f"{BASES[1]},EHHHHEEEEE,0111100001"]
    roles = Roles(input="x", targets=("y",), mask="m")
    card, table = imported(tmp_path, "protein", "x,y,m", rows, roles, task="tagging", split=SplitPlan(method="random"))
    assert card.rows_kept == len(BASES) - 1
    assert set_aside(card) == {RejectionReason.CONFLICT: 2, RejectionReason.MERGED: 1}
    assert next(row for row in table if row["input"] == BASES[1])["mask"] == "1111111111"


FIRSTS = "c1ccccc1 C1CCCCC1 c1ccncc1 C1CCOC1 CCCCCC CC(=O)O CC#N CCS c1ccsc1 C1CC1 CC(F)(F)F NCCN BrCBr".split()
FIRSTS += "O=S(=O)(O)C c1cc[nH]c1 CC(C)=O OCC(O)CO C=CC=C IC NC(=O)N".split()


def pairs() -> list[tuple[str, str]]:
    return [(first, "C" * (n % 7 + 1) + "P") for n, first in enumerate(FIRSTS)]


ROLES = Roles(input="a", second_input="b", targets=("y",))


@pytest.mark.parametrize("method", ["random", "stratified", "scaffold", "cluster"])
def test_both_ways_of_a_pair_come_into_one_split(tmp_path: Path, method: str) -> None:
    rows = [f"{a},{b},{n}" for n, (a, b) in enumerate(pairs())]
    rows += [f"{b},{a},{n + 100}" for n, (a, b) in enumerate(pairs())]
    card, table = imported(tmp_path, "molecule", "a,b,y", rows, ROLES, split=SplitPlan(method=method))  # type: ignore[arg-type]
    where: dict[tuple[str, str], set[str]] = {}
    for row in table:
        one, other = sorted((row["input"], row["input2"]))
        where.setdefault((one, other), set()).add(row["split"])
    assert card.rows_kept == 40 and len(where) == 20
    assert all(len(splits) == 1 for splits in where.values())
    (found,) = (one for one in card.findings if one.kind == "turned_pairs")
    assert (found.count, found.applied) == (40, "equal")
    assert values_of(found.consequence) == {"pairs": 0, "different": 20}


@pytest.mark.parametrize(("policy", "kept"), [("equal", 30), ("same", 10), ("apart", 40)])
def test_both_ways_of_a_pair_are_duplicates_where_they_say_the_same(tmp_path: Path, policy: str, kept: int) -> None:
    rows = [f"{a},{b},{n}" for n, (a, b) in enumerate(pairs())]
    rows += [f"{b},{a},{n + (100 if n % 2 else 0)}" for n, (a, b) in enumerate(pairs())]
    card, _ = imported(
        tmp_path,
        "molecule",
        "a,b,y",
        rows,
        ROLES,
        repairs={"turned_pairs": policy},
        split=SplitPlan(method="random"),
    )
    assert card.rows_kept == kept


@pytest.mark.parametrize(
    "other", [str.upper, lambda text: text.replace(" ", "  "), lambda text: text.replace(" ", "\u00a0").title()]
)
def test_a_text_is_the_same_with_other_blanks_and_capitals(tmp_path: Path, other: Any) -> None:
    texts = [f"the kinase number {n} binds its inhibitor" for n in range(20)]
    rows = [f"{text},{'ab'[n % 2]}" for n, text in enumerate([*texts, *map(other, texts)])]
    card, kept = imported(tmp_path, "text", "text,label", rows, Roles(input="text", targets=("label",)))
    assert (card.rows_kept, [row["line"] for row in kept]) == (20, [*range(2, 22)])


def test_where_all_inputs_contradict_themselves_it_is_said_what_to_do(tmp_path: Path) -> None:
    rows = [f"{'C' * (n + 1)}O,{value}" for n in range(20) for value in (n, n + 0.5)]
    with pytest.raises(BadInput) as raised:
        imported(tmp_path, "molecule", "smiles,y", rows, Roles(input="smiles", targets=("y",)))
    assert "--repair conflicts=mean" in raised.value.hint
    means, _ = imported(
        tmp_path, "molecule", "smiles,y", rows, Roles(input="smiles", targets=("y",)), repairs={"conflicts": "mean"}
    )
    assert (means.rows_kept, means.targets[0].mean) == (20, 9.75)
