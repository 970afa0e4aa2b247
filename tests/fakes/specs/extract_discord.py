"""Cut out of Discord's OpenAPI description what a chat bot needs, and no prose.

    python -m tests.fakes.specs.extract_discord openapi.json

writes `discord.json` beside this file: for each endpoint below the JSON schemas of its request and
its good answer, and every schema that these lead to. Bodies sent as forms are left out: what a bot
sends as `payload_json` obeys the JSON schema of the same endpoint.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("discord.json")
ENDPOINTS = {
    "/applications/@me": ("get",),
    "/applications/{application_id}/commands": ("get", "put", "post"),
    "/applications/{application_id}/commands/{command_id}": ("get", "delete", "patch"),
    "/applications/{application_id}/guilds/{guild_id}/commands": ("get", "put", "post"),
    "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}": (
        "get",
        "delete",
        "patch",
    ),
    "/channels/{channel_id}": ("get", "patch"),
    "/channels/{channel_id}/messages": ("get", "post"),
    "/channels/{channel_id}/messages/{message_id}": ("get", "delete", "patch"),
    "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me": ("put", "delete"),
    "/channels/{channel_id}/messages/{message_id}/threads": ("post",),
    "/channels/{channel_id}/threads": ("post",),
    "/channels/{channel_id}/typing": ("post",),
    "/gateway": ("get",),
    "/gateway/bot": ("get",),
    "/guilds/{guild_id}/members/{user_id}": ("get",),
    "/interactions/{interaction_id}/{interaction_token}/callback": ("post",),
    "/oauth2/applications/@me": ("get",),
    "/users/@me": ("get",),
    "/users/@me/channels": ("post",),
    "/users/{user_id}": ("get",),
    "/webhooks/{webhook_id}/{webhook_token}": ("post",),
    "/webhooks/{webhook_id}/{webhook_token}/messages/@original": ("get", "delete", "patch"),
    "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": ("get", "delete", "patch"),
}
PROSE = frozenset({"description", "title", "example", "examples", "deprecated", "summary"})
NAMED = frozenset({"properties", "patternProperties", "$defs"})  # here keys are somebody's names


def without_prose(node: Any, *, keys_are_names: bool = False) -> Any:
    """Copy a schema without what only people read."""
    if isinstance(node, list):
        return [without_prose(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_prose(value, keys_are_names=not keys_are_names and key in NAMED)
        for key, value in node.items()
        if keys_are_names or not (key in PROSE or key.startswith("x-"))
    }


def json_schema(body: Any) -> Any:
    """Tell the schema of a request's or answer's JSON form, or None."""
    return without_prose(body.get("content", {}).get("application/json", {}).get("schema"))


def endpoint(description: Any, path: str, method: str) -> dict[str, Any]:
    """Describe one endpoint: names of its query, schemas of its request and good answers."""
    found = description["paths"][path][method]
    parameters = [*description["paths"][path].get("parameters", []), *found.get("parameters", [])]
    answers = {
        status: json_schema(answer)
        for status, answer in found["responses"].items()
        if status.startswith("2")
    }
    return {
        "query": sorted(each["name"] for each in parameters if each["in"] == "query"),
        "request": json_schema(found.get("requestBody", {})),
        "answers": answers,
    }


def references(node: Any) -> Iterator[str]:
    """Name each schema that a schema points at.

    Yields:
        The last step of each reference.
    """
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rsplit("/", 1)[1]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def reachable(description: Any, start: Any) -> dict[str, Any]:
    """Collect all schemas that `start` leads to, by name."""
    schemas: dict[str, Any] = {}
    waiting = set(references(start))
    while waiting:
        name = waiting.pop()
        schemas[name] = without_prose(description["components"]["schemas"][name])
        waiting |= set(references(schemas[name])) - set(schemas)
    return dict(sorted(schemas.items()))


def lines(table: dict[str, Any]) -> str:
    """Write a table as JSON, one entry a line, so that a change of the source shows as such."""
    entries = (
        f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'), sort_keys=True)}"
        for key, value in table.items()
    )
    return "{\n" + ",\n".join(entries) + "\n}"


def main(source: Path) -> None:
    """Write the extract of `source`."""
    description = json.loads(source.read_text(encoding="utf-8"))
    paths = {
        path: {method: endpoint(description, path, method) for method in methods}
        for path, methods in ENDPOINTS.items()
    }
    schemas = reachable(description, paths)
    text = f'{{"paths":{lines(paths)},\n"components":{{"schemas":{lines(schemas)}}}}}\n'
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
