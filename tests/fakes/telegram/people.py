"""The side of the people: what they do in Telegram, and what the bot is told of it."""

from collections.abc import Iterable
from typing import TypedDict, Unpack

from tests.fakes.telegram import payloads
from tests.fakes.telegram.asking import status_of
from tests.fakes.telegram.chats import Chat, Json, Kind, Message, Topic, User
from tests.fakes.telegram.entities import detected
from tests.fakes.telegram.files import Media
from tests.fakes.telegram.presses import Notice, Press
from tests.fakes.telegram.privacy import is_heard
from tests.fakes.telegram.query import check_photo, mime_of, picture_size
from tests.fakes.telegram.sending import open_topic
from tests.fakes.telegram.world import World

AUDIO = (".mp3", ".m4a")


class Where(TypedDict, total=False):
    """Where and when something is said.

    reply_to: the message it replies to. topic: of a forum. age_s: how long ago it was said.
    """

    reply_to: Message | None
    topic: Topic | None
    age_s: float


class People:
    """All people, and whatever they can do."""

    def __init__(self, world: World) -> None:
        self.world = world

    # ------------------------------------------------------------ who and where

    def user(self, name: str, username: str = "") -> User:
        """Let somebody exist."""
        someone = User(self.world.number(), name, username)
        self.world.users[someone.id] = someone
        return someone

    def private(self, someone: User, *, is_open: bool = False) -> Chat:
        """Find the chat of somebody with the bot; it is open once they have written there."""
        known = self.world.chats.get(someone.id)
        chat = known or Chat(self.world, someone.id, Kind.PRIVATE, user=someone)
        chat.is_open = chat.is_open or is_open
        return self._add(chat)

    def group(self, title: str, *members: User, admins: Iterable[User] = ()) -> Chat:
        """Let a small group exist with the bot in it; the first member is its owner."""
        chat = Chat(self.world, -self.world.number(), Kind.GROUP, title)
        return self._people(chat, members, admins)

    def supergroup(
        self, title: str, *members: User, admins: Iterable[User] = (), forum: bool = False
    ) -> Chat:
        """Let a supergroup exist with the bot in it; a forum has topics."""
        number = -(10**12) - self.world.number()
        chat = Chat(self.world, number, Kind.SUPERGROUP, title, is_forum=forum)
        return self._people(chat, members, admins)

    def _people(self, chat: Chat, members: Iterable[User], admins: Iterable[User]) -> Chat:
        chat.members = dict.fromkeys([*members, *admins], "member")
        chat.members |= dict.fromkeys(admins, "administrator")
        if chat.members:
            chat.members[next(iter(chat.members))] = "creator"
        return self._add(chat)

    def _add(self, chat: Chat) -> Chat:
        self.world.chats[chat.id] = chat
        return chat

    # ------------------------------------------------------------ what they say

    async def say(self, user: User, chat: Chat, text: str, **where: Unpack[Where]) -> Message:
        """Write something; commands in it are recognised."""
        message = await self._write(user, chat, **where)
        message.text, message.entities = text, detected(text)
        return await self._post(message)

    async def send_file(
        self,
        user: User,
        chat: Chat,
        name: str,
        data: bytes,
        caption: str = "",
        *,
        claimed_size: int | None = None,
        **where: Unpack[Where],
    ) -> Message:
        """Send a file as clients do: MP3 as music, all else as a document.

        `claimed_size`: what Telegram says of its size in bytes, where a test wants that to lie.
        """
        message = await self._write(user, chat, **where)
        kind = "audio" if name.lower().endswith(AUDIO) else "document"
        message.media = self._media(kind, name, data, claimed_size)
        message.caption, message.entities = caption, detected(caption)
        return await self._post(message)

    async def send_photo(
        self, user: User, chat: Chat, data: bytes, caption: str = "", **where: Unpack[Where]
    ) -> Message:
        """Send a picture."""
        check_photo(data)
        message = await self._write(user, chat, **where)
        message.media = self._media("photo", "photo.jpg", data, None)
        message.caption, message.entities = caption, detected(caption)
        return await self._post(message)

    def _media(self, kind: str, name: str, data: bytes, claimed_size: int | None) -> Media:
        stored = self.world.keep(kind, name, mime_of(name), data, claimed_size)
        width, height = picture_size(data) or (0, 0)
        return Media(kind, stored, width=width, height=height)

    async def _write(self, user: User, chat: Chat, **where: Unpack[Where]) -> Message:
        """Make an empty message of somebody.

        Raises:
            LookupError: when they cannot write there.
        """
        if status_of(self.world, chat, user) == "left" or chat.migrated_to:
            raise LookupError(f"{user.first_name} is not in {chat.title or 'that chat'}")
        if chat.is_private:
            chat.is_open = True
            await self.unblock(user)
        reply_to = where.get("reply_to")
        topic = where.get("topic") or (reply_to.topic if reply_to else None)
        date = self.world.today - int(where.get("age_s", 0))
        return Message(
            chat, self.world.message_id(chat), user, date, reply_to=reply_to, topic=topic
        )

    async def _post(self, message: Message, kind: str = "message") -> Message:
        """Put a message into its chat and tell the bot, if it may know."""
        if kind == "message":
            self.world.add(message)
        else:
            message.shown.append(message.words)
            self.world.record.note("edited", message)
        if is_heard(self.world, message):
            message.update_id = self._tell(kind, payloads.message(self.world, message))
        await self.world.record.wake()
        return message

    def _tell(self, kind: str, payload: Json) -> int:
        return self.world.updates.push(kind, payload)

    async def edit(self, user: User, message: Message, text: str) -> Message:
        """Change what somebody said.

        Raises:
            LookupError: when somebody else said it.
        """
        if message.sender is not user:
            raise LookupError(f"that is not {user.first_name}'s message")
        if message.media:
            message.caption = text
        else:
            message.text = text
        message.entities, message.edit_date = detected(text), self.world.today
        return await self._post(message, "edited_message")

    async def delete(self, message: Message) -> None:
        """Take a message away, as people can; bots are not told."""
        message.is_deleted = True
        self.world.record.note("deleted", message)
        await self.world.record.wake()

    async def press(self, user: User, message: Message, label: str) -> Press:
        """Press a button that the message has now, by its label, a part of it, or its data.

        Raises:
            LookupError: when there is none, or it does something else than to tell the bot.
        """
        button = message.button(label)
        if not button.data or message.is_deleted:
            raise LookupError(f"nothing to press: {button}")
        press = Press(str(10**17 + self.world.number()), user, message, button, self.world.clock())
        self.world.presses[press.id] = press
        press.update_id = self._tell("callback_query", payloads.callback_query(self.world, press))
        self.world.record.note("pressed", press)
        await self.world.record.wake()
        return press

    async def update(self, kind: str, payload: Json) -> Notice:
        """Tell the bot something that this fake has no other way to say."""
        return await self._notice(self._tell(kind, payload))

    async def _notice(self, update_id: int) -> Notice:
        self.world.record.note("told", update_id)
        await self.world.record.wake()
        return Notice(self.world, update_id)

    # ------------------------------------------------------------ who is where

    async def block(self, user: User) -> Notice:
        """Block the bot."""
        self.world.blocked_by.add(user)
        return await self._change(self.private(user), user, ("member", "kicked"))

    async def unblock(self, user: User) -> None:
        """Take the bot back, as writing to it does; nothing happens if it was not blocked."""
        if user in self.world.blocked_by:
            self.world.blocked_by.remove(user)
            await self._change(self.private(user), user, ("kicked", "member"))

    async def kick(self, chat: Chat, by: User | None = None) -> Notice:
        """Throw the bot out."""
        return await self._set_status(chat, by, "kicked")

    async def add_bot(self, chat: Chat, by: User | None = None) -> Notice:
        """Take the bot in, again."""
        return await self._set_status(chat, by, "member")

    async def promote(self, chat: Chat, by: User | None = None) -> Notice:
        """Make the bot an administrator: it sees all, then, and may do more."""
        return await self._set_status(chat, by, "administrator")

    async def _set_status(self, chat: Chat, by: User | None, status: str) -> Notice:
        before, chat.bot_status = chat.bot_status, status
        somebody = next(iter(chat.members), self.world.bot)
        return await self._change(chat, by or somebody, (before, status))

    async def _change(self, chat: Chat, by: User, change: tuple[str, str]) -> Notice:
        before, after = (payloads.member(self.world.bot, status) for status in change)
        payload = payloads.membership(chat, by, self.world.today, (before, after))
        return await self._notice(self._tell("my_chat_member", payload))

    async def join(self, user: User, chat: Chat) -> Message:
        """Come into a group."""
        chat.members[user] = "member"
        return await self._service(chat, user, {"new_chat_members": [payloads.user(user)]})

    async def leave(self, user: User, chat: Chat) -> Message:
        """Go out of a group."""
        del chat.members[user]
        return await self._service(chat, user, {"left_chat_member": payloads.user(user)})

    async def migrate(self, chat: Chat) -> Chat:
        """Turn a small group into a supergroup: another chat with another id."""
        number = -(10**12) - self.world.number()
        new = self._add(Chat(self.world, number, Kind.SUPERGROUP, chat.title))
        new.members, new.bot_status = dict(chat.members), chat.bot_status
        owner = next(iter(chat.members))
        await self._service(chat, owner, {"migrate_to_chat_id": new.id})
        await self._service(new, owner, {"migrate_from_chat_id": chat.id})
        chat.migrated_to = new
        return new

    async def _service(self, chat: Chat, by: User, service: Json) -> Message:
        today = self.world.today
        return await self._post(
            Message(chat, self.world.message_id(chat), by, today, service=service)
        )

    # ------------------------------------------------------------ topics

    async def open_topic(self, user: User, chat: Chat, name: str) -> Topic:
        """Open a topic in a forum."""
        opening = open_topic(self.world, chat, user, name)
        opening.update_id = self._tell("message", payloads.message(self.world, opening))
        await self.world.record.wake()
        return chat.topics[opening.id]

    async def close_topic(self, topic: Topic) -> None:
        """Close a topic: only administrators may write there."""
        topic.is_closed = True
        await self.world.record.wake()

    async def delete_topic(self, topic: Topic) -> None:
        """Take a topic away with all that was said in it; bots are not told."""
        topic.is_deleted = True
        for message in topic.chat.history:
            message.is_deleted = message.is_deleted or message.topic is topic
        await self.world.record.wake()
