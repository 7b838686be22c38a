"""The golden JSON Schemas, ``schemas/json/<type>.json``: the contract that partners were given.

    python -m schemas.goldens              compare; exit 1 when classes and goldens differ or a promise is broken
    python -m schemas.goldens --write      write the goldens, unless that would break a promise
    python -m schemas.goldens --withdraw TYPE --reason "…"
                                           before any partner has it: the committed versions of a type bind no more

A change that breaks readers or writers needs a new major version: a new class with a new ``type`` ending in ``.v2``,
beside the old one.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from schemas import EVENT_TYPES
from schemas.compatibility import breaks
from schemas.event import Event
from schemas.golden_history import Version, blob_of, committed, withdraw, withdrawn
from schemas.json_schema import schema_of, text_of

FOLDER = Path(__file__).parent / "json"

_WAY_OUT = "give the changed event a new type (.v2) beside this one"


def differences(types: Mapping[str, type[Event]] = EVENT_TYPES, folder: Path = FOLDER) -> tuple[str, ...]:
    """Where goldens and classes are not the same, both ways."""
    return tuple(_differences(types, folder))


def broken_promises(types: Mapping[str, type[Event]] = EVENT_TYPES, folder: Path = FOLDER) -> tuple[str, ...]:
    """Every break of a golden on disk or in git's history that was not withdrawn; doubles are told once."""
    freed = withdrawn(folder)
    return tuple(
        dict.fromkeys(
            broken
            for version in (*_on_disk(folder), *committed(folder))
            if version.blob not in freed
            for broken in _breaks_of(version, types)
        )
    )


def write(types: Mapping[str, type[Event]] = EVENT_TYPES, folder: Path = FOLDER) -> tuple[str, ...]:
    """Write every golden; the broken promises if there are any, and then nothing is written."""
    if broken := broken_promises(types, folder):
        return broken
    folder.mkdir(exist_ok=True)
    for version in _on_disk(folder):
        if version.type not in types:
            _file(folder, version.type).unlink()
    for name, kind in types.items():
        _file(folder, name).write_text(text_of(schema_of(kind)), encoding="utf-8")
    return ()


def _differences(types: Mapping[str, type[Event]], folder: Path) -> Iterator[str]:
    there = {version.type: version.text for version in _on_disk(folder)}
    for name in sorted(set(there) - set(types)):
        yield f"{name}: has a golden but no class"
    for name, kind in sorted(types.items()):
        if name not in there:
            yield f"{name}: has no golden; write it: python -m schemas.goldens --write"
        elif there[name] != text_of(schema_of(kind)):
            yield f"{name}: class and golden differ; if the change is meant: python -m schemas.goldens --write"


def _breaks_of(version: Version, types: Mapping[str, type[Event]]) -> Iterator[str]:
    kind = types.get(version.type)
    if kind is None:
        yield f"{version.type}: the type disappeared; keep its class as long as its topic keeps events"
        return
    for broken in breaks(json.loads(version.text), schema_of(kind)):
        yield f"{version.type}{broken}; {_WAY_OUT}"


def _on_disk(folder: Path) -> Iterator[Version]:
    for file in sorted(folder.glob("*.json")):
        text = file.read_text(encoding="utf-8")
        yield Version(type=file.stem, blob=blob_of(text), text=text)


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"


def main(arguments: list[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m schemas.goldens", description="Golden JSON Schemas.")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--withdraw", metavar="TYPE")
    parser.add_argument("--reason")
    asked = parser.parse_args(arguments)
    if asked.withdraw:
        if not asked.reason:
            parser.error("--withdraw needs a --reason")
        versions = {v.blob: v for v in (*_on_disk(FOLDER), *committed(FOLDER)) if v.type == asked.withdraw}
        withdraw(FOLDER, [v for blob, v in versions.items() if blob not in withdrawn(FOLDER)], asked.reason)
    found = write() if asked.write or asked.withdraw else differences() + broken_promises()
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
