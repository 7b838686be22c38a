"""A folder that the hub watches (an SFTP drop): the file goes in, its answer appears beside it."""

import json
from pathlib import Path
from typing import Any

from sandbox.waiting import until
from sandbox.wire import Answer

_TAKEN = 200
_REFUSED = 422


class FolderDrop:
    """The folder of one institution for one connector, ``<root>/<connector>/<institution>``."""

    def __init__(self, root: Path, *, connector: str, institution: str) -> None:
        self._folder = root / connector / institution

    async def send(self, name: str, content: bytes, *, within: float = 60.0) -> Answer:
        """Drop a document and wait for its answer. ``name`` without ending."""
        inbox = self._folder / "in"
        inbox.mkdir(parents=True, exist_ok=True)
        part = inbox / f"{name}.xml.part"
        part.write_bytes(content)
        part.rename(inbox / f"{name}.xml")
        await until(
            lambda: self._answer(name) is not None,
            f"the answer to the file {name}.xml in {inbox}",
            within=within,
            progress=lambda: ", ".join(sorted(path.name for path in self._folder.rglob("*.xml*"))),
        )
        found = self._answer(name)
        assert found is not None  # noqa: S101 - just awaited
        return found

    def _answer(self, name: str) -> Answer | None:
        for folder, status in (("done", _TAKEN), ("rejected", _REFUSED)):
            file = self._folder / folder / f"{name}.xml.answer.json"
            if file.exists():
                body: dict[str, Any] = json.loads(file.read_bytes())
                return Answer(status=status, body=body)
        return None
