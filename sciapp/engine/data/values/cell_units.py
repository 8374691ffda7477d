"""Units that people write behind the numbers in cells (“3.75 µM”), and how one is converted into another."""

import re

from sciapp.records.formatting import MINUS_SIGNS, with_hyphen

_QUANTITIES: tuple[dict[str, float], ...] = (
    {
        "fM": 1e-15, "pM": 1e-12, "nM": 1e-9, "µM": 1e-6, "mM": 1e-3, "M": 1.0,
        "pmol/L": 1e-12, "nmol/L": 1e-9, "µmol/L": 1e-6, "mmol/L": 1e-3, "mol/L": 1.0,
    },
    {
        "pg/mL": 1e-12, "ng/mL": 1e-9, "µg/mL": 1e-6, "mg/mL": 1e-3, "g/mL": 1.0,
        "ng/L": 1e-12, "µg/L": 1e-9, "mg/L": 1e-6, "g/L": 1e-3,
    },
    {"pg": 1e-12, "ng": 1e-9, "µg": 1e-6, "mg": 1e-3, "g": 1.0, "kg": 1e3},
    {"Da": 1.0, "kDa": 1e3, "g/mol": 1.0, "kg/mol": 1e3},
    {"nm": 1e-9, "µm": 1e-6, "mm": 1e-3, "cm": 1e-2, "m": 1.0},
    {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0, "d": 86_400.0},
    {"nL": 1e-9, "µL": 1e-6, "mL": 1e-3, "L": 1.0},
    {"J/mol": 1.0, "kJ/mol": 1e3, "cal/mol": 4.184, "kcal/mol": 4184.0},
    {"µV": 1e-6, "mV": 1e-3, "V": 1.0},
    {"meV": 1e-3, "eV": 1.0},
    {"Hz": 1.0, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9},
    {"Pa": 1.0, "hPa": 100.0, "kPa": 1e3, "MPa": 1e6, "bar": 1e5, "mbar": 100.0, "atm": 101_325.0},
    {"%": 1.0, "‰": 0.1},
    {"°C": 1.0},
    {"K": 1.0},
    {"°F": 1.0},
    {"Å": 1.0},
    {"U/mL": 1.0, "IU/mL": 1.0},
)  # fmt: skip
_FACTORS = {unit: (kind, factor) for kind, units in enumerate(_QUANTITIES) for unit, factor in units.items()}
_SIGN = rf"[+\-{MINUS_SIGNS}]"
_CELL = re.compile(rf"({_SIGN}?[\d.,][\d.,\u00a0\u202f'’ ]*(?:[eE]{_SIGN}?\d+)?)\s*([^\d\s.,\-{MINUS_SIGNS}:_].*)")
_LONGEST = 12
_EXPONENT = re.compile(rf"[eE]{_SIGN}?\d+")  # of the number itself
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_POWER = re.compile(
    rf"(?<=[\d.,])\s*[×xX*·]\s*10\s*(?:\^\s*(?P<hat>{_SIGN}?\d+)|(?P<plain>{_SIGN}\d+)"
    r"|(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
)


def with_plain_power(text: str) -> str:
    """The text with 4.2e-9 for “4.2 × 10^-9”, “4.2×10-9” and “4.2·10⁻⁹”."""
    return _POWER.sub(_exponent, text) if "10" in text else text


def _exponent(match: re.Match[str]) -> str:
    power = match["hat"] or match["plain"] or match["raised"].translate(_RAISED)
    return "e" + with_hyphen(power)


def number_and_unit(cell: str) -> tuple[str, str]:
    """The number and the unit behind it as they stand in a cell; the unit is empty where there is none."""
    cell = with_plain_power(cell)
    match = _CELL.fullmatch(cell.strip())
    if match is None or len(match[2]) > _LONGEST or _EXPONENT.fullmatch(match[2]):
        return cell, ""
    return match[1].strip(), _plain(match[2])


def is_known(unit: str) -> bool:
    """True if a unit is one of those that can be converted or at least recognised."""
    return unit in _FACTORS


def convertible(unit: str, into: str) -> bool:
    """True if both measure the same kind of quantity."""
    return unit == into or (is_known(unit) and is_known(into) and _FACTORS[unit][0] == _FACTORS[into][0])


def factor(unit: str, into: str) -> float:
    """The number by which a value in `unit` is multiplied to be one in `into`. Raises ValueError for other kinds."""
    if not convertible(unit, into):
        raise ValueError(f"{unit} is no {into}")
    return 1.0 if unit == into else _FACTORS[unit][1] / _FACTORS[into][1]


def _plain(unit: str) -> str:
    """One spelling for each unit: µ for μ and u, no blanks, L for litres whatever the case."""
    text = unit.strip().replace("μ", "µ").replace(" ", "").removesuffix(".")
    text = re.sub(r"^u(?=(M|g|m|s|L|l|V|mol)\b)", "µ", text)
    text = re.sub(r"/(m|µ)?l$", lambda match: f"/{match[1] or ''}L", text)
    return {"ml": "mL", "µl": "µL", "nl": "nL", "percent": "%", "ºC": "°C", "℃": "°C", "degC": "°C"}.get(text, text)
