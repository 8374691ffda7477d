"""Molecules as SMILES (Weininger 1988, J. Chem. Inf. Comput. Sci. 28:31), read and written by RDKit."""

import math
import random
import re
from collections.abc import Callable, Mapping

from rdkit import Chem
from rdkit.Chem import Descriptors, rdMolDescriptors
from rdkit.Chem.Draw import rdMolDraw2D
from rdkit.Chem.Scaffolds import MurckoScaffold

from sciapp.engine.domains.base import (
    Augmentation,
    OtherNotation,
    Policy,
    Rejected,
    Repair,
    Similarity,
    Splitter,
    as_it_is,
    set_aside,
)
from sciapp.engine.domains.inputs import Inputs, PatternVocabulary, TokenInputs
from sciapp.engine.domains.molecule import notations, rdkit_log
from sciapp.engine.domains.molecule.fragments import FRAGMENTS
from sciapp.engine.domains.molecule.parent import parent
from sciapp.engine.domains.molecule.vocabulary import ATOMS_AND_BONDS, WORDS
from sciapp.engine.domains.terms import TermKind
from sciapp.engine.domains.usual import UsualDomain
from sciapp.i18n import msg
from sciapp.records.dataset.card import DomainName, SplitMethod

_ATOM = re.compile(r"\[[^\]]+\]|Br|Cl|[BCNOPSFI*bcnops]")
_PICTURE = (320, 240)
# RDKit's time for these grows with the fourth power of the atoms (10 s at 200), for all others with the third.
_COSTLY, _MOST_COSTLY = frozenset({"Ipc", "AvgIpc"}), 80
_MOST_DESCRIBED = 500  # atoms; a minute at 1,200

_RAREST_TOKEN = 5  # rows in which a token outside the fixed chemistry must be seen to get a number
_VOCABULARY = PatternVocabulary(ATOMS_AND_BONDS, WORDS, least=_RAREST_TOKEN)


class Molecule(UsualDomain):
    """Canonical form: RDKit's canonical isomeric SMILES. Salts and mixtures keep all their parts.

    Numbers of atoms in a reaction (atom maps) are no part of it, nor what CXSMILES add behind; an InChI is read as the
    molecule that it names.
    """

    name: DomainName = "molecule"
    terms: tuple[TermKind, ...] = (FRAGMENTS,)
    unit = msg("atoms")
    tokens_per_unit = 1.6
    inputs: Inputs = TokenInputs(network="modernbert", longest=256, vocabulary=_VOCABULARY)
    costly = True
    example = "CCO"
    descriptors_called = msg("RDKit 2-D descriptors")
    spelling = msg("Write molecules as RDKit’s canonical SMILES (`Chem.CanonSmiles`), as in training.")
    column_names = ("smiles", "canonical_smiles", "isomeric_smiles", "smi", "structure", "molecule", "mol", "compound")
    # Units carry no labels of their own, and no model rewrites rows: the order of atoms changes when a SMILES is made
    # canonical, and another atom makes another molecule.

    @property
    def repairs(self) -> Mapping[str, Repair[str]]:
        return {
            "inchi": _INCHI,
            "cxsmiles": _CXSMILES,
            "atom_maps": _ATOM_MAPS,
            "salts": _SALTS,
            "isotopes": _ISOTOPES,
            "r_groups": _R_GROUPS,
        }

    @property
    def augmentations(self) -> Mapping[str, Augmentation[str]]:
        return {"randomized_smiles": _RANDOMIZED_SMILES}

    @property
    def splits(self) -> Mapping[SplitMethod, Splitter[str]]:
        return {"scaffold": scaffold}

    @property
    def likeness(self) -> Similarity[str]:
        from sciapp.engine.domains.molecule.fingerprints import FingerprintSimilarity

        return FingerprintSimilarity()

    def clean(self, value: str) -> str:
        written = value.strip()
        if not written:
            raise Rejected(msg("the cell is empty"))
        if foreign := notations.foreign(written):
            raise OtherNotation(foreign)
        smiles = notations.without_atom_maps(notations.without_extension(written))
        inchi = notations.is_inchi(smiles)
        if len(smiles.split()) > 1:
            # RDKit would take what follows for the molecule's name and drop it without a word.
            raise Rejected(msg("there is a space in the {notation}", notation="InChI" if inchi else "SMILES"))
        if not smiles.isascii():
            # RDKit cuts its own messages in the middle of such characters and then fails on them.
            index, letter = next((n, c) for n, c in enumerate(smiles, 1) if not c.isascii())
            raise Rejected(msg("“{letter}” at position {index} cannot stand in a SMILES", letter=letter, index=index))
        with rdkit_log.listening() as messages:
            molecule = notations.of_inchi(smiles) if inchi else rdkit_log.from_smiles(smiles)
        if molecule is None:
            raise Rejected(msg("RDKit cannot read it as an InChI") if inchi else rdkit_log.summary(messages, smiles))
        canonical = str(Chem.MolToSmiles(molecule))
        if not canonical:
            raise Rejected(msg("the SMILES has no atom"))
        return canonical

    def units(self, value: str) -> list[str]:
        """The atoms as written: `C`, `Cl`, `[nH]`; hydrogens that are not written do not count."""
        return _ATOM.findall(value)

    def descriptors(self, value: str) -> Mapping[str, float]:
        """RDKit's 2-D descriptors (about 10 ms a molecule); what is undefined or infinite is NaN.

        So is what would take minutes: two of them for molecules of more than 80 atoms, all beyond 500.
        """
        molecule = _read(value)
        atoms = molecule.GetNumAtoms()
        skipped = frozenset[str]() if atoms <= _MOST_COSTLY else _COSTLY
        return {
            name: math.nan if atoms > _MOST_DESCRIBED or name in skipped else _descriptor(calculate, molecule)
            for name, calculate in Descriptors.descList
        }

    def depict(self, value: str) -> str | None:
        molecule = rdkit_log.from_smiles(value)
        if molecule is None:
            return None
        drawer = rdMolDraw2D.MolDraw2DSVG(*_PICTURE)
        drawer.drawOptions().clearBackground = False  # type: ignore[assignment]
        rdMolDraw2D.PrepareAndDrawMolecule(drawer, molecule)
        drawer.FinishDrawing()
        return str(drawer.GetDrawingText())


def scaffold(value: str) -> str:
    """The Bemis-Murcko scaffold (J. Med. Chem. 1996, 39:2887) of the parent, as SMILES without stereochemistry.

    A molecule without rings has none and is a group with its stereoisomers, salts and charged forms alone: taking all
    of them for one group would put a quarter of a set such as ESOL into the same split for sharing nothing.
    """
    skeleton = parent(_read(value))
    framework = MurckoScaffold.MurckoScaffoldSmiles(mol=skeleton, includeChirality=False)  # type: ignore[no-untyped-call]
    return str(framework) or str(Chem.MolToSmiles(skeleton))


def largest_fragment(value: str) -> str:
    """The part with most heavy atoms; among equal ones the heavier, then the first in the alphabet.

    The part keeps its charge: what was a salt's ion stays an ion.
    """
    parts = Chem.GetMolFrags(_read(value), asMols=True)
    best = min(parts, key=lambda p: (-p.GetNumHeavyAtoms(), -rdMolDescriptors.CalcExactMolWt(p), Chem.MolToSmiles(p)))
    return str(Chem.MolToSmiles(best))


def randomized(value: str, seed: int, strength: float = 1.0) -> str:
    """Another SMILES of the same molecule: its atoms renumbered at random (Bjerrum 2017, arXiv:1703.07076).

    strength: how far atoms move from their place in the canonical SMILES; at 1 every order is as likely as any other.
    """
    molecule, rng = _read(value), random.Random(seed)
    atoms = molecule.GetNumAtoms()
    wish = [(1 - strength) * index / atoms + strength * rng.random() for index in range(atoms)]
    order = sorted(range(atoms), key=wish.__getitem__)
    spelt = str(Chem.MolToSmiles(Chem.RenumberAtoms(molecule, order), canonical=False))
    # Rarely stereochemistry is written so that it reads as another molecule's: a wrong row is worse than an old one.
    return spelt if Chem.CanonSmiles(spelt) == value else value  # type: ignore[no-untyped-call]


_RANDOMIZED_SMILES = Augmentation(
    title=msg("Randomised SMILES"),
    help=msg(
        "The same molecule, its atoms written in another order. The label cannot change. The model learns that "
        "spelling does not matter; most worth where rows are few."
    ),
    source="Bjerrum 2017, arXiv:1703.07076",
    rewrite=randomized,
    respells=True,
    averages=True,
)


def _descriptor(calculate: Callable[[Chem.Mol], float], molecule: Chem.Mol) -> float:
    """NaN where RDKit fails, as `Descriptors.CalcMolDescriptors` has it."""
    try:
        number = float(calculate(molecule))
    except Exception:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _read(value: str) -> Chem.Mol:
    molecule = rdkit_log.from_smiles(value)
    if molecule is None:
        raise Rejected(msg("RDKit cannot read it as a molecule"))
    return molecule


_SALTS = Repair(
    title=msg("Salts and mixtures"),
    consequence=msg(
        "The counter-ion or solvent is read as part of the molecule; the same drug as two salts counts as two."
    ),
    detects=lambda value: "." in value,
    policies={
        "keep": Policy(msg("Keep all parts"), as_it_is),
        "largest": Policy(msg("Keep the largest part"), largest_fragment),
        "set_aside": set_aside(msg("it is a salt or a mixture")),
    },
    proposed="largest",
    canonical=True,
)
_INCHI = Repair(
    title=msg("InChI instead of SMILES"),
    consequence=msg("An InChI names the molecule as well; models read SMILES, so its SMILES is written in its place."),
    detects=notations.is_inchi,
    policies={
        "read": Policy(msg("Read them as molecules"), notations.smiles_of_inchi),
        "set_aside": set_aside(msg("it is an InChI, not a SMILES")),
    },
    proposed="read",
)
_CXSMILES = Repair(
    title=msg("CXSMILES: something between bars (|…|) behind the SMILES"),
    consequence=msg(
        "Extensions such as enhanced stereochemistry, labels or coordinates are no part of a SMILES, and models "
        "know no letters for them. What they say of a molecule is lost."
    ),
    detects=notations.has_extension,
    policies={
        "remove": Policy(msg("Read the SMILES and leave the extension out"), notations.without_extension),
        "set_aside": set_aside(msg("it is a CXSMILES, with an extension between bars")),
    },
    proposed="remove",
)
_ATOM_MAPS = Repair(
    title=msg("Atom maps ([CH3:1])"),
    consequence=msg(
        "The numbers say which atom becomes which in a reaction. They are no part of the molecule: with them the "
        "same molecule counted as many, and models knew no letters for them."
    ),
    detects=notations.has_atom_maps,
    policies={
        "remove": Policy(msg("Leave the numbers out"), notations.without_atom_maps),
        "set_aside": set_aside(msg("its atoms are numbered")),
    },
    proposed="remove",
)
_ISOTOPES = Repair(
    title=msg("Isotopes ([2H], [13C])"),
    consequence=msg(
        "A labelled molecule counts as another than the one without labels, though most of what is measured is "
        "the same; the scaffold split keeps both together."
    ),
    detects=notations.has_isotopes,
    policies={
        "keep": Policy(msg("Keep the labels"), as_it_is),
        "remove": Policy(msg("Write the molecules without labels"), notations.without_isotopes),
        "set_aside": set_aside(msg("there are isotopes")),
    },
    proposed="keep",
    canonical=True,
)
_R_GROUPS = Repair(
    title=msg("Open places (*): R groups, attachment points or atoms of any kind"),
    consequence=msg("A star is no atom: the molecule is not whole, and most models have seen few or none of them."),
    detects=lambda value: "*" in value,
    policies={
        "keep": Policy(msg("Keep them as they are"), as_it_is),
        "set_aside": set_aside(msg("there is an open place (*)")),
    },
    proposed="set_aside",
    canonical=True,
)

DOMAIN = Molecule()
