"""Event class → JSON Schema (draft 2020-12), the same bytes each time."""

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from schemas.event import Event

JsonSchema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Contract(GenerateJsonSchema):
    """Says of decimals what is promised: pydantic alone says "a string" and forgets their limits."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchema:
        sign = "" if schema.get("ge") is not None and schema["ge"] >= 0 else "-?"
        places = "+" if schema.get("decimal_places") is None else f"{{1,{schema['decimal_places']}}}"
        found: JsonSchema = {"type": "string", "pattern": rf"^{sign}\d+(\.\d{places})?$"}
        for word in ("gt", "ge", "lt", "le"):
            if word in schema:
                found[f"x-{word}"] = str(schema[word])
        if "max_digits" in schema:
            found["x-max-digits"] = schema["max_digits"]
        return found


def schema_of(kind: type[Event]) -> JsonSchema:
    """The schema of an event's data as it is written, with three words of ours.

    ``x-type`` is the CloudEvents type; ``x-keyed-by`` says whose order it keeps (person, dossier, office);
    ``x-personal`` marks a field that travels inside ``sealed``, encrypted under the person's key.
    """
    schema = kind.model_json_schema(mode="serialization", schema_generator=_Contract)
    for name in kind.personal_fields():
        schema["properties"][name]["x-personal"] = True
    head = {
        "$schema": DIALECT,
        "$id": f"urn:mediationhub:schema:{kind.type}",
        "x-type": kind.type,
        "x-keyed-by": kind.keyed_by,
    }
    if kind.identifier_field:
        head["x-subject-from"] = kind.identifier_field
    return head | schema


def text_of(schema: JsonSchema) -> str:
    """Two spaces, keys in order, a line break at the end."""
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def inlined(schema: JsonSchema) -> JsonSchema:
    """The schema with every local ``$ref`` replaced by what it points at; a cycle keeps its ``$ref``."""
    definitions: JsonSchema = schema.get("$defs", {})

    def resolve(part: Any, above: tuple[str, ...]) -> Any:
        if isinstance(part, list):
            return [resolve(entry, above) for entry in part]
        if not isinstance(part, dict):
            return part
        name = str(part.get("$ref", "")).removeprefix("#/$defs/")
        rest = {key: resolve(value, above) for key, value in part.items() if key not in {"$ref", "$defs"}}
        if not name:
            return rest
        if name in above:
            return rest | {"$ref": name}
        return resolve(definitions[name], (*above, name)) | rest

    found: JsonSchema = resolve(schema, ())
    return found
