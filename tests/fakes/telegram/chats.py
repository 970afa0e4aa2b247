"""Chats, who is in them, and what was said there, as people see it now."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.entities import Entity
from tests.fakes.telegram.files import Media

if TYPE_CHECKING:
    from tests.fakes.telegram.world import World

Json = dict[str, Any]
PATIENCE_S = 5.0  # of a test that waits


class Kind(StrEnum):
    """What a chat is."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


@dataclass(eq=False)
class User:
    """A person, or the bot."""

    id: int
    first_name: str
    username: str = ""
    is_bot: bool = False


@dataclass(eq=False)
class Topic:
    """A topic of a forum; its id is that of the service message which opened it."""

    chat: "Chat" = field(repr=False)
    id: int
    name: str
    is_closed: bool = False
    is_deleted: bool = False


@dataclass(frozen=True)
class Button:
    """A button under a message."""

    label: str
    data: str = ""  # of a callback
    url: str = ""
    copy_text: str = ""
    raw: Json = field(default_factory=dict)


@dataclass(eq=False)
class Message:
    """A message as people see it now."""

    chat: "Chat" = field(repr=False)
    id: int
    sender: User = field(repr=False)
    date: int  # seconds since 1970
    text: str = ""
    caption: str = ""
    entities: list[Entity] = field(default_factory=list)
    media: Media | None = None
    keyboard: list[list[Button]] = field(default_factory=list)
    reply_to: "Message | None" = field(default=None, repr=False)
    topic: Topic | None = field(default=None, repr=False)
    album: str = ""
    service: Json = field(default_factory=dict)  # fields of a service message
    is_silent: bool = False  # arrives without a sound
    is_deleted: bool = False
    edit_date: int = 0
    reaction: str = ""  # of the bot
    shown: list[str] = field(default_factory=list)  # all words it had, oldest first
    update_id: int = 0  # of the last update about it, 0 if the bot was told nothing

    @property
    def told(self) -> Json:
        """Itself as it is now, as JSON."""
        return {
            "chat": self.chat.id,
            "message": self.id,
            "reply_to": self.reply_to.id if self.reply_to else None,
            "topic": self.topic.id if self.topic else None,
            "sender": self.sender.id,
            "words": self.words,
            "media": self.media.kind if self.media else None,
            "name": self.media.name if self.media else None,
            "buttons": self.buttons,
            "data": [[button.data for button in row] for row in self.keyboard],
            "reaction": self.reaction,
        }

    @property
    def words(self) -> str:
        """Its text, or the caption of its file."""
        return self.text or self.caption

    @property
    def is_edited(self) -> bool:
        """Whether it says something else than at first."""
        return bool(self.edit_date)

    @property
    def buttons(self) -> list[list[str]]:
        """The labels of its buttons, row by row."""
        return [[button.label for button in row] for row in self.keyboard]

    @property
    def document(self) -> Media | None:
        """Its file, if it is a plain one."""
        return self.media if self.media and self.media.kind == "document" else None

    @property
    def audio(self) -> Media | None:
        """Its file, if it plays in the music player."""
        return self.media if self.media and self.media.kind == "audio" else None

    @property
    def photo(self) -> Media | None:
        """Its file, if it is a picture."""
        return self.media if self.media and self.media.kind == "photo" else None

    @property
    def video(self) -> Media | None:
        """Its file, if it plays in place."""
        return self.media if self.media and self.media.kind == "video" else None

    async def reply(self, number: int = 1, within_s: float = PATIENCE_S) -> "Message":
        """Wait for the bot's first, second, … reply to it."""
        replies = await self.chat.world.record.wait_for(
            lambda: self.replies if len(self.replies) >= number else None, within_s
        )
        return (replies or [])[number - 1]

    @property
    def replies(self) -> list["Message"]:
        """What the bot replied to it and people see."""
        return [each for each in self.chat.from_bot if each.reply_to is self]

    async def until(
        self, predicate: Callable[["Message"], object], within_s: float = PATIENCE_S
    ) -> "Message":
        """Wait until something is true of it."""
        await self.chat.world.record.wait_for(lambda: predicate(self), within_s)
        return self

    async def heard(self, within_s: float = PATIENCE_S) -> None:
        """Wait until the bot has taken the last update about it and asked for the next."""
        await self.chat.world.heard(self.update_id, within_s)

    def button(self, label: str) -> Button:
        """Find a button by its label or its data, or by a part of a label that no other has.

        Raises:
            LookupError: when there is none, or several.
        """
        every = [button for row in self.keyboard for button in row]
        found = [each for each in every if label in {each.label, each.data}]
        found = found or [each for each in every if label in each.label]
        if len(found) != 1:
            raise LookupError(f"{label!r} among {[each.label for each in every]}")
        return found[0]


@dataclass(eq=False)
class Chat:
    """A chat; `history` keeps what was deleted too."""

    world: "World" = field(repr=False)
    id: int
    kind: Kind
    title: str = ""
    user: User | None = None  # of a private one
    members: dict[User, str] = field(
        default_factory=dict, repr=False
    )  # their status: "creator", "member" …
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    history: list[Message] = field(default_factory=list, repr=False)
    bot_status: str = "member"  # or "administrator", "left", "kicked"
    is_open: bool = False  # a private one that the person has begun
    is_muted: bool = False  # a group where nobody but its administrators may write
    barred: set[str] = field(default_factory=set)  # what may not be sent there: "photo", "audio" …
    has_reactions: bool = True  # may be put under messages there
    has_other_bots: bool = False
    was_bot_last: bool = False  # of all bots there
    migrated_to: "Chat | None" = None
    drafts: dict[int, str] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)  # "typing", … in order
    pinned: list[Message] = field(default_factory=list)

    @property
    def told(self) -> Json:
        """Itself as JSON."""
        return {"chat": self.id, "words": self.title}

    @property
    def is_private(self) -> bool:
        """Whether only one person and the bot are there."""
        return self.kind is Kind.PRIVATE

    @property
    def messages(self) -> list[Message]:
        """What people see: all that is not deleted, service messages left out."""
        return [each for each in self.history if not each.is_deleted and not each.service]

    @property
    def from_bot(self) -> list[Message]:
        """What people see of the bot."""
        return [each for each in self.messages if each.sender.is_bot]

    @property
    def last(self) -> Message:
        """The newest message of the bot."""
        return self.from_bot[-1]

    def find(self, message_id: int) -> Message | None:
        """Find a message that is not deleted."""
        for message in reversed(self.history):
            if message.id == message_id and not message.is_deleted:
                return message
        return None
