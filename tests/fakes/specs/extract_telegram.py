"""Reduce a description of the Bot API to what a check of requests and answers needs.

    python tests/fakes/specs/extract_telegram.py api.json tests/fakes/specs/telegram.json.gz

Kept are names, types and which fields are required; all prose is left out. A type is written as
`Integer|String`, an array of it as `*Integer`, a required field as `name!`:

    methods: name → [what it returns, {field: type}]
    types:   name → {field: type}, or the list of the types that it may be
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any


def extract(api: dict[str, Any]) -> dict[str, Any]:
    """Keep names, types and required flags of all methods and types."""
    return {
        "version": api["version"],
        "methods": {
            name: [_union(method["returns"]), _fields(method)]
            for name, method in sorted(api["methods"].items())
        },
        "types": {
            name: _kinds(kind) or _fields(kind) for name, kind in sorted(api["types"].items())
        },
    }


def _kinds(described: dict[str, Any]) -> list[str]:
    return [_array(each) for each in described.get("subtypes", [])]


def _fields(described: dict[str, Any]) -> dict[str, str]:
    return {
        field["name"] + ("!" if field["required"] else ""): _union(field["types"])
        for field in described.get("fields", [])
    }


def _union(types: list[str]) -> str:
    return "|".join(map(_array, types))


def _array(kind: str) -> str:
    return kind.replace("Array of ", "*")


def main(source: str, target: str) -> None:
    """Read one, write the other; the same input gives the same bytes."""
    api = json.loads(Path(source).read_text(encoding="utf-8"))
    text = json.dumps(extract(api), separators=(",", ":"))
    Path(target).write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
