"""The compression method that a plan asks for. Each is imported when it is first asked for."""

from importlib import import_module

from sciapp.engine.compression.base import CompressionMethod
from sciapp.records.plan.compression import CompressionName


def compression_method(name: CompressionName) -> CompressionMethod:
    """The method called `name`, one of `records.plan.compression.COMPRESSIONS`."""
    method: CompressionMethod = import_module(f"sciapp.engine.compression.methods.{name}").METHOD
    return method
