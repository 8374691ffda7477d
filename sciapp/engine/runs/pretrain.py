"""Self-supervision, the whole story: rows without labels, a network, hidden tokens, what was gained, what is kept.

Domain-adaptive pre-training (Gururangan et al. 2020), or a small network from scratch.
"""

import torch

from sciapp.engine.data.ingest.unlabelled import UnlabelledRows
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.models.model_folder import ModelFolder
from sciapp.engine.models.parts.base import ModelContents
from sciapp.engine.reports.cards.pretrained_card import write_pretrained_card
from sciapp.engine.runtime.device import choose_device, device_before, use_threads
from sciapp.engine.runtime.environment import environment
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.tasks.registry import check_masked
from sciapp.engine.training.checkpoints.checkpoint import Checkpointer
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.parts import TrainerSettings
from sciapp.engine.training.self_supervision.base import PretrainingSetup
from sciapp.engine.training.setup.pretraining import gather, gather_rows
from sciapp.engine.training.state import TrainerState
from sciapp.engine.training.trainer import Trainer
from sciapp.i18n import msg
from sciapp.records.atomic import write_json
from sciapp.records.plan.plan import PretrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Scores
from sciapp.records.run.pretraining import Pretraining
from sciapp.records.run.run import Run


def pretrain(plan: PretrainPlan, run: Run, progress: RunProgress) -> None:
    """Learn from rows without labels as `plan` says; `run` ends with model/ and pretraining.json.

    Goes on from the newest checkpoint when there is one. Every process of a distributed run walks through this; the
    leader writes and evaluates. Raises SciAppError, and Cancelled when that was asked for.
    """
    check_masked(plan.optimization)
    group = ProcessGroup.join()
    threads = use_threads(plan.threads, group.size)
    device = group.from_leader(lambda: choose_device(plan.precision, device_before(run.environment_file)))
    if group.is_leader:
        write_json(run.environment_file, environment() | {"threads": threads, "device": str(device)})

    domain = domain_named(Project.open(run.project_folder).record.domain)
    with group.leader_first():
        rows = gather_rows(plan, run, progress)
        setup = gather(plan, run, domain, rows.inputs, device, progress)

    progress.stage("before", msg("Judging before training"))
    # random states are seeded again when training begins, so this look changes nothing that follows.
    before = group.from_leader(lambda: setup.scores("Before"))

    progress.stage("training", msg("Learning from hidden tokens on {device}", device=device))
    checkpointer = Checkpointer(run.checkpoints, limit=plan.stopping.save_total_limit, group=group)
    trainer = Trainer(setup.model, setup.parts, TrainerSettings.of(plan, device), checkpointer)
    progress.emit_all(trainer.events(progress.stop))
    if not group.is_leader:
        return

    progress.stage("saving", msg("Saving the best model"))
    trainer.load_best()
    record = _record(setup, rows, trainer.state, before, setup.scores("After"))
    network = setup.model.network.to(torch.device("cpu")).eval()
    ModelFolder(run.model_folder).save(ModelContents(tokenizer=setup.tokenizer, network=network))
    write_pretrained_card(run.model_folder, plan, domain, record)
    run.write_pretraining(record)
    (run.folder / "descriptors.parquet").unlink(missing_ok=True)  # of a file; a dataset's stay beside it
    progress.note(record.verdict)


def _record(
    setup: PretrainingSetup, rows: UnlabelledRows, state: TrainerState, before: Scores, after: Scores
) -> Pretraining:
    return Pretraining(
        rows=len(rows.inputs) - before.rows,
        held_out=before.rows,
        described=setup.described,
        tokens=state.tokens,
        steps=state.step,
        before=before,
        after=after,
    )
