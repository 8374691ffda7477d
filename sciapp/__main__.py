"""Picks window, command line or run process before anything heavy is imported."""

import multiprocessing
import sys
from pathlib import Path

from sciapp.i18n import msg

# Everything that the command line answers to; any other first argument is a project to open in the window.
VERBS = frozenset(
    {
        "demo",
        "new",
        "import",
        "doctor",
        "train",
        "augment",
        "pretrain",
        "runs",
        "show",
        "stop",
        "cancel",
        "clean",
        "rename",
        "annotate",
        "tag",
        "delete",
        "restore",
        "trash",
        "derive",
        "resume",
        "queue",
        "compress",
        "predict",
        "export-predictions",
        "leaks",
        "split",
        "report",
        "columns",
        "datasets",
        "diff",
        "models",
        "env",
        "settings",
        "-h",
        "--help",
        "--version",
    }
)


def main() -> int:
    """The entry point `sciapp`; returns the exit code."""
    multiprocessing.freeze_support()
    arguments = sys.argv[1:]
    if arguments[:1] == ["run-child"] and len(arguments) == 2:
        from sciapp.jobs.process.run_process import main as run_child

        return run_child(arguments[1])
    if arguments == ["helper-child"]:
        from sciapp.jobs.process.helper_process import main as help_out

        return help_out()
    if arguments == ["queue-child"]:
        from sciapp.jobs.queue.scheduler import main as keep_queue

        return keep_queue()
    if arguments == ["standby-child"]:
        from sciapp.jobs.process.standby_process import main as stand_by

        return stand_by()
    if arguments[:1] == ["rank-child"] and len(arguments) == 2:
        from sciapp.jobs.process.ranks import follow_leader

        return follow_leader(arguments[1])
    if arguments and arguments[0] in VERBS:
        from sciapp.cli.main import main as command_line

        return command_line(arguments)
    if arguments and arguments[0].startswith("-") and not arguments[0].startswith("-psn"):
        print(msg("sciapp: unknown option {argument}; see sciapp --help", argument=arguments[0]), file=sys.stderr)
        return 2
    if arguments and not _may_be_a_project(arguments[0]):
        print(
            msg("sciapp: “{argument}” is neither a command nor a project; see sciapp --help", argument=arguments[0]),
            file=sys.stderr,
        )
        return 2
    from sciapp.app import main as window

    return window(arguments)


def _may_be_a_project(word: str) -> bool:
    """A path that exists, or one that looks like a project that was moved: the window says so kindly."""
    path = Path(word).expanduser()
    return path.exists() or path.suffix == ".sciproj" or len(path.parts) > 1


if __name__ == "__main__":
    sys.exit(main())
