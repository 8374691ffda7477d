"""What is known of a composition: descriptors, likeness, groups, spellings, picture."""

import math
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sciapp.engine.data.schema.joined_preview import joined_preview
from sciapp.engine.domains.material.formula import fractions
from sciapp.engine.domains.registry import domain_named

MATERIAL = domain_named("material")


def test_descriptors_are_weighted_by_the_fractions() -> None:
    described = MATERIAL.descriptors("Fe2O3")
    assert described["elements"] == 2
    assert described["fraction_Fe"] == pytest.approx(0.4) and described["fraction_Al"] == 0
    assert described["mixing_entropy"] == pytest.approx(-(0.4 * math.log(0.4) + 0.6 * math.log(0.6)))
    assert described["electronegativity_mean"] == pytest.approx(0.4 * 1.83 + 0.6 * 3.44)
    assert described["electronegativity_range"] == pytest.approx(3.44 - 1.83)
    assert described["mass_minimum"] == 15.999 and described["mass_maximum"] == 55.845
    assert described["group_most_frequent"] == 16
    mean = 0.4 * 1811 + 0.6 * 54.36
    assert described["melting_point_deviation"] == pytest.approx(0.4 * (1811 - mean) + 0.6 * (mean - 54.36))


def test_every_material_has_the_same_descriptors() -> None:
    names = list(MATERIAL.descriptors(MATERIAL.example))
    for formula in ("H", "XeF4", "HfO2", MATERIAL.clean("Fe0.7Cr0.18Ni0.1C0.02")):
        assert list(MATERIAL.descriptors(formula)) == names
    assert math.isnan(MATERIAL.descriptors("NeF")["electronegativity_mean"])
    assert MATERIAL.descriptors("Si")["mixing_entropy"] == 0


def test_scale_and_order_change_no_descriptor() -> None:
    one, other = (MATERIAL.descriptors(MATERIAL.clean(text)) for text in ("SiGe", "Ge0.5Si0.5"))
    assert one == pytest.approx(other)


def test_materials_of_the_same_elements_are_one_group() -> None:
    system = MATERIAL.splits["chemical_system"]
    assert system("Fe2O3") == system(MATERIAL.clean("Fe3O4")) == "Fe-O"
    assert system("NaCl") != system("KCl")


def test_likeness_is_the_share_of_atoms_in_common() -> None:
    likeness = MATERIAL.likeness
    nearest = likeness.nearest(["Fe2O3", "He"], ["NaCl", "Al2O3", "Fe2O3", "Fe3O4"])
    assert nearest.similarity == pytest.approx([1, 0])
    assert nearest.index[0] == 2
    (shared,) = likeness.alike_to(["Fe2O3"], ["NaCl", "Al2O3", "Fe3O4"])
    assert dict(zip(shared.indices.tolist(), shared.similarities.tolist(), strict=True)) == pytest.approx(
        {1: 0.6, 2: 3 / 7 * 0 + 0.4 + 4 / 7}
    )


def test_clusters_hold_materials_that_are_alike() -> None:
    values = [MATERIAL.clean(text) for text in ("Al10Cu20Zr70", "Al12Cu18Zr70", "Al11Cu19Zr70", "NaCl", "KCl")]
    clustering = MATERIAL.likeness.clusters(values, 0.8)
    first = clustering.labels[:3]
    assert len(set(first)) == 1
    assert len(set(clustering.labels.tolist())) == 3
    assert "0.8" in clustering.how


@pytest.mark.parametrize("text", ["La0.7Sr0.3MnO3", "Fe2O3", "Ag(W3Br7)2", "Si"])
def test_another_order_or_scale_is_the_same_material(text: str) -> None:
    canonical = MATERIAL.clean(text)
    respell = MATERIAL.augmentations["element_order"]
    spelt = {respell(canonical, seed) for seed in range(30)}
    assert {MATERIAL.clean(other) for other in spelt} == {canonical}
    assert len(spelt) > 1
    assert respell(canonical, 1, 0) == canonical


def test_the_picture_shows_every_element() -> None:
    canonical = MATERIAL.clean("La0.7Sr0.3MnO3")
    picture = MATERIAL.depict(canonical)
    assert picture is not None
    root = ElementTree.fromstring(picture)
    texts = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == canonical
    assert all(any(element in text for text in texts[1:]) for element in fractions(canonical))


def test_the_picture_of_a_long_formula_names_its_elements() -> None:
    steel = MATERIAL.clean(
        "Fe0.62C0.000953Mn0.000521Si0.00102Cr0.00011Ni0.192Mo0.0176V0.000112Nb0.00006Co0.146Ti0.0185"
    )
    picture = MATERIAL.depict(steel)
    assert picture is not None
    title = next(ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text"))
    assert "".join(title.itertext()).startswith("Fe Ni Co")


def test_a_table_of_formulas_is_previewed_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "oxides.csv"
    file.write_text("formula,melting\nFe2O3,1838\nNaCl,1074\nMgO,3125\n", encoding="utf-8")
    seen, reading = joined_preview(file, "material")
    assert (seen.columns, reading.together) == (["formula", "melting"], ())
