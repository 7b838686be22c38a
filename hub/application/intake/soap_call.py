"""A document that came in a SOAP Body, and how its envelope is opened."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from hub.sdk import Element

SoapVersion = Literal["1.1", "1.2"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SoapCall:
    """One call: the Body's one element as a document of its own, and the line of the message it began on.

    The same element has the same bytes (exclusive canonical XML), whatever envelope brings it: sent again, it is the
    same document.
    """

    version: SoapVersion
    document: bytes
    line: int
    signed: bool = False


OpenSoap = Callable[[str, bytes], SoapCall]
"""Opens an envelope for a connector; raises ``DocumentRefusedError`` (``soap-…``, or what the hardened parser refuses),
``NotPermittedError`` (``signature-refused``)."""

Believe = Callable[[Element], bool]
"""Whether an envelope is signed; raises ``NotPermittedError`` (``signature-refused``) when it must not be believed."""
