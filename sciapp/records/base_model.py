"""What a plan's model is called: a starter, a folder, a hub id, or “run:003-pretrain”, the model of a run."""

_PREFIX = "run:"


def model_of_run(run_id: str) -> str:
    """How a plan names the model of a run of its own project; good wherever the project is moved."""
    return f"{_PREFIX}{run_id}"


def run_behind(model: str) -> str:
    """The run whose model is meant; empty for a model from elsewhere."""
    return model.removeprefix(_PREFIX).strip() if model.startswith(_PREFIX) else ""


def model_words(model: str) -> str:
    """The name as people read it: “run 003-pretrain” for run:003-pretrain."""
    run = run_behind(model)
    return f"run {run}" if run else model
