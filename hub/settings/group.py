"""What every group of settings is: frozen, and strict about names."""

from pydantic import BaseModel, ConfigDict


class Group(BaseModel):
    """One group of settings, ``HUB_<GROUP>__…``."""

    model_config = ConfigDict(frozen=True, extra="forbid")
