"""Materials by their composition: chemical formulas of compounds and alloys, without structure."""

import random
from collections.abc import Mapping

from sciapp.engine.domains.base import (
    Augmentation,
    Identity,
    Policy,
    Repair,
    Similarity,
    Splitter,
    as_it_is,
    set_aside,
)
from sciapp.engine.domains.inputs import Inputs
from sciapp.engine.domains.material import descriptors, formula, notations, picture
from sciapp.engine.domains.usual import UsualDomain
from sciapp.i18n import msg
from sciapp.records.dataset.card import DomainName, SplitMethod

_LONGEST = 64  # elements; no more occur together


class Material(UsualDomain):
    """Canonical form: see `formula`. Charge, isotopes and the state of matter are no part of a composition."""

    name: DomainName = "material"
    unit = msg("elements")
    inputs: Inputs = Inputs(
        kind="composition", network="composition_net", longest=_LONGEST, descriptor_sets=descriptors.SETS
    )
    example = "Fe2O3"
    descriptors_called = msg("composition descriptors")
    spelling = msg(
        "Write formulas with the elements in order of electronegativity and whole amounts reduced, as in training."
    )
    column_names = ("formula", "composition", "chemical_formula", "reduced_formula", "pretty_formula", "material",
                    "compound", "alloy")  # fmt: skip
    # Units carry no labels, and no model rewrites rows: the order of elements changes when a formula is made canonical,
    # and another element makes another material.

    @property
    def repairs(self) -> Mapping[str, Repair[str]]:
        return {
            "alloys": _ALLOYS,
            "mass_fractions": _MASS_FRACTIONS,
            "charges": _CHARGES,
            "isotopes": _ISOTOPES,
            "deviations": _DEVIATIONS,
            "case": _CASE,
        }

    @property
    def augmentations(self) -> Mapping[str, Augmentation[str]]:
        return {"element_order": _ELEMENT_ORDER}

    @property
    def splits(self) -> Mapping[SplitMethod, Splitter[str]]:
        return {"chemical_system": formula.system}

    @property
    def likeness(self) -> Similarity[str]:
        from sciapp.engine.domains.material.similarity import SharedAtoms

        return SharedAtoms()

    def clean(self, value: str) -> str:
        return formula.written(notations.composition(value))

    def identity(self, value: str) -> Identity:
        """Formulas of one composition are the same material, in whatever scale their amounts are written."""
        return Identity(formula.same_text(value))

    def units(self, value: str) -> list[str]:
        """The different elements, in the order of the canonical form."""
        return list(formula.fractions(value))

    def descriptors(self, value: str) -> Mapping[str, float]:
        return descriptors.describe(value)

    def depict(self, value: str) -> str | None:
        return picture.depict(value)


def reordered(value: str, seed: int, strength: float) -> str:
    """The elements in another order, and whole amounts times 2 to 4 in half of the cases."""
    rng = random.Random(seed)
    texts = formula.amount_texts(value)
    wish = {element: (1 - strength) * index / len(texts) + strength * rng.random()
            for index, (element, _) in enumerate(texts)}  # fmt: skip
    whole = not any("." in amount for _, amount in texts)
    scale = rng.randint(2, 4) if whole and rng.random() < strength / 2 else 1
    ordered = sorted(texts, key=lambda text: wish[text[0]])
    if scale > 1:
        ordered = [(element, str(int(amount or 1) * scale)) for element, amount in ordered]
    return formula.put_together(ordered)


_ELEMENT_ORDER = Augmentation(
    title=msg("Order of elements"),
    help=msg(
        "The same composition with its elements in another order, or with all amounts doubled. The label cannot "
        "change. For models that read formulas as text; SciApp’s own network for materials sees no order anyway."
    ),
    source=msg("as Bjerrum 2017, arXiv:1703.07076, for SMILES"),
    rewrite=reordered,
    respells=True,
    averages=True,
)
_ALLOYS = Repair(
    title=msg("Alloys with hyphens (Ti-6Al-4V)"),
    consequence=msg(
        "Such numbers are percentages, by mass unless somebody says otherwise; the element without one is the "
        "rest to 100. Models read fractions of atoms."
    ),
    detects=notations.is_alloy,
    policies={
        "mass": Policy(msg("Read the numbers as percent by mass"), as_it_is),
        "atoms": Policy(msg("Read the numbers as percent of the atoms"), notations.alloy_of_atoms),
        "set_aside": set_aside(msg("it is an alloy with hyphens")),
    },
    proposed="mass",
)
_MASS_FRACTIONS = Repair(
    title=msg("Amounts that add up to 1 or 100"),
    consequence=msg(
        "They are read as fractions of the atoms, as in a formula. If they are fractions of mass (weight "
        "percent), every composition is another one."
    ),
    detects=notations.adds_up,
    policies={
        "atoms": Policy(msg("Read them as fractions of the atoms"), as_it_is),
        "mass": Policy(msg("Read them as fractions of mass"), notations.of_masses),
    },
    proposed="atoms",
)
_CHARGES = Repair(
    title=msg("Charges (SO4^2-, NH4+)"),
    consequence=msg("A composition has no charge: an ion is read as its elements alone."),
    detects=notations.has_charge,
    policies={
        "leave_out": Policy(msg("Leave the charge out"), as_it_is),
        "set_aside": set_aside(msg("it is an ion")),
    },
    proposed="leave_out",
)
_ISOTOPES = Repair(
    title=msg("Isotopes (D2O, [18O])"),
    consequence=msg("They are read as their element; a labelled material counts as the one without labels."),
    detects=notations.has_isotopes,
    policies={
        "element": Policy(msg("Read them as their element"), as_it_is),
        "set_aside": set_aside(msg("there are isotopes")),
    },
    proposed="element",
)
_DEVIATIONS = Repair(
    title=msg("Small deviations (YBa2Cu3O7-δ)"),
    consequence=msg("How much δ is stands nowhere. Without it the nominal composition is read, which is close."),
    detects=notations.has_deviation,
    policies={
        "set_aside": Policy(msg("Set the rows aside"), as_it_is),
        "nominal": Policy(msg("Read the nominal composition, without δ"), notations.without_deviation),
    },
    proposed="nominal",
)
_CASE = Repair(
    title=msg("Symbols in the wrong case (NACL, fe2o3)"),
    consequence=msg(
        "Elements cannot be told apart where letters are all large or all small. These can be read in one way "
        "alone; those that can be read in several stay aside."
    ),
    detects=notations.has_wrong_case,
    policies={
        "set_aside": Policy(msg("Set the rows aside"), as_it_is),
        "mend": Policy(msg("Write them as symbols of elements"), notations.in_symbols),
    },
    proposed="mend",
)

DOMAIN = Material()
