"""Series in the window: without a starter a fresh network is proposed, and Start trains it."""

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.schema.joined_preview import joined_preview
from sciapp.jobs.launch import launcher
from sciapp.jobs.runs.follow import standing
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles
from sciapp.records.plan.plan import with_settings
from sciapp.records.project.project import Project
from sciapp.records.run.run import RunStatus
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.training.tab import TrainingTab


def spectra(path: Path) -> Path:
    rng = np.random.default_rng(0)
    lines = [",".join([*(f"nm_{number}" for number in range(850, 874, 2)), "fat"])]
    for _ in range(60):
        height = rng.uniform(1, 9)
        lines.append(",".join(f"{value:.3f}" for value in [*(height * np.arange(12) + rng.normal(size=12)), height]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_fresh_network_is_proposed_and_trained_from_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", domain="series")
    file = spectra(tmp_path / "spectra.csv")
    _, reading = joined_preview(file, "series")
    roles = Roles(input="nm_850 … nm_872", targets=("fat",))
    card = import_table(project, ImportRequest(file=str(file), roles=roles, reading=reading))
    assert isinstance(card, DatasetCard)
    session = Session()
    tab = TrainingTab(session, Messages())
    qtbot.addWidget(tab)
    session.open(Project.open(project.folder, lock=True))
    qtbot.waitUntil(lambda: tab.editor.value() is not None, timeout=10_000)
    qtbot.waitUntil(lambda: tab.editor.value().model == "fresh:tiny", timeout=10_000)
    tab.editor.setValue(with_settings(tab.editor.value(), {"num_train_epochs": 1, "threads": 1}))
    assert "--model fresh:tiny" in tab.command_line.text()
    tab.start()
    try:
        qtbot.waitUntil(lambda: len(project.runs()) == 1, timeout=20_000)
        run = project.runs()[0]
        qtbot.waitUntil(lambda: standing(run) is RunStatus.FINISHED, timeout=120_000)
        assert run.evaluation() is not None
    finally:
        for run in project.runs():
            launcher.kill_tree(run)
        session.close()
