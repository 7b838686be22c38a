"""What callers may send: bounded, and nothing that the database cannot hold."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, Field
from pydantic_core import to_json

_PLAIN = r"^[^\x00]*$"
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_OPTIONS_MOST = 262_144

Asked = Annotated[str | None, Query(max_length=200, pattern=_PLAIN)]
Word = Annotated[str, Field(max_length=200, pattern=_PLAIN)]
Prose = Annotated[str, Field(max_length=4000, pattern=_PLAIN)]
Limit = Annotated[int, Query(ge=1, le=1000)]
After = Annotated[int, Query(ge=0, le=2**31 - 1)]
Seq = Annotated[int, Query(ge=0, le=2**62)]
Fingerprint = Annotated[str, Path(max_length=64, pattern=r"^[0-9a-f]{1,64}$")]


def _within(moment: datetime) -> datetime:
    if not _FIRST <= moment <= _LAST:
        raise ValueError("a moment of this century")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within)]


def _storable(options: dict[str, Any]) -> dict[str, Any]:
    text = to_json(options)
    if len(text) > _OPTIONS_MOST or b"\\u0000" in text:
        raise ValueError(f"at most {_OPTIONS_MOST} bytes, without the character U+0000")
    return options


Options = Annotated[dict[str, Any], AfterValidator(_storable)]
