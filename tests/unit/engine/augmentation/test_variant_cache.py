"""Variants lie beside the dataset in parts; another setting has a place of its own, a torn part is not read."""

from pathlib import Path

import pytest

from sciapp.engine.augmentation.variant_cache import VariantStore, distinct

MADE_WITH = {"dataset": "f", "augmentation": "a", "models": {"m": "1"}, "variants": 3, "strength": 0.5, "seed": 0}
PART = [["é 日本", "b"], []]


def test_a_part_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    store = VariantStore.keyed(tmp_path / "variants", MADE_WITH)
    assert store.part(0, 2) is None and not (tmp_path / "variants").exists()
    store.keep(0, PART, {"names": {"m": "org/model"}})
    assert VariantStore.keyed(tmp_path / "variants", MADE_WITH).part(0, 2) == PART
    assert store.part(1, 2) is None
    assert '"org/model"' in (store.folder / "about.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("damage", ["", '[["a"]', '[["a"], ["b"], ["c"]]', '[["a"], "b"]', "[[1], []]", "\xff"])
def test_a_damaged_part_is_not_there(tmp_path: Path, damage: str) -> None:
    store = VariantStore.keyed(tmp_path, MADE_WITH)
    store.keep(0, PART, {})
    (store.folder / "part-00000.json").write_bytes(damage.encode("latin-1"))
    assert store.part(0, 2) is None


@pytest.mark.parametrize(
    "other", [{"dataset": "g"}, {"models": {"m": "2"}}, {"variants": 4}, {"strength": 0.6}, {"seed": 1}]
)
def test_whatever_decides_the_variants_decides_the_key(tmp_path: Path, other: dict[str, object]) -> None:
    assert VariantStore.keyed(tmp_path, MADE_WITH).key != VariantStore.keyed(tmp_path, MADE_WITH | other).key


def test_variants_are_told_once_and_never_the_row_itself() -> None:
    assert distinct("a", ["b", "a", "c", "b"]) == ("b", "c")
