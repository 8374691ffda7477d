"""The task that suits the chosen target columns, with the reason in a sentence."""

from collections.abc import Sequence

from sciapp.engine.data.values.cells import ColumnContent, is_binary, is_undecided, natural
from sciapp.engine.data.values.token_labels import LabelStrings
from sciapp.errors import BadInput, shortened
from sciapp.i18n import all_of, msg
from sciapp.records.dataset.tasks import TaskName

_SHOWN = 4
_LONGEST = 40  # letters of a class


def suitable_task(
    names: Sequence[str],
    contents: Sequence[ColumnContent],
    strings: LabelStrings | None = None,
    unit: str = "units",
    *,
    whole: bool = True,
) -> tuple[TaskName, str]:
    """The task for these targets and why. Raises BadInput for several targets of classes other than yes and no.

    strings: how the cells of a single target fit the inputs; unit: what the domain counts lengths in. whole: all rows
    were looked at; of a sample it is said that there may be more classes.
    """
    if len(names) > 1:
        return _of_several(names, contents)
    name, content = shortened(names[0]), contents[0]
    if strings is not None and strings.suit:
        return "tagging", strings.reason(name, unit)
    if content.unit and content.mostly_numbers:
        return "regression", msg(
            "“{name}” holds numbers with units, read as {unit}, so a number is predicted.", name=name, unit=content.unit
        )
    if not content.class_like:
        return "regression", msg(
            "“{name}” holds numbers of many different values, so a number is predicted.", name=name
        )
    count = len(content.different)
    classes = sorted(content.different, key=natural)
    listed = ", ".join(shortened(word, _LONGEST) for word in classes[:_SHOWN]) + ("…" if count > _SHOWN else "")
    if odd := _beside_yes_and_no(content):
        return "classification", (
            msg(
                "“{name}” has {two} and beside them {odd}, which counts as a class of its own: empty these cells "
                "if nothing was measured there.",
                name=name,
                two=_two(content),
                odd=odd,
            )
        )
    if count == 1:
        return "classification", msg(
            "“{name}” holds labels such as “{listed}”, so rows are sorted into classes.", name=name, listed=listed
        )
    return "classification", msg(
        "“{name}” has {many} different values ({listed}), so rows are sorted into classes.",
        name=name,
        many=count if whole else msg("at least {count}", count=count),
        listed=listed,
    )


def _beside_yes_and_no(content: ColumnContent) -> str:
    """The words in a column of yes and no that may be gaps or classes; empty where there are none."""
    if not content.numbers and is_binary(content.different):
        return ", ".join(f"“{word}”" for word in sorted(content.different) if is_undecided(word))
    words = sorted(content.different - {"0", "1"})
    if not words or content.different - {*words} != {"0", "1"} or content.numbers < 0.5 * content.filled:
        return ""
    if any(word.replace(".", "", 1).lstrip("+-").isdecimal() for word in words):
        return ""
    listed = ", ".join(f"“{shortened(word, _LONGEST)}”" for word in words[:_SHOWN])
    return listed + ("…" if len(words) > _SHOWN else "")


def _two(content: ColumnContent) -> str:
    """The words for no and yes in a column that has other words as well."""
    if content.numbers:
        return all_of(("0", "1"))
    return all_of(f"“{word}”" for word in sorted(content.different) if not is_undecided(word))


def _of_several(names: Sequence[str], contents: Sequence[ColumnContent]) -> tuple[TaskName, str]:
    if all(is_binary(content.different) for content in contents):
        return "multilabel", msg(
            "{names} targets that are 0 or 1 (no or yes): each is predicted for itself.", names=len(names)
        )
    if all(content.class_like for content in contents):
        raise BadInput(
            msg("Several targets of classes cannot be learnt at once."),
            hint=msg("Choose one of them; several can be learnt where each is 0 or 1 (no or yes), or a number."),
            context=", ".join(names),
        )
    return "regression", msg("{names} targets with numbers: each is predicted as a number.", names=len(names))
