"""Base class of all records."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value that is replaced, never changed: `longer = plan.model_copy(update={...})`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
