"""Repairs: what is chosen is done, what is done is written down, and nothing else is changed."""

import csv
import math
from collections import Counter, defaultdict
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.values.dead_targets import nothing_in
from sciapp.engine.data.values.rejections import RejectionReason, common
from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles
from sciapp.records.dataset.findings import Finding
from sciapp.records.project.project import Project
from tests.helpers.messages import has_part, refused_exactly, values_of
from tests.helpers.rejections import reason, set_aside

Table = dict[str, list[object]]


def written(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def imported(folder: Path, header: list[str], rows: list[list[str]], domain: str = "text", **more) -> "Imported":
    """The last columns but the first are targets."""
    project = Project.create(folder / f"p{len(list(folder.iterdir()))}", domain=domain)
    file = written(folder / "t.csv", header, rows)
    roles = more.pop("roles", None) or Roles(input=header[0], targets=tuple(header[1:]))
    card = import_table(project, ImportRequest(file=str(file), roles=roles, **more))
    assert isinstance(card, DatasetCard)
    return Imported(project, card)


class Imported:
    def __init__(self, project: Project, card: DatasetCard) -> None:
        self.card, self.folder = card, project.dataset_folder(card.id)

    @property
    def table(self) -> Table:
        return pq.read_table(self.folder.table_file).to_pydict()

    def rows(self, name: str) -> dict[object, object]:
        return dict(zip(self.table["input"], self.table[f"target:{name}"], strict=True))

    @property
    def repairs(self) -> list[list[str]]:
        if not self.folder.repairs_file.exists():
            return []
        with self.folder.repairs_file.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))[1:]

    @property
    def rejected(self) -> dict[int, tuple[str, str]]:
        """Line → reason, the row's own text."""
        with self.folder.rejected_file.open(encoding="utf-8", newline="") as file:
            return {int(line): (reason, text) for line, reason, text, *_ in list(csv.reader(file))[1:]}

    def finding(self, kind: str) -> Finding:
        return next(one for one in self.card.findings if one.kind == kind)


NUMBERS = [[f"word {i}", f"{i / 7:.3f}"] for i in range(40)]


# --- the same input with other labels ---------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "value"), [("mean", 4.0), ("median", 3.0), ("first", 1.0)])
def test_conflicting_numbers_become_one_row(tmp_path: Path, policy: str, value: float) -> None:
    odd = [["odd", "1"], ["odd", "8"], ["odd", "3"]]
    done = imported(tmp_path, ["x", "y"], NUMBERS + odd, repairs={"conflicts": policy})
    assert done.rows("y")["odd"] == value
    assert done.card.rows_kept == 41
    assert done.rejected[43][0] == done.rejected[44][0] == reason(RejectionReason.MERGED, line=42)
    assert done.repairs == ([] if policy == "first" else [["42", "y", "1", repr(value)]])
    assert done.card.values_changed == len(done.repairs)
    finding = done.finding("conflicts")
    assert (finding.count, finding.applied, finding.changed) == (3, policy, len(done.repairs))
    assert finding.lines == (42, 43, 44)
    assert finding.examples == ("odd  = 1", "odd  = 8", "odd  = 3")


def test_conflicting_numbers_are_set_aside_without_being_asked(tmp_path: Path) -> None:
    done = imported(tmp_path, ["x", "y"], [*NUMBERS, ["odd", "1"], ["odd", "8"]])
    assert done.card.rows_kept == 40
    assert set_aside(done.card) == {RejectionReason.CONFLICT: 2}
    assert done.finding("conflicts").applied == "set_aside"
    assert not done.finding("conflicts").repaired
    assert not done.folder.repairs_file.exists()


def test_the_most_common_class_wins_and_a_tie_is_set_aside(tmp_path: Path) -> None:
    rows = [[f"word {i}", "ab"[i % 2]] for i in range(40)]
    rows += [["most", "a"], ["most", "b"], ["most", "b"], ["tie", "a"], ["tie", "b"]]
    done = imported(tmp_path, ["x", "y"], rows, repairs={"conflicts": "majority"})
    assert done.rows("y")["most"] == "b"
    assert "tie" not in done.rows("y")
    assert done.rejected[42] == (reason(RejectionReason.MERGED, line=43), "most,a")
    assert done.rejected[44][0] == reason(RejectionReason.MERGED, line=43)
    assert done.rejected[45][0] == reason(RejectionReason.CONFLICT, line=46)
    assert done.repairs == []  # a row of the file was kept as it stands


def test_a_mean_is_for_numbers_only(tmp_path: Path) -> None:
    rows = [[f"word {i}", "ab"[i % 2]] for i in range(40)]
    with refused_exactly(BadInput, policy="mean", kind="conflicts", task="classification"):
        imported(tmp_path, ["x", "y"], rows, repairs={"conflicts": "mean"})


@pytest.mark.parametrize("repairs", [{"conflict": "mean"}, {"salts": "largest"}, {"outliers": "burn"}])
def test_a_repair_that_there_is_not_is_refused_with_the_nearest(tmp_path: Path, repairs: dict[str, str]) -> None:
    with pytest.raises(BadInput) as caught:
        imported(tmp_path, ["x", "y"], NUMBERS, repairs=repairs)
    assert caught.value.hint


def test_a_repair_that_has_nothing_to_mend_is_told(tmp_path: Path) -> None:
    done = imported(tmp_path, ["x", "y"], NUMBERS, repairs={"conflicts": "mean"})
    assert any(has_part(remark, kind="conflicts", policy="mean") for remark in done.card.remarks)


# --- rows that fill each other's gaps ---------------------------------------------------------------------------


def two_targets() -> list[list[str]]:
    return [[f"word {i}", f"{i / 7:.3f}", f"{(i * 5) % 11}"] for i in range(40)]


def test_a_measured_row_and_one_with_a_gap_do_not_conflict(tmp_path: Path) -> None:
    pair = [["pair", "1.5", ""], ["pair", "", "2.5"]]
    done = imported(tmp_path, ["x", "a", "b"], two_targets() + pair)
    assert (done.rows("a")["pair"], done.rows("b")["pair"]) == (1.5, 2.5)
    assert done.repairs == [["42", "b", "", "2.5"]]
    assert done.rejected[43][0] == reason(RejectionReason.MERGED, line=42)
    assert {one.kind for one in done.card.findings} >= {"partial"}


def test_the_fullest_row_stays_where_that_is_wanted(tmp_path: Path) -> None:
    pair = [["pair", "1.5", ""], ["pair", "1.5", "2.5"]]
    done = imported(tmp_path, ["x", "a", "b"], two_targets() + pair, repairs={"partial": "fullest"})
    assert done.rows("b")["pair"] == 2.5
    assert 42 in done.rejected and 43 not in done.rejected
    assert done.repairs == []


def test_a_contradiction_is_none_of_a_gap(tmp_path: Path) -> None:
    rows = [["x1", "1", ""], ["x1", "", "2"], ["x1", "", "3"]]
    done = imported(tmp_path, ["x", "a", "b"], two_targets() + rows)
    assert "x1" not in done.rows("a")
    assert set(done.rejected) == {42, 43, 44}
    texts = {text for text, _ in done.rejected.values()}
    assert texts <= {reason(RejectionReason.CONFLICT, line=line) for line in done.rejected}


def test_yes_or_no_targets_are_voted_on_one_by_one(tmp_path: Path) -> None:
    rows = [[f"word {i}", str(i % 2), str(i % 3 % 2), str(i % 5 % 2)] for i in range(40)]
    rows += [["odd", "1", "0", "1"], ["odd", "1", "1", ""], ["odd", "0", "", ""]]
    done = imported(tmp_path, ["x", "a", "b", "c"], rows, repairs={"conflicts": "majority"})
    assert done.card.task == "multilabel"
    assert [done.rows(name)["odd"] for name in "abc"] == [1.0, None, 1.0]
    assert done.repairs == [["42", "b", "0", ""]]


# --- numbers ----------------------------------------------------------------------------------------------------


def test_a_target_over_powers_of_ten_is_learned_as_a_logarithm_and_called_so(tmp_path: Path) -> None:
    rows = [[f"word {i}", f"{10 ** (i / 10):.6g}"] for i in range(60)] + [["zero", "0"]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sciapp.engine.data.quality.checks.scale._MOSTLY", 0.9)
        done = imported(tmp_path, ["x", "ic50"], rows, repairs={"units": "log10"})
    assert done.card.target_names == ("log10(ic50)",)
    assert done.card.targets[0].source_column == "ic50"
    assert done.rows("log10(ic50)")["word 20"] == pytest.approx(2.0)
    assert done.rejected[62] == (reason(RejectionReason.NO_LOGARITHM, cell="0", target="ic50"), "zero,0")
    assert len(done.repairs) == done.card.values_changed == 60
    assert ["22", "log10(ic50)", "100", "2.0"] in done.repairs


def test_a_target_over_powers_of_ten_is_left_alone_without_being_asked(tmp_path: Path) -> None:
    rows = [[f"word {i}", f"{10 ** (i / 10):.6g}"] for i in range(60)]
    done = imported(tmp_path, ["x", "ic50"], rows)
    assert done.rows("ic50")["word 20"] == 100
    assert done.finding("units").proposed == "log10"
    assert done.repairs == []


def test_outliers_stay_unless_they_are_asked_to_go(tmp_path: Path) -> None:
    rows = [*NUMBERS, ["far", "5000"]]
    kept = imported(tmp_path, ["x", "y"], rows)
    assert kept.rows("y")["far"] == 5000
    assert kept.finding("outliers").lines == (42,)
    gone = imported(tmp_path, ["x", "y"], rows, repairs={"outliers": "leave_out"})
    assert "far" not in gone.rows("y")
    assert gone.rejected[42] == (reason(RejectionReason.OUTLIER, cell="5000", target="y"), "far,5000")


def test_an_outlier_among_several_targets_becomes_a_gap(tmp_path: Path) -> None:
    done = imported(
        tmp_path, ["x", "a", "b"], [*two_targets(), ["far", "5000", "3"]], repairs={"outliers": "leave_out"}
    )
    assert (done.rows("a")["far"], done.rows("b")["far"]) == (None, 3.0)
    assert done.repairs == [["42", "a", "5000", ""]]


def test_a_constant_target_can_be_left_out(tmp_path: Path) -> None:
    rows = [[*row[:2], "7"] for row in two_targets()]
    done = imported(tmp_path, ["x", "a", "b"], rows, repairs={"targets": "drop"})
    assert done.card.target_names == ("a",)
    assert done.finding("targets").title == nothing_in("b", ["7"])


def test_a_condition_that_is_the_answer_can_be_unticked(tmp_path: Path) -> None:
    rows = [[f"word {i}", f"{i / 7:.3f}", f"{i / 7 + 273:.3f}"] for i in range(60)]
    roles = Roles(input="x", targets=("y",), covariates=("kelvin",))
    ticked = imported(tmp_path, ["x", "y", "kelvin"], rows, roles=roles)
    assert ticked.finding("leaks").weight == "problem"
    assert ticked.card.roles.covariates == ("kelvin",)
    done = imported(tmp_path, ["x", "y", "kelvin"], rows, roles=roles, repairs={"leaks": "untick"})
    assert done.card.roles.covariates == ()


# --- inputs -----------------------------------------------------------------------------------------------------


def test_the_largest_part_of_a_salt_is_kept_and_written_down(tmp_path: Path) -> None:
    rows = [["C" * (i + 1) + "O", f"{i / 7:.3f}"] for i in range(30)] + [["CC(=O)[O-].[Na+]", "9"], ["C1.C1", "2"]]
    plain = imported(tmp_path, ["smiles", "y"], rows, domain="molecule")
    assert "CC(=O)[O-].[Na+]" in plain.rows("y")
    assert plain.finding("salts").count == 1  # C1.C1 is ethane, written with a dot
    done = imported(tmp_path, ["smiles", "y"], rows, domain="molecule", repairs={"salts": "largest"})
    assert done.rows("y")["CC(=O)[O-]"] == 9
    assert done.repairs == [["32", "smiles", "CC(=O)[O-].[Na+]", "CC(=O)[O-]"]]
    assert done.finding("salts").changed == 1


def test_two_salts_of_one_drug_are_one_input_once_the_salt_is_gone(tmp_path: Path) -> None:
    rows = [["C" * (i + 1) + "O", f"{i / 7:.3f}"] for i in range(30)]
    rows += [["CCN.Cl", "1"], ["CCN.Br", "3"]]
    repairs = {"salts": "largest", "conflicts": "mean"}
    done = imported(tmp_path, ["smiles", "y"], rows, domain="molecule", repairs=repairs)
    assert done.rows("y")["CCN"] == 2.0
    assert done.repairs == [["32", "smiles", "CCN.Cl", "CCN"], ["32", "y", "1", "2.0"]]


def test_gaps_stops_case_and_ambiguity_of_proteins(tmp_path: Path) -> None:
    letters = "ACDEFGHIKLMNPQRSTVWY"
    rows = [["M" + letters[i % 20] * (i + 3), f"{i / 7:.3f}"] for i in range(40)]
    rows += [["MK-LV--A", "1"], ["MKLVST*", "2"], ["MKL*VWW", "3"], ["MKLvvvWH", "4"], ["MKLBXH", "5"], ["MK1L", "6"]]
    plain = imported(tmp_path, ["seq", "y"], rows, domain="protein")
    assert set(plain.rejected) == {42, 44, 47}
    assert [plain.finding(kind).count for kind in ("gaps", "stops", "case", "ambiguity")] == [1, 2, 1, 1]
    with refused_exactly(Rejected, wrong="1", start=3, called="residue") as raised:
        domain_named("protein").clean("MK1L")
    assert values_of(plain.finding("unreadable").title) == {"wording": values_of(common(raised.value.reason))}
    assert plain.finding("unreadable").count == 1  # gaps and stops are told of where they can be mended
    assert plain.repairs == [["43", "seq", "MKLVST*", "MKLVST"], ["45", "seq", "MKLvvvWH", "MKLVVVWH"]]
    chosen = {"gaps": "remove", "stops": "cut", "case": "remove", "ambiguity": "any"}
    done = imported(tmp_path, ["seq", "y"], rows, domain="protein", repairs=chosen)
    inputs = done.rows("y")
    assert [inputs[s] for s in ("MKLVA", "MKLVST", "MKL", "MKLWH", "MKLXXH")] == [1, 2, 3, 4, 5]
    assert set(done.rejected) == {47}
    assert [change[0] for change in done.repairs] == ["42", "43", "44", "45", "46"]


def test_ambiguous_bases_can_be_written_as_n(tmp_path: Path) -> None:
    rows = [["ACGT" * (i + 2), f"{i / 7:.3f}"] for i in range(30)] + [["ACRYN", "1"]]
    done = imported(tmp_path, ["seq", "y"], rows, domain="nucleotide", repairs={"ambiguity": "any"})
    assert done.rows("y")["ACNNN"] == 1


# --- nothing vanishes -------------------------------------------------------------------------------------------


def test_rejected_rows_keep_their_text_as_it_stands_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    lines = [f"word {i},{i / 7:.3f}" for i in range(30)]
    lines += ['"quoted, ""so""",many', "  spaced ,  ", '"two\nlines",', "a,b,c"]
    file.write_text("x,y\r\n" + "\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    project = Project.create(tmp_path / "p", domain="text")
    request = ImportRequest(file=str(file), roles=Roles(input="x", targets=("y",)))
    card = import_table(project, request)
    done = Imported(project, card)
    assert done.rejected[32][1] == '"quoted, ""so""",many'
    assert done.rejected[33][1] == "  spaced ,  "
    assert done.rejected[34][1] == '"two\nlines",'
    assert done.rejected[36][1] == "a,b,c"


INPUTS = st.sampled_from(["a", "b", "c", "d", "e"])
CELLS = st.sampled_from(["", "1", "2", "3.5", "-4"])
POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "conflicts": st.sampled_from(["set_aside", "first", "mean", "median"]),
        "partial": st.sampled_from(["merge", "fullest", "set_aside"]),
        "outliers": st.sampled_from(["keep", "leave_out"]),
    },
)


@given(extra=st.lists(st.tuples(INPUTS, CELLS, CELLS), max_size=12), repairs=POLICIES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_in_are_rows_out_and_every_other_value_is_written_down(
    tmp_path_factory: pytest.TempPathFactory, extra: list[tuple[str, str, str]], repairs: dict[str, str]
) -> None:
    rows = two_targets() + [list(row) for row in extra]
    done = imported(tmp_path_factory.mktemp("any"), ["x", "a", "b"], rows, repairs=repairs)
    card, table = done.card, done.table
    assert card.rows_read == len(rows) == card.rows_kept + card.rows_set_aside
    assert sorted([*table["line"], *done.rejected]) == list(range(2, len(rows) + 2))
    assert max(Counter(table["input"]).values()) == 1
    changed = {(int(line), column): (before, after) for line, column, before, after in done.repairs}
    for i, line in enumerate(table["line"]):
        for place, name in enumerate(("a", "b"), start=1):
            cell, value = rows[line - 2][place], table[f"target:{name}"][i]
            now = "" if value is None else repr(value)
            was = "" if cell == "" else repr(float(cell))
            if now != was:
                assert changed.pop((line, name)) == (cell, now)
    assert not changed


@given(extra=st.lists(st.tuples(INPUTS, CELLS, CELLS), min_size=2, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mean_is_the_mean_of_what_was_measured(
    tmp_path_factory: pytest.TempPathFactory, extra: list[tuple[str, str, str]]
) -> None:
    rows = two_targets() + [list(row) for row in extra]
    done = imported(tmp_path_factory.mktemp("mean"), ["x", "a", "b"], rows, repairs={"conflicts": "mean"})
    measured: dict[tuple[str, str], list[float]] = defaultdict(list)
    for word, *cells in extra:
        for name, cell in zip(("a", "b"), cells, strict=True):
            if cell:
                measured[word, name].append(float(cell))
    for (word, name), values in measured.items():
        # Where all rows of an input agree, the mean is what each of them says.
        assert math.isclose(float(str(done.rows(name)[word])), sum(values) / len(values))
