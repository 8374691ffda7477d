"""Names that are no hub ids, and models that are not here, in a process that may not use the network."""

import pytest

from sciapp.engine.hub.download import fetch, fetching
from sciapp.errors import BadInput, SciAppError, shortened
from tests.helpers.messages import refused_exactly


@pytest.mark.parametrize("name", ["lab/two--dashes", "lab/name.git", "lab/" + "n" * 200])
def test_a_name_that_can_be_no_hub_id_is_refused_before_the_network_is_asked(name: str) -> None:
    with refused_exactly(BadInput, name=shortened(name)) as raised:
        fetch(name)
    assert "organisation/name" in raised.value.hint


def test_offline_a_missing_model_is_said_to_be_missing_at_once() -> None:
    with refused_exactly(SciAppError, name="lab/nowhere"):
        fetch("lab/nowhere")
    with refused_exactly(SciAppError, name="lab/nowhere"):
        list(fetching("lab/nowhere"))
