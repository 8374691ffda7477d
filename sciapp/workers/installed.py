"""Which optional packages there are, found out without importing them: the window never loads torch."""

from importlib.util import find_spec


def optional_packages() -> dict[str, object]:
    """Facts for the training form (see `ui.editors.fields.When`): name of a package → whether it is installed."""
    return {"bitsandbytes": find_spec("bitsandbytes") is not None}
