"""Every backend by name, and the one that carries out a run."""

from collections.abc import Mapping

from sciapp.errors import BadInput, RunProblem, listed, nearest
from sciapp.i18n import msg
from sciapp.jobs.backends.base import Backend
from sciapp.jobs.backends.local import LocalBackend
from sciapp.records.run.run import LOCAL, Run, RunHandle

BACKENDS: Mapping[str, Backend] = {backend.name: backend for backend in (LocalBackend(),)}


def backend_named(name: str) -> Backend:
    """The backend that a person or the queue names. Raises BadInput for one that this version does not have."""
    if name not in BACKENDS:
        raise BadInput(
            msg("Runs cannot be carried out by “{name}”: this version of SciApp does not know it.", name=name),
            hint=nearest(name, BACKENDS) or msg("There is: {known}.", known=listed(BACKENDS)),
        )
    return BACKENDS[name]


def backend_of(run: Run) -> str:
    """Name of the backend that carried the run out last; this computer for one that nobody has started."""
    handle = run.launched()
    return handle.backend if handle is not None else LOCAL


def backend_for(run: Run, handle: RunHandle | None) -> Backend:
    """The backend that started the run, this computer where nobody wrote that down.

    Raises RunProblem for one that this version does not have.
    """
    backend = known_backend(handle)
    if backend is None:
        name = handle.backend if handle is not None else LOCAL
        raise RunProblem(
            msg(
                "Run {run} was started by “{name}”, which this version of SciApp does not know.", run=run.id, name=name
            ),
            hint=msg("Ask it to end where it was started."),
        )
    return backend


def known_backend(handle: RunHandle | None) -> Backend | None:
    """As `backend_for`; None for one that this version does not have."""
    return BACKENDS.get(handle.backend if handle is not None else LOCAL)
