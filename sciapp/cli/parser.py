"""The command line's parser: the options of every command."""

import argparse
from collections.abc import Callable
from typing import Any, TypeAlias

from sciapp import __version__
from sciapp.cli.items import add_item_verbs
from sciapp.cli.queue import add_queue_options
from sciapp.cli.reading_options import add_reading_options
from sciapp.engine.domains.about import domain_names, split_facts
from sciapp.i18n import ENGLISH, Translator, msg, render
from sciapp.jobs.backends.registry import BACKENDS
from sciapp.records.dataset.card import SPLIT_METHODS
from sciapp.records.dataset.tasks import AUTOMATIC
from sciapp.records.plan.compression import COMPRESSIONS
from sciapp.records.plan.efforts import EFFORTS

Verbs: TypeAlias = "argparse._SubParsersAction[_VerbParser]"


class _VerbParser(argparse.ArgumentParser):
    """The parser of one command. add_later: adds options that take time to look for; called when the command is typed,
    so that the others start without."""

    add_later: Callable[[argparse.ArgumentParser], None] | None = None
    translator = ENGLISH

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self.add_later is not None:
            self.add_later(self)
            self.add_later = None
            in_language(self, self.translator)
        return super().parse_known_args(args, namespace)


def parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    whole = argparse.ArgumentParser(
        prog="sciapp",
        description=msg(
            "Fine-tune pre-trained transformers on laboratory measurements. Without a command: sciapp [PROJECT] "
            "opens the window."
        ),
    )
    whole.add_argument("--version", action="version", version=f"sciapp {__version__}")
    verbs = whole.add_subparsers(dest="verb", required=True, metavar="COMMAND", parser_class=_VerbParser)
    _add_project_verbs(verbs)
    _add_verbs_without_project(verbs)
    _add_run_verbs(verbs)
    add_item_verbs(lambda name, help: _verb(verbs, name, help))
    return whole


def in_language(parser: argparse.ArgumentParser, translator: Translator) -> argparse.ArgumentParser:
    """The parser with its own texts in the translator's language; those of Python stay as they are."""
    parser.description = render(parser.description or "", translator)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                choice.help = render(choice.help or "", translator)
            for verb in action.choices.values():
                in_language(verb, translator)
        elif action.help not in {None, argparse.SUPPRESS}:
            action.help = render(action.help or "", translator)
    if isinstance(parser, _VerbParser):
        parser.translator = translator
    return parser


def _verb(verbs: Verbs, name: str, help: str) -> _VerbParser:
    parser = verbs.add_parser(name, help=help, description=help)
    parser.add_argument("--json", action="store_true", help=msg("print one JSON document on standard output"))
    return parser


def _add_project_verbs(verbs: Verbs) -> None:
    demo = _verb(verbs, "demo", msg("Train on measured solubilities of 1,128 molecules, to see how it goes."))
    demo.add_argument("--headless", action="store_true", help=msg("in the terminal, even where there is a display"))
    demo.add_argument("--out", metavar="DIR", help=msg("where the demo project is made"))

    new = _verb(verbs, "new", msg("Make a project."))
    new.add_argument("folder", metavar="FOLDER")
    new.add_argument("--domain", required=True, choices=domain_names())
    new.add_argument("--name", default="", help=msg("its name; otherwise the folder's"))

    about = msg("Import a file as a dataset: a table, sequences, molecules, a workbook, a folder of texts…")
    table = _verb(verbs, "import", about)
    _add_table_options(table)
    table.add_argument(
        "--explain",
        action="store_true",
        help=msg("say what the file itself tells and why, whatever else is stated; import nothing"),
    )
    _add_table_options(_verb(verbs, "doctor", msg("Say what is wrong with a file, without importing it.")))

    leaks = _verb(verbs, "leaks", msg("Say what a dataset's test rows have in common with its training rows."))
    leaks.add_argument("project", metavar="PROJECT")
    leaks.add_argument("--dataset", metavar="ID", help=msg("the newest if not given"))

    split = _verb(verbs, "split", msg("Write how a dataset is split, for `sciapp import --split-file` elsewhere."))
    split.add_argument("action", choices=["export"])
    split.add_argument("project", metavar="PROJECT")
    split.add_argument("--dataset", metavar="ID", help=msg("the newest if not given"))
    split.add_argument("--out", required=True, metavar="SPLIT.csv")
    split.add_argument("--hashed", action="store_true", help=msg("hashes in place of the inputs, which stay secret"))

    report = _verb(verbs, "report", msg("Write a run's report as one HTML file."))
    report.add_argument("project", metavar="PROJECT")
    report.add_argument("run", metavar="RUN")
    report.add_argument("--out", metavar="FILE.html", help=msg("among the project’s reports if not given"))

    datasets = _verb(verbs, "datasets", msg("List a project's datasets, the damaged ones too."))
    datasets.add_argument("project", metavar="PROJECT")

    derived = _verb(verbs, "derive", msg("Make a new version of a dataset with another target, split or repairs."))
    derived.add_argument("project", metavar="PROJECT")
    derived.add_argument("dataset", metavar="DATASET")
    derived.add_argument("--target", metavar="COL", action="append", default=[], help=msg("in place of its targets"))
    splits = [*SPLIT_METHODS, *split_facts()]
    derived.add_argument("--split", default=None, choices=splits, help=msg("how rows are divided"))
    derived.add_argument("--split-column", metavar="COL", help=msg("what the splits column, group and time read"))
    derived.add_argument("--seed", type=int, metavar="N")
    derived.add_argument("--repair", metavar="KIND=POLICY", action="append", default=[], help=msg("beside its own"))
    derived.add_argument("--name", default="", help=msg("that of the dataset if not given"))
    derived.add_argument("--file", metavar="FILE", help=msg("where the dataset's file is now"))

    columns = _verb(verbs, "columns", msg("Sum up the columns of a dataset."))
    columns.add_argument("project", metavar="PROJECT")
    columns.add_argument("--dataset", metavar="ID", help=msg("the newest if not given"))

    diff = _verb(verbs, "diff", msg("Say which rows two datasets do not have in common, or have with other values."))
    diff.add_argument("project", metavar="PROJECT")
    diff.add_argument("before", metavar="OLD")
    diff.add_argument("now", metavar="NEW")
    diff.add_argument("--out", metavar="FILE.csv", help=msg("write all these rows"))


def _add_verbs_without_project(verbs: Verbs) -> None:
    models = _verb(verbs, "models", msg("List the pre-trained models on offer."))
    models.add_argument("--domain", default="", choices=domain_names())
    _verb(verbs, "env", msg("Say what this installation runs on."))
    manual = _verb(verbs, "manual", msg("Show the manual: its pages, one of them, or those with some words."))
    manual.add_argument("page", nargs="?", default="", metavar="PAGE")
    manual.add_argument("--search", default="", metavar="WORDS", help=msg("pages in which all of these words stand"))
    preferences = _verb(verbs, "settings", msg("Show this user's preferences, or change some."))
    preferences.add_argument(
        "--set", metavar="name=value", action="append", default=[], help=msg("such as notify_when_run_ends=off")
    )


def _add_task_options(table: argparse.ArgumentParser) -> None:
    """The tasks that there are, and what each of them asks for."""
    from sciapp.actions.tasks import task_names, task_options

    table.add_argument(
        "--task",
        default=AUTOMATIC,
        choices=[AUTOMATIC, *task_names()],
        help=msg("told from the targets if not given"),
    )
    for name, option in task_options().items():
        what = msg("{what}; {default} if not given", what=option.help, default=option.default)
        table.add_argument(f"--{name}", type=int, metavar="N", help=what)


def _add_table_options(table: _VerbParser) -> None:
    """Options of an import; the doctor takes the same, so that it sees what the import would."""
    table.add_argument("project", metavar="PROJECT")
    table.add_argument("file", metavar="FILE")
    table.add_argument(
        "--input", metavar="COL", help=msg("what is read; A,B or FIRST..LAST or PREFIX*: several columns as one")
    )
    table.add_argument("--second-input", metavar="COL", help=msg("of pairs: the other molecule, sequence or text"))
    table.add_argument("--target", metavar="COL", action="append", default=[], help=msg("what is to be predicted"))
    table.add_later = _add_task_options
    table.add_argument(
        "--covariate",
        metavar="COL",
        action="append",
        default=[],
        help=msg("a number that the model reads too: pH, dose; proposed unless --input and --target are both named"),
    )
    table.add_argument(
        "--mask",
        metavar="COL",
        help=msg(
            "for tagging: 1 where a unit's label counts, 0 where not; proposed unless --input and --target are "
            "both named"
        ),
    )
    table.add_argument(
        "--weight", metavar="COL", help=msg("how much each row counts in training, a number of 0 or more")
    )
    table.add_argument(
        "--split", default=None, choices=[*SPLIT_METHODS, *split_facts()], help=msg("how rows are divided")
    )
    table.add_argument("--split-column", metavar="COL", help=msg("says train, validation or test of each row"))
    table.add_argument("--group", metavar="COL", help=msg("rows with the same cell stay in one split"))
    table.add_argument("--time", metavar="COL", help=msg("dates or numbers; the oldest rows train, the newest test"))
    table.add_argument("--split-file", metavar="FILE", help=msg("a split that `sciapp split export` has written"))
    table.add_argument(
        "--threshold", type=float, metavar="X", help=msg("how alike the rows of one cluster are, 0 to 1")
    )
    table.add_argument("--folds", type=int, metavar="K", help=msg("cross-validation: K parts, each tested once"))
    table.add_argument(
        "--fold", type=int, metavar="N", help=msg("which of them is tested here, from 1; 1 if not given")
    )
    table.add_argument("--all-folds", action="store_true", help=msg("a dataset for each of them, at one go"))
    table.add_argument(
        "--repeats", type=int, metavar="N", help=msg("with --all-folds: as often, each with another seed")
    )
    table.add_argument("--fractions", metavar="A,B,C", help=msg("train, validation and test; 0.8,0.1,0.1 if not given"))
    table.add_argument("--seed", type=int, default=0, metavar="N")
    table.add_argument("--name", default="", help=msg("a name for the dataset"))
    table.add_argument(
        "--repair",
        metavar="KIND=POLICY",
        action="append",
        default=[],
        help=msg("how to deal with a finding of the doctor, such as conflicts=mean or salts=largest"),
    )
    add_reading_options(table)


def _add_train(verbs: Verbs) -> None:
    train = _verb(verbs, "train", msg("Fine-tune a model on a dataset."))
    train.add_argument("project", metavar="PROJECT")
    train.add_argument("--dataset", metavar="ID", help=msg("the newest if not given"))
    train.add_argument("--model", metavar="NAME|FOLDER|HUB_ID", help=msg("or the folder of another project’s run"))
    train.add_argument("--recipe", metavar="FILE.yaml", help=msg("a saved plan"))
    train.add_argument(
        "--effort",
        choices=[effort.name for effort in EFFORTS],
        help=msg("how many passes, and how much patience; a recipe and --set go over it"),
    )
    train.add_argument(
        "--descriptors",
        choices=["auto", "on", "off"],
        help=msg("join what is known about each row to what the transformer makes of it"),
    )
    train.add_argument(
        "--covariates", metavar="COL,COL", help=msg("numeric columns of the table that the head reads too")
    )
    train.add_argument("--set", metavar="key=value", action="append", default=[], help=msg("any setting of the plan"))
    train.add_argument(
        "--compare-augmentation",
        action="store_true",
        help=msg("train once more without augmentation; the report of either run compares both"),
    )
    train.add_argument(
        "--all-folds", action="store_true", help=msg("train on each fold of the dataset; the report sums them up")
    )
    train.add_argument(
        "--continue", dest="continued", metavar="RUN", help=msg("go on where this run ended, for --epochs more passes")
    )
    train.add_argument(
        "--epochs", type=int, metavar="N", help=msg("with --continue: how many more passes over the data")
    )
    _add_when(train)
    _add_devices(train)
    train.add_argument(
        "--check",
        action="store_true",
        help=msg("only try some steps: say what the training takes and what looks wrong"),
    )


def _add_run_verbs(verbs: Verbs) -> None:
    _add_train(verbs)
    _add_augment(verbs)
    _add_pretrain(verbs)
    add_queue_options(_verb(verbs, "queue", msg("Say which runs wait for their turn, and change their order.")))
    _add_clean(verbs)

    runs = _verb(verbs, "runs", msg("List a project's runs."))
    runs.add_argument("project", metavar="PROJECT")
    about = {
        "show": msg("Show a run: plan, state, scores."),
        "stop": msg("End a run now, keep its best model and evaluate it."),
        "cancel": msg("End a run and leave it as it stands."),
        "resume": msg("Go on with a run from its last checkpoint."),
    }
    for name, help in about.items():
        verb = _verb(verbs, name, help)
        verb.add_argument("project", metavar="PROJECT")
        verb.add_argument("run", metavar="RUN")
        if name == "resume":
            _add_when(verb)

    compress = _verb(verbs, "compress", msg("Make a finished run's model smaller and judge it again."))
    compress.add_argument("project", metavar="PROJECT")
    compress.add_argument("run", metavar="RUN")
    compress.add_argument("--method", default="quantize", choices=[facts.name for facts in COMPRESSIONS])

    predict = _verb(verbs, "predict", msg("Apply a run's model to the rows of a file."))
    predict.add_argument("project", metavar="PROJECT")
    predict.add_argument("run", metavar="RUN")
    predict.add_argument("file", metavar="FILE")
    predict.add_argument("--input", metavar="COL", help=msg("the input column, if it has another name"))
    predict.add_argument("--second-input", metavar="COL", help=msg("the same for a model that reads two inputs"))
    predict.add_argument("--out", required=True, metavar="OUT.csv")
    add_reading_options(predict)

    export = _verb(verbs, "export-predictions", msg("Write the predictions of a predict run as CSV."))
    export.add_argument("project", metavar="PROJECT")
    export.add_argument("run", metavar="RUN")
    export.add_argument("--out", required=True, metavar="OUT.csv")


def _add_clean(verbs: Verbs) -> None:
    clean = _verb(verbs, "clean", msg("Say what takes how much of the disk, and remove what is named."))
    clean.add_argument("project", metavar="PROJECT")
    clean.add_argument(
        "--run", metavar="RUN", action="append", default=[], help=msg("a whole run, or of it what is named")
    )
    clean.add_argument("--dataset", metavar="ID", action="append", default=[], help=msg("the same for a dataset"))
    clean.add_argument(
        "--checkpoints",
        action="store_true",
        help=msg("of all runs that have their model, or of those named: no more steps"),
    )
    clean.add_argument("--tensorboard", action="store_true", help=msg("curves that were written for TensorBoard"))
    clean.add_argument("--caches", action="store_true", help=msg("descriptors and variants; made again when needed"))
    clean.add_argument("--trash", action="store_true", help=msg("what was deleted, for good"))
    clean.add_argument("--dry-run", action="store_true", help=msg("only say what would be removed"))
    clean.add_argument("--yes", action="store_true", help=msg("do not ask"))


def _add_augment(verbs: Verbs) -> None:
    augment = _verb(verbs, "augment", msg("Show training rows beside what augmentation makes of them; trains nothing."))
    augment.add_argument("project", metavar="PROJECT")
    augment.add_argument("--dataset", metavar="ID", help=msg("the newest if not given"))
    augment.add_argument("--recipe", metavar="FILE.yaml", help=msg("a saved plan"))
    augment.add_argument(
        "--set",
        metavar="key=value",
        action="append",
        default=[],
        help=msg("augmentations=NAME,NAME; any setting of a plan"),
    )
    augment.add_argument("--rows", type=int, default=5, metavar="N", help=msg("how many rows to show"))
    augment.add_argument(
        "--pass", dest="number", type=int, default=1, metavar="N", help=msg("which pass over the data")
    )
    augment.add_argument(
        "--download", action="store_true", help=msg("fetch the models that write variants from the Hugging Face hub")
    )
    augment.set_defaults(model=None, descriptors=None, covariates=None)


def _add_pretrain(verbs: Verbs) -> None:
    pretrain = _verb(verbs, "pretrain", msg("Learn from rows without labels, from a model or from scratch."))
    pretrain.add_argument("source", metavar="PROJECT|FILE", help=msg("a project, or a file for which one is made"))
    pretrain.add_argument("--domain", choices=domain_names(), help=msg("what FILE holds"))
    pretrain.add_argument("--dataset", metavar="ID", help=msg("learn from its training rows; the newest if not given"))
    pretrain.add_argument("--file", metavar="F", help=msg("learn from the rows of a file instead"))
    pretrain.add_argument("--input", metavar="COL", help=msg("the table's column; proposed if not given"))
    pretrain.add_argument(
        "--from", dest="from_", metavar="MODEL", help=msg("go on from a model; from scratch if not given")
    )
    pretrain.add_argument(
        "--size", default="small", choices=["tiny", "small", "medium"], help=msg("of a fresh network")
    )
    pretrain.add_argument("--out", metavar="FOLDER", help=msg("copy the finished model there"))
    pretrain.add_argument(
        "--set", metavar="key=value", action="append", default=[], help=msg("any setting of the plan")
    )
    pretrain.add_argument(
        "--then-train", action="store_true", help=msg("fine-tune the model on the dataset afterwards")
    )
    pretrain.add_argument(
        "--then-set", metavar="key=value", action="append", default=[], help=msg("a setting of that fine-tuning")
    )
    add_reading_options(pretrain)
    _add_when(pretrain)
    _add_devices(pretrain)


def _add_devices(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--devices", type=int, metavar="N", help=msg("GPUs, or processes, that train together"))


def _backends() -> list[str]:
    return [msg("{name} ({title})", name=backend.name, title=backend.title) for backend in BACKENDS.values()]


def _add_when(verb: argparse.ArgumentParser) -> None:
    """Options for the time and the device at which a run begins."""
    verb.add_argument("--background", action="store_true", help=msg("return at once; the run goes on"))
    verb.add_argument("--queue", action="store_true", help=msg("return at once; the run begins when its turn comes"))
    verb.add_argument(
        "--lane", default="", metavar="DEVICE", help=msg("cpu, cuda:0, …; the least busy GPU if not given")
    )
    verb.add_argument(
        "--backend", default="", metavar="NAME", help=msg("where it is carried out: {backends}", backends=_backends())
    )
