"""Each kind of plan states its facts, and whoever asks finds them by the name of the kind."""

import pytest

from sciapp.records.plan.kinds import PlanKind
from sciapp.records.plan.plan import PLAN_KINDS, CompressPlan, PredictPlan, PretrainPlan, TrainPlan

PLANS = {
    "train": TrainPlan(dataset="d", devices=2),
    "pretrain": PretrainPlan(file="/rows.csv", size="tiny"),
    "compress": CompressPlan(run="001-train"),
    "predict": PredictPlan(run="001-train", file="/new.csv"),
}


@pytest.mark.parametrize(
    ("kind", "subject", "base", "origin", "source", "devices"),
    [
        ("train", "d", "molecule-starter", "molecule-starter", "", 2),
        ("pretrain", "/rows.csv", "from scratch, tiny", "", "", 1),
        ("compress", "001-train", "quantize", "run:001-train", "001-train", 1),
        ("predict", "/new.csv", "001-train", "run:001-train", "001-train", 1),
    ],
)
def test_a_plan_says_what_it_reads_and_where_its_model_comes_from(
    kind: str, subject: str, base: str, origin: str, source: str, devices: int
) -> None:
    plan = PLANS[kind]
    assert type(plan) is PLAN_KINDS[kind]
    assert (plan.subject, plan.base_text, plan.origin, plan.source_run, plan.device_count) == (
        subject,
        base,
        origin,
        source,
        devices,
    )


def test_every_kind_has_a_title_and_nothing_of_the_facts_is_written_to_disk() -> None:
    assert set(PLAN_KINDS) == set(PLANS)
    for name, kind in PLAN_KINDS.items():
        assert kind.title and kind.deed and issubclass(kind, PlanKind)
        assert not {"title", "deed", "trains", "origin"} & set(PLANS[name].model_dump())
    assert {name for name, kind in PLAN_KINDS.items() if kind.is_evaluated} == {"train", "compress"}
    assert {name for name, kind in PLAN_KINDS.items() if kind.trains} == {"train", "pretrain"}
