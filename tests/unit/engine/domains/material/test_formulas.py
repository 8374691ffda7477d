"""How formulas are read, refused and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sciapp.engine.domains.base import OtherNotation, Rejected
from sciapp.engine.domains.material import formula
from sciapp.engine.domains.material.elements import PROPERTIES, elements
from sciapp.engine.domains.registry import domain_named

MATERIAL = domain_named("material")


def reason(text: str) -> str:
    with pytest.raises(Rejected) as refused:
        MATERIAL.clean(text)
    return refused.value.reason


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("Fe2O3", "Fe2O3"),
        ("O3Fe2", "Fe2O3"),
        ("Fe4O6", "Fe2O3"),
        (" Fe 2 O 3 ", "Fe2O3"),
        ("ClNa", "NaCl"),
        ("Ca(OH)2", "CaH2O2"),
        ("Ag(W3Br7)2", "AgW6Br14"),
        ("K4[Fe(CN)6]", "K4FeC6N6"),
        ("Ca10(PO4)6(OH)2", "Ca5P3HO13"),
        ("La0.7Sr0.3MnO3", "Sr0.3La0.7MnO3"),
        ("La0,7Sr0,3MnO3", "Sr0.3La0.7MnO3"),
        ("Fe0.620C0.000953", "Fe0.62C0.000953"),
        ("Fe0C1", "C"),
        ("CH3COOH", "H2CO"),
        ("La12.5H2O1", "La12.5H2O1"),
    ],
)
def test_formulas_have_one_canonical_text(written: str, canonical: str) -> None:
    assert MATERIAL.clean(written) == canonical
    assert MATERIAL.clean(canonical) == canonical


@pytest.mark.parametrize(
    "written", ["CuSO4·5H2O", "CuSO4.5H2O", "CuSO4*5H2O", "CuSO4•5H2O", "CuSO4 · 5 H2O", "CuSO₄·5H₂O", "CuO4S(H2O)5"]
)
def test_hydrates_are_added_up(written: str) -> None:
    assert MATERIAL.clean(written) == "CuH10SO9"


def test_parts_have_coefficients() -> None:
    assert MATERIAL.clean("CaSO4·0.5H2O") == MATERIAL.clean("CaSO4·1/2H2O") == "CaHSO4.5"
    assert MATERIAL.clean("3CaO.Al2O3") == "Ca3Al2O6"


@pytest.mark.parametrize(
    "written", ["Fe₂O₃", "Fe_2O_3", "Fe_{2}O_{3}", "$Fe_2O_3$", "Fe<sub>2</sub>O<sub>3</sub>", "Ｆｅ２Ｏ３"]
)
def test_typography_is_read(written: str) -> None:
    assert MATERIAL.clean(written) == "Fe2O3"


@pytest.mark.parametrize(
    ("ion", "canonical"),
    [("SO4^2-", "SO4"), ("SO4²⁻", "SO4"), ("NH4+", "H4N"), ("Na+", "Na"), ("Fe3+", "Fe"), ("[Fe(CN)6]4-", "FeC6N6")],
)
def test_charges_are_no_part_of_a_composition(ion: str, canonical: str) -> None:
    assert MATERIAL.clean(ion) == canonical
    assert MATERIAL.repairs["charges"].detects(ion)


def test_digits_that_may_be_a_charge_are_asked_about() -> None:
    assert "SO4^2-" in reason("SO42-")


def test_oxidation_states_and_states_of_matter_are_left_out() -> None:
    assert MATERIAL.clean("Fe(III)Cl3") == "FeCl3"
    assert MATERIAL.clean("NaCl(aq)") == "NaCl"


@pytest.mark.parametrize(("labelled", "plain"), [("D2O", "H2O"), ("[18O]H2", "H2O"), ("¹³CO2", "CO2"), ("T2", "H")])
def test_isotopes_are_read_as_their_element(labelled: str, plain: str) -> None:
    assert MATERIAL.clean(labelled) == plain
    assert MATERIAL.repairs["isotopes"].detects(labelled)
    assert not MATERIAL.repairs["isotopes"].detects("TiO2") and not MATERIAL.repairs["isotopes"].detects("Dy2O3")


@pytest.mark.parametrize("open_", ["Fe1-xO", "LaxSr1-xMnO3", "YBa2Cu3O7-δ", "YBa2Cu3Oy", "(C2H4)n"])
def test_open_amounts_are_refused_with_the_reason(open_: str) -> None:
    assert "write a number" in reason(open_)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("Xx2O3", "no element “Xx”"),
        ("LnFeO3", "several elements"),
        ("OgF2", "Og"),
        ("NACL", " NaCl?"),
        ("fe2o3", " Fe2O3?"),
        ("Fe((OH)2", "not closed"),
        ("Fe)2", "closes nothing"),
        ("Fe()2", "nothing between"),
        ("(La,Sr)MnO3", "commas"),
        ("Al2O3.2SiO2", "decimal point"),
        ("CaO.2Al2O3", "decimal point"),
        ("Fe0", "zero"),
        ("NaN", "“NaN”"),
        ("None", "“None”"),
        ("2", "no element"),
        ("α-Al2O3", "“α”"),
        ("Fe9999999999999", "larger"),
        ("H" * 2000, "longer"),
    ],
)
def test_what_cannot_be_read_is_named(wrong: str, words: str) -> None:
    assert words in reason(wrong)
    assert len(reason(wrong)) < 200


@pytest.mark.parametrize(
    "smiles", ["CCO", "CC(C)C", "c1ccccc1", "C=O", "C(Cl)(Cl)Cl", "O=C=O", "C1CCCCC1", "N[C@@H](C)C"]
)
def test_a_smiles_is_no_formula(smiles: str) -> None:
    with pytest.raises(OtherNotation):
        MATERIAL.clean(smiles)


def test_compositions_in_other_scales_are_the_same_material() -> None:
    def identity(text: str) -> str:
        return MATERIAL.identity(MATERIAL.clean(text)).text

    assert identity("La0.7Sr0.3MnO3") == identity("La7Sr3Mn10O30")
    assert identity("SiGe") == identity("Si0.5Ge0.5")
    assert identity("Fe0.3333Co0.6667") == identity("FeCo2")
    assert identity("Fe2O3") != identity("Fe3O4")


# Percentages and alloys


def test_alloys_are_percent_by_mass_with_the_rest_to_a_hundred() -> None:
    shares = formula.fractions(MATERIAL.clean("Ti-6Al-4V"))
    # 90/47.867, 6/26.982 and 4/50.942, divided by their sum
    assert shares == pytest.approx({"Ti": 0.86205, "Al": 0.10195, "V": 0.03600}, abs=1e-5)
    assert MATERIAL.clean("70Cu-30Zn") == MATERIAL.clean("Cu70Zn30 wt%") == MATERIAL.clean("70 Cu 30 Zn (wt%)")
    assert MATERIAL.clean("90 Al 10 Cu (at%)") == MATERIAL.clean("Al90Cu10 at.%") == "Al9Cu"


def test_alloys_and_fractions_can_be_read_the_other_way() -> None:
    alloys, fractions = MATERIAL.repairs["alloys"], MATERIAL.repairs["mass_fractions"]
    assert alloys.detects("Ti-6Al-4V") and not alloys.detects("TiO2") and not alloys.detects("Fe-Cr")
    assert MATERIAL.clean(alloys.policies["atoms"].mend("Ti-6Al-4V")) == "Ti45Al3V2"
    for text in ("Fe0.62C0.38", "Al10Cu20Zr70"):
        assert fractions.detects(text)
    for text in ("Fe2O3", "La0.7Sr0.3MnO3", "Ti-6Al-4V", "Al90Cu10 wt%", "Fe", "nonsense"):
        assert not fractions.detects(text)
    by_mass = formula.fractions(MATERIAL.clean(fractions.policies["mass"].mend("Fe0.5C0.5")))
    assert by_mass["C"] == pytest.approx(55.845 / (55.845 + 12.011), abs=1e-4)


def test_symbols_in_the_wrong_case_are_mended_where_there_is_one_way() -> None:
    case = MATERIAL.repairs["case"]
    for text, right in (("NACL", "NaCl"), ("fe2o3", "Fe2O3"), ("FeCL3", "FeCl3")):
        assert case.detects(text) and case.policies["mend"].mend(text) == right
    for text in ("COCL2", "NaCl", "CO", "a sentence", "He is here"):
        assert not case.detects(text)


def test_delta_can_be_left_out() -> None:
    deviations = MATERIAL.repairs["deviations"]
    for text in ("YBa2Cu3O7-δ", "YBa2Cu3O7−δ", "YBa2Cu3O7-d", "YBa2Cu3O7-delta", "YBa2Cu3O7±δ"):
        assert deviations.detects(text)
        assert MATERIAL.clean(deviations.policies["nominal"].mend(text)) == MATERIAL.clean("YBa2Cu3O7")
    assert not deviations.detects("Fe1-xO")


# The table of elements


def test_the_table_of_elements_is_whole() -> None:
    assert len(elements()) == 103
    assert [element.values[0] for element in elements().values()] == list(range(1, 104))
    assert list(elements())[:3] == ["H", "He", "Li"] and list(elements())[-1] == "Lr"
    assert all(len(element.colour) == 6 for element in elements().values())


@pytest.mark.parametrize(
    ("symbol", "name", "value"),
    [
        ("H", "mass", 1.008), ("Fe", "mass", 55.845), ("Mo", "mass", 95.95), ("Pb", "mass", 207.2),
        ("F", "electronegativity", 3.98), ("Cs", "electronegativity", 0.79), ("Au", "electronegativity", 2.54),
        ("C", "covalent_radius", 76), ("Cs", "covalent_radius", 244), ("Fe", "covalent_radius", 132),
        ("O", "group", 16), ("La", "group", 3), ("Gd", "group", 3), ("Hf", "group", 4), ("Xe", "group", 18),
        ("K", "period", 4), ("U", "period", 7), ("Ce", "period", 6),
        ("Si", "valence_electrons", 4), ("Fe", "valence_electrons", 8), ("Zn", "valence_electrons", 12),
        ("He", "valence_electrons", 2), ("Ce", "valence_electrons", 4),
        ("Cr", "d_electrons", 5), ("Cu", "d_electrons", 10), ("Gd", "f_electrons", 7), ("Br", "p_electrons", 5),
        ("Na", "ionization_energy", 5.139), ("He", "ionization_energy", 24.587),
        ("W", "melting_point", 3695), ("Hg", "melting_point", 234.32), ("Ga", "melting_point", 302.91),
    ],
)  # fmt: skip
def test_properties_are_those_of_the_books(symbol: str, name: str, value: float) -> None:
    assert elements()[symbol].values[PROPERTIES.index(name)] == value


@given(st.lists(st.tuples(st.sampled_from(sorted(elements())), st.integers(1, 60)), min_size=1, max_size=8))
def test_any_formula_keeps_its_atoms(parts: list[tuple[str, int]]) -> None:
    written = "".join(f"{element}{amount}" for element, amount in parts)
    total: dict[str, int] = {}
    for element, amount in parts:
        total[element] = total.get(element, 0) + amount
    canonical = MATERIAL.clean(written)
    assert formula.fractions(canonical) == pytest.approx(
        {element: amount / sum(total.values()) for element, amount in total.items()}
    )
    assert MATERIAL.clean(canonical) == canonical


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        canonical = MATERIAL.clean(text)
    except Rejected as error:
        assert error.reason
    else:
        assert MATERIAL.clean(canonical) == canonical
    for repair in MATERIAL.repairs.values():
        repair.detects(text)
