"""The endpoints of channels: messages, reactions, typing."""

from dataclasses import dataclass

from tests.fakes.discord import message_payloads, payloads
from tests.fakes.discord.messages import NONCE_LIFE_S, Messages
from tests.fakes.discord.record import Json
from tests.fakes.discord.rest import Answer, Asked, Handler, InvalidForm, Refusal
from tests.fakes.discord.world import (
    Channel,
    ChannelKind,
    Message,
    MessageKind,
    Permission,
    World,
)

GUILDS = 1 << 0
MESSAGE = "/channels/{channel_id}/messages/{message_id}"
REACTION = MESSAGE + "/reactions/{emoji_name}/@me"


@dataclass(slots=True)
class Channels:
    """Serves them."""

    world: World
    messages: Messages
    sees_content: bool  # whether the message content intent is switched on for this bot

    def handlers(self) -> dict[tuple[str, str], Handler]:
        """List what is served."""
        return {
            ("GET", "/channels/{channel_id}"): self.show,
            ("POST", "/channels/{channel_id}/typing"): self.show_typing,
            ("GET", "/channels/{channel_id}/messages"): self.list_messages,
            ("POST", "/channels/{channel_id}/messages"): self.send,
            ("GET", MESSAGE): self.read,
            ("PATCH", MESSAGE): self.edit,
            ("DELETE", MESSAGE): self.delete,
            ("PUT", REACTION): self.react,
            ("DELETE", REACTION): self.unreact,
        }

    def place(self, asked: Asked, *needed: Permission) -> Channel:
        """Find the channel of a request in which the bot may do that.

        Raises:
            Refusal: 10003 unknown, 50001 not seen by the bot, 50013 something not permitted.
        """
        place = self.world.channels.get(asked.number("channel_id"))
        if place is None or place.is_deleted:
            raise Refusal(404, 10003, "Unknown Channel")
        may = self.world.bot_permissions(place)
        if may & Permission.ADMINISTRATOR:
            return place
        if not may & Permission.VIEW_CHANNEL:
            raise Refusal(403, 50001, "Missing Access")
        if any(not may & each for each in needed):
            raise Refusal(403, 50013, "Missing Permissions")
        return place

    def message(self, asked: Asked, *needed: Permission) -> Message:
        """Find the message of a request, in a channel where the bot may do that.

        Raises:
            Refusal: 10008 unknown, and those of its channel.
        """
        place = self.place(asked, *needed)
        found = self.world.messages.get(asked.number("message_id"))
        if found is None or found.channel is not place or found.is_deleted or found.is_ephemeral:
            raise Refusal(404, 10008, "Unknown Message")
        return found

    def _as_seen(self, message: Message) -> Json:
        intents = message_payloads.MESSAGE_CONTENT if self.sees_content else 0
        return message_payloads.message(message, self.world, intents=intents)

    async def show(self, asked: Asked) -> Answer:
        """Describe a channel."""
        return 200, payloads.channel(self.place(asked), self.world)

    async def show_typing(self, asked: Asked) -> Answer:
        """Show that the bot is typing."""
        self.place(asked, self._speaking(asked)).typed += 1
        return 204, None

    async def list_messages(self, asked: Asked) -> Answer:
        """List messages, the newest first."""
        place = self.place(asked, Permission.READ_MESSAGE_HISTORY)
        before = int(asked.query.get("before", 1 << 63))
        after = int(asked.query.get("after", 0))
        found = [
            each for each in place.messages if not each.is_deleted and after < each.id < before
        ]
        limit = int(asked.query.get("limit", 50))
        return 200, [self._as_seen(each) for each in reversed(found[-limit:])]

    async def send(self, asked: Asked) -> Answer:
        """Say something; with a nonce that was used lately, nothing new is said.

        Raises:
            Refusal: 50007 where somebody takes no direct messages, 160005 in a locked thread.
        """
        place = self.place(asked, *self._needed(asked))
        said = asked.said
        if place.recipient is not None and not place.recipient.takes_direct_messages:
            raise Refusal(403, 50007, "Cannot send messages to this user")
        if place.is_locked:
            raise Refusal(400, 160005, "Thread is locked")
        earlier = self._same_nonce(place, said)
        if earlier is not None:
            return 200, message_payloads.message(earlier, self.world)
        reference = said.get("message_reference")
        first = self._referenced(place, reference) if reference else None
        kind = MessageKind.REPLY if first else MessageKind.PLAIN
        blank = self.messages.blank(place, kind, reply_to=first)
        was_asleep = self.world.is_archived(place)
        message = self.messages.create(blank, asked, self._permitted(place, said))
        if was_asleep:
            self.tell("THREAD_UPDATE", place)
        return 200, message_payloads.message(message, self.world)

    def _needed(self, asked: Asked) -> list[Permission]:
        needed = [self._speaking(asked)]
        said = asked.said
        if asked.files:
            needed.append(Permission.ATTACH_FILES)
        if said.get("message_reference"):
            needed.append(Permission.READ_MESSAGE_HISTORY)
        return needed

    def _speaking(self, asked: Asked) -> Permission:
        place = self.world.channels.get(asked.number("channel_id"))
        threaded = place is not None and place.kind is ChannelKind.THREAD
        return Permission.SEND_MESSAGES_IN_THREADS if threaded else Permission.SEND_MESSAGES

    def _permitted(self, place: Channel, said: Json) -> Json:
        """Leave out embeds where they are not permitted: Discord does so without a word."""
        permitted = Permission.EMBED_LINKS | Permission.ADMINISTRATOR
        if "embeds" not in said or self.world.bot_permissions(place) & permitted:
            return said
        return {**said, "embeds": []}

    def _same_nonce(self, place: Channel, said: Json) -> Message | None:
        if not said.get("enforce_nonce") or said.get("nonce") is None:
            return None
        since = self.world.clock.wall_s() - NONCE_LIFE_S
        for each in reversed(place.all_messages):
            if each.nonce == said["nonce"] and each.created_s >= since:
                return each
        return None

    def _referenced(self, place: Channel, reference: Json) -> Message | None:
        found = self.world.messages.get(int(reference["message_id"]))
        if found is not None and found.channel is place and not found.is_deleted:
            return found
        if reference.get("fail_if_not_exists") is False:
            return None
        raise InvalidForm([("message_reference", "Unknown message")])

    async def read(self, asked: Asked) -> Answer:
        """Show one message."""
        return 200, self._as_seen(self.message(asked, Permission.READ_MESSAGE_HISTORY))

    async def edit(self, asked: Asked) -> Answer:
        """Change one of the bot's own messages.

        Raises:
            Refusal: 50005 for somebody else's, 50083 in an archived thread, 50013 for files that
                are not permitted.
        """
        message = self.message(asked, *([Permission.ATTACH_FILES] if asked.files else []))
        if message.author is not self.world.bot:
            raise Refusal(403, 50005, "Cannot edit a message authored by another user")
        if self.world.is_archived(message.channel):
            raise Refusal(400, 50083, "Thread is archived")
        said = self._permitted(message.channel, asked.said)
        return 200, message_payloads.message(self.messages.edit(message, asked, said), self.world)

    async def delete(self, asked: Asked) -> Answer:
        """Delete a message; somebody else's takes a permission."""
        message = self.message(asked)
        if message.author is not self.world.bot:
            self.message(asked, Permission.MANAGE_MESSAGES)
        self.messages.delete(message)
        return 204, None

    async def react(self, asked: Asked) -> Answer:
        """Put an emoji below a message."""
        message = self.message(asked, Permission.ADD_REACTIONS, Permission.READ_MESSAGE_HISTORY)
        if asked.params["emoji_name"] not in message.reactions:
            message.reactions.append(asked.params["emoji_name"])
        return 204, None

    async def unreact(self, asked: Asked) -> Answer:
        """Take an emoji away."""
        message = self.message(asked)
        if asked.params["emoji_name"] in message.reactions:
            message.reactions.remove(asked.params["emoji_name"])
        return 204, None

    def add(self, opened: Channel) -> None:
        """Put a channel or thread into its guild, and tell the bot."""
        assert opened.guild is not None
        self.world.channels[opened.id] = opened
        opened.guild.channels.append(opened)
        opened.active_s = self.world.clock.wall_s()
        self.tell("THREAD_CREATE" if opened.parent else "CHANNEL_CREATE", opened)

    def tell(self, name: str, place: Channel) -> None:
        """Tell the bot of a channel or thread of a guild."""
        described = payloads.channel(place, self.world)
        self.world.emit(name, place.guild, lambda intents: described if intents & GUILDS else None)
        self.world.changes.notify()
