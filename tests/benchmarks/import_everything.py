"""Every file of a folder: what it is read as, what is proposed, and whether that is right.

    python tests/benchmarks/import_everything.py --data ../shared/data --rows 20000 --out table.csv

Each file is read (its first --rows rows), roles are proposed and, where there are targets, the rows are imported into a
project of its own. Verdicts: right, wrong (another column than expected_roles.csv says), no import (the proposed roles
cannot be imported as they stand), read (expected_roles.csv does not know the file: a table of stars, a list of pairs),
refused (with one sentence), CRASHED. Leaves with an error unless 90 % of the known files are right and nothing crashed.

The words in engine/data/proposal.py were chosen with these files in view, so a share that is measured on them says
little about files that nobody has seen; use --data and --expected for such.
"""

import argparse
import csv
import itertools
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.table_reader import Preview, preview, read_records
from sciapp.engine.data.schema.infer import Proposal, guess_domain, propose
from sciapp.errors import SciAppError
from sciapp.records.dataset.card import DatasetCard, DomainName, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project

_NOT_IMPORTED = "not imported"
EXPECTED = Path(__file__).with_name("expected_roles.csv")


@dataclass(frozen=True)
class Expected:
    """domain: what the file's rows are. inputs, targets: any one of these columns is right; no targets: none is."""

    domain: DomainName
    inputs: frozenset[str]
    targets: frozenset[str]

    def fits(self, proposal: Proposal) -> bool:
        found = set(proposal.targets)
        return proposal.input in self.inputs and (bool(found) == bool(self.targets)) and found <= self.targets


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rows", type=int, default=20_000, help="of each file; 0: all")
    parser.add_argument("--expected", type=Path, default=EXPECTED, help="right roles: file, domain, inputs, targets")
    parser.add_argument("--out", type=Path, help="write the table as CSV")
    options = parser.parse_args()
    expected = dict(read_expected(options.expected))
    lines = []
    for path in sorted(p for p in options.data.rglob("*") if p.is_file() and p.suffix != ".md"):
        began = time.perf_counter()
        name = path.relative_to(options.data).as_posix()
        line = [name, *judged(path, expected.get(name), options.rows), f"{time.perf_counter() - began:.1f}"]
        lines.append(line)
        print(" | ".join(line), flush=True)
    if options.out:
        with options.out.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["file", "read as", "proposal", "verdict", "rows", "seconds"], *lines])
    verdicts = Counter(line[3] for line in lines)
    known = verdicts["right"] + verdicts["wrong"] + verdicts["no import"]
    share = verdicts["right"] / known if known else 0.0
    print(f"\n{len(lines)} files: {dict(verdicts)}; roles right in {verdicts['right']} of {known} ({share:.0%})")
    return 0 if share >= 0.9 and not verdicts["CRASHED"] else 1


def judged(path: Path, expected: Expected | None, rows: int) -> tuple[str, str, str, str]:
    """(what it is read as, what is proposed, verdict, what became of the rows)."""
    try:
        seen = preview(path)
        domain = expected.domain if expected else guess_domain(seen) or "text"
        proposal = propose(seen, domain)
        told = f"{domain}: {proposal.input} → {_several(proposal.targets)} ({proposal.task}, {proposal.split})"
        told += f" under {_several(proposal.covariates)}" if proposal.covariates else ""
        verdict = "read" if expected is None else "right" if expected.fits(proposal) else "wrong"
        outcome = (
            _imported(path, seen, proposal, domain, rows)
            if expected and proposal.targets
            else _counted(path, seen, rows)
        )
        if outcome.startswith(_NOT_IMPORTED):  # roles that are right as far as they go, and not enough
            verdict = "no import"
        return seen.format.findings[0].value, told, verdict, outcome
    except SciAppError as error:
        return "", str(error), "refused", ""
    except Exception:  # what this script is there to find
        return "", traceback.format_exc().strip().replace("\n", " / "), "CRASHED", ""


def _imported(path: Path, seen: Preview, proposal: Proposal, domain: DomainName, rows: int) -> str:
    """Import the first rows, copied out where there are more."""
    with tempfile.TemporaryDirectory() as folder:
        source = _first_rows(path, seen, rows, Path(folder)) if rows else path
        project = Project.create(Path(folder) / "p", domain=domain)
        roles = Roles(
            input=proposal.input,
            targets=proposal.targets,
            mask=proposal.mask,
            split=proposal.split_column,
            covariates=proposal.covariates,
        )
        split = SplitPlan(method=proposal.split, column=proposal.split_column)
        request = ImportRequest(file=str(source), roles=roles, split=split)
        try:
            card = import_table(project, request)
        except SciAppError as error:
            return f"{_NOT_IMPORTED}: {error}"
        assert isinstance(card, DatasetCard)
        assert card.rows_read == card.rows_kept + card.rows_set_aside
        return f"{card.rows_kept:,} + {card.rows_set_aside:,} set aside"


def _first_rows(path: Path, seen: Preview, rows: int, folder: Path) -> Path:
    """The file itself, or a table of its first rows where it has more."""
    with closing(read_records(path, seen.format)) as records:
        next(records)
        first = list(itertools.islice(records, rows + 1))
    if len(first) <= rows:
        return path
    out = folder / (path.name.split(".")[0] + ".csv")
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([seen.columns, *(record.cells for record in first[:rows])])
    return out


def _counted(path: Path, seen: Preview, rows: int) -> str:
    with closing(read_records(path, seen.format)) as records:
        next(records)
        count = sum(1 for _ in itertools.islice(records, rows or None))
    return f"{count:,} read"


def _several(names: tuple[str, ...]) -> str:
    return ", ".join(names[:3]) + (f" … ({len(names)})" if len(names) > 3 else "") or "nothing"


def read_expected(table: Path) -> list[tuple[str, Expected]]:
    """File, domain, columns that are right as the input, as a target; several are parted by “|”."""
    with table.open(encoding="utf-8", newline="") as file:
        found = []
        for row in csv.DictReader(file):
            domain: DomainName = row["domain"]
            parts = [frozenset(filter(None, row[key].split("|"))) for key in ("inputs", "targets")]
            found.append((row["file"], Expected(domain, *parts)))
        return found


if __name__ == "__main__":
    sys.exit(main())
