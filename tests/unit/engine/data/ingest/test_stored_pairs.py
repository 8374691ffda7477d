"""Fingerprints, split files, descriptors, variants and copies of pairs of earlier versions mean the same."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sciapp.engine.augmentation.variant_cache import VariantStore
from sciapp.engine.data.dataset.table import read_inputs
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.splits.split_file import write_split_file
from sciapp.engine.domains.pair import paired
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.row_input import parts_of
from sciapp.engine.inputs.features.descriptors import described
from sciapp.engine.models.test_time_augmentation import TestTimeAugmentation
from sciapp.records.dataset.card import DatasetCard, DatasetFolder, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project

SOLUTES = ["CCO", "CCCO", "c1ccccc1", "CC(=O)O", "CCN", "OCCO", "CCCl", "CC#N", "C1CCCCC1", "Oc1ccccc1"]
SOLVENTS = ["O", "CO", "CS(C)=O"]
GRID = [[one, other, f"{i + 0.1 * n:.2f}"] for i, one in enumerate(SOLUTES) for n, other in enumerate(SOLVENTS)]
FINGERPRINTS = {
    "random": "821ebae8e397261df3c48b7814f86b51818a1e4dd346cbbc6bd9b1525d4bfaf0",
    "scaffold": "7d75e6c764f63d43620b09055f03b7e2de0a379e31ce4745cc58ea1e7a4d364b",
    "cluster": "6bdd786f0f3eecec65fcf974b6c55e6dab02ca3e75ac34c13f0b877713a28b9b",
}


def imported(
    folder: Path, rows: list[list[str]], domain: str = "molecule", **split: object
) -> tuple[DatasetCard, DatasetFolder]:
    folder.mkdir(exist_ok=True)
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("one", "other", "y"), *rows])
    project = Project.create(folder / "project", domain=domain)
    roles = Roles(input="one", second_input="other", targets=("y",))
    request = ImportRequest(file=str(folder / "table.csv"), roles=roles, split=SplitPlan(**split))  # type: ignore[arg-type]
    card = import_table(project, request)
    assert isinstance(card, DatasetCard)
    return card, project.dataset_folder(card.id)


@pytest.mark.parametrize("method", FINGERPRINTS)
def test_a_table_of_pairs_has_the_fingerprint_and_the_split_of_earlier_versions(tmp_path: Path, method: str) -> None:
    """The fingerprint is over inputs, targets and split."""
    card, _ = imported(tmp_path, GRID, method=method, seed=3, fractions=(0.6, 0.2, 0.2))
    assert card.fingerprint == FINGERPRINTS[method]


def test_the_hashes_of_a_split_file_are_those_of_earlier_versions(tmp_path: Path) -> None:
    _, folder = imported(tmp_path, GRID, seed=3, fractions=(0.6, 0.2, 0.2))
    write_split_file(folder, tmp_path / "split.csv", hashed=True)
    assert (tmp_path / "split.csv").read_text().splitlines()[1:4] == [
        "2,6a5a8e9335ff330957ec5dd0193ee3e1,train",
        "3,bf1215c293f51785206feb5f498f14eb,train",
        "4,7fd1e1f273f8a79382f2d362695a426f,validation",
    ]


def test_descriptors_that_an_earlier_version_saved_are_read(tmp_path: Path) -> None:
    store, domain = tmp_path / "descriptors.parquet", domain_named("protein pair")
    names = list(domain.descriptors(domain.example))
    columns = {"input": pa.array(["MKV\ufdd0ACD"])} | {name: pa.array([float(i)]) for i, name in enumerate(names)}
    pq.write_table(pa.table(columns), store)
    _, table = described(domain, [paired("MKV", "ACD"), paired("MKV", "MKV")], store)
    assert table[0].tolist() == list(range(len(names))) != table[1].tolist()
    assert pq.read_table(store)["input"].to_pylist() == ["MKV\ufdd0ACD", "MKV\ufdd0MKV"]


def test_variants_that_an_earlier_version_generated_are_read_and_written_the_same(tmp_path: Path) -> None:
    store = VariantStore.keyed(tmp_path, {"models": "m"}, inputs=2)
    stored = [["MKV\ufdd0ACD", "MKI\ufdd0ACE"], []]
    store.folder.mkdir()
    file = store.folder / "part-00000.json"
    file.write_text(json.dumps(stored), encoding="utf-8")
    part = store.part(0, 2)
    assert part == [[paired("MKV", "ACD"), paired("MKI", "ACE")], []]
    file.unlink()
    store.keep(0, part, {})
    assert json.loads(file.read_text(encoding="utf-8")) == stored
    file.write_text(json.dumps([["MKV"], []]), encoding="utf-8")
    assert store.part(0, 2) is None  # half a pair is damage


def test_the_copies_that_a_pair_is_predicted_in_are_those_of_earlier_versions() -> None:
    """Their draws follow from the stored text of the row."""
    copies = TestTimeAugmentation("protein pair", ("blosum_substitutions",), 1.0, 3, 7)
    value = paired("MKTAYIAKQRQISFVKSHFSRQ", "LEERLGLIEVQAPILSRVGDGT")
    assert copies.of(value) == [
        paired("MKTAYIYRQRQISFVQSHFSRQ", "LEERLGNIEVQAPILSRWGDGT"),
        paired("MKTAYLAKQRQISFVKSHPSRD", "LEERLGLIEVQTPLLSRLGPGT"),
        paired("MKTAYIAKQRQISCVKSHSSRQ", "LEERLGLIKVQAPILSNVGDDT"),
    ]


def test_inputs_that_hold_the_stored_separator_are_imported_as_they_are_and_exported(tmp_path: Path) -> None:
    """U+FDD0 once stood between the inputs of a pair in memory, and was a blank in those of a file."""
    words = [f"word{n}" for n in range(20)]
    rows = [[f"a {word}\ufdd0", "b", str(n)] for n, word in enumerate(words)]
    rows += [[f"a {word}", "\ufdd0b", str(n + 0.5)] for n, word in enumerate(words)]
    card, folder = imported(tmp_path, rows, "text", seed=1)
    assert card.rows_kept == 40  # no row passes for another
    values = [parts_of(value) for value in read_inputs(folder, "train", "validation", "test")]
    assert sorted(values) == sorted((one, other) for one, other, _ in rows)
    for hashed in (False, True):
        out = tmp_path / f"split-{hashed}.csv"
        write_split_file(folder, out, hashed=hashed)
        again, other = imported(tmp_path / f"again-{hashed}", rows[::-1], "text", method="file", file=str(out))
        assert again.split_counts == card.split_counts
        assert set(read_inputs(folder, "test")) == set(read_inputs(other, "test"))
