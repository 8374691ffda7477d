"""The facts of a domain that are read without its libraries agree with the domain."""

import subprocess
import sys

import pytest

from sciapp import settings
from sciapp.engine.domains.about import domain_names, domains, first_sample, rows_of, split_facts
from sciapp.engine.domains.registry import domain_named


@pytest.mark.parametrize("name", domain_names())
def test_facts_and_domain_agree(name: str) -> None:
    about, domain = domains()[name], domain_named(name)
    assert about.name == domain.name == name
    assert about.title and about.rows
    assert set(about.splits) == set(domain.splits)
    if about.starter:
        assert (settings.resources_folder() / "models" / about.starter / "config.json").is_file()
    if about.sample:
        assert (settings.resources_folder() / "samples" / about.sample.file).is_file()
        assert about.sample.split in {"random", "column", *about.splits}
        assert (about.sample.split == "column") == bool(about.sample.split_column)
        assert about.sample.question


def test_a_folder_of_shared_tools_is_no_domain() -> None:
    assert "sequence" not in domain_names()


def test_the_facts_are_had_without_any_library() -> None:
    code = (
        "import sys; from sciapp.engine.domains.about import domains; domains();"
        "assert not {'rdkit', 'torch', 'numpy', 'pydantic', 'Bio'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path)})


def test_the_first_try_is_made_with_molecules() -> None:
    domain, sample = first_sample()
    assert (domain, sample.name, sample.split) == ("molecule", "ESOL", "scaffold")
    assert rows_of(domain) == "molecules" and rows_of("spectrum") == "spectrum"
    assert {"scaffold", "chemical_system"} <= set(split_facts())
