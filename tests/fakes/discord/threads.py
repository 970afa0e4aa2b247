"""The endpoints of threads: started from a message or beside all, put to sleep and woken."""

from dataclasses import dataclass

from tests.fakes.discord import payloads
from tests.fakes.discord.channels import MESSAGE, Channels
from tests.fakes.discord.rest import Answer, Asked, Handler, Refusal
from tests.fakes.discord.world import Channel, ChannelKind, Message, Permission, World


@dataclass(slots=True)
class Threads:
    """Serves them."""

    world: World
    channels: Channels

    def handlers(self) -> dict[tuple[str, str], Handler]:
        """List what is served."""
        return {
            ("PATCH", "/channels/{channel_id}"): self.change,
            ("POST", MESSAGE + "/threads"): self.open,
            ("POST", "/channels/{channel_id}/threads"): self.open,
        }

    async def open(self, asked: Asked) -> Answer:
        """Open a thread, from a message, whose id it then has, or beside all.

        Raises:
            Refusal: 50024 where there are none, 160004 where the message has one.
        """
        parent = self.channels.place(asked, Permission.CREATE_PUBLIC_THREADS)
        if parent.kind not in {ChannelKind.TEXT, ChannelKind.NEWS}:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        message = self.channels.message(asked) if "message_id" in asked.params else None
        if message is not None and message.thread is not None:
            raise Refusal(400, 160004, "A thread has already been created for this message")
        opened = self._opened(parent, message, asked)
        self.channels.add(opened)
        return 201, payloads.channel(opened, self.world)

    def _opened(self, parent: Channel, message: Message | None, asked: Asked) -> Channel:
        opened = Channel(
            id=message.id if message else self.world.new_id(),
            kind=ChannelKind.THREAD,
            name=asked.body["name"],
            guild=parent.guild,
            parent=parent,
            quiet_min=asked.body.get("auto_archive_duration") or 1440,
        )
        if message is not None:
            message.thread = opened
        return opened

    async def change(self, asked: Asked) -> Answer:
        """Rename, archive or wake a thread of the bot's; locks are for moderators."""
        place = self.channels.place(asked)
        if place.kind is not ChannelKind.THREAD:
            needed = Permission.MANAGE_CHANNELS
        elif place.is_locked or "locked" in asked.said:
            needed = Permission.MANAGE_THREADS
        else:
            needed = Permission.SEND_MESSAGES_IN_THREADS
        self.channels.place(asked, needed)
        self._apply(place, asked)
        return 200, payloads.channel(place, self.world)

    def _apply(self, place: Channel, asked: Asked) -> None:
        place.name = asked.said.get("name", place.name)
        place.is_locked = asked.said.get("locked", place.is_locked)
        if "archived" in asked.said:
            place.is_archived = asked.said["archived"]
            place.active_s = self.world.clock.wall_s()
        self.channels.tell("THREAD_UPDATE" if place.parent else "CHANNEL_UPDATE", place)
