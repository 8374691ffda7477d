"""The commands of the palette: pages, verbs of the menus, runs, datasets, recent projects, settings of a training."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction, QKeySequence

from sciapp.i18n import joined, msg
from sciapp.records.run.score_format import short_score
from sciapp.ui.frame.areas import AREA_NAMES, AREAS, area_states
from sciapp.ui.session import Session
from sciapp.ui.words import tr


@dataclass(frozen=True)
class Command:
    """One entry: a title, a detail beside it, and what it does.

    words: further ones by which it is found. shortcut: as people write it. reason: why it cannot be done now; empty
    while it can.
    """

    group: str
    title: str
    does: Callable[[], object] = field(compare=False)
    detail: str = ""
    icon: str = ""
    shortcut: str = ""
    reason: str = ""
    words: str = ""

    def matches(self, typed: Sequence[str]) -> bool:
        """True if every word typed is in the entry's texts, in whatever order; case does not count."""
        text = " ".join(tr(part) for part in (self.title, self.detail, self.words)).casefold()
        return all(word in text for word in typed)


GO_TO, DO, PROJECTS, SETTINGS = msg("Go to"), msg("Do"), msg("Recent projects"), msg("Settings")


def page_commands(session: Session, go_home: Callable[[], object]) -> Iterator[Command]:
    """Home and the five areas."""
    yield Command(GO_TO, msg("Home"), go_home, icon="home", shortcut="Ctrl+0")
    closed = msg("no project is open") if session.project is None else ""
    states = area_states(session)
    for number, name in enumerate(AREA_NAMES, start=1):
        yield Command(
            GO_TO,
            AREAS[name],
            partial(session.request_tab, name),
            detail=states[name].line,
            icon=name,
            shortcut=f"Ctrl+{number}",
            reason=closed,
        )


def verb_commands(actions: Iterable[QAction], reasons: Callable[[str], str]) -> Iterator[Command]:
    """What the menus have. reasons: why an action that is grey cannot be done, by its name."""
    for action in actions:
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        state = msg("on") if action.isCheckable() and action.isChecked() else ""
        yield Command(
            DO,
            action.text().replace("&", "").rstrip("…"),
            action.trigger,
            detail=state,
            icon=action.property("paletteIcon") or "",
            shortcut=key,
            reason="" if action.isEnabled() else reasons(action.objectName()),
        )


def run_commands(session: Session) -> Iterator[Command]:
    """The runs of the open project, newest first; each opens where there is most to see of it."""
    for run in reversed(session.runs):
        score = short_score(run.score) if run.score is not None else run.state
        yield Command(
            GO_TO,
            run.display_name,
            partial(open_run, session, run.id),
            detail=joined([score, run.subject, run.model], " · "),
            icon="history",
            words=run.id,
        )


def dataset_commands(session: Session) -> Iterator[Command]:
    """The datasets of the open project, newest first."""

    def show(id: str) -> None:
        session.select_dataset(id)
        session.request_tab("data")

    for card in reversed(session.datasets):
        detail = msg("dataset, {rows:,} rows", rows=card.rows_kept)
        yield Command(GO_TO, card.name, partial(show, card.id), detail=detail, icon="table-2", words=card.id)


def project_commands(recent: Sequence[str], open_path: Callable[[Path], object]) -> Iterator[Command]:
    """The projects opened lately."""
    for text in recent:
        path = Path(text)
        yield Command(PROJECTS, path.stem, partial(open_path, path), detail=str(path.parent), icon="folder")


def setting_commands(titles: Sequence[tuple[str, str]], find: Callable[[str], object]) -> Iterator[Command]:
    """The settings of the next training. titles: name in plans and label of each. find: shows the one of a label."""
    for name, title in titles:
        yield Command(SETTINGS, title, partial(find, tr(title)), detail=name, icon="sliders-horizontal")


def open_run(session: Session, id: str) -> None:
    """Select a run, and show the area with most to see of it."""
    run = next((run for run in session.runs if run.id == id), None)
    session.select_run(id)
    if run is not None and run.facts.compresses:
        session.request_tab("compression")
    elif run is not None and run.standing.has_model:
        session.request_tab("results")
    else:
        session.request_tab("training")
