"""Names that are spelt in several ways, and names that are taken already."""

import csv
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.engine.data.ingest import exclusions
from sciapp.records.plan.plan import PredictPlan
from sciapp.records.project.project import Project
from tests.helpers.cases import Answer, Case, right
from tests.helpers.printed import says


@right("predict_name_clash.csv")
def predict_name_clash(case: Case) -> None:
    project = Project.create(case.folder / "project", domain="molecule")
    run = project.new_run(PredictPlan(run="001-train", file=str(case.path)))
    said = {"line": [2], "input": ["CCO"], "split": ["new"], "prediction:logS": [-0.77], "problem": ["none"]}
    pq.write_table(pa.table(said), run.predictions_file)
    project.close()
    out = case.folder / "out.csv"
    assert case.command("export-predictions", run.id, "--out", str(out)).code == 0
    rows = list(csv.reader(out.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["smiles", "prediction logS", "problem", "prediction logS (2)", "problem (2)"]
    assert rows[1] == ["CCO", "9", "zz", "-0.77", "none"]


def _findings(answer: Answer, kind: str) -> list[dict[str, Any]]:
    return [one for one in answer.json["findings"] if one["kind"] == kind]


@right("import/08_class_names_by_case.csv", "classes_differ_in_case.csv")
def classes_differ_in_case(case: Case) -> None:
    (finding,) = _findings(case.checked(), "spellings")
    assert [choice["policy"] for choice in finding["choices"]] == ["apart", "merge"]
    assert (finding["proposed"], finding["weight"]) == ("merge", "problem")
    card = case.imported("--repair", "spellings=merge").json
    (target,) = card["targets"]
    assert sorted(name.lower() for name in target["classes"]) == ["active", "inactive"]
    with case.path.open(encoding="utf-8") as file:
        cells = [line.strip("\n").rsplit(",", 1)[1].strip().lower() for line in list(file)[1:]]
    if card["rows_kept"] == len(cells):
        assert sum(target["class_counts"]) == len(cells)
    assert card["values_changed"] > 0


@right("classes_yes_synonyms.csv")
def classes_yes_synonyms(case: Case) -> None:
    (finding,) = _findings(case.checked("--task", "classification"), "spellings")
    assert (finding["count"], finding["proposed"]) == (40, "merge")
    card = case.imported("--task", "classification", "--repair", "spellings=merge").json
    assert card["targets"][0]["classes"] == ["no", "yes"]
    assert card["targets"][0]["class_counts"] == [20, 20]


@right("group_spellings.csv")
def group_spellings(case: Case) -> None:
    card = case.imported("--group", "plate", "--split", "group").json
    (finding,) = [one for one in card["findings"] if one["kind"] == "group_spellings"]
    assert finding["count"] == 24
    table = case.table(card)
    splits: dict[str, set[str]] = {}
    for plate, split in zip(table["column:plate"].to_pylist(), table["split"].to_pylist(), strict=True):
        splits.setdefault(" ".join(plate.lower().split()), set()).add(split)
    assert len(splits) == 6
    assert all(len(names) == 1 for names in splits.values())


@right("class_names_zero_padded.csv")
def class_names_zero_padded(case: Case) -> None:
    card = case.imported().json
    assert card["task"] == "classification"
    assert card["targets"][0]["classes"] == ["0101", "0201", "0301", "1101"]
    assert set(case.table(card)["target:allele"].to_pylist()) == {"0101", "0201", "0301", "1101"}
    assert not [one for one in card["findings"] if one["kind"] == "spellings"]


@right("dates_ambiguous.csv")
def dates_ambiguous(case: Case) -> None:
    by_time = ("--split", "time", "--time", "date")
    (finding,) = _findings(case.checked(*by_time), "dates")
    assert [choice["policy"] for choice in finding["choices"]] == ["day_first", "month_first"]
    assert (finding["applied"], finding["weight"]) == ("day_first", "problem")
    orders = {}
    for policy, order in (("day_first", (2, 1, 0)), ("month_first", (2, 0, 1))):
        card = case.imported(*by_time, "--repair", f"dates={policy}").json
        assert card["repairs"] == {"dates": policy}
        table = case.table(card)
        days: dict[str, list[list[str]]] = {}
        for date, split in zip(table["column:date"].to_pylist(), table["split"].to_pylist(), strict=True):
            days.setdefault(split, []).append([date.split("/")[place] for place in order])
        assert max(days["train"]) < min(days["validation"]) <= max(days["validation"]) < min(days["test"])
        orders[policy] = table["split"].to_pylist()
    assert orders["day_first"] != orders["month_first"]


@right("censored_values.csv")
def censored_values(case: Case) -> None:
    (finding,) = _findings(case.checked(), "censored")
    assert (finding["count"], finding["column"], finding["applied"]) == (5, "IC50_uM", "drop")
    assert set(finding["examples"]) == {">10"}
    assert "5 above a bound" in finding["title"]
    dropped = case.imported().json
    assert (dropped["task"], dropped["rows_kept"], dropped["rows_set_aside"]) == ("regression", 35, 5)
    assert all("“>10”" in row["reason"] for row in case.rejected(dropped))
    read = case.imported("--repair", "censored=number").json
    assert (read["rows_kept"], read["values_changed"]) == (40, 5)
    assert case.table(read)["target:IC50_uM"].to_pylist().count(10.0) == 5
    kept = case.imported("--repair", "censored=bound").json
    assert (kept["rows_kept"], kept["rows_set_aside"], kept["values_changed"]) == (40, 0, 0)
    assert kept["targets"][0]["bounds"] == 5
    table = case.table(kept)
    bounded = [row for row in table.to_pylist() if row["lower:IC50_uM"] is not None]
    assert [(row["lower:IC50_uM"], row["upper:IC50_uM"], row["target:IC50_uM"]) for row in bounded] == [
        (10.0, None, None)
    ] * 5
    assert {row["split"] for row in bounded} == {"train"}
    assert says(" ".join(kept["remarks"]), exclusions, count=5, name="IC50_uM")
    assert len({dropped["fingerprint"], read["fingerprint"], kept["fingerprint"]}) == 3
