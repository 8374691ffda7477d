"""Names that are no hub ids, and models that are not here, in a process that may not use the network."""

import pytest

from sciapp.engine.hub.download import fetch, fetching
from sciapp.errors import BadInput, SciAppError


@pytest.mark.parametrize("name", ["lab/two--dashes", "lab/name.git", "lab/" + "n" * 200])
def test_a_name_that_can_be_no_hub_id_is_refused_before_the_network_is_asked(name: str) -> None:
    with pytest.raises(BadInput, match="is no hub id"):
        fetch(name)


def test_offline_a_missing_model_is_said_to_be_missing_at_once() -> None:
    with pytest.raises(SciAppError, match="not on this computer"):
        fetch("lab/nowhere")
    with pytest.raises(SciAppError, match="not on this computer"):
        list(fetching("lab/nowhere"))
