"""Commands that only look: runs, show, models, env."""

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sciapp import settings
from sciapp.actions.domains import open_project
from sciapp.cli.follow import live_numbers
from sciapp.cli.output import Printer, evaluation_text, pretraining_text
from sciapp.jobs.runs.follow import outcome
from sciapp.jobs.runs.summary import summaries, summarise
from sciapp.records.model.info import ModelFacts, facts_text, memory_text
from sciapp.records.plan.plan import Batching, Plan, changed_text, is_settable
from sciapp.records.project.studies.continuation import continued_from
from sciapp.records.run.score_format import score_title, with_interval
from sciapp.records.run.summary import RunSummary


def runs(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    listed = summaries(project)
    lines = list(_grouped(listed)) or ["No runs yet."]
    printer.result([json.loads(summary.model_dump_json()) for summary in listed], "\n".join(lines))


def _grouped(found: list[RunSummary]) -> Iterator[str]:
    """A line for each run; those of a study together, below a line of the study's own."""
    studies: set[str] = set()
    for summary in found:
        if summary.study is None:
            yield _line(summary)
        elif summary.study.id not in studies:
            studies.add(summary.study.id)
            members = [other for other in found if other.study is not None and other.study.id == summary.study.id]
            count = f"{len(summary.study.runs)} run{'s' * (len(summary.study.runs) != 1)}"
            parts = (summary.study.title, f"study {summary.study.id}", count, summary.study.text)
            yield "  ".join(part for part in parts if part)
            yield from (f"  {_line(member)}" for member in members)


def show(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    run = project.run(options.run)
    summary, evaluation, plan = summarise(run), run.evaluation(), run.plan()
    learnt = run.pretraining()
    value = {
        **json.loads(summary.model_dump_json()),
        "folder": str(run.folder),
        "plan": plan.model_dump(mode="json"),
        "state": run.state().model_dump(mode="json"),
        "evaluation": json.loads(evaluation.model_dump_json()) if evaluation else None,
        "pretraining": json.loads(learnt.model_dump_json()) if learnt else None,
    }
    now = live_numbers(run)
    value["live"] = now.value
    value["needed"] = json.loads(now.used.model_dump_json()) if now.used else None
    lines = [
        _line(summary),
        str(outcome(run)),
        *now.lines,
        f"Folder: {run.folder}",
        _settings_line(plan, continued_from(project, run.id)),
    ]
    if evaluation is not None:
        lines += ["", evaluation_text(evaluation), *evaluation.remarks]
    if learnt is not None:
        lines += ["", pretraining_text(learnt)]
    printer.result(value, "\n".join(lines))


def _settings_line(plan: Plan, continued: str) -> str:
    if is_settable(plan):
        changed = changed_text(plan)
        sentence = f"Settings other than the usual: {changed}" if changed else "All settings are the usual ones"
        before = f"It goes on from run {continued}. " if continued else ""
        return f"{before}{sentence}. --json lists all of them."
    settings = plan.model_dump(mode="json", exclude={"kind", "reading"}, exclude_defaults=True)
    return ", ".join(f"{name} {setting}" for name, setting in settings.items())


def models(options: argparse.Namespace, printer: Printer) -> None:
    from sciapp.engine.hub.catalog import offers
    from sciapp.engine.hub.memory_estimate import training_memory

    offered = offers(options.domain)
    needed = [training_memory(facts, Batching()) for facts in offered]
    lines = [
        f"{facts.name}\n    {facts_text(facts)}\n    {_about_training(facts, memory)}"
        for facts, memory in zip(offered, needed, strict=True)
    ]
    value = [
        facts.model_dump() | {"bundled": facts.origin == "starter", "memory_mb": memory}
        for facts, memory in zip(offered, needed, strict=True)
    ]
    printer.result(value, "\n".join(lines))


def _about_training(facts: ModelFacts, memory: int | None) -> str:
    needs = memory_text(memory) if memory is not None else ""
    return " · ".join(part for part in (facts.domain, needs, facts.note, facts.publication) if part)


def env(options: argparse.Namespace, printer: Printer) -> None:
    from sciapp.engine.runtime.environment import environment

    value: dict[str, Any] = environment() | {
        "device": _device(),
        "folders": {
            "settings": str(settings.config_folder()),
            "cache": str(settings.cache_folder()),
            "logs": str(settings.log_folder()),
            "projects": str(settings.projects_folder()),
            "resources": str(settings.resources_folder()),
        },
        "hugging_face": {
            name: text for name, text in os.environ.items() if name.startswith("HF_") and "TOKEN" not in name
        },
    }
    lines = [f"{name}: {text}" for name, text in value.items() if not isinstance(text, dict)]
    for group in ("packages", "folders", "hugging_face"):
        lines += [f"{group}:", *(f"  {name}: {text}" for name, text in value[group].items())]
    printer.result(value, "\n".join(lines))


def preferences(options: argparse.Namespace, printer: Printer) -> None:
    """The preferences of this user for the window and the runs; --set changes them."""
    from sciapp.cli.train import pair

    current = settings.load()
    for text in options.set:
        current = settings.changed(current, *pair(text))
    if options.set:
        settings.save(current)
    value = {name: getattr(current, name) for name in settings.CHOICES}
    printer.result(value, "\n".join(f"{name}: {setting}" for name, setting in value.items()))


def _device() -> str:
    import torch

    if torch.cuda.is_available():
        return f"{torch.cuda.get_device_name()} (CUDA {torch.version.cuda})"
    return "processor"


def _line(summary: RunSummary) -> str:
    score = f"{score_title(summary.score.name)} {with_interval(summary.score)}" if summary.score else ""
    steps = f"step {summary.step:,} of {summary.total_steps:,}" if summary.total_steps else ""
    parts = (summary.id, summary.state, summary.subject, summary.model, steps, score)
    return "  ".join(part for part in parts if part)
