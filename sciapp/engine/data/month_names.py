"""Months by the names that they have in the languages in which most tables are written."""

import unicodedata

_NAMES = (
    "jan january januar janner jaenner janv janvier ene enero gen gennaio januari janeiro",
    "feb february februar fev fevr fevrier febr febrero febbraio februari fevereiro",
    "mar march marz maerz mrz mars marzo maart mrt marco",
    "apr april avr avril abr abril aprile",
    "may mai mayo mag maggio mei maio",
    "jun june juni juin junio giu giugno junho",
    "jul july juli juil juillet julio lug luglio julho",
    "aug august aou aout ago agosto augustus",
    "sep sept september septembre septiembre setiembre set settembre setembro",
    "oct october okt oktober octobre octubre ott ottobre out outubro",
    "nov november novembre noviembre novembro",
    "dec december dez dezember decembre dic diciembre dicembre dezembro",
)
_MONTHS = {name: month for month, names in enumerate(_NAMES, start=1) for name in names.split()}


def month_named(word: str) -> int | None:
    """1 for “Januar”, “janvier”, “ene.”; None where no month is called so."""
    plain = unicodedata.normalize("NFKD", word.strip(" .").casefold())
    return _MONTHS.get("".join(letter for letter in plain if not unicodedata.combining(letter)))
