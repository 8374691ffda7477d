"""The walls of the house, asked of fresh interpreters."""

import subprocess
import sys


def modules_after(statement: str) -> set[str]:
    script = f"import sys; {statement}; print(' '.join(sys.modules))"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    return {name.split(".")[0] for name in said.stdout.split()}


def test_the_windows_process_never_imports_torch() -> None:
    loaded = modules_after("import sciapp.app, sciapp.ui.main_window")
    assert "PySide6" in loaded
    assert not {"torch", "transformers", "sklearn"} & loaded


def test_the_run_process_never_imports_qt() -> None:
    engine = "sciapp.engine.runs.execute, sciapp.engine.runs.train"
    loaded = modules_after(f"import {engine}, sciapp.jobs.process.run_process")
    assert "torch" in loaded
    assert not {"PySide6", "shiboken6", "pyqtgraph"} & loaded


def test_the_command_line_is_quick_to_start() -> None:
    loaded = modules_after("import sciapp.cli.main")
    assert not {"torch", "PySide6", "transformers", "rdkit"} & loaded
