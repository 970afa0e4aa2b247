"""How messages come, change and go; the same for channels, answers and followups."""

import copy
import mimetypes
import re
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord import message_payloads
from tests.fakes.discord.record import Json, Upload
from tests.fakes.discord.rest import Asked, InvalidForm, Refusal
from tests.fakes.discord.rules import FILES, message_faults
from tests.fakes.discord.world import (
    LINK_LIFE_S,
    Channel,
    Flag,
    Interaction,
    Message,
    MessageKind,
    SentFile,
    User,
    World,
    flat,
)

MIB = 1024 * 1024
NONCE_LIFE_S = 300.0
MENTION = re.compile(r"<@!?(\d+)>")
EDITABLE_FLAGS = Flag.SUPPRESS_EMBEDS | Flag.COMPONENTS_V2
FIELDS = ("content", "embeds", "components", "flags", "poll")


def cdn_name(name: str) -> str:
    """Tell what Discord makes of a file name."""
    return re.sub(r"[^A-Za-z0-9_.\-]", "", name.replace(" ", "_")) or "unknown"


def content_type_of(name: str) -> str | None:
    """Tell what a file is by its name; systems differ in what they call MIDI."""
    is_midi = name.lower().endswith((".mid", ".midi"))
    return "audio/midi" if is_midi else mimetypes.guess_type(name)[0]


@dataclass(slots=True)
class Messages:
    """Writes messages into the world and tells the gateway."""

    world: World
    upload_limit_bytes: int  # of one file
    request_limit_bytes: int = 25 * MIB  # of all files of a message
    origin: str = ""  # of the CDN, such as "http://127.0.0.1:4000"

    def store(
        self, place: Channel, upload: Upload, *, about: Json | None = None, ephemeral: bool = False
    ) -> SentFile:
        """Put a file on the CDN."""
        about = about or {}
        name = cdn_name(about.get("filename") or upload.name)
        file_id = self.world.new_id()
        now = int(self.world.clock.wall_s())
        expires = now + int(LINK_LIFE_S)
        folder = "ephemeral-attachments" if ephemeral else "attachments"
        path = f"{folder}/{place.id}/{file_id}/{name}"
        sent = SentFile(
            id=file_id,
            name=name,
            data=upload.data,
            content_type=content_type_of(name) or upload.content_type,
            url=f"{self.origin}/{path}?ex={expires:x}&is={now:x}&hm={file_id:064x}",
            description=about.get("description"),
            is_ephemeral=ephemeral,
        )
        self.world.files[file_id] = sent
        return sent

    def blank(
        self,
        place: Channel,
        kind: MessageKind = MessageKind.PLAIN,
        *,
        interaction: Interaction | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Take a message of the bot that says nothing yet and that nobody sees."""
        return Message(
            id=self.world.new_id(),
            channel=place,
            author=self.world.bot,
            kind=kind,
            created_s=self.world.clock.wall_s(),
            interaction=interaction,
            reply_to=reply_to,
        )

    def create(self, message: Message, asked: Asked, said: Json) -> Message:
        """Let the bot say something: `said` is the part of the body that describes it."""
        self._write(message, asked, said)
        message.flags |= int(said.get("flags") or 0)
        message.nonce = said.get("nonce")
        self.publish(message)
        return message

    def publish(self, message: Message) -> None:
        """Let everybody see a message."""
        message.mentions += self._mentioned(message.content)
        message.channel.all_messages.append(message)
        message.channel.active_s, message.channel.is_archived = message.created_s, False
        self.world.messages[message.id] = message
        self.world.remember(message)
        if not message.is_ephemeral:
            self._tell("MESSAGE_CREATE", message)

    def edit(self, message: Message, asked: Asked, said: Json) -> Message:
        """Let the bot change a message: only the fields that were sent change.

        Raises:
            Refusal: 10008 where it is gone.
        """
        if message.is_deleted:
            raise Refusal(404, 10008, "Unknown Message")
        was_loading = message.is_loading
        self._write(message, asked, said)
        sent_flags = int(said.get("flags") or 0)
        kept = message.flags & ~Flag.LOADING
        if "flags" in said:
            kept &= ~Flag.SUPPRESS_EMBEDS
        message.flags = int(kept | (sent_flags & EDITABLE_FLAGS))
        message.edited_s = None if was_loading else self.world.clock.wall_s()
        message.mentions = self._mentioned(message.content)
        self.world.remember(message)
        if not message.is_ephemeral:
            self._tell("MESSAGE_UPDATE", message)
        return message

    def delete(self, message: Message) -> None:
        """Let a message vanish.

        Raises:
            Refusal: 10008 where it is gone already.
        """
        if message.is_deleted:
            raise Refusal(404, 10008, "Unknown Message")
        message.is_deleted = True
        place = message.channel.guild
        gone = {"id": str(message.id), "channel_id": str(message.channel.id)}
        if place is not None:
            gone["guild_id"] = str(place.id)
        needed = message_payloads.GUILD_MESSAGES if place else message_payloads.DIRECT_MESSAGES
        if not message.is_ephemeral:
            self.world.emit(
                "MESSAGE_DELETE", place, lambda intents: gone if intents & needed else None
            )
        self.world.remember(message)

    def _tell(self, name: str, message: Message) -> None:
        self.world.emit(
            name,
            message.channel.guild,
            lambda intents: message_payloads.gateway_message(message, self.world, intents),
        )

    def _mentioned(self, content: str) -> list[User]:
        found = (self.world.users.get(int(each)) for each in MENTION.findall(content))
        return [each for each in found if each is not None]

    def _write(self, message: Message, asked: Asked, said: Json) -> None:
        """Judge what would stand there, then let it stand there.

        Raises:
            InvalidForm: where it breaks a rule.
            Refusal: 50006 where nothing would stand there, 40005 where it is too large.
        """
        files = self._files_after(message, asked, said)
        after: Json = {
            "content": message.content,
            "embeds": message.embeds,
            "components": message.components,
            "flags": message.flags,
            "poll": message.poll,
        }
        after |= {key: said[key] for key in FIELDS if key in said and key != "flags"}
        after["flags"] = message.flags | int(said.get("flags") or 0)
        faults = message_faults(after, {each.name for each in files})
        if len(files) > FILES:
            faults.append(("attachments", f"Must be {FILES} or fewer in length."))
        if faults:
            raise InvalidForm(faults)
        if not (files or any(after[key] for key in FIELDS if key != "flags")):
            raise Refusal(400, 50006, "Cannot send an empty message")
        message.content = after["content"] or ""
        message.embeds = [{"type": "rich", **each} for each in after["embeds"] or []]
        message.components = numbered(after["components"] or [])
        message.poll = after["poll"]
        message.files = files

    def _files_after(self, message: Message, asked: Asked, said: Json) -> list[SentFile]:
        """Tell which files the message would have: those kept, then the new ones.

        `attachments` lists all of them: an id is that of a file to keep, or the n of a files[n].
        Without a list nothing changes, or new files take the place of all others.

        Raises:
            InvalidForm: where the list has what is not there, or lacks what is sent.
        """
        self._check_sizes(asked)
        numbers = {each.number for each in asked.files}
        listed = {int(each["id"]): each for each in said.get("attachments") or []}
        kept = [each for each in message.files if each.id in listed]
        if "attachments" in said:
            unknown = set(listed) - numbers - {each.id for each in kept}
            if odd := sorted(unknown | (numbers - set(listed))):
                raise InvalidForm([("attachments", f"no such file, or not listed: {odd}")])
        elif not asked.files:
            kept = message.files
        ephemeral = message.is_ephemeral or bool(int(said.get("flags") or 0) & Flag.EPHEMERAL)
        return kept + [
            self.store(message.channel, each, about=listed.get(each.number), ephemeral=ephemeral)
            for each in asked.files
        ]

    def _check_sizes(self, asked: Asked) -> None:
        sizes = [len(each.data) for each in asked.files]
        too_large = any(size > self.upload_limit_bytes for size in sizes)
        if too_large or sum(sizes) > self.request_limit_bytes:
            raise Refusal(413, 40005, "Request entity too large")


def numbered(components: list[Any]) -> list[Any]:
    """Copy components with an id for each that has none."""
    copied = copy.deepcopy(components)
    taken = {each["id"] for each in flat(copied) if each.get("id")}
    free = (number for number in range(1, 10_000) if number not in taken)
    for each in flat(copied):
        if not each.get("id"):
            each["id"] = next(free)
    return copied
