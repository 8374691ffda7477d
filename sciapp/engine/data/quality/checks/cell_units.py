"""Numbers with units behind them in one column: read as numbers, all in one unit."""

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, numbered
from sciapp.engine.data.values.cell_units import convertible
from sciapp.engine.data.values.number_formats import UNITS, DetectedUnits
from sciapp.i18n import joined, msg
from sciapp.records.dataset.findings import Finding

_OFFERS = (
    PolicyOffer("convert", msg("Convert all into the commonest unit")),
    PolicyOffer("set_aside", msg("Use only what is in the commonest unit")),
)


def run(case: TableCheckup, policy: str) -> list[CheckResult]:
    """A finding for each column of numbers with units."""
    return [
        CheckResult(_finding(case, index, units, policy), units.rows, index)
        for index, numbers in numbered(case)
        if (units := numbers.units) is not None
    ]


def _finding(case: TableCheckup, index: int, units: DetectedUnits, policy: str) -> Finding:
    counts = sorted(units.counts.items(), key=lambda item: -item[1])
    listed = ", ".join(f"{unit} ({count:,})" for unit, count in counts[:6]) + (" …" if len(counts) > 6 else "")
    several = [unit for unit, _ in counts if convertible(unit, units.unit)]
    others = sum(count for unit, count in counts if not convertible(unit, units.unit))
    sentences = [msg("They are read as numbers in {unit}.", unit=units.unit)]
    if others:
        sentences.append(
            msg("{others:,} cells have units that cannot be converted; these are no numbers here.", others=others)
        )
    if units.bare and len(several) > 1:
        sentences.append(
            msg("{bare:,} cells have no unit; nobody knows what they are in, so they are not used.", bare=units.bare)
        )
    elif units.bare:
        sentences.append(
            msg("{bare:,} cells have no unit and are taken to be in {unit} too.", bare=units.bare, unit=units.unit)
        )
    name = case.columns[index]
    return Finding(
        kind=UNITS,
        title=msg("“{name}” holds numbers with units: {units}", name=name, units=listed),
        count=sum(units.counts.values()),
        column=name,
        lines=case.lines(units.rows),
        consequence=joined(sentences),
        weight="problem" if len(counts) > 1 or units.bare else "note",
        choices=choices(_OFFERS if len(several) > 1 else _OFFERS[:1]),
        proposed="convert",
        applied=policy if len(several) > 1 else "convert",
    )


CHECK = Check(UNITS, run, _OFFERS, "convert")
