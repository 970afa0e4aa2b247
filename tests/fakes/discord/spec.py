"""Each request against Discord's own description of its API (tests/fakes/specs/discord.json)."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT202012

SOURCE = Path(__file__).parents[1] / "specs" / "discord.json"
ID_KEY = re.compile(r"(^|_)id$")
# Sent by discord.py with every message and command; Discord takes it where it describes none.
UNDESCRIBED = ("tts", "nsfw")


def normalised(node: Any) -> Any:
    """Copy a body with ids as strings: Discord takes them as numbers too, its description does not.

    The `id` of a component, an object that also has a `type`, is a number indeed.
    """
    if isinstance(node, list):
        return [normalised(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: str(value)
        if type(value) is int and ID_KEY.search(key) and not (key == "id" and "type" in node)
        else normalised(value)
        for key, value in node.items()
    }


def closed(node: Any) -> Any:
    """Copy a schema so that fields which nobody described are refused."""
    if isinstance(node, list):
        return [closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    copied = {key: closed(value) for key, value in node.items()}
    if isinstance(node.get("properties"), dict) and "additionalProperties" not in node:
        copied["additionalProperties"] = False
        copied["properties"] = dict.fromkeys(UNDESCRIBED, True) | copied["properties"]
    return copied


def sorted_by_type(node: Any, schemas: dict[str, Any]) -> Any:
    """Copy a schema so that alternatives that differ by `type` are told apart by it.

    Trying all of them on each of 25 buttons takes a fifth of a second, and tells less.
    """
    if isinstance(node, list):
        return [sorted_by_type(each, schemas) for each in node]
    if not isinstance(node, dict):
        return node
    copied = {key: sorted_by_type(value, schemas) for key, value in node.items()}
    for key in ("oneOf", "anyOf"):
        types = [types_of(each, schemas) for each in node.get(key, [])]
        if len(types) > 1 and all(types):
            known = [each for some in types for each in some]
            chain: Any = {"type": "object", "properties": {"type": {"enum": known}}}
            chain["required"] = ["type"]
            for some, alternative in zip(types, copied.pop(key), strict=True):
                meant = {"properties": {"type": {"enum": some}}, "required": ["type"]}
                chain = {"if": {"type": "object"} | meant, "then": alternative, "else": chain}
            copied |= chain
    return copied


def types_of(alternative: Any, schemas: dict[str, Any]) -> list[int]:
    """Tell which values of `type` an alternative is for; none where it is not told by that."""
    name = alternative.get("$ref", "").rpartition("/")[2]
    kind = schemas.get(name, {}).get("properties", {}).get("type", {})
    found: list[int] = kind.get("enum", [])
    return found


def pointer(*steps: str) -> str:
    """Write a JSON pointer as it stands in a reference."""
    escaped = (each.replace("~", "~0").replace("/", "~1") for each in steps)
    path = "/".join(escaped)
    return "#/" + path.replace("{", "%7B").replace("}", "%7D").replace("@", "%40")


def innermost(fault: ValidationError) -> ValidationError:
    """Find what is wrong within the alternative that was meant: the one whose `type` fits."""
    while fault.context:
        branches: dict[Any, list[ValidationError]] = {}
        for each in fault.context:
            branches.setdefault(each.schema_path[0], []).append(each)
        meant = min(branches.values(), key=mistyped)
        fault = meant[0]
    return fault


def mistyped(faults: list[ValidationError]) -> tuple[bool, int]:
    """Tell how far an alternative is from what was meant: another type of thing, many faults."""
    other = any(
        each.validator == "type" or (each.path and each.path[-1] == "type") for each in faults
    )
    return other, len(faults)


def shortened(text: str) -> str:
    """Keep both ends of a text: what it is about, and what is wrong with it."""
    return text if len(text) < 300 else f"{text[:100]} … {text[-150:]}"


class Spec:
    """Discord's description, ready to judge requests and the fake's own answers."""

    def __init__(self) -> None:
        described = json.loads(SOURCE.read_text(encoding="utf-8"))
        self.paths: dict[str, Any] = described["paths"]
        locales = described["components"]["schemas"]["AvailableLocalesEnum"]["oneOf"]
        self.locales = frozenset(each["const"] for each in locales)
        schemas = described["components"]["schemas"]
        # Sent by discord.py with every embed; Discord takes that, too.
        schemas["RichEmbed"]["properties"]["flags"] = {"const": 0}
        strict = sorted_by_type(closed(described), schemas)
        described = sorted_by_type(described, schemas)
        self._registry: Registry[Any] = Registry().with_resources(
            [
                ("urn:request", DRAFT202012.create_resource(strict)),
                ("urn:answer", DRAFT202012.create_resource(described)),
            ]
        )
        self._validators: dict[tuple[str, ...], Draft202012Validator] = {}

    def _fault(self, which: str, steps: tuple[str, ...], body: Any) -> str | None:
        key = (which, *steps)
        if key not in self._validators:
            schema = {"$ref": f"{which}{pointer('paths', *steps)}"}
            self._validators[key] = Draft202012Validator(schema, registry=self._registry)
        found = next(self._validators[key].iter_errors(body), None)
        if found is None:
            return None
        told = innermost(found)
        return f"{told.json_path}: {shortened(told.message)}"

    def request_fault(self, method: str, route: str, query: list[str], body: Any) -> str | None:
        """Tell what is wrong with a request's body or query, or None."""
        described = self.paths.get(route, {}).get(method.lower())
        if described is None:
            return None
        unknown = sorted(set(query) - set(described["query"]))
        if unknown:
            return f"query: nobody described {unknown}"
        if described["request"] is None:
            return None if not body else "a body where none is described"
        return self._fault("urn:request", (route, method.lower(), "request"), normalised(body))

    def answer_fault(self, method: str, route: str, status: int, body: Any) -> str | None:
        """Tell what is wrong with an answer of the fake itself, or None."""
        answers = self.paths.get(route, {}).get(method.lower(), {}).get("answers", {})
        if answers.get(str(status)) is None:
            return None
        return self._fault("urn:answer", (route, method.lower(), "answers", str(status)), body)


@cache
def spec() -> Spec:
    """Give the one Spec of this process."""
    return Spec()
