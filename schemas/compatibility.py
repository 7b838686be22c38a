"""Is a new schema of an event type still the contract that its readers and writers were given?

Within a major version only optional additions (architecture §4). So this is an allow-list: a new optional field
and new words of explanation pass; everything else that differs is named, in words, as a break.
"""

from collections.abc import Iterator
from typing import Any

from schemas.json_schema import JsonSchema, inlined

_EXPLANATION = frozenset({"$schema", "$id", "title", "description", "examples", "deprecated", "$comment"})
_OWN_WORDS = {
    "x-type": "its type",
    "x-keyed-by": "what keeps its order (its Kafka key)",
    "x-subject-from": "the field its subject is made from",
}
_KIND = ("type", "$ref", "format", "const")
_LOWER_BOUNDS = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_UPPER_BOUNDS = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "x-max-digits"})
_LIMITS = _LOWER_BOUNDS | _UPPER_BOUNDS | {"pattern", "multipleOf", "uniqueItems"}
_INSIDE = ("items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else")
_ALTERNATIVES = ("anyOf", "oneOf", "allOf", "prefixItems")
_HANDLED = {
    *_EXPLANATION,
    *_OWN_WORDS,
    *_KIND,
    *_INSIDE,
    *_ALTERNATIVES,
    "properties",
    "required",
    "enum",
    "x-personal",
}


def breaks(old: JsonSchema, new: JsonSchema) -> tuple[str, ...]:
    """Every break between two schemas of one event type, each with the JSON pointer of its field."""
    return tuple(_differences(inlined(old), inlined(new), ""))


def _differences(old: Any, new: Any, at: str) -> Iterator[str]:
    if not isinstance(old, dict) or not isinstance(new, dict):
        if old != new:
            yield f"{at or '/'}: {_shown(old)} became {_shown(new)}"
        return
    yield from _own_words(old, new, at)
    yield from _kind(old, new, at)
    yield from _enum(old, new, at)
    yield from _properties(old, new, at)
    for key in _INSIDE:
        yield from _inside(key, old, new, at)
    for key in _ALTERNATIVES:
        yield from _alternatives(key, old, new, at)
    for key in sorted((set(old) | set(new)) - _HANDLED):
        if old.get(key) != new.get(key):
            yield _constraint(key, old.get(key), new.get(key), at)


def _own_words(old: JsonSchema, new: JsonSchema, at: str) -> Iterator[str]:
    for key, told in _OWN_WORDS.items():
        if old.get(key) != new.get(key):
            yield f"{at or '/'}: {told} changed from {_shown(old.get(key))} to {_shown(new.get(key))}"
    if old.get("x-personal") != new.get("x-personal"):
        was, now = ("personal", "readable") if old.get("x-personal") else ("readable", "personal")
        yield f"{at}: was {was} and is now {now}; it stands in another place of the event"


def _kind(old: JsonSchema, new: JsonSchema, at: str) -> Iterator[str]:
    for key in _KIND:
        if old.get(key) != new.get(key):
            yield f"{at or '/'}: retyped, {key} was {_shown(old.get(key))} and is now {_shown(new.get(key))}"


def _enum(old: JsonSchema, new: JsonSchema, at: str) -> Iterator[str]:
    was, now = old.get("enum"), new.get("enum")
    if was is None and now is None:
        return
    if was is None or now is None:
        yield f"{at}: {'is now' if now else 'is no longer'} limited to listed values"
        return
    if gone := [value for value in was if value not in now]:
        yield f"{at}: value {_shown(gone)} was removed; who sends it is refused"
    if come := [value for value in now if value not in was]:
        yield f"{at}: value {_shown(come)} was added; readers of this version refuse it"


def _properties(old: JsonSchema, new: JsonSchema, at: str) -> Iterator[str]:
    was, now = old.get("properties", {}), new.get("properties", {})
    needed, needs = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(set(was) - set(now)):
        yield f"{at}/{name}: removed or renamed"
    for name in sorted(needs - needed):
        yield f"{at}/{name}: {'newly required' if name in was else 'added as a required field'}"
    for name in sorted((needed - needs) & set(now)):
        yield f"{at}/{name}: no longer required; readers of this version refuse an event without it"
    for name in sorted(set(was) & set(now)):
        yield from _differences(was[name], now[name], f"{at}/{name}")


def _inside(key: str, old: JsonSchema, new: JsonSchema, at: str) -> Iterator[str]:
    if key in old and key in new:
        yield from _differences(old[key], new[key], f"{at}/{'*' if key == 'items' else key}")
    elif key in old or key in new:
        yield f"{at or '/'}: retyped, {key} {'appeared' if key in new else 'disappeared'}"


def _alternatives(key: str, old: JsonSchema, new: JsonSchema, at: str) -> Iterator[str]:
    was, now = old.get(key, []), new.get(key, [])
    if len(was) != len(now):
        yield f"{at}: retyped, {key} had {len(was)} alternatives and has {len(now)}"
        return
    for one, other in zip(was, now, strict=True):
        yield from _differences(one, other, at)


def _constraint(key: str, was: Any, now: Any, at: str) -> str:
    return f"{at or '/'}: {key} {_direction(key, was, now)}, was {_shown(was)} and is now {_shown(now)}"


def _direction(key: str, was: Any, now: Any) -> str:
    """What became of a limit: tighter ones refuse writers, looser ones surprise readers."""
    if key not in _LIMITS or (key in {"pattern", "multipleOf"} and was is not None and now is not None):
        return "changed"
    tighter = was is None or (now is not None and (now > was if key in _LOWER_BOUNDS else now < was))
    return "tightened" if tighter else "loosened (readers of this version refuse what it lets through)"


def _shown(value: Any) -> str:
    return "absent" if value is None else repr(value)
