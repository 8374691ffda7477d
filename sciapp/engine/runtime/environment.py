"""Versions and machine of a run, for the report and for whoever repeats it."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import psutil

from sciapp import __version__

_PACKAGES = ("torch", "transformers", "tokenizers", "numpy", "pandas", "pyarrow", "scikit-learn", "rdkit")


def environment() -> dict[str, Any]:
    """Plain values, ready for JSON."""
    return {
        "sciapp": __version__,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # a bundle may carry a package without its metadata
        return "unknown"
