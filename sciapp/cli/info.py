"""Commands that only look: runs, show, models, env."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sciapp.actions.domains import open_project
from sciapp.actions.manual import manual_pages, page_named, search_manual
from sciapp.actions.preferences import change_preferences, describe_installation
from sciapp.actions.runs import describe_run, list_runs
from sciapp.cli.output import Printer, evaluation_text, pretraining_text
from sciapp.i18n import joined, lines, msg, plural, term
from sciapp.jobs.runs.live import LiveNumbers
from sciapp.records.model.info import ModelFacts, facts_text, memory_text
from sciapp.records.plan.plan import Plan, changed_text, is_settable
from sciapp.records.run.progress import duration
from sciapp.records.run.score_format import score_title, with_interval
from sciapp.records.run.summary import RunSummary


def runs(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    listed = list_runs(project=project)
    text = list(_grouped(listed)) or [msg("No runs yet.")]
    unreadable = project.unreadable_studies()
    if unreadable:
        sentence = plural(
            "A study cannot be read, so its runs stand alone: {files}. Bring it back from a backup, open the project "
            "with the version that wrote it, or remove it.",
            "{n} studies cannot be read, so their runs stand alone: {files}. Bring them back from a backup, open the "
            "project with the version that wrote them, or remove them.",
            len(unreadable),
            files=[str(file.relative_to(project.folder)) for file in unreadable],
        )
        printer.say(sentence)
    printer.result([json.loads(summary.model_dump_json()) for summary in listed], lines(text))


def _grouped(runs: list[RunSummary]) -> Iterator[str]:
    """A line for each run; those of a study together, below a line of the study's own."""
    studies: set[str] = set()
    for summary in runs:
        if summary.study is None:
            yield _line(summary)
        elif summary.study.id not in studies:
            studies.add(summary.study.id)
            members = [other for other in runs if other.study is not None and other.study.id == summary.study.id]
            count = plural("{n} run", "{n} runs", len(summary.study.runs))
            parts = (summary.study.title, msg("study {id}", id=summary.study.id), count, summary.study.text)
            yield joined(parts, "  ")
            yield from ("  " + _line(member) for member in members)


def show(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    details = describe_run(project=project, run_id=options.run)
    run, summary, evaluation, learnt = details.run, details.summary, details.evaluation, details.pretraining
    value = {
        **json.loads(summary.model_dump_json()),
        "folder": str(run.folder),
        "plan": details.plan.model_dump(mode="json"),
        "state": details.state.model_dump(mode="json"),
        "evaluation": json.loads(evaluation.model_dump_json()) if evaluation else None,
        "pretraining": json.loads(learnt.model_dump_json()) if learnt else None,
    }
    used = details.live.used
    value["live"] = _live_value(details.live)
    value["needed"] = json.loads(used.model_dump_json()) if used else None
    text = [
        _line(summary),
        str(details.outcome),
        *([summary.notes] if summary.notes else []),
        *_live_lines(details.live),
        msg("Folder: {folder}", folder=run.folder),
        _settings_line(details.plan, details.continued_from),
    ]
    if evaluation is not None:
        text += ["", evaluation_text(evaluation, printer.translator), *evaluation.remarks]
    if learnt is not None:
        text += ["", pretraining_text(learnt)]
    printer.result(value, lines(text))


def _live_lines(live: LiveNumbers) -> list[str]:
    if live.load is None:
        return [msg("Needed: {resources}", resources=str(live.used))] if live.used else []
    if live.tokens_per_second is None:
        return [str(live.load)]
    rate = msg("{tokens:,.0f} tokens/s", tokens=live.tokens_per_second)
    if live.seconds_left is None:
        return [msg("Speed: {rate}", rate=rate), str(live.load)]
    return [msg("Speed: {rate}, {time} left", rate=rate, time=duration(live.seconds_left)), str(live.load)]


def _live_value(live: LiveNumbers) -> dict[str, Any] | None:
    if live.load is None:
        return None
    machine = json.loads(live.load.model_dump_json())
    return {"tokens_per_second": live.tokens_per_second, "seconds_left": live.seconds_left, "machine": machine}


def _settings_line(plan: Plan, continued: str) -> str:
    if is_settable(plan):
        changed = changed_text(plan)
        sentence = (
            msg("Settings other than the usual: {changed}. --json lists all of them.", changed=changed)
            if changed
            else msg("All settings are the usual ones. --json lists all of them.")
        )
        return joined([msg("It goes on from run {run}.", run=continued) if continued else "", sentence])
    settings = plan.model_dump(mode="json", exclude={"kind", "reading"}, exclude_defaults=True)
    return ", ".join(f"{name} {setting}" for name, setting in settings.items())


def models(options: argparse.Namespace, printer: Printer) -> None:
    from sciapp.actions.models import offered_models, usual_memory

    offered = offered_models(domain=options.domain)
    needed = [usual_memory(facts) for facts in offered]
    text = [
        lines([facts.name, "    " + facts_text(facts), "    " + _about_training(facts, memory)])
        for facts, memory in zip(offered, needed, strict=True)
    ]
    value = [
        facts.model_dump() | {"bundled": facts.origin == "starter", "memory_mb": memory}
        for facts, memory in zip(offered, needed, strict=True)
    ]
    printer.result(value, lines(text))


def _about_training(facts: ModelFacts, memory: int | None) -> str:
    needs = memory_text(memory) if memory is not None else ""
    return joined([facts.domain, needs, facts.note, facts.publication], " · ")


def env(options: argparse.Namespace, printer: Printer) -> None:
    about = describe_installation()
    groups = {name: about.pop(name) for name in ("folders", "hugging_face")}
    value: dict[str, Any] = about | {"device": _device()} | groups
    facts = [f"{name}: {text}" for name, text in value.items() if not isinstance(text, dict)]
    for group in ("packages", "folders", "hugging_face"):
        facts += [f"{group}:", *(f"  {name}: {text}" for name, text in value[group].items())]
    printer.result(value, "\n".join(facts))


def preferences(options: argparse.Namespace, printer: Printer) -> None:
    """The preferences of this user for the window and the runs; --set changes them."""
    from sciapp.cli.train import pair

    value = change_preferences(changes=dict(map(pair, options.set)))
    printer.result(value, "\n".join(f"{name}: {setting}" for name, setting in value.items()))


def _device() -> str:
    import torch

    if torch.cuda.is_available():
        return f"{torch.cuda.get_device_name()} (CUDA {torch.version.cuda})"
    return "processor"


def _line(summary: RunSummary) -> str:
    score = ""
    if summary.score:
        score = msg("{score} {value}", score=score_title(summary.score.name), value=with_interval(summary.score))
    steps = (
        msg("step {step:,} of {steps:,}", step=summary.step, steps=summary.total_steps) if summary.total_steps else ""
    )
    name = msg("“{name}”", name=summary.name) if summary.name else ""
    tags = joined((f"#{tag}" for tag in summary.tags), " ")
    parts = (summary.id, name, term(summary.state), summary.subject, summary.model, steps, score, tags)
    return joined(parts, "  ")


def manual(options: argparse.Namespace, printer: Printer) -> None:
    pages = manual_pages(printer.translator.language)
    if options.search:
        hits = search_manual(pages, options.search)
        text = [f"{hit.page.key}  {hit.page.title}\n    {hit.excerpt}" for hit in hits]
        nothing = msg("No page has all of these words: {words}.", words=options.search)
        printer.result(
            [{"key": hit.page.key, "title": hit.page.title, "excerpt": hit.excerpt} for hit in hits],
            lines(text or [nothing]),
        )
    elif options.page:
        page = page_named(pages, options.page)
        printer.result({"key": page.key, "title": page.title, "text": page.text}, page.text)
    else:
        width = max(len(page.key) for page in pages)
        text = [f"{page.key:{width}}  {page.title}" for page in pages]
        printer.result([{"key": page.key, "title": page.title} for page in pages], lines(text))
