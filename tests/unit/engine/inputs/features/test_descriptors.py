"""Descriptors are computed once, in parallel where that pays, and kept beside the table."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.inputs.features import descriptors
from sciapp.engine.inputs.features.descriptors import described
from sciapp.engine.runtime import parallel as pool

MOLECULES = ["CCO", "c1ccccc1", "CC(=O)O", "CCO", "[Na+].[Cl-]"]


def table_of(domain: Domain, inputs: list[str], store: Path | None) -> tuple[list[str], npt.NDArray[np.float64]]:
    return described(domain, inputs, store)


def test_each_row_has_its_own_numbers_in_the_order_given() -> None:
    domain = domain_named("molecule")
    names, values = table_of(domain, MOLECULES, None)
    assert values.shape == (len(MOLECULES), len(names))
    for smiles, row in zip(MOLECULES, values, strict=True):
        np.testing.assert_array_equal(row, list(domain.descriptors(smiles).values()))


def test_what_was_computed_once_is_not_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, domain = tmp_path / "descriptors.parquet", domain_named("molecule")
    _, before = table_of(domain, MOLECULES[:3], store)
    asked: list[str] = []
    compute = type(domain).descriptors

    def counted(self: Domain, value: str) -> dict[str, float]:
        asked.append(value)
        return compute(self, value)

    monkeypatch.setattr(type(domain), "descriptors", counted)
    _, after = table_of(domain, MOLECULES, store)
    assert {*asked} - {domain.example} == {"[Na+].[Cl-]"}, "the example tells the names"
    np.testing.assert_array_equal(after[:3], before)
    assert [file.name for file in tmp_path.iterdir()] == ["descriptors.parquet"]


@pytest.mark.parametrize("content", [b"", b"no table at all"])
def test_a_damaged_store_is_computed_anew(tmp_path: Path, content: bytes) -> None:
    store, domain = tmp_path / "descriptors.parquet", domain_named("nucleotide")
    store.write_bytes(content)
    _, values = table_of(domain, ["ACGT"], store)
    assert values[0, 0] == 4
    assert store.read_bytes() != content


def test_processes_give_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    domain = domain_named("molecule")
    _, alone = table_of(domain, MOLECULES, None)
    monkeypatch.setattr(descriptors, "_PARALLEL_FROM", 1)
    monkeypatch.setattr(descriptors, "_CHUNK", 2)
    monkeypatch.setattr(pool, "_cores", lambda: 2)
    _, together = table_of(domain, MOLECULES, None)
    np.testing.assert_array_equal(together, alone)
