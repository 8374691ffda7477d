"""Every part of a saved model, in the order in which they are read and written."""

from collections.abc import Sequence

from sciapp.engine.models.parts.base import ModelPart
from sciapp.engine.models.parts.features import FeaturesPart
from sciapp.engine.models.parts.head import HEAD
from sciapp.engine.models.parts.members import MembersPart
from sciapp.engine.models.parts.pairs import PairsPart
from sciapp.engine.models.parts.prefixes import PrefixesPart
from sciapp.engine.models.parts.task import TaskPart
from sciapp.engine.models.parts.test_time import TestTimePart
from sciapp.engine.models.parts.tokenizer import TokenizerPart
from sciapp.engine.models.parts.weights import WeightsPart

# The head joins the weights to the features, and prefixes go into the whole; so these three come before.
PARTS: Sequence[ModelPart] = (
    TokenizerPart(),
    FeaturesPart(),
    WeightsPart(),
    HEAD,
    PrefixesPart(),
    TaskPart(),
    PairsPart(),
    TestTimePart(),
    MembersPart(),
)
