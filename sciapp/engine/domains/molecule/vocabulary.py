"""The tokens of SMILES: an atom, bond, branch or ring closure each."""

# Bracket atoms whole; two-letter elements before one-letter ones; %nn ring closures before single digits.
ATOMS_AND_BONDS = r"\[[^\]]+\]|%\d{2}|Br|Cl|[BCNOPSFIbcnops]|[0-9]|[=#$:/\\\-+.()~*@>]"

# What laboratory tables hold and drug-like corpora lack: salts, metals, metalloids, isotopes.
_ELEMENTS = (
    "H Li Be B C N O F Na Mg Al Si P S Cl K Ca Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Rb Sr Zr Mo Ru Rh Pd Ag Cd In "
    "Sn Sb Te I Cs Ba La Gd W Re Os Ir Pt Au Hg Tl Pb Bi"
).split()
_CHARGED = (
    "[N+] [N-] [O-] [O+] [S-] [S+] [n+] [n-] [o+] [s+] [P+] [C-] [C+] [c-] [c+] [CH-] [CH2-] [cH-] [NH+] [NH2+] [NH3+] "
    "[NH4+] [NH-] [nH+] [OH-] [OH2] [OH3+] [SH-] [nH] [pH] [se] [seH] [te] [as] [Si-] [B-] [BH-] [BH3-] [BH4-] [PH] "
    "[PH+] [Cl-] [Br-] [I-] [F-] [H+] [H-] [Na+] [K+] [Li+] [Ca+2] [Mg+2] [Zn+2] [Fe+2] [Fe+3] [Cu+2] [Cu+] [Al+3] "
    "[Ag+] [Ba+2] [Mn+2] [Co+2] [Ni+2] [Cs+] [Rb+] [Sr+2] [Bi+3] [Gd+3] [I+] [Cl+] [Cl+3] [N] [O] [C] [CH] [CH2] [CH3]"
).split()
_CHIRAL = (
    "[C@H] [C@@H] [C@] [C@@] [S@] [S@@] [S@+] [S@@+] [S+2] [P@] [P@@] [N@] [N@@] [N@+] "
    "[N@@+] [N@H+] [N@@H+] [Si@] [Si@@]"
).split()
_ISOTOPES = (
    "[2H] [3H] [13C] [14C] [13CH] [13CH2] [13CH3] [14CH3] [15N] [15NH2] [18F] [18O] [123I] [125I] [131I]".split()
)
_PLAIN = list("BCNOPSFIbcnops0123456789=#$:/\\-+.()~*@>") + ["Br", "Cl"] + [f"%{n}" for n in range(10, 30)]

WORDS = (*_PLAIN, *_CHARGED, *_CHIRAL, *_ISOTOPES, *(f"[{element}]" for element in _ELEMENTS))
"""The fixed chemistry, known whatever the rows are."""
