"""The facts of every domain that can be had without its libraries, and the list of domains.

A domain is a folder here with an `about.py`, which holds one `ABOUT`; an `icon.svg` may lie beside it. The window and
the command line read these facts when they start, so nothing but the standard library is imported. `registry` loads
the domains themselves.
"""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module, util
from pathlib import Path

PACKAGE = "sciapp.engine.domains"


@dataclass(frozen=True)
class Recognition:
    """Conditions under which a column is taken for the domain, where nobody named one.

    rank: domains of a lower rank are asked first, the narrowest before all others (every sequence is a text as well,
    and ACGT are residues too). least_fit: of `schema.infer`, from 0 (no member) to about 3.
    """

    rank: int = 100
    least_fit: float = 1.0


@dataclass(frozen=True)
class SplitFacts:
    """Names of a way to split that only this domain has.

    title: in a list. help: what it is good for. short: behind “divided”. methods: the same in a methods section.
    tested: a heading of the results, with a usual one where it is empty.
    """

    title: str
    help: str
    short: str
    methods: str
    tested: str = ""


@dataclass(frozen=True)
class Sample:
    """A table in `resources/samples` for a first try: its file, the columns to read and to learn, the split.

    question: what a model of it answers, as a person asks it. icon: the name of one in `resources/icons`.
    split_column: read by the split “column”.
    """

    file: str
    name: str
    project: str
    input: str
    targets: tuple[str, ...]
    split: str = "random"
    split_column: str = ""
    question: str = ""
    icon: str = "flask-conical"


@dataclass(frozen=True)
class About:
    """name: of the domain's folder, which is what files say. title: “a molecule (SMILES)”, after “A row is”.
    rows: “molecules”, in the middle of a sentence. order: of lists, lowest first. starter: the bundled model that a
    training begins from; empty: none ships. splits: the words for what `Domain.splits` does, by name. gathers: whether
    a value may be spread over many rows of a table, a row for each of its points; an import then looks for such rows.
    summary: a canonical value in a few words, where it is too long to be read; None for what is no value.
    """

    name: str
    title: str
    rows: str
    order: int = 100
    starter: str = ""
    recognition: Recognition = Recognition()
    splits: Mapping[str, SplitFacts] = field(default_factory=dict)
    sample: Sample | None = None
    gathers: bool = False
    summary: Callable[[str], str | None] | None = None


@cache
def domains() -> Mapping[str, About]:
    """The facts of all domains by name, in the order of lists."""
    packages = [module.name for module in pkgutil.iter_modules(import_module(PACKAGE).__path__) if module.ispkg]
    modules = [f"{PACKAGE}.{name}.about" for name in packages]
    facts: list[About] = [import_module(module).ABOUT for module in modules if util.find_spec(module)]
    return {about.name: about for about in sorted(facts, key=lambda about: (about.order, about.name))}


def domain_names() -> tuple[str, ...]:
    """The names of all domains, in the order of lists."""
    return tuple(domains())


def rows_of(domain: str) -> str:
    """Name of the rows of a domain in the middle of a sentence: “molecules”; its name where it is unknown."""
    about = domains().get(domain)
    return about.rows if about else domain


def summary_of(value: str) -> str:
    """A value in a few words where its domain has some for it; else the value."""
    for about in domains().values():
        if about.summary is not None and (text := about.summary(value)):
            return text
    return value


def split_facts() -> dict[str, SplitFacts]:
    """The words for the splits of all domains, by name."""
    return {name: facts for about in domains().values() for name, facts in about.splits.items()}


def icon_file(domain: str) -> Path | None:
    """The drawing beside the facts of a domain, in black on nothing; None where there is none."""
    file = Path(str(import_module(f"{PACKAGE}.{domain}").__path__[0])) / "icon.svg"
    return file if file.is_file() else None


def first_sample() -> tuple[str, Sample]:
    """The sample that a first try begins with, and its domain: the first in the order of lists that has one."""
    return next((about.name, about.sample) for about in domains().values() if about.sample)


def sample_of(domain: str) -> Sample | None:
    """The domain's bundled sample; None where it has none, or where there is no such domain."""
    about = domains().get(domain)
    return about.sample if about else None
