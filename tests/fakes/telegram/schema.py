"""What the Bot API's own description says of requests, answers and updates."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SPEC = Path(__file__).parents[1] / "specs" / "telegram.json.gz"
NEWER = {"can_stop", "disabled", "ephemeral_message_parameters"}  # than the version described


class Upload:
    """A file part of a request."""

    def __init__(self, name: str, mime: str, data: bytes) -> None:
        self.name = name
        self.mime = mime
        self.data = data


PRIMITIVES: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "InputFile": (Upload, str),
}


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an object, or the parameters of a method."""

    kinds: dict[str, str]
    required: frozenset[str]

    @classmethod
    def of(cls, spelled: dict[str, str]) -> "Fields":
        """Read them as they are spelled in the file."""
        kinds = {name.rstrip("!"): kind for name, kind in spelled.items()}
        return cls(kinds, frozenset(name[:-1] for name in spelled if name.endswith("!")))


class Schema:
    """The description, and checks against it; each check tells problems, none if all is well."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.version: str = spec["version"]
        self._returns = {name: returned for name, (returned, _) in spec["methods"].items()}
        self._params = {name: Fields.of(each) for name, (_, each) in spec["methods"].items()}
        self._types: dict[str, Fields | list[str]] = {
            name: each if isinstance(each, list) else Fields.of(each)
            for name, each in spec["types"].items()
        }
        self._names = {name.lower(): name for name in self._params}

    def method(self, name: str) -> str | None:
        """Tell how a method is spelled, or None where there is none; case does not matter."""
        return self._names.get(name.lower())

    def read(self, method: str, sent: dict[str, Any]) -> dict[str, Any]:
        """Give parameters the types that they have there: what is sent is mostly text."""
        kinds = self._params[method].kinds
        return {name: _read(value, kinds.get(name, "String")) for name, value in sent.items()}

    def request_problems(self, method: str, params: dict[str, Any]) -> list[str]:
        """Check parameters and the objects in them."""
        return self._object_problems(self._params[method], params, method)

    def answer_problems(self, method: str, result: object) -> list[str]:
        """Check what a method returned."""
        return self.problems(self._returns[method], result, f"{method} →")

    def problems(self, kind: str, value: object, path: str) -> list[str]:
        """Check a value against a type, or an array, or several types of which one must do."""
        if "|" not in kind:
            return self._kind_problems(kind, value, path)
        return min((self._kind_problems(each, value, path) for each in kind.split("|")), key=len)

    def _kind_problems(self, kind: str, value: object, path: str) -> list[str]:
        if kind.startswith("*"):
            return self._array_problems(kind[1:], value, path)
        if kind in PRIMITIVES:
            return [] if _is_primitive(kind, value) else [f"{path}: {value!r} is no {kind}"]
        fields = self._types[kind]
        if isinstance(fields, list):
            return self.problems("|".join(fields), value, path)
        return self._object_problems(fields, value, path)

    def _array_problems(self, kind: str, value: object, path: str) -> list[str]:
        if not isinstance(value, list):
            return [f"{path}: is no array"]
        each = (self.problems(kind, item, f"{path}[]") for item in value)
        return [problem for problems in each for problem in problems]

    def _object_problems(self, fields: Fields, value: object, path: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is no object"]
        missing = sorted(fields.required - value.keys())
        found = [f"{path}: {name} is missing" for name in missing]
        for name, item in value.items():
            if name in fields.kinds:
                found += self.problems(fields.kinds[name], item, f"{path}.{name}")
            elif name not in NEWER:
                found.append(f"{path}: {name} is unknown")
        return found


@cache
def bot_api() -> Schema:
    """Read the description, once."""
    return Schema(json.loads(gzip.decompress(SPEC.read_bytes())))


def _is_primitive(kind: str, value: object) -> bool:
    is_odd_bool = isinstance(value, bool) and kind != "Boolean"
    return isinstance(value, PRIMITIVES[kind]) and not is_odd_bool


def _read(value: object, kind: str) -> object:
    """Read one parameter; what cannot be read stays text, for the check to find."""
    kinds = set(kind.split("|"))
    if not isinstance(value, str) or kinds <= {"String", "InputFile"}:
        return value
    if "Boolean" in kinds and value.lower() in {"true", "false", "0", "1"}:
        return value.lower() in {"true", "1"}
    try:
        read: object = json.loads(value)
    except ValueError:
        return value
    return value if "String" in kinds and not isinstance(read, int) else read
