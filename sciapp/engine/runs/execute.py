"""One plan, one story. Each is imported when it is told: a prediction need not wait for what training needs."""

from sciapp.engine.runtime.progress import RunProgress
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.plan import CompressPlan, Plan, PredictPlan, PretrainPlan, TrainPlan
from sciapp.records.run.run import Run


def execute(plan: Plan, run: Run, progress: RunProgress) -> None:
    """Carry out `plan` in `run`'s folder; each event is emitted after its effect is on disk.

    Raises SciAppError for what people can mend, and Cancelled when that was asked for.
    """
    match plan:
        case TrainPlan():
            from sciapp.engine.runs.train import train

            train(plan, run, progress)
        case PretrainPlan():
            from sciapp.engine.runs.pretrain import pretrain

            pretrain(plan, run, progress)
        case CompressPlan():
            from sciapp.engine.runs.compress import compress

            compress(plan, run, progress)
        case PredictPlan():
            from sciapp.engine.runs.predict import predict

            predict(plan, run, progress)


def check_devices(plan: Plan) -> None:
    """Raise BadInput where this computer has fewer devices than the plan asks for."""
    if isinstance(plan, TrainPlan | PretrainPlan) and plan.devices > 1:
        from sciapp.engine.training.distributed import must_have

        must_have(plan.devices)


def train_along(plan: Plan, run: Run) -> None:
    """Compute one process's share of a training that several carry out; the one that leads tells and writes.

    Raises SciAppError.
    """
    match plan:
        case TrainPlan():
            from sciapp.engine.runs.train import train_along as along

            along(plan, run)
        case PretrainPlan():
            from sciapp.engine.runs.pretrain import pretrain_along

            pretrain_along(plan, run)
        case _:
            raise BadInput(
                msg("Only trainings can be carried out by several processes."), hint=msg("Start it as one process.")
            )
