"""The kinds of data that projects can be about, and projects that are about a known one. Light: the command line opens
every project here.
"""

from dataclasses import dataclass
from pathlib import Path

from sciapp.engine.domains.about import domain_names, domains, icon_file, rows_of, split_facts, summary_of
from sciapp.errors import UnknownDomain
from sciapp.records.project.project import Project


@dataclass(frozen=True)
class DomainChoice:
    """A kind of data to choose: its name in files, its title (“a molecule (SMILES)”), its drawing as SVG or None."""

    name: str
    title: str
    icon: Path | None


def open_project(*, path: Path, lock: bool = False) -> Project:
    """An existing project, about something that this version knows.

    lock: as the one window that may write. Raises UnknownDomain, and what `Project.open` raises.
    """
    project = Project.open(path, lock=lock)
    if project.record.domain not in domain_names():
        project.close()
        raise UnknownDomain(project.file, project.record.domain)
    return project


def domain_choices() -> tuple[DomainChoice, ...]:
    """The domains of a new project: the kinds of its rows."""
    return tuple(DomainChoice(about.name, about.title, icon_file(about.name)) for about in domains().values())


def domain_title(name: str) -> str:
    """“a molecule (SMILES)”, after “A row is”; the name itself where it is unknown."""
    about = domains().get(name)
    return about.title if about else name


def domain_rows(name: str) -> str:
    """“molecules”: the rows of a domain in the middle of a sentence; its name where it is unknown."""
    return rows_of(name)


def domain_splits() -> dict[str, tuple[str, str, str]]:
    """The domains' own ways to split, by name: title, help, and how rows were divided (“by molecular scaffold”)."""
    return {name: (facts.title, facts.help, facts.short) for name, facts in split_facts().items()}


def cell_summary(cell: str) -> str:
    """A cell of a table in a few words where it is too long to be read, such as a spectrum; else the cell."""
    return summary_of(cell)
