"""What people fill in, commands and forms, as interactions tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord import message_payloads, payloads
from tests.fakes.discord.commands import CHAT_INPUT, Impossible, check_value, resolve_path
from tests.fakes.discord.messages import Messages
from tests.fakes.discord.record import Json, Upload
from tests.fakes.discord.world import Channel, SentFile, User, World

AttachedFile = tuple[str, bytes]  # its name and content
LABEL, FILE_UPLOAD, TEXT_INPUT = 18, 19, 4


@dataclass(slots=True)
class Filling:
    """Fills in for somebody in one channel; what was put beside the values is in `resolved`."""

    world: World
    messages: Messages
    channel: Channel
    resolved: Json

    def command(
        self, command: Json, steps: list[str], filled: Mapping[str, Any], *, complete: bool = True
    ) -> Json:
        """Fill in a command; one that is not complete may lack required options.

        Raises:
            Impossible: where it has no such option, or lacks a required one.
        """
        described, kinds = resolve_path(command, steps)
        by_name = {each["name"]: each for each in described}
        missing = {name for name, each in by_name.items() if each.get("required")} - set(filled)
        unknown = set(filled) - set(by_name)
        if unknown or (complete and missing):
            raise Impossible(f"/{command['name']} lacks {missing} or does not know {unknown}")
        options: list[Json] = []
        for name, value in filled.items():
            check_value(by_name[name], value)
            kind = by_name[name]["type"]
            options.append({"name": name, "type": kind, "value": self.attach(value)})
        for step, kind in reversed(list(zip(steps, kinds, strict=True))):
            options = [{"name": step, "type": kind, "options": options}]
        data: Json = {"id": command["id"], "name": command["name"], "type": CHAT_INPUT}
        return data | {"options": options} | ({"resolved": self.resolved} if self.resolved else {})

    def form(self, modal: Json, values: Mapping[str, Any]) -> Json:
        """Fill in a form, by the custom_ids of its fields.

        Raises:
            Impossible: where it has no such field, or a required one is left empty.
        """
        left = dict(values)
        components = [self._part(each, left) for each in modal["components"]]
        if left:
            raise Impossible(f"the form has no {sorted(left)}")
        return {
            "custom_id": modal["custom_id"],
            "components": components,
            "resolved": self.resolved,
        }

    def _part(self, part: Json, values: dict[str, Any]) -> Json:
        """Fill in one part of a form, or what is within a label or row."""
        answer: Json = {"type": part["type"], "id": part.get("id", 0)}
        if part["type"] == LABEL:
            return answer | {"component": self._part(part["component"], values)}
        if "components" in part:
            return answer | {
                "components": [self._part(each, values) for each in part["components"]]
            }
        return answer | (self._field(part, values) if "custom_id" in part else {})

    def _field(self, part: Json, values: dict[str, Any]) -> Json:
        """Fill in one field.

        Raises:
            Impossible: where it must not be left empty.
        """
        name = part["custom_id"]
        value = values.pop(name, None)
        if value is None and part.get("required", True):
            raise Impossible(f"{name} must be filled in")
        if part["type"] == TEXT_INPUT:
            return {"custom_id": name, "value": value or ""}
        if part["type"] == FILE_UPLOAD and value is not None:
            value = [self.attach(value)]
        return {"custom_id": name, "values": value or []}

    def attach(self, value: Any) -> Any:
        """Put a file, user or channel beside the values, and give the id to put in its place."""
        if isinstance(value, tuple):
            sent = uploaded(self.messages, self.channel, value, ephemeral=True)
            return self._resolve("attachments", sent.id, message_payloads.attachment(sent))
        if isinstance(value, User):
            guild = self.channel.guild
            if guild is not None and value.id in guild.members:
                member = guild.members[value.id]
                described = payloads.member(member, member.permissions)
                del described["user"]
                self._resolve("members", value.id, described)
            return self._resolve("users", value.id, payloads.user(value))
        if isinstance(value, Channel):
            described = payloads.channel(value, self.world) | {"permissions": "0"}
            return self._resolve("channels", value.id, described)
        return value

    def _resolve(self, kind: str, key: int, described: Json) -> str:
        self.resolved.setdefault(kind, {})[str(key)] = described
        return str(key)


def uploaded(
    messages: Messages, channel: Channel, file: AttachedFile, *, ephemeral: bool = False
) -> SentFile:
    """Put a person's file on the CDN."""
    upload = Upload(*file, content_type="application/octet-stream")
    return messages.store(channel, upload, ephemeral=ephemeral)
