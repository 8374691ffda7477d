"""Studies of projects from before version 3, when plans themselves named the runs that belonged to them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sciapp.errors import SciAppError
from sciapp.records.model.reference import model_of_run
from sciapp.records.plan.plan import Plan, read_saved_plan
from sciapp.records.project.study import Study, StudyDesign, new_study_id, studies_in, write_study
from sciapp.records.regular import json_object_in

_Plans = Mapping[str, Mapping[str, Any]]


def write_recognised(project: Path) -> None:
    """Write the studies of an older project, once: those that are there already are left alone.

    Raises OSError, OutOfSpace, OutsideProject.
    """
    there = {study.id for study in studies_in(project)}
    for study in recognised_studies(project):
        if study.id not in there:
            write_study(project, study)


def recognised_studies(project: Path) -> list[Study]:
    """The studies that the plans of the project's runs spell; nothing is written."""
    plans = _plans(project)
    studies: list[Study] = []
    for members in _members(plans):
        kind, runs = members
        plan = next((read for run in runs if run in plans and (read := _read(plans[run])) is not None), None)
        if plan is not None:
            then = _then(plans[runs[0]]) if kind == "pretraining_first" else None
            id = new_study_id(kind, runs[0], {study.id for study in studies})
            created = _created(project / "runs" / runs[0] / "state.json")
            studies.append(Study(id=id, kind=kind, plan=plan, then=then, runs=tuple(runs), created=created))
    return studies


def _members(plans: _Plans) -> Iterator[tuple[str, list[str]]]:
    """Kind and runs of each study."""
    later = list(plans.items())
    for run, plan in later:
        if plan.get("all_folds") is True and not plan.get("first_fold"):
            yield "cross_validation", [run, *(id for id, other in later if other.get("first_fold") == run)]
        without = [id for id, other in later if other.get("compared_with") == run]
        if without or (plan.get("compare_augmentation") is True and plan.get("kind") == "train"):
            yield "ablation", [run, *without]
        if isinstance(plan.get("then"), dict):
            trained = [id for id, other in later if other.get("model") == model_of_run(run)]
            yield "pretraining_first", [run, *trained[:1]]
    yield from _continuations(plans)


def _continuations(plans: _Plans) -> Iterator[tuple[str, list[str]]]:
    chains: list[list[str]] = []
    for run, plan in plans.items():
        before = plan.get("continued_from")
        if not isinstance(before, str) or not before:
            continue
        chain = next((chain for chain in chains if chain[-1] == before), None)
        if chain is not None:
            chain.append(run)
        else:
            chains.append([before, run])
    for chain in chains:
        yield "continuation", chain


def _then(pretraining: Mapping[str, Any]) -> StudyDesign | None:
    value = pretraining["then"]
    plan = _read(value)
    if plan is None:
        return None
    compare = value.get("compare_augmentation") is True
    return StudyDesign(plan=plan, kind="ablation" if compare else "")


def _plans(project: Path) -> dict[str, dict[str, Any]]:
    """Run id → what its plan says, oldest first."""
    folder = project / "runs"
    if folder.is_symlink() or not folder.is_dir():
        return {}
    runs = sorted(
        run for run in folder.iterdir() if run.is_dir() and not run.name.startswith(".") and not run.is_symlink()
    )
    return {run.name: plan for run in runs if (plan := json_object_in(run / "plan.json"))}


def _read(value: Mapping[str, Any]) -> Plan | None:
    try:
        return read_saved_plan(value)
    except SciAppError:
        return None


def _created(state: Path) -> datetime:
    try:
        return datetime.fromisoformat(str(json_object_in(state).get("created")))
    except ValueError:
        return datetime.fromtimestamp(0, tz=UTC)
