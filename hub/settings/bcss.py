"""How the Crossroads Bank is reached: the group ``HUB_BCSS__…``."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field, SecretStr

from hub.settings.group import Group


class BcssSettings(Group):
    """How the Crossroads Bank (BCSS) is reached: see docs/bcss.md. Without ``endpoints`` this hub asks it nothing.

    ``endpoints``: ``service=https://…`` separated by ``;``. ``organisations``: ``institution=enterprise number``, with
    ``/NIS code`` where replies name the CPAS by it. Certificates and keys are PEM files; ``anchors``
    holds the authorities of signed answers and of mutations, ``mutation_certificates`` the certificates that alone may
    sign mutations, ``mutation_files`` which batches are taken: R (real) or T (test). ``kit`` is the folder of the
    institution's official contracts.
    """

    endpoints: str | None = None
    organisations: str | None = None
    user: str = Field(default="00000000097", pattern=r"^\d{11}$")
    email: str = Field(default="no-reply@mediation-hub.invalid", pattern=r".+@.+")
    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    sign_certificate: Path | None = None
    sign_key: Path | None = None
    anchors: Path | None = None
    mutation_certificates: Path | None = None
    mutation_files: str = Field(default="R", pattern="^[RT]$")
    basic_user: str | None = None
    basic_password: SecretStr | None = None
    kit: Path | None = None
    connections: int = Field(default=8, ge=1)
    connect_wait: timedelta = timedelta(seconds=10)
    answer_wait: timedelta = timedelta(seconds=30)
