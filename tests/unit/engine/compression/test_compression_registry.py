"""Every method of compression that a person can choose is there, and every one that is there can be chosen."""

import pkgutil
from typing import get_args

from sciapp.cli.parser import parser
from sciapp.engine.compression import methods
from sciapp.engine.compression.registry import compression_method
from sciapp.records.plan.compression import COMPRESSIONS, CompressionName, compression_facts


def test_choices_facts_and_files_are_the_same_methods() -> None:
    names = [facts.name for facts in COMPRESSIONS]
    assert sorted(names) == sorted(module.name for module in pkgutil.iter_modules(methods.__path__))
    assert set(names) == set(get_args(CompressionName))
    for name in names:
        assert callable(compression_method(name).compress)
        assert "the network" in compression_facts(name).account("the network")
        assert parser().parse_args(["compress", "P", "1", "--method", name]).method == name
