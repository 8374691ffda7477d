"""What each column of a table seems to be for. A proposal only: people see it, with the reason, and change it."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from sciapp.engine.data.binary import is_binary
from sciapp.engine.data.division_columns import group_column, time_column
from sciapp.engine.data.label_strings import LabelStrings
from sciapp.engine.data.labels import ColumnContent
from sciapp.engine.data.number_formats import content_of
from sciapp.engine.data.proposed_conditions import conditions, said
from sciapp.engine.data.readers import Preview
from sciapp.engine.data.second_column import second_column
from sciapp.engine.data.splits import split_named
from sciapp.engine.data.suitable import suitable_task
from sciapp.engine.data.weight_column import weight_column
from sciapp.engine.domains.base import Domain, OtherNotation, Rejected
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import BadInput, shortened
from sciapp.records.dataset import DomainName, Roles, SplitMethod, TaskName
from sciapp.records.number_format import DecimalSign

_LOOK = 60
_SECOND_INPUT = 0.8  # of `_input_fit`: a wild type beside its mutant is nothing to predict
_FEW_MOLECULES = 0.7  # of `_input_fit`: few different ones, but of some size; no words read like that
_NAMED = 0.8  # of the rows, for a column of split names
_SCREEN = 3  # columns of 0 and 1; two may be the same thing said twice
_MASK_WORDS = frozenset("mask masked resolved ordered observed known".split())
_TARGET_NAMES = frozenset("label labels target y class expt p_np outcome activity measured value".split())
_MEASURED_NAMES = frozenset("activity expt measured value".split())  # above words they are no more than a hint
_TARGET_WORDS = frozenset(
    "measured experimental exp activity active fitness score tm ic50 pic50 ec50 kd ki logd logp logs solubility "
    "permeability toxicity label target class category type yield affinity intent wavelength ddg dg interaction output "
    "tm1 melting stability toxic".split()
)
_OTHER_WORDS = frozenset(
    "id ids name names index idx num no row predicted prediction pred calc calculated computed dft fold split set "
    "date cid cas iupac inchi inchikey reference doi smiles validation accession url description comment notes note "
    "file quality".split()
)


@dataclass(frozen=True)
class Proposal:
    """Column names for the roles; `input` is empty and `targets` are none when nothing fits."""

    input: str
    targets: tuple[str, ...]
    split_column: str | None
    split: SplitMethod
    task: TaskName
    reason: str
    mask: str | None = None
    group: str | None = None
    time: str | None = None
    covariates: tuple[str, ...] = ()
    weight: str | None = None
    second_input: str | None = None

    @property
    def roles(self) -> Roles:
        return Roles(
            input=self.input,
            targets=self.targets,
            split=self.split_column,
            mask=self.mask,
            covariates=self.covariates,
            group=self.group,
            time=self.time,
            weight=self.weight,
            second_input=self.second_input,
        )


def propose(preview: Preview, domain_name: str) -> Proposal:
    """Roles and task from the headers and the first rows, for a project of the given domain."""
    found = _proposed(preview, domain_named(domain_name), pairs=True)
    # A pair without anything left to learn is none: the answers to the questions are the target.
    if found.second_input and not found.targets:
        found = _proposed(preview, domain_named(domain_name), pairs=False)
    if unsaved := preview.format.unsaved:
        # What was calculated is what was wanted, more often than not; its raw values are no stand-in.
        named = ", ".join(f"“{shortened(name)}”" for name in unsaved)
        reason = (
            f"The results of the formulas in {named} were not saved: open the workbook in a spreadsheet program and "
            "save it again, or choose another column."
        )
        return replace(found, targets=(), reason=reason)
    return found


def _proposed(preview: Preview, domain: Domain, *, pairs: bool) -> Proposal:
    columns = {name: [row[i] for row in preview.rows] for i, name in enumerate(preview.columns)}
    fits = {name: _input_fit(domain, name, cells[:_LOOK]) for name, cells in columns.items()}
    chosen = max(fits, key=lambda name: fits[name], default="")
    if not chosen or fits[chosen] <= 0:
        named = _other_notation(domain, columns)
        none = f"No column looks like a {domain.name}.{named}"
        reason = none if preview.rows else "The file has a header and no rows."
        return Proposal("", (), None, "random", "regression", reason)
    others = [name for name, fit in fits.items() if fit > 0 and name != chosen]
    pair = second_column(chosen, others) if pairs else None
    chosen, second = pair or (chosen, None)
    split = next((name for name, cells in columns.items() if name != chosen and _is_split(cells)), None)
    decimal = preview.format.decimal
    rest = {name: cells for name, cells in columns.items() if name not in {chosen, second, split}}
    found = _Found(split, group_column(rest), time_column(rest, decimal), weight_column(rest, decimal), second)
    method = _usual_split(domain, found)
    contents = {name: content_of(cells, decimal, typed=preview.format.typed) for name, cells in rest.items()}
    strings = {} if second else _label_strings(domain, columns, chosen, list(contents))
    if (
        labels := next((name for name in _by_fit(strings) if strings[name].suit and not _is_mask(name)), None)
    ) is not None:
        mask = next((name for name, fits in strings.items() if fits.mask_like and _is_mask(name)), None)
        reason = strings[labels].reason(labels, domain.unit)
        return found.beside(Proposal(chosen, (labels,), split, method, "tagging", reason, mask))
    places = list(contents)
    scores = {
        name: _target_fit(name, content, columns[name]) if fits[name] < _SECOND_INPUT else 0.0
        for name, content in contents.items()
    }
    if found.weight and any(score > 0 for name, score in scores.items() if name != found.weight):
        del scores[found.weight], contents[found.weight]
    target = max(scores, key=lambda name: (scores[name], places.index(name)), default="")
    if not target or scores[target] <= 0:
        none = "No column looks like a measurement to learn."
        return found.beside(Proposal(chosen, (), split, method, "regression", none))
    targets = _together(target, contents, scores)
    task, reason = suitable_task(targets, [contents[name] for name in targets])
    proposal = found.beside(Proposal(chosen, targets, split, method, task, reason))
    return _under_conditions(proposal, columns, decimal) if len(targets) == 1 else proposal


def task_of(
    preview: Preview, targets: Iterable[str], input: str, domain_name: str, *, pairs: bool = False
) -> tuple[TaskName, str]:
    """The task for targets that a person chose, and why; several targets of classes are said to be impossible.

    pairs: rows have a second input, so their units are not labelled one by one.
    """
    names = list(targets)
    columns = {name: [row[i] for row in preview.rows] for i, name in enumerate(preview.columns)}
    contents = [content_of(columns[name], preview.format.decimal, typed=preview.format.typed) for name in names]
    domain = domain_named(domain_name)
    strings = None if pairs else _label_strings(domain, columns, input, names).get(names[0])
    try:
        return suitable_task(names, contents, strings, domain.unit)
    except BadInput as error:
        return "regression", str(error)


def guess_domain(preview: Preview) -> DomainName | None:
    """The domain whose members a column holds, the narrowest first; None when there is no text at all."""
    order: tuple[DomainName, ...] = ("nucleotide", "protein", "molecule", "text")
    best: dict[DomainName, float] = {}
    for name in order:
        domain = domain_named(name)
        fits = [_input_fit(domain, c, [row[i] for row in preview.rows[:_LOOK]]) for i, c in enumerate(preview.columns)]
        best[name] = max(fits, default=0.0)
    for name in order[:-1]:  # every sequence is a text as well, and ACGT are residues too
        if best[name] >= (_FEW_MOLECULES if name == "molecule" else 1.0):
            return name
    return "text" if best["text"] > 0 else None


def _under_conditions(proposal: Proposal, columns: dict[str, list[str]], decimal: DecimalSign) -> Proposal:
    """With the conditions that tell rows of the same input apart, and why."""
    target, taken = proposal.targets[0], proposal.roles.by_column
    inputs = [name for name in (proposal.input, proposal.second_input) if name]
    left = [name for name in columns if name not in taken]
    found = conditions(columns, inputs, target, left, decimal)
    why = said(columns, inputs, target, found)
    return replace(proposal, covariates=found, reason=f"{proposal.reason} {why}".strip())


def _together(best: str, contents: dict[str, ColumnContent], scores: dict[str, float]) -> tuple[str, ...]:
    """The best target alone, or with all others like it where at least three are 0 or 1: assays of one screen."""
    alike = [name for name, content in contents.items() if scores[name] > 0 and is_binary(content.different)]
    return tuple(alike) if len(alike) >= _SCREEN and best in alike else (best,)


def _label_strings(
    domain: Domain, columns: dict[str, list[str]], input: str, names: Iterable[str]
) -> dict[str, LabelStrings]:
    """How the first cells of each column fit the units of the inputs beside them; none where units have no labels."""
    if domain.label_separator is None:
        return {}
    inputs = [_cleaned(domain, cell) for cell in columns[input][:_LOOK]]
    found = {}
    for name in names:
        found[name] = LabelStrings(domain.label_separator)
        pairs = zip(inputs, columns[name], strict=False)
        found[name].add((value, cell) for value, cell in pairs if value is not None)
    return found


def _by_fit(strings: dict[str, LabelStrings]) -> list[str]:
    """Names of columns, those with more labels last: three states before eight."""
    return sorted(strings, key=lambda name: len(strings[name].labels))


def _is_mask(name: str) -> bool:
    return bool(set(_words(name)) & _MASK_WORDS)


@dataclass(frozen=True)
class _Found:
    """Columns that say how rows may be divided."""

    split: str | None
    group: str | None
    time: str | None
    weight: str | None
    second: str | None

    def beside(self, proposal: Proposal) -> Proposal:
        """With the group, the time and the weight, unless they are taken for something else."""
        taken = {proposal.input, *proposal.targets, proposal.mask}
        group, time, weight = (None if name in taken else name for name in (self.group, self.time, self.weight))
        split = proposal.split if group or proposal.split != "group" else "random"
        return replace(proposal, group=group, time=time, weight=weight, split=split, second_input=self.second)


def _usual_split(domain: Domain, found: _Found) -> SplitMethod:
    """The file's own split where it has one, else by its groups, else the domain's first leak-safe one."""
    if found.split:
        return "column"
    if found.group:
        return "group"
    return next(iter(domain.splits), "random")


def _input_fit(domain: Domain, header: str, cells: list[str]) -> float:
    """How well a column suits as the input: 0 when most cells are no members, else up to about 3."""
    filled = [cell for cell in cells if cell.strip()]
    cleaned = [value for cell in filled if (value := _cleaned(domain, cell)) is not None]
    if not filled or len(cleaned) < 0.5 * len(filled) or content_of(filled).numeric:
        return 0.0
    length = sum(len(domain.units(value)) for value in cleaned) / len(cleaned)
    varied = len(set(cleaned)) / len(cleaned)
    name = "_".join(_words(header))
    named = 1.0 if name in domain.column_names else 0.5 if set(_words(header)) & set(domain.column_names) else 0.0
    share = len(cleaned) / len(filled)
    return share * (0.2 + 0.5 * varied + 0.5 * min(length / 8, 1.0) + named)


def _target_fit(header: str, content: ColumnContent, cells: list[str]) -> float:
    """How well a column suits as the target; 0 or less: not at all."""
    words = set(_words(header))
    several = len(content.different) > 1
    if not content.filled or (not content.mostly_numbers and len(content.different) > max(20, 0.5 * content.filled)):
        return 0.0
    fit = 1.0 + (0.5 if several else -0.5) + content.filled / max(len(cells), 1)
    name = header.strip().lower()
    exact = name in _TARGET_NAMES and (content.mostly_numbers or name not in _MEASURED_NAMES)
    fit += 2.0 if exact else 1.2 if words & (_TARGET_WORDS | _MEASURED_NAMES) else 0.0
    fit -= 2.6 if words & _OTHER_WORDS else 0.0
    fit -= 2.0 if _counts_up(cells) else 0.0
    return fit


def _counts_up(cells: list[str]) -> bool:
    """Whether the cells are 1, 2, 3…: a row number, nothing that was measured."""
    try:
        found = [int(cell) for cell in cells]
    except ValueError:
        return False
    return len(found) > 2 and all(b - a == 1 for a, b in pairwise(found))


def _is_split(cells: list[str]) -> bool:
    """Whether the cells name splits; a few may be empty, and their rows are set aside."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and len(filled) >= _NAMED * len(cells) and None not in {split_named(cell) for cell in filled}


def _cleaned(domain: Domain, cell: str) -> str | None:
    try:
        return domain.clean(cell)
    except Rejected:
        return None


def _other_notation(domain: Domain, columns: dict[str, list[str]]) -> str:
    """A sentence on a column that is written in another way, if one is; with a blank in front."""
    for name, cells in columns.items():
        filled = [cell for cell in cells[:_LOOK] if cell.strip()]
        reasons = Counter(reason for cell in filled if (reason := _other_way(domain, cell)))
        if reasons and reasons.total() >= 0.5 * len(filled):
            return f" “{shortened(name)}”, cell by cell: {reasons.most_common(1)[0][0]}."
    return ""


def _other_way(domain: Domain, cell: str) -> str:
    try:
        domain.clean(cell)
    except OtherNotation as error:
        return error.reason
    except Rejected:
        pass
    return ""


def _words(header: str) -> list[str]:
    return re.findall(r"[^\W_]+", header.lower())
