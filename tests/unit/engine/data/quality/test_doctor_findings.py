"""What the doctor finds in a table, what it leaves unsaid, and that it changes nothing."""

import csv
import random
import string
from pathlib import Path
from unittest.mock import ANY

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sciapp.engine.data.ingest.check_table import check_table
from sciapp.engine.data.quality.checks.outliers import robust_z
from sciapp.engine.data.quality.checks.scale import clusters, decades
from sciapp.engine.data.quality.checks.target_leakage import determined, explained, ranked_apart, spearman
from sciapp.engine.data.values.rejections import FEWEST_ROWS, RejectionCounts, RejectionReason, common
from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import Cancelled, UnknownColumn
from sciapp.i18n import Message, msg
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.dataset.findings import Finding, QualityReport
from tests.helpers.heard import cancelled_when
from tests.helpers.made_projects import made_dataset, made_project
from tests.helpers.messages import has_part, numbers_in, refused_exactly, values_of

DATA = Path(__file__).parents[4] / "data"


def checked(folder: Path, columns: dict[str, list[object]], domain: str = "text", **more) -> QualityReport:
    file = folder / "t.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    roles = more.pop("roles", None) or Roles(input="x", targets=("y",))
    checkup = check_table(domain, ImportRequest(file=str(file), roles=roles, **more))
    assert isinstance(checkup, QualityReport)
    return checkup


def kinds(checkup: QualityReport) -> list[str]:
    return [finding.kind for finding in checkup.findings]


def of(checkup: QualityReport, kind: str) -> Finding:
    return next(finding for finding in checkup.findings if finding.kind == kind)


def words(count: int) -> list[object]:
    return [f"word {i}" for i in range(count)]


def numbers(count: int, seed: int = 1) -> list[object]:
    return np.random.default_rng(seed).normal(5, 1, count).round(4).tolist()


def test_a_clean_table_is_said_to_be_clean(tmp_path: Path) -> None:
    checkup = checked(tmp_path, {"x": words(200), "y": numbers(200)})
    assert (checkup.findings, checkup.problems) == ((), 0)
    assert (checkup.rows_read, checkup.rows_usable, checkup.task) == (200, 200, "regression")


def test_the_doctor_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    checked(tmp_path, {"x": words(40), "y": numbers(40)})
    request = ImportRequest(file=str(tmp_path / "t.csv"), roles=Roles(input="x", targets=("y",)))

    def is_reading(stage: str, *_: int) -> bool:
        return stage == "Reading the targets" and bool(list((tmp_path / "temporary").iterdir()))

    with pytest.raises(Cancelled):
        check_table("text", request, progress=cancelled_when(is_reading))
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_column_that_is_not_there_is_an_error_and_no_finding(tmp_path: Path) -> None:
    with pytest.raises(UnknownColumn):
        checked(tmp_path, {"x": words(20), "y": numbers(20)}, roles=Roles(input="x", targets=("z",)))


def test_the_blood_brain_barrier_set_is_seen_through(tmp_path: Path) -> None:
    roles = Roles(input="smiles", targets=("p_np",))
    checkup = check_table("molecule", ImportRequest(file=str(DATA / "bbbp.csv"), roles=roles))
    assert isinstance(checkup, QualityReport)
    unreadable = of(checkup, "unreadable")
    assert unreadable.count == 11
    with (DATA / "bbbp.csv").open(encoding="utf-8", newline="") as file:
        smiles = list(csv.DictReader(file))[unreadable.lines[0] - 2]["smiles"]
    with refused_exactly(Rejected, atom=ANY, bonds="4", symbol="N") as raised:
        domain_named("molecule").clean(smiles)
    assert values_of(unreadable.title) == {"wording": values_of(common(raised.value.reason))}
    assert numbers_in(raised.value.reason) == ["2", "3", "4"]
    assert raised.value.message.values["atom"] in unreadable.examples[0]
    assert of(checkup, "salts").count > 50
    conflicts = of(checkup, "conflicts")
    assert conflicts.count >= 2 * 8
    assert {example[-1] for example in conflicts.examples} == {"0", "1"}


def test_units_that_are_mixed_are_seen_as_groups(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    nano, micro = 10 ** rng.normal(1.0, 0.3, 150), 10 ** rng.normal(4.0, 0.3, 150)
    checkup = checked(tmp_path, {"x": words(300), "y": [*nano.tolist(), *micro.tolist()]})
    assert has_part(of(checkup, "units").title, title=ANY, groups=2, apart="10^3")


def test_one_broad_distribution_is_no_mixture() -> None:
    logs = np.random.default_rng(1).normal(1, 1.5, 3000)
    assert decades(10**logs) > 3
    assert len(clusters(logs)) == 0


def test_numbers_below_zero_have_no_decades() -> None:
    assert decades(np.r_[-1.0, 10 ** np.linspace(0, 6, 40)]) == 0.0


def test_a_narrow_target_has_no_units_finding(tmp_path: Path) -> None:
    assert "units" not in kinds(checked(tmp_path, {"x": words(100), "y": list(range(100, 200))}))


def test_the_robust_z_is_the_plain_one_for_a_normal_distribution() -> None:
    values = np.random.default_rng(0).normal(3, 2, 50_000)
    assert np.allclose(robust_z(values), (values - 3) / 2, atol=0.1)


def test_outliers_are_found_where_most_values_are_alike() -> None:
    assert np.flatnonzero(np.abs(robust_z(np.r_[np.zeros(90), 0.1, 50.0])) > 5).tolist() == [91]


def test_rare_classes_are_told_with_what_can_be_done(tmp_path: Path) -> None:
    checkup = checked(tmp_path, {"x": words(200), "y": ["rare" if i < 5 else "usual" for i in range(200)]})
    finding = of(checkup, "imbalance")
    assert values_of(finding.title) == {"what": "“y”", "rare": "rare", "ratio": 39, "common": "usual"}
    assert "class_weights=balanced" in finding.consequence
    assert finding.lines == (2, 3, 4, 5, 6)
    even = checked(tmp_path, {"x": words(200), "y": ["ab"[i % 2] for i in range(200)]})
    assert even.findings == ()


def test_long_rows_are_counted_with_their_share(tmp_path: Path) -> None:
    rng = random.Random(1)
    sequences = ["".join(rng.choices("ACDEFGHIKLMNPQRSTVWY", k=600 if i < 10 else 40)) for i in range(40)]
    finding = of(checked(tmp_path, {"x": sequences, "y": numbers(40)}, "protein"), "long")
    assert finding.count == 10
    assert "10 of 40 (25.0 %) rows" in finding.consequence
    assert finding.examples[0].endswith("(600 residues)")


def test_a_text_that_is_different_in_every_row_is_no_target(tmp_path: Path) -> None:
    names = ["".join(random.Random(i).choices(string.ascii_letters, k=8)) for i in range(60)]
    checkup = checked(tmp_path, {"x": words(60), "y": names})
    assert kinds(checkup)[0] == "ids"
    assert has_part(checkup.findings[0].title, name="y", shown="60", filled=60)


def test_a_running_number_is_no_target(tmp_path: Path) -> None:
    assert "ids" in kinds(checked(tmp_path, {"x": words(60), "y": list(range(1, 61))}))


def test_what_an_import_would_refuse_is_a_finding(tmp_path: Path) -> None:
    checkup = checked(tmp_path, {"x": words(5), "y": numbers(5)})
    assert values_of(of(checkup, "refused").title) == {"usable": 5, "rows": 5, "fewest": FEWEST_ROWS}


def test_rows_that_cannot_be_used_are_told_by_reason(tmp_path: Path) -> None:
    columns = {"x": [*words(40), "", "odd", "bare", "high"], "y": [*numbers(40), 1, "soon", "", ">50"]}
    checkup = checked(tmp_path, columns)
    by_reason = {finding.title.values["label"]: finding for finding in checkup.findings if finding.kind == "unusable"}
    reasons = (RejectionReason.EMPTY, RejectionReason.NO_NUMBER, RejectionReason.MISSING)
    assert {label: finding.count for label, finding in by_reason.items()} == {why.label: 1 for why in reasons}
    number = by_reason[RejectionReason.NO_NUMBER.label]
    assert (number.examples, number.lines) == (("soon",), (43,))
    bound = of(checkup, "censored")  # told once, where something can be done about it
    assert (bound.examples, bound.lines) == ((">50",), (45,))


# --- columns that give the answer away --------------------------------------------------------------------------


def test_a_column_that_follows_the_target_is_told(tmp_path: Path) -> None:
    y = numbers(200)
    columns = {"x": words(200), "y": y, "kelvin": [v + 273 for v in y], "noise": numbers(200, 9)}
    checkup = checked(tmp_path, columns)
    leak = of(checkup, "leaks")
    assert values_of(leak.title) == {"name": "kelvin", "told": {"rank": pytest.approx(1)}, "target": "y"}
    assert (leak.weight, leak.choices) == ("note", ())
    assert kinds(checkup).count("leaks") == 1


def test_a_leaking_condition_is_a_problem_with_a_repair(tmp_path: Path) -> None:
    y = numbers(200)
    roles = Roles(input="x", targets=("y",), covariates=("kelvin",))
    columns = {"x": words(200), "y": y, "kelvin": [v + 273 for v in y]}
    leak = of(checked(tmp_path, columns, roles=roles), "leaks")
    assert (leak.weight, leak.proposed, leak.applied) == ("problem", "untick", "keep")


def test_a_score_that_sorts_the_classes_and_a_name_of_them_are_told(tmp_path: Path) -> None:
    y = ["yes" if i % 3 else "no" for i in range(200)]
    score = [i % 7 + (100 if word == "yes" else 0) for i, word in enumerate(y)]
    name = ["active" if word == "yes" else "inactive" for word in y]
    checkup = checked(tmp_path, {"x": words(200), "y": y, "score": score, "name": name, "copy": y})
    titles = [finding.title.values for finding in checkup.findings if finding.kind == "leaks"]
    assert {(title["name"], title["target"]) for title in titles} == {("score", "y"), ("name", "y"), ("copy", "y")}
    ways = {title["name"]: title["told"] for title in titles}
    assert values_of(ways["score"]) == {"area": 1}
    assert ways["copy"] == "equals" and not {ways["copy"], ways["score"]} & {ways["name"]}


def test_an_id_names_rows_and_no_answers(tmp_path: Path) -> None:
    y = ["yes" if i % 3 else "no" for i in range(200)]
    checkup = checked(tmp_path, {"x": words(200), "y": y, "id": [f"CMP-{i}" for i in range(200)]})
    assert "leaks" not in kinds(checkup)


@given(seed=st.integers(0, 1000))
def test_measures_of_leaking_lie_between_nothing_and_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    texts = [str(word) for word in rng.integers(0, 5, 100)]
    codes, x = rng.integers(0, 3, 100).astype(float), rng.normal(size=100)
    assert 0 <= determined(texts, codes) <= 1
    assert 0 <= explained(texts, x) <= 1
    assert -1 <= spearman(x, codes) <= 1
    assert 0.5 <= ranked_apart(x, codes == codes.max()) <= 1
    assert determined([str(code) for code in codes], codes) == pytest.approx(1)
    assert spearman(x, np.exp(x)) == pytest.approx(1)


# --- wordings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "shared"),
    [
        ("“B” is wrong at 7", "“B” is wrong at …"),
        ("“1” is wrong at 7", "“1” is wrong at …"),
        ("SMILES Parse Error: syntax error while parsing: CC(C", "SMILES Parse Error: syntax error while parsing"),
        ("SMILES Parse Error: unclosed ring for input: 'C1CC'", "SMILES Parse Error: unclosed ring for input"),
        ("Can't kekulize mol.  Unkekulized atoms: 1 2 3", "Can't kekulize mol.  Unkekulized atoms: …"),
    ],
)
def test_reasons_are_counted_by_what_they_share(said: str, shared: str) -> None:
    assert common(said) == shared


def test_what_reasons_share_is_a_message_too() -> None:
    first, second = (msg("“{letter}” at position {n:,} is no residue", letter="1", n=n) for n in (7, 9))
    shared = common(first)
    assert isinstance(shared, Message) and shared == common(second)
    assert (shared.template, shared.values) == (first.template, {"letter": "1", "n": "…"})


def test_there_are_never_more_than_some_hundred_reasons() -> None:
    reasons = RejectionCounts()
    reasons.add((i, "reason " + "x" * i) for i in range(1000))
    assert len(reasons.by_wording) == 201
    assert sum(reason.count for reason in reasons.by_wording.values()) == 1000


def test_a_card_from_before_the_doctor_opens(tmp_path: Path) -> None:
    project = made_project(tmp_path / "old")
    card = made_dataset(project)
    project.close()
    before = card.model_dump(mode="json", exclude={"findings", "repairs", "values_changed"})
    for target in before["targets"]:
        del target["source_column"]
    old = DatasetCard.model_validate(before)
    assert (old.findings, old.repairs, old.values_changed) == ((), {}, 0)
    assert old == card


@pytest.mark.parametrize(("most", "applied"), [("14/02/2021", "day_first"), ("02/14/2021", "month_first")])
def test_dates_of_both_orders_are_told_with_their_rows(tmp_path: Path, most: str, applied: str) -> None:
    odd = {"14/02/2021": "03/25/2020", "02/14/2021": "25/03/2020"}[most]
    dates = [most] * 20 + ["01/02/2020"] * 10 + [odd] * 2 + ["04/05/2021"] * 8
    rows = "".join(f"word {n},{n}.5,{date}\n" for n, date in enumerate(dates))
    (tmp_path / "t.csv").write_text("x,y,date\n" + rows, encoding="utf-8")
    roles = Roles(input="x", targets=("y",), time="date")
    asked = ImportRequest(file=str(tmp_path / "t.csv"), roles=roles, split=SplitPlan(method="time", column="date"))
    checkup = check_table("text", asked)
    assert isinstance(checkup, QualityReport)
    (finding,) = (one for one in checkup.findings if one.kind == "dates")
    assert (finding.applied, finding.weight, finding.lines) == (applied, "problem", (32, 33))
    assert checkup.rows_usable == 38


def test_numbers_with_signs_between_their_digits_are_one_number_in_what_rows_have_in_common() -> None:
    reason = msg("it has {letters:,} letters, {part:.2f} of them odd", letters=3_000, part=0.25)
    assert values_of(common(reason)) == {"letters": "…", "part": "…"}
