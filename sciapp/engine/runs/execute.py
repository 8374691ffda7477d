"""One plan, one story. Each is imported when it is told: a prediction need not wait for what training needs."""

from sciapp.engine.runtime.progress import RunProgress
from sciapp.records.plan.plan import CompressPlan, Plan, PredictPlan, PretrainPlan, TrainPlan
from sciapp.records.run.run import Run


def execute(plan: Plan, run: Run, progress: RunProgress) -> None:
    """Carry out `plan` in `run`'s folder; each event is emitted after its effect is on disk.

    Every process of a distributed training executes its plan; the leader alone writes and emits what is kept.

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
